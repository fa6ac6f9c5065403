#include "core/demo/control_queue.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

static int
item_compare(const void *left, const void *right)
{
	const struct control_item *a = left;
	const struct control_item *b = right;
	int order;

	if (a->row != b->row)
		return strcmp(a->row->name, b->row->name);
	order = strcmp(a->name, b->name);
	return order != 0 ? order : strcmp(a->namespace, b->namespace);
}

void
control_queue_free_item(struct control_item *item)
{
	free(item->namespace);
	free(item->name);
	free(item);
}

void
control_queue_release(struct controller *controller)
{
	for (size_t i = 0; i < controller->count; i++) {
		tdelete(controller->items[i], &controller->index, item_compare);
		control_queue_free_item(controller->items[i]);
	}
	free(controller->items);
}

struct demo *
control_demo(struct controller *controller)
{
	return controller->demo;
}

struct controller_delays
control_delays(const struct controller *controller)
{
	return controller->delays;
}

void
control_queue(struct controller *controller, const struct control_row *row, const char *namespace,
	      const char *name, int64_t delay)
{
	struct control_item key = { .row = row,
				    .namespace = (char *)(uintptr_t) namespace,
				    .name = (char *)(uintptr_t)name };
	struct control_item *const *found = tfind(&key, &controller->index, item_compare);
	int64_t due = inside_mono(controller->demo) + inside_delay(controller->demo, delay);
	struct control_item *item;

	if (found != NULL) {
		if (due < (*found)->due)
			(*found)->due = due;
		return;
	}
	item = die_alloc(sizeof(*item));
	*item = (struct control_item){
		.row = row,
		.namespace = die_strdup(namespace),
		.name = die_strdup(name),
		.due = due,
		.number = controller->number++,
	};
	if (controller->count == controller->room) {
		controller->room = controller->room == 0 ? 64 : controller->room * 2;
		controller->items = die_realloc(controller->items,
						controller->room * sizeof(struct control_item *));
	}
	controller->items[controller->count++] = item;
	if (tsearch(item, &controller->index, item_compare) == NULL)
		die("no memory left for the queue of the demo's controllers");
}

void
control_queue_all(struct controller *controller, const struct control_row *row, const char *group,
		  const char *resource, const char *namespace, int64_t delay)
{
	const struct store_object *object = NULL;
	struct store *store = controller->demo->store;

	while ((object = store_next(store, group, resource, namespace, object)) != NULL)
		control_queue(controller, row, object->namespace, object->name, delay);
}

static int
due_compare(const void *left, const void *right)
{
	const struct control_item *a = *(struct control_item *const *)left;
	const struct control_item *b = *(struct control_item *const *)right;

	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

struct control_item **
control_queue_take(struct controller *controller, int64_t now, size_t *count)
{
	struct control_item **due =
		die_alloc((controller->count + 1) * sizeof(struct control_item *));
	size_t kept = 0;
	size_t i;

	*count = 0;
	for (i = 0; i < controller->count; i++) {
		if (controller->items[i]->due > now) {
			controller->items[kept++] = controller->items[i];
			continue;
		}
		due[(*count)++] = controller->items[i];
		tdelete(controller->items[i], &controller->index, item_compare);
	}
	controller->count = kept;
	qsort(due, *count, sizeof(struct control_item *), due_compare);
	return due;
}
