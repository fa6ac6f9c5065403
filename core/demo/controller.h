/* controller - what controllers do in a real cluster: Deployments get Pods, routes get conditions,
 * owners take theirs along.
 *
 * One value for all of them. It follows the store's history, keeps a queue of objects to look at
 * with the time when each is due, and writes through inside.h under the real controllers' names.
 * Each controller is a row of controller_list(). A scenario's world begins settled: what is loaded
 * is worked off without delays. Not shared between threads without the demo's lock. Times are mono
 * nanoseconds of the demo's clock.
 */
#ifndef DEMO_CONTROLLER_H
#define DEMO_CONTROLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct controller;
struct demo;

/* How long a change takes to show, before inside_delay() divides it by the demo's speed. */
struct controller_delays {
	int64_t conditions; /* until a route's, pool's or Gateway's conditions are written: 10 ms
			       (DOMAIN §7) */
	int64_t traffic;    /* until the gateway follows a route: 100 ms */
	int64_t pods;       /* until a new Pod is Ready: 2 s */
	int64_t collect;    /* until dependents of a deleted owner go: 50 ms */
};

struct controller *controller_new(struct demo *demo);
void controller_free(struct controller *controller); /* NULL is fine */

/* Does what is due. Returns the mono time of the next deadline or NEVER. */
int64_t controller_step(struct controller *controller);
/* Does everything there is to do at once, whatever its delay, until nothing is left: for a scenario
 * just loaded. */
void controller_settle(struct controller *controller);

struct controller_delays controller_delays(const struct controller *controller);
void controller_set_delays(struct controller *controller, const struct controller_delays *delays);
/* To be called after demo->serves or demo->gateway_address changed: everything that depends on it
 * is looked at again. */
void controller_look_again(struct controller *controller);

/* The names and help of the controllers, in order. */
struct controller_about {
	const char *name; /* of the manager in managedFields */
	const char *help; /* one sentence */
};
struct controller_about controller_about(size_t index); /* name NULL past the last */

#endif
