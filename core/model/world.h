/* world - every object known of the cluster, by kind, with the state of each kind's view.
 *
 * Owned by the engine's thread; nothing in it does I/O. Objects are immutable and owned by the
 * world until replaced or removed. Within a kind they are ordered by namespace and name, so that
 * two worlds of the same cluster compare equal.
 */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/model/object.h"

enum view_state { /* in the words of the screen and of status -o json */
		  VIEW_STARTING,
		  VIEW_LIVE,
		  VIEW_POLLING,
		  VIEW_STALE,
		  VIEW_FORBIDDEN,
		  VIEW_NOT_INSTALLED,
		  VIEW_BROKEN,
};
const char *view_state_name(enum view_state state); /* "live", "notInstalled", ... */

struct view {
	enum view_state state;
	int64_t fresh; /* mono ns of the last proof of life; 0 when never */
	int64_t since; /* mono ns */
	bool listed;   /* complete at least once: absence means absent */
	char reason[200];
	char ns[64]; /* objects of this namespace alone are looked at; "": of all */
};

struct server_facts {
	char version[80];  /* gitVersion */
	bool gke;          /* has -gke.N */
	bool ships_ga_crd; /* a GKE server >= 1.34.0-gke.1626000 (DOMAIN §3.1 step 1) */
	char cluster[64];  /* uid of namespace kube-system, "" when not readable */
	char user[256];    /* who the server says we are, "" when unknown */
};

/* A policy of a kind that is not in the table and targets an InferencePool: found by discovery
 * of kinds whose name ends in Policy. One with several targets stands here once for each. */
struct stranger {
	const char *group, *kind, *ns, *name;
	struct ref target; /* group, kind and name as written; ns resolved */
};

/* A kind of policy that may not be listed: one of it may target a pool, and nobody here would
 * know. */
struct unlisted {
	const char *group, *resource, *kind;
	const char *ns; /* "": in no namespace */
};

struct world {
	struct object **objects[KIND_COUNT]; /* sorted by (ns, name); borrowed for reading */
	size_t count[KIND_COUNT];
	size_t room[KIND_COUNT];
	bool *seen[KIND_COUNT]; /* beside objects: put since the last world_list_begin() */
	struct view view[KIND_COUNT];
	struct stranger *strangers; /* world_set_strangers() */
	size_t stranger_count;
	struct unlisted *unlisted; /* world_set_unlisted() */
	size_t unlisted_count;
	bool no_pod_monitoring; /* ClusterPodMonitoring of Google's Prometheus is not served: discovery said so */
	struct server_facts server;
	int64_t mono,
		wall; /* when this world was last stepped: the only "now" of everything derived */
	uint64_t change; /* counts every change, to know whether to derive again */
};

struct world *world_new(void);
void world_free(struct world *world);
/* Puts a decoded object in (takes it), replacing one of the same name; true when something
 * changed. What is not newer than what is there under the same uid is freed, and what is there
 * stays. */
bool world_put(struct world *world, struct object *object);
bool world_remove(struct world *world, enum kind kind, const char *ns, const char *name,
		  const char *uid); /* uid NULL: any */
void world_clear(struct world *world, enum kind kind);
/* All of them, in the place of those known before; copied. */
void world_set_strangers(struct world *world, const struct stranger *list, size_t count);
void world_set_unlisted(struct world *world, const struct unlisted *list, size_t count);
const struct object *
world_find(const struct world *world, enum kind kind, const char *ns, const char *name);
/* Every kind that `kinds` names is listed and neither stale nor forbidden: absence can be
 * believed. */
bool world_knows(const struct world *world, enum kind kind);
/* Takes a complete list: what is not in `seen` since begin is removed, within `ns` when not
 * NULL. */
void world_list_begin(struct world *world, enum kind kind, const char *ns);
void world_list_end(struct world *world, enum kind kind, const char *ns);

#endif
