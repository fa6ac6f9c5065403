/* inside - what the parts of the demo share: its store, clock and options, and writing to it as a
 * controller would.
 *
 * Only files of core/demo include it. The writes here go past authentication, authorisation and
 * resourceVersion checks, but do what the API server does for everybody: defaults, uid,
 * creationTimestamp, generation, managedFields under the writer's name, finalizers, nothing stored
 * when nothing changed. They take effect at once and watchers see them.
 */
#ifndef DEMO_INSIDE_H
#define DEMO_INSIDE_H

#include "core/demo/demo.h"
#include "core/demo/store.h"

struct controller;
struct gateway;
struct kinds;
struct crds;

struct demo {
	struct store *store;
	struct clock clock;
	uint64_t random; /* state of inside_random() */
	double speed;    /* see demo_options */
	bool loading; /* the scenario is being loaded: CRDs are served as soon as they are created
		       */
	char *git_version; /* what /version says; a scenario may replace it (heap) */
	enum demo_serves serves;
	bool saturated; /* the model servers have no room: what can be shed is */
	char *gateway_address; /* what Gateways report; "" until set */
	int gateway_port;
	struct kinds *kinds;        /* kinds.h: what is served */
	struct crds *crds;          /* crd.h: CRDs on their way up or down */
	struct demo_watch *watches; /* open ones, watch.c */
	struct controller *controller;
	struct gateway *gateway;
};

uint64_t inside_random(struct demo *demo);
int64_t
inside_delay(const struct demo *demo, int64_t nanoseconds); /* by the demo's speed; 0 at speed 0 */
int64_t inside_mono(const struct demo *demo);
/* Wall time as the API writes it, to whole seconds; `text` holds CLOCK_RFC3339_MAX bytes. */
void inside_now(const struct demo *demo, char *text);

/* `manager` is the name in managedFields. `object` is taken, whatever the outcome; it needs
 * apiVersion, kind and metadata.name (and namespace); it may hold a status, which is kept. Errors
 * are what the API would answer. */
bool inside_create(struct demo *demo, const char *manager, struct json *object, struct err *err);
/* Replaces everything but the status by `object` (taken), which must exist. */
bool inside_update(struct demo *demo, const char *manager, struct json *object, struct err *err);
/* Replaces the status; `status` is taken. Nothing happens when it equals what is there. */
bool inside_status(struct demo *demo, const char *manager, const char *group, const char *resource,
		   const char *namespace, const char *name, struct json *status, struct err *err);
/* As a DELETE with propagationPolicy Background; `uid` guards it, or NULL. Missing is fine. */
bool inside_delete(struct demo *demo, const char *group, const char *resource,
		   const char *namespace, const char *name, const char *uid, struct err *err);
/* The plural for a group and kind of an ownerReference or manifest; NULL when not served. */
const char *inside_resource(const struct demo *demo, const char *api_version, const char *kind);
bool inside_serves(const struct demo *demo, const char *group, const char *resource);

/* What demo.c calls of the others, declared in their headers:
 *   scenario.h    bool scenario_load(struct demo *demo, const struct demo_options *options, struct
 * err *err); (creates the objects, CRDs first, with inside_create(); may set git_version when
 * options->gke_version is NULL; demo_scenario_list() is its, too) controller.h  struct controller
 * *controller_new(struct demo *demo); void controller_free(struct controller *); int64_t
 * controller_step(struct controller *); mono time of its next deadline or NEVER gateway.h struct
 * gateway *gateway_new(struct demo *demo); void gateway_free(struct gateway *); (demo_gateway() is
 * its, too) Order of birth: store, kinds, controller, gateway, scenario. CRDs become Established
 * and go away in crd.c; what owner references say, and what foreground deletion waits for, is the
 * controllers'. */

#endif
