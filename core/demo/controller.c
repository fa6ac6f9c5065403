#include "core/demo/controller.h"

#include <stdlib.h>

#include "core/base/die.h"
#include "core/demo/control_queue.h"
#include "core/demo/kinds.h"

/* More rounds than any chain of controllers waking each other needs: a loop among them must not
 * hang the demo. */
#define ROUNDS_MAX 1000

static const struct control_row *const rows[] = {
	&control_namespace,  &control_class,   &control_gateway,
	&control_route,      &control_traffic, &control_pool,
	&control_deployment, &control_kubelet, &control_collect,
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

struct controller *
controller_new(struct demo *demo)
{
	struct controller *controller = die_alloc(sizeof(*controller));

	controller->demo = demo;
	controller->delays = (struct controller_delays){
		.conditions = 10 * MILLISECOND,
		.traffic = 100 * MILLISECOND,
		.pods = 2 * SECOND,
		.collect = 50 * MILLISECOND,
	};
	return controller;
}

void
controller_free(struct controller *controller)
{
	if (controller == NULL)
		return;
	control_queue_release(controller);
	free(controller);
}

struct controller_delays
controller_delays(const struct controller *controller)
{
	return controller->delays;
}

void
controller_set_delays(struct controller *controller, const struct controller_delays *delays)
{
	controller->delays = *delays;
}

struct controller_about
controller_about(size_t index)
{
	struct controller_about about = { NULL, NULL };

	if (index < ROWS)
		about = (struct controller_about){ .name = rows[index]->manager,
						   .help = rows[index]->help };
	return about;
}

static void
notice_event(struct controller *controller, const struct store_event *event)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		rows[i]->notice(controller, event);
}

void
controller_look_again(struct controller *controller)
{
	const struct kinds_row *kind;
	const struct store_object *object;
	struct store_event event;

	for (kind = kinds_first(controller->demo->kinds); kind != NULL; kind = kind->next) {
		object = NULL;
		while ((object = store_next(controller->demo->store, kind->group, kind->resource,
					    NULL, object)) != NULL) {
			event = (struct store_event){ .version = object->version,
						      .change = STORE_ADDED,
						      .now = object };
			notice_event(controller, &event);
		}
	}
}

/* Reads what happened since the last time into the queue. Where history was forgotten in between,
 * everything is looked at. */
static void
notice_all(struct controller *controller)
{
	struct store *store = controller->demo->store;
	const struct store_event *event;

	if (store_oldest(store) > controller->seen) {
		controller->seen = store_oldest(store);
		controller_look_again(controller);
	}
	while ((event = store_after(store, controller->seen, NULL, NULL)) != NULL) {
		controller->seen = event->version;
		notice_event(controller, event);
	}
}

/* Acts on everything due at `now`, and on what that makes due, until nothing more is. */
static void
work(struct controller *controller, int64_t now)
{
	struct control_item **due;
	size_t count;
	size_t i;
	int round;

	for (round = 0; round < ROUNDS_MAX; round++) {
		notice_all(controller);
		due = control_queue_take(controller, now, &count);
		for (i = 0; i < count; i++) {
			due[i]->row->act(controller, due[i]->namespace, due[i]->name);
			control_queue_free_item(due[i]);
		}
		free(due);
		if (count == 0)
			return;
	}
}

int64_t
controller_step(struct controller *controller)
{
	int64_t next = NEVER;
	size_t i;

	work(controller, inside_mono(controller->demo));
	for (i = 0; i < controller->count; i++)
		if (controller->items[i]->due < next)
			next = controller->items[i]->due;
	return next;
}

void
controller_settle(struct controller *controller)
{
	work(controller, NEVER);
}
