/* control_queue - what the controllers look at, and when: one queue for all of them.
 *
 * An object is in it once for each controller, with the earliest time asked for. Only
 * control_queue.c and controller.c include it. Times are mono nanoseconds of the demo's clock.
 */
#ifndef DEMO_CONTROL_QUEUE_H
#define DEMO_CONTROL_QUEUE_H

#include "core/demo/control.h"

struct control_item {
	const struct control_row *row;
	char *namespace;
	char *name;
	int64_t due;     /* mono */
	uint64_t number; /* order of arrival among those due together */
};

struct controller {
	struct demo *demo;
	struct controller_delays delays;
	int64_t seen; /* the newest version noticed */
	void *index;  /* tsearch() tree of items by row, name, namespace */
	struct control_item **items;
	size_t count;
	size_t room;
	uint64_t number;
};

/* Takes the items due at `now` out of the queue, in order; the caller frees array and items. */
struct control_item **control_queue_take(struct controller *controller, int64_t now, size_t *count);
void control_queue_free_item(struct control_item *item);
void control_queue_release(struct controller *controller);

#endif
