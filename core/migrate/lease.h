/* lease - the Lease of coordination.k8s.io/v1 by which consoles keep out of each other's way: read,
 * judged, and the bodies that take, renew, release, freeze and thaw it.
 *
 * One for a cluster: default/poolshift, since some platforms let nobody write into kube-system.
 * Whoever holds it writes; a freeze, an annotation on it, stops everybody. Pure; times are wall ns.
 */
#ifndef MIGRATE_LEASE_H
#define MIGRATE_LEASE_H

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"

#define LEASE_GROUP    "coordination.k8s.io"
#define LEASE_VERSION  "v1"
#define LEASE_RESOURCE "leases"
#define LEASE_NS       "default"
#define LEASE_NAME     "poolshift"
#define LEASE_TITLE    "Lease default/poolshift (coordination.k8s.io)"
#define LEASE_LASTS    (30 * SECOND) /* after its last renewal */
#define LEASE_RENEW    (10 * SECOND)

struct lease { /* texts are clean for a terminal, "" where there is nothing */
	bool there;
	char uid[80], version[64];
	char holder[256];          /* "" is free */
	char mark[128];            /* of the holder's process; see self.h */
	int64_t acquired, renewed; /* 0: not said */
	int64_t lasts;             /* ns after `renewed` */
	int64_t changes;           /* of its holder */
	bool frozen;
	char frozen_by[256], frozen_reason[512];
	int64_t frozen_at;
	bool has_annotations, has_spec; /* what a patch can add to */
};

struct lease_self { /* who wants it */
	const char *name, *mark;
};

/* NULL: it is not there. */
void lease_read(const struct json *object, struct lease *out);

enum lease_standing {
	LEASE_FREE,
	LEASE_OURS,
	LEASE_HELD,   /* by somebody else, and its time is not over */
	LEASE_LAPSED, /* its time is over by our clock; whether it is still renewed must be seen */
};
enum lease_standing
lease_standing(const struct lease *lease, const struct lease_self *self, int64_t wall);
/* "user@host, pid 7 (since 2026-01-31T14:02:11Z)", of whoever holds it. */
const char *lease_say_holder(const struct lease *lease, char *text, size_t size);
/* "Writing is frozen by ... since ...: REASON", one sentence without its end. */
const char *lease_say_freeze(const struct lease *lease, char *text, size_t size);

/* Objects to create, when there is none: held by `self`, or free and frozen. */
void lease_write_new(const struct lease_self *self, int64_t wall, struct buf *out);
void lease_write_new_frozen(const struct lease_self *self, const char *reason, int64_t wall,
			    struct buf *out);
/* JSON patches without guards, for the Lease as it was read. */
void lease_write_take(const struct lease *lease, const struct lease_self *self, int64_t wall,
		      struct buf *out);
void lease_write_renew(int64_t wall, struct buf *out);
void lease_write_release(int64_t wall, struct buf *out);
void lease_write_freeze(const struct lease *lease, const struct lease_self *self,
			const char *reason, int64_t wall, struct buf *out);
void lease_write_thaw(struct buf *out);

#endif
