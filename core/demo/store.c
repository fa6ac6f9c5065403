#include "core/demo/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"

#define HISTORY_EVENTS 10000 /* remembered changes; older ones are 410 */
#define PARSED_KEPT    512   /* objects that may stay parsed between two calls */
#define OBJECT_CAP     (8 * BUF_MIB)

struct node {
	struct store_object object;
	struct json *value;
	size_t holders; /* the shelf, and events */
	struct node *parsed_next, *parsed_previous;
	struct node *dead_next;
};

struct shelf { /* one resource, sorted by namespace and name */
	char *group, *resource;
	struct node **nodes;
	size_t count, room;
	struct shelf *next;
};

struct record {
	struct store_event event;
	const struct shelf *shelf;
};

struct store {
	struct shelf *shelves;
	struct record *records; /* ring of HISTORY_EVENTS: version v is at v % HISTORY_EVENTS */
	int64_t version, oldest;
	struct node *parsed;
	size_t parsed_count;
	struct node *dead;
};

/* The public object is the node's first member and a node never lives anywhere else. */
static struct node *
node_of(const struct store_object *object)
{
	union {
		const struct store_object *in;
		struct node *out;
	} cast = { .in = object };
	return cast.out;
}

static void
node_forget_value(struct store *store, struct node *node)
{
	if (!node->value)
		return;
	json_free(node->value);
	node->value = NULL;
	if (node->parsed_previous)
		node->parsed_previous->parsed_next = node->parsed_next;
	else
		store->parsed = node->parsed_next;
	if (node->parsed_next)
		node->parsed_next->parsed_previous = node->parsed_previous;
	node->parsed_next = node->parsed_previous = NULL;
	store->parsed_count--;
}

static void
node_keep_value(struct store *store, struct node *node, struct json *value)
{
	node->value = value;
	node->parsed_next = store->parsed;
	if (store->parsed)
		store->parsed->parsed_previous = node;
	store->parsed = node;
	store->parsed_count++;
}

static void
node_free(struct store *store, struct node *node)
{
	node_forget_value(store, node);
	free((char *)(uintptr_t)node->object.namespace);
	free((char *)(uintptr_t)node->object.name);
	free((char *)(uintptr_t)node->object.uid);
	free((char *)(uintptr_t)node->object.text);
	free(node);
}

static void
node_release(struct store *store, const struct store_object *object)
{
	struct node *node;

	if (!object)
		return;
	node = node_of(object);
	if (--node->holders > 0)
		return;
	node->dead_next = store->dead;
	store->dead = node;
}

static const struct store_object *
node_hold(const struct store_object *object)
{
	if (object)
		node_of(object)->holders++;
	return object;
}

static struct node *
node_new(struct store *store, const struct shelf *shelf, struct json *value, int64_t version)
{
	struct node *node = die_alloc(sizeof(*node));
	struct json *metadata = json_set_object(value, "metadata");
	const char *namespace = json_string(json_get(metadata, "namespace"));
	const char *name = json_string(json_get(metadata, "name"));
	const char *uid = json_string(json_get(metadata, "uid"));
	struct buf text;
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)version);
	json_set_string(metadata, "resourceVersion", number);
	buf_init(&text, OBJECT_CAP);
	if (!json_print(value, &text))
		die("an object of the demo grew past %zu MiB", OBJECT_CAP / BUF_MIB);
	node->object = (struct store_object){
		.group = shelf->group,
		.resource = shelf->resource,
		.namespace = die_strdup(namespace ? namespace : ""),
		.name = die_strdup(name ? name : ""),
		.uid = die_strdup(uid ? uid : ""),
		.version = version,
		.length = text.length,
		.text = die_realloc(text.bytes, text.length + 1),
	};
	node_keep_value(store, node, value);
	return node;
}

struct store *
store_new(void)
{
	struct store *store = die_alloc(sizeof(*store));

	store->records = die_alloc(HISTORY_EVENTS * sizeof(*store->records));
	/* No write is number 1, so that a resourceVersion a test makes up ("1") is old. */
	store->version = store->oldest = 1000;
	return store;
}

static struct record *
record_at(const struct store *store, int64_t version)
{
	return &store->records[version % HISTORY_EVENTS];
}

static void
forget_oldest(struct store *store)
{
	struct record *record = record_at(store, ++store->oldest);

	node_release(store, record->event.before);
	node_release(store, record->event.last);
	*record = (struct record){ 0 };
}

