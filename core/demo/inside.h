/* inside - what the parts of the demo share: its store, clock and options.
 *
 * Only files of core/demo include it. Order of birth: store, kinds, controller, gateway, scenario.
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
	bool saturated;        /* the model servers have no room: what can be shed is */
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

/* The plural for a group and kind of an ownerReference or manifest; NULL when not served. */
const char *inside_resource(const struct demo *demo, const char *api_version, const char *kind);
bool inside_serves(const struct demo *demo, const char *group, const char *resource);

#endif
