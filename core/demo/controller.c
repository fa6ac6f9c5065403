#include "core/demo/controller.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/control.h"
#include "core/demo/kinds.h"

/* More rounds than any chain of controllers waking each other needs: a loop among them must not
 * hang the demo. */
#define ROUNDS_MAX 1000

struct item {
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
	struct item **items;
	size_t count;
	size_t room;
	uint64_t number;
};

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

static int
item_compare(const void *left, const void *right)
{
	const struct item *a = left;
	const struct item *b = right;
	int order;

	if (a->row != b->row)
		return strcmp(a->row->name, b->row->name);
	order = strcmp(a->name, b->name);
	return order != 0 ? order : strcmp(a->namespace, b->namespace);
}

static void
item_free(struct item *item)
{
	free(item->namespace);
	free(item->name);
	free(item);
}

void
controller_free(struct controller *controller)
{
	size_t i;

	if (controller == NULL)
		return;
	for (i = 0; i < controller->count; i++) {
		tdelete(controller->items[i], &controller->index, item_compare);
		item_free(controller->items[i]);
	}
	free(controller->items);
	free(controller);
}

struct demo *
controller_demo(struct controller *controller)
{
	return controller->demo;
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

void
controller_queue(struct controller *controller, const struct control_row *row,
		 const char *namespace, const char *name, int64_t delay)
{
	struct item key = { .row = row,
			    .namespace = (char *)(uintptr_t) namespace,
			    .name = (char *)(uintptr_t)name };
	struct item *const *found = tfind(&key, &controller->index, item_compare);
	int64_t due = inside_mono(controller->demo) + inside_delay(controller->demo, delay);
	struct item *item;

	if (found != NULL) {
		if (due < (*found)->due)
			(*found)->due = due;
		return;
	}
	item = die_alloc(sizeof(*item));
	*item = (struct item){
		.row = row,
		.namespace = die_strdup(namespace),
		.name = die_strdup(name),
		.due = due,
		.number = controller->number++,
	};
	if (controller->count == controller->room) {
		controller->room = controller->room == 0 ? 64 : controller->room * 2;
		controller->items =
			die_realloc(controller->items, controller->room * sizeof(struct item *));
	}
	controller->items[controller->count++] = item;
	if (tsearch(item, &controller->index, item_compare) == NULL)
		die("no memory left for the queue of the demo's controllers");
}

void
controller_queue_all(struct controller *controller, const struct control_row *row,
		     const char *group, const char *resource, const char *namespace, int64_t delay)
{
	const struct store_object *object = NULL;
	struct store *store = controller->demo->store;

	while ((object = store_next(store, group, resource, namespace, object)) != NULL)
		controller_queue(controller, row, object->namespace, object->name, delay);
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

static int
due_compare(const void *left, const void *right)
{
	const struct item *a = *(struct item *const *)left;
	const struct item *b = *(struct item *const *)right;

	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

/* Takes the items due at `now` out of the queue, in order; the caller frees array and items. */
static struct item **
take_due(struct controller *controller, int64_t now, size_t *count)
{
	struct item **due = die_alloc((controller->count + 1) * sizeof(struct item *));
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
	qsort(due, *count, sizeof(struct item *), due_compare);
	return due;
}

/* Acts on everything due at `now`, and on what that makes due, until nothing more is. */
static void
work(struct controller *controller, int64_t now)
{
	struct item **due;
	size_t count;
	size_t i;
	int round;

	for (round = 0; round < ROUNDS_MAX; round++) {
		notice_all(controller);
		due = take_due(controller, now, &count);
		for (i = 0; i < count; i++) {
			due[i]->row->act(controller, due[i]->namespace, due[i]->name);
			item_free(due[i]);
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