void
store_free(struct store *store)
{
	if (!store)
		return;
	store_compact(store);
	while (store->shelves) {
		struct shelf *shelf = store->shelves;

		store->shelves = shelf->next;
		for (size_t i = 0; i < shelf->count; i++)
			node_release(store, &shelf->nodes[i]->object);
		store_settle(store);
		free(shelf->group);
		free(shelf->resource);
		free(shelf->nodes);
		free(shelf);
	}
	free(store->records);
	free(store);
}

int64_t
store_version(const struct store *store)
{
	return store->version;
}

int64_t
store_oldest(const struct store *store)
{
	return store->oldest;
}

const struct json *
store_value(struct store *store, const struct store_object *object)
{
	struct node *node = node_of(object);

	if (!node->value) {
		struct json *value = json_parse(object->text, object->length, NULL);

		if (!value)
			die("the demo cannot read back %s/%s", object->resource, object->name);
		node_keep_value(store, node, value);
	}
	return node->value;
}

static struct shelf *
shelf_find(const struct store *store, const char *group, const char *resource)
{
	for (struct shelf *shelf = store->shelves; shelf; shelf = shelf->next) {
		if (text_equal(shelf->resource, resource) && text_equal(shelf->group, group))
			return shelf;
	}
	return NULL;
}

static struct shelf *
shelf_need(struct store *store, const char *group, const char *resource)
{
	struct shelf *shelf = shelf_find(store, group, resource);

	if (shelf)
		return shelf;
	shelf = die_alloc(sizeof(*shelf));
	shelf->group = die_strdup(group);
	shelf->resource = die_strdup(resource);
	shelf->next = store->shelves;
	store->shelves = shelf;
	return shelf;
}

static int
key_compare(const struct store_object *object, const char *namespace, const char *name)
{
	int order = strcmp(object->namespace, namespace);

	return order ? order : strcmp(object->name, name);
}

