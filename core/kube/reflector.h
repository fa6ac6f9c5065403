/* reflector - keeps one collection in step with the cluster: list, watch, resume, list again; poll
 * where it must.
 *
 * One reflector follows one resource in one namespace or all. It drives a transport but owns no
 * thread, no connection and no object: what changed is handed to `sink` as it is read. KUBERNETES
 * §3.2 to §3.9, §8. All times mono ns.
 */
#ifndef KUBE_REFLECTOR_H
#define KUBE_REFLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/kube/api.h"
#include "core/kube/transport.h"

enum reflector_state {
	REFLECTOR_STARTING,      /* nothing is known yet */
	REFLECTOR_LIVE,          /* listed, and a watch stands */
	REFLECTOR_POLLING,       /* listed every interval */
	REFLECTOR_STALE,         /* what is known is from `since` */
	REFLECTOR_FORBIDDEN,     /* may not list; tried again every 60 s */
	REFLECTOR_NOT_INSTALLED, /* the kind is not served; looked at again by reflector_poke() and
				    every 30 s */
	REFLECTOR_BROKEN,        /* an answer that cannot be used; what was known stays */
};

/* A list is handed over as BEGIN, one UPSERT for each object, END: what was known and did not come
 * is gone (told as DELETEs by the receiver). A BEGIN before the END of another makes that one void.
 * UPSERT and DELETE outside a list are watch events. */
enum reflector_change {
	REFLECTOR_BEGIN,
	REFLECTOR_UPSERT,
	REFLECTOR_DELETE,
	REFLECTOR_END,
	REFLECTOR_CLEAR
};

struct reflector_sink {
	void *self;
	/* `object` is borrowed (NULL for BEGIN, END, CLEAR); apiVersion and kind are filled in for
	 * list items. */
	void (*change)(void *self, enum reflector_change change, const struct json *object);
};

enum reflector_how { REFLECTOR_WATCHES, REFLECTOR_POLLS };

struct reflector_spec {
	struct api_resource resource; /* words borrowed for its life */
	const char *ns;               /* NULL: all; copied */
	enum reflector_how how;
	int64_t interval; /* between polls */
	uint64_t seed;    /* of the jitter */
};

struct reflector;

struct reflector *reflector_new(const struct reflector_spec *spec,
				const struct transport *transport, struct reflector_sink sink);
void reflector_free(struct reflector *reflector); /* cancels what is under way */
/* Starts what is due; returns when it wants to be called again. */
int64_t reflector_step(struct reflector *reflector, int64_t mono);
/* Offers an event; true when it was this reflector's (it is consumed, not released). */
bool reflector_take(struct reflector *reflector, struct transport_event *event, int64_t mono);
/* List again as soon as possible: a kind may have appeared, a step needs it fresh, the network came
 * back. */
void reflector_poke(struct reflector *reflector, int64_t mono);
/* Everything known is void: another cluster answers. Hands over CLEAR. */
void reflector_reset(struct reflector *reflector, int64_t mono);
/* While the API server is not ready (/readyz), no NOT INSTALLED or FORBIDDEN verdict is made
 * (KUBERNETES §0.6). */
void reflector_set_ready(struct reflector *reflector, bool ready);

struct reflector_status {
	enum reflector_state state;
	int64_t fresh; /* mono of the last proof of life: list end, event, bookmark; 0 when never */
	int64_t since; /* mono since this state stands */
	int64_t retry; /* mono of the next try; NEVER when none is planned */
	bool listed;   /* a complete list has been seen since start or reset */
	int64_t list_started; /* mono when the last complete list was asked for: proof of what is
				 absent */
	const char *reason;   /* for the person; "" when live; borrowed until the next call */
};
struct reflector_status reflector_status(const struct reflector *reflector);

#endif
