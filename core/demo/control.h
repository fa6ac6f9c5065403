/* control - what a controller is to controller.c, and what controllers share: conditions,
 * references, listeners.
 *
 * Only the control_*.c files and controller.c include it. A controller hears of every event
 * (notice), puts what it wants to look at into the queue, and is called back for each when it is
 * due (act). Acting compares what is with what should be, so that an event too many does no harm.
 */
#ifndef DEMO_CONTROL_H
#define DEMO_CONTROL_H

#include "core/demo/controller.h"
#include "core/demo/inside.h"

#define MANAGER_GATEWAY "demo-gateway-controller"
#define MANAGER_KUBE    "kube-controller-manager"
#define MANAGER_KUBELET "kubelet"

struct control_row {
	const char *name; /* short and unique: what the queue sorts by */
	const char *manager;
	const char *help; /* one sentence */
	void (*notice)(struct controller *controller, const struct store_event *event);
	/* `namespace` and `name` are those that were queued; "" where the row works on everything
	 * at once. */
	void (*act)(struct controller *controller, const char *namespace, const char *name);
};

extern const struct control_row control_class;
extern const struct control_row control_gateway;
extern const struct control_row control_route;
extern const struct control_row control_traffic;
extern const struct control_row control_pool;
extern const struct control_row control_deployment;
extern const struct control_row control_kubelet;
extern const struct control_row control_namespace;
extern const struct control_row control_collect;

/* control_queue.c */
struct demo *control_demo(struct controller *controller);
struct controller_delays control_delays(const struct controller *controller);
/* Due after `delay` (divided by the demo's speed); one that is queued already keeps its earlier
 * time. */
void control_queue(struct controller *controller, const struct control_row *row,
		   const char *namespace, const char *name, int64_t delay);
/* The same for every object of a resource; those of namespace NULL are in all. */
void
control_queue_all(struct controller *controller, const struct control_row *row, const char *group,
		  const char *resource, const char *namespace, int64_t delay);
/* control.c */
/* The object that an event is about: its newest state, or its last. */
const struct store_object *control_subject(const struct store_event *event);
bool control_is(const struct store_event *event, const char *group, const char *resource);
/* Whether more than the status changed: added, deleted, or another generation. */
bool control_respecified(struct controller *controller, const struct store_event *event);
const struct json *
control_value(struct controller *controller, const char *group, const char *resource,
	      const char *namespace, const char *name); /* NULL when there is none */

/* Appends a condition to `conditions`; its time is that of the same condition in `before` (an array
 * or NULL) unless the status differs. generation 0 writes no observedGeneration. */
void control_condition(struct controller *controller, struct json *conditions,
		       const struct json *before, const char *type, bool status, const char *reason,
		       const char *message, int64_t generation);
int64_t control_generation(const struct json *object);

/* The controllerName of the class of the Gateway a parentRef names; NULL when the Gateway or its
 * class is not there. */
const char *control_parent(struct controller *controller, const struct json *parent_ref,
			   const char *route_namespace, const struct json **gateway);
/* The namespace a parentRef or backendRef means. */
const char *control_ref_namespace(const struct json *ref, const char *route_namespace);
/* NULL when a listener of `gateway` takes the route through `parent_ref`, else the reason of
 * Accepted=False. Listener NULL asks for any, else for that one. */
const char *control_refusal(struct controller *controller, const struct json *gateway,
			    const char *gateway_namespace, const struct json *listener,
			    const struct json *route, const struct json *parent_ref);

bool control_is_picker(const struct json *pod); /* or a Pod template: it runs an endpoint picker */

#endif