/* Index of the first node whose key is not below the given one. */
static size_t
shelf_lower(const struct shelf *shelf, const char *namespace, const char *name)
{
	size_t low = 0, high = shelf->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (key_compare(&shelf->nodes[middle]->object, namespace, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct store_object *
store_get(const struct store *store, const char *group, const char *resource, const char *namespace,
	  const char *name)
{
	const struct shelf *shelf = shelf_find(store, group, resource);
	size_t at;

	if (!shelf || !name)
		return NULL;
	if (!namespace)
	namespace = "";
	at = shelf_lower(shelf, namespace, name);
	if (at == shelf->count || key_compare(&shelf->nodes[at]->object, namespace, name) != 0)
		return NULL;
	return &shelf->nodes[at]->object;
}

const struct store_object *
store_next(const struct store *store, const char *group, const char *resource,
	   const char *namespace, const struct store_object *after)
{
	const struct shelf *shelf = shelf_find(store, group, resource);
	size_t at = 0;

	if (!shelf)
		return NULL;
	if (after) {
		at = shelf_lower(shelf, after->namespace, after->name);
		if (at < shelf->count &&
		    key_compare(&shelf->nodes[at]->object, after->namespace, after->name) == 0)
			at++;
	} else if (namespace) {
		at = shelf_lower(shelf, namespace, "");
	}
	if (at == shelf->count ||
	    (namespace && !text_equal(shelf->nodes[at]->object.namespace, namespace)))
		return NULL;
	return &shelf->nodes[at]->object;
}

size_t
store_count(const struct store *store, const char *group, const char *resource)
{
	const struct shelf *shelf = shelf_find(store, group, resource);

	return shelf ? shelf->count : 0;
}

const struct store_event *
store_after(const struct store *store, int64_t version, const char *group, const char *resource)
{
	const struct shelf *shelf = NULL;

	if (resource && !(shelf = shelf_find(store, group, resource)))
		return NULL;
	if (version < store->oldest)
		version = store->oldest;
	while (version < store->version) {
		const struct record *record = record_at(store, ++version);

		if (!shelf || record->shelf == shelf)
			return &record->event;
	}
	return NULL;
}

static void
remember(struct store *store, const struct shelf *shelf, struct store_event event)
{
	if (store->version - store->oldest == HISTORY_EVENTS)
		forget_oldest(store);
	store->version = event.version;
	node_hold(event.before);
	node_hold(event.last);
	*record_at(store, event.version) = (struct record){ .event = event, .shelf = shelf };
}

const struct store_object *
store_put(struct store *store, const char *group, const char *resource, struct json *value)
{
	struct shelf *shelf = shelf_need(store, group, resource);
	struct node *node = node_new(store, shelf, value, store->version + 1);
	const struct store_object *before = NULL;
	size_t at = shelf_lower(shelf, node->object.namespace, node->object.name);

	if (at < shelf->count && key_compare(&shelf->nodes[at]->object, node->object.namespace,
					     node->object.name) == 0) {
		before = &shelf->nodes[at]->object;
	} else {
		if (shelf->count == shelf->room) {
			shelf->room = shelf->room ? 2 * shelf->room : 16;
			shelf->nodes =
				die_realloc(shelf->nodes, shelf->room * sizeof(*shelf->nodes));
		}
		memmove(&shelf->nodes[at + 1], &shelf->nodes[at],
			(shelf->count - at) * sizeof(*shelf->nodes));
		shelf->count++;
	}
	shelf->nodes[at] = node;
	node->holders = 1;
	remember(store, shelf,
		 (struct store_event){
			 .version = node->object.version,
			 .change = before ? STORE_MODIFIED : STORE_ADDED,
			 .before = before,
			 .now = &node->object,
			 .last = &node->object,
		 });
	node_release(store, before);
	return &node->object;
}

bool
store_remove(struct store *store, const char *group, const char *resource, const char *namespace,
	     const char *name)
{
	const struct store_object *before = store_get(store, group, resource, namespace, name);
	struct shelf *shelf = shelf_find(store, group, resource);
	struct node *last;
	size_t at;

	if (!before)
		return false;
	at = shelf_lower(shelf, before->namespace, before->name);
	last = node_new(store, shelf, json_clone(store_value(store, before)), store->version + 1);
	last->holders = 1;
	shelf->count--;
	memmove(&shelf->nodes[at], &shelf->nodes[at + 1],
		(shelf->count - at) * sizeof(*shelf->nodes));
	remember(store, shelf,
		 (struct store_event){
			 .version = last->object.version,
			 .change = STORE_DELETED,
			 .before = before,
			 .last = &last->object,
		 });
	node_release(store, before);
	node_release(store, &last->object);
	return true;
}

static int
compare_objects(const void *a, const void *b)
{
	const struct store_event *const *left = a, *const *right = b;
	int order = key_compare((*left)->last, (*right)->last->namespace, (*right)->last->name);

	if (order)
		return order;
	return (*left)->version < (*right)->version ? -1 : (*left)->version > (*right)->version;
}

/* The changes of a shelf after `version`, only the first of each object, sorted by object. */
static const struct store_event **
first_changes(const struct store *store, const struct shelf *shelf, int64_t version, size_t *count)
{
	const struct store_event **changes =
		die_alloc((size_t)(store->version - version + 1) * sizeof(*changes));
	size_t all = 0, kept = 0;

	for (int64_t v = version + 1; v <= store->version; v++) {
		const struct record *record = record_at(store, v);

		if (record->shelf == shelf)
			changes[all++] = &record->event;
	}
	qsort(changes, all, sizeof(*changes), compare_objects);
	for (size_t i = 0; i < all; i++) {
		if (kept > 0 && key_compare(changes[kept - 1]->last, changes[i]->last->namespace,
					    changes[i]->last->name) == 0)
			continue;
		changes[kept++] = changes[i];
	}
	*count = kept;
	return changes;
}

const struct store_object **
store_at(struct store *store, const char *group, const char *resource, const char *namespace,
	 int64_t version, size_t *count)
{
	const struct shelf *shelf = shelf_find(store, group, resource);
	const struct store_event **changes;
	const struct store_object **objects;
	size_t changed, c = 0, n = 0;

	*count = 0;
	if (!shelf)
		return NULL;
	changes = first_changes(store, shelf, version, &changed);
	objects = die_alloc((shelf->count + changed + 1) * sizeof(const struct store_object *));
	for (size_t i = namespace ? shelf_lower(shelf, namespace, "") : 0; i <= shelf->count; i++) {
		const struct store_object *object =
			i < shelf->count ? &shelf->nodes[i]->object : NULL;
		int order = -1;

		/* Objects that are gone, or stood differently, come in their place. */
		while (c < changed && (order = object ? key_compare(changes[c]->last,
								    object->namespace, object->name)
						      : -1) <= 0) {
			const struct store_object *old = changes[c++]->before;

			if (old && (!namespace || text_equal(old->namespace, namespace)))
				objects[n++] = old;
			if (order == 0)
				break;
		}
		if (object && object->version <= version &&
		    (!namespace || text_equal(object->namespace, namespace)))
			objects[n++] = object;
	}
	free(changes);
	*count = n;
	return objects;
}

void
store_compact(struct store *store)
{
	while (store->oldest < store->version)
		forget_oldest(store);
}

void
store_settle(struct store *store)
{
	while (store->dead) {
		struct node *node = store->dead;

		store->dead = node->dead_next;
		node_free(store, node);
	}
	if (store->parsed_count <= PARSED_KEPT)
		return;
	while (store->parsed)
		node_forget_value(store, store->parsed);
}
