#include "core/migrate/reflist.h"

#include <string.h>

#include "core/base/text.h"

struct key { /* one pool that is named somewhere; its places are items[first .. first + count) */
	enum kind pool;
	const char *ns, *name;
	size_t first, count;
};

struct reflist {
	struct reflist_item *items; /* grouped by key */
	size_t count;
	struct key *keys; /* in the order they were met */
	size_t key_count;
	uint32_t *slots;   /* open addressing over keys: index + 1, 0 is free */
	size_t slot_count; /* a power of two, at least twice the keys */
};

typedef void
reflist_visit(void *self, enum kind pool, const struct ref *ref, const struct reflist_item *item);

enum kind
reflist_kind(const struct ref *ref)
{
	if (!text_equal(ref->kind, "InferencePool"))
		return KIND_COUNT;
	if (text_equal(ref->group, GROUP_ALPHA))
		return KIND_ALPHA_POOL;
	return text_equal(ref->group, GROUP_GA) ? KIND_GA_POOL : KIND_COUNT;
}

static void
each_place(const struct world *world, reflist_visit *visit, void *self)
{
	for (size_t i = 0; i < world->count[KIND_ROUTE]; i++) {
		const struct object *object = world->objects[KIND_ROUTE][i];

		for (size_t j = 0; j < object->route.rule_count; j++) {
			const struct rule *rule = &object->route.rules[j];
			struct reflist_item item = { .route = object, .rule = rule };

			for (size_t k = 0; k < rule->backend_count; k++) {
				item.backend = &rule->backends[k];
				if (reflist_kind(&item.backend->ref) != KIND_COUNT)
					visit(self, reflist_kind(&item.backend->ref),
					      &item.backend->ref, &item);
			}
			item.backend = NULL;
			for (size_t k = 0; k < rule->mirror_count; k++) {
				item.mirror = &rule->mirrors[k];
				if (reflist_kind(&item.mirror->ref) != KIND_COUNT)
					visit(self, reflist_kind(&item.mirror->ref),
					      &item.mirror->ref, &item);
			}
		}
	}
}

/* FNV-1a over group, namespace and name: spreads well enough for names that differ in their last
 * letters. */
static uint64_t
key_hash(enum kind pool, const char *ns, const char *name)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)pool;

	for (; *ns != '\0'; ns++)
		hash = (hash ^ (unsigned char)*ns) * UINT64_C(1099511628211);
	hash = (hash ^ '/') * UINT64_C(1099511628211);
	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
	return hash ^ hash >> 32;
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t
key_slot(const struct reflist *list, enum kind pool, const char *ns, const char *name)
{
	size_t at = key_hash(pool, ns, name) & (list->slot_count - 1);

	while (list->slots[at] != 0) {
		const struct key *key = &list->keys[list->slots[at] - 1];

		if (key->pool == pool && strcmp(key->name, name) == 0 && strcmp(key->ns, ns) == 0)
			break;
		at = (at + 1) & (list->slot_count - 1);
	}
	return at;
}

static void
count_place(void *self, enum kind pool, const struct ref *ref, const struct reflist_item *item)
{
	struct reflist *list = self;

	(void)pool;
	(void)ref;
	(void)item;
	list->count++;
}

static void
count_key(void *self, enum kind pool, const struct ref *ref, const struct reflist_item *item)
{
	struct reflist *list = self;
	size_t at = key_slot(list, pool, ref->ns, ref->name);

	(void)item;
	if (list->slots[at] == 0) {
		list->keys[list->key_count] =
			(struct key){ .pool = pool, .ns = ref->ns, .name = ref->name };
		list->slots[at] = (uint32_t)++list->key_count;
	}
	list->keys[list->slots[at] - 1].count++;
}

static void
place_item(void *self, enum kind pool, const struct ref *ref, const struct reflist_item *item)
{
	struct reflist *list = self;
	struct key *key = &list->keys[list->slots[key_slot(list, pool, ref->ns, ref->name)] - 1];

	list->items[key->first + key->count++] = *item;
}

struct reflist *
reflist_new(const struct world *world, struct arena *arena)
{
	struct reflist *list = arena_alloc(arena, sizeof(*list));
	size_t first = 0;

	each_place(world, count_place, list);
	if (list->count == 0)
		return list;
	for (list->slot_count = 16; list->slot_count < 2 * list->count;)
		list->slot_count *= 2;
	list->items = arena_array(arena, list->count, sizeof(*list->items));
	list->keys = arena_array(arena, list->count, sizeof(*list->keys));
	list->slots = arena_array(arena, list->slot_count, sizeof(*list->slots));
	each_place(world, count_key, list);
	for (size_t i = 0; i < list->key_count; i++) {
		list->keys[i].first = first;
		first += list->keys[i].count;
		list->keys[i].count = 0;
	}
	each_place(world, place_item, list);
	return list;
}

const struct reflist_item *
reflist_find(const struct reflist *list, enum kind pool, const char *ns, const char *name,
	     size_t *count)
{
	const struct key *key;
	size_t at;

	*count = 0;
	if (list->count == 0)
		return NULL;
	at = key_slot(list, pool, ns, name);
	if (list->slots[at] == 0)
		return NULL;
	key = &list->keys[list->slots[at] - 1];
	*count = key->count;
	return &list->items[key->first];
}

const struct reflist_item *
reflist_group(const struct reflist *list, enum kind pool, size_t *count)
{
	const struct reflist_item *first = NULL;

	*count = 0;
	for (size_t i = 0; i < list->key_count; i++) {
		if (list->keys[i].pool != pool)
			continue;
		if (first == NULL)
			first = &list->items[list->keys[i].first];
		*count += list->keys[i].count;
	}
	return first;
}
