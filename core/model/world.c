#include "core/model/world.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

static const char *const state_names[] = {
	[VIEW_STARTING] = "starting",   [VIEW_LIVE] = "live",
	[VIEW_POLLING] = "polling",     [VIEW_STALE] = "stale",
	[VIEW_FORBIDDEN] = "forbidden", [VIEW_NOT_INSTALLED] = "notInstalled",
	[VIEW_BROKEN] = "broken",
};

const char *
view_state_name(enum view_state state)
{
	return state_names[state];
}

struct world *
world_new(void)
{
	return die_alloc(sizeof(struct world));
}

static void
forget_strangers(struct world *world)
{
	for (size_t i = 0; i < world->stranger_count; i++) {
		const struct stranger *s = &world->strangers[i];
		const char *const texts[] = { s->group,     s->kind,         s->ns,
					      s->name,      s->target.group, s->target.kind,
					      s->target.ns, s->target.name };

		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
			free((char *)(uintptr_t)texts[j]);
	}
	free(world->strangers);
	world->strangers = NULL;
	world->stranger_count = 0;
}

void
world_set_strangers(struct world *world, const struct stranger *list, size_t count)
{
	forget_strangers(world);
	world->change++;
	if (count == 0)
		return;
	world->strangers = die_alloc(count * sizeof(*world->strangers));
	world->stranger_count = count;
	for (size_t i = 0; i < count; i++)
		world->strangers[i] = (struct stranger){
			.group = die_strdup(list[i].group),
			.kind = die_strdup(list[i].kind),
			.ns = die_strdup(list[i].ns),
			.name = die_strdup(list[i].name),
			.target = { .group = die_strdup(list[i].target.group),
				    .kind = die_strdup(list[i].target.kind),
				    .ns = die_strdup(list[i].target.ns),
				    .name = die_strdup(list[i].target.name) },
		};
}

static void
forget_unlisted(struct world *world)
{
	for (size_t i = 0; i < world->unlisted_count; i++) {
		const struct unlisted *u = &world->unlisted[i];
		const char *const texts[] = { u->group, u->resource, u->kind, u->ns };

		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++)
			free((char *)(uintptr_t)texts[j]);
	}
	free(world->unlisted);
	world->unlisted = NULL;
	world->unlisted_count = 0;
}

void
world_set_unlisted(struct world *world, const struct unlisted *list, size_t count)
{
	forget_unlisted(world);
	world->change++;
	if (count == 0)
		return;
	world->unlisted = die_alloc(count * sizeof(*world->unlisted));
	world->unlisted_count = count;
	for (size_t i = 0; i < count; i++)
		world->unlisted[i] = (struct unlisted){
			.group = die_strdup(list[i].group),
			.resource = die_strdup(list[i].resource),
			.kind = die_strdup(list[i].kind),
			.ns = die_strdup(list[i].ns),
		};
}

void
world_free(struct world *world)
{
	if (world == NULL)
		return;
	forget_strangers(world);
	forget_unlisted(world);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		for (size_t i = 0; i < world->count[kind]; i++)
			object_free(world->objects[kind][i]);
		free(world->objects[kind]);
		free(world->seen[kind]);
	}
	free(world);
}

static int
compare(const struct object *object, const char *ns, const char *name)
{
	int order = strcmp(object->meta.ns, ns);

	return order != 0 ? order : strcmp(object->meta.name, name);
}

/* The first place whose object is not before (ns, name). Lists come almost in this order, so that
 * the end is tried first. */
static size_t
place_of(const struct world *world, enum kind kind, const char *ns, const char *name)
{
	struct object *const *objects = world->objects[kind];
	size_t low = 0, high = world->count[kind];

	if (high > 0 && compare(objects[high - 1], ns, name) < 0)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(objects[middle], ns, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct world *world, enum kind kind, size_t place, const char *ns, const char *name)
{
	return place < world->count[kind] && compare(world->objects[kind][place], ns, name) == 0;
}

static bool
is_number(const char *version)
{
	return *version != '\0' && version[strspn(version, "0123456789")] == '\0';
}

/* Only decimal resourceVersions have an order; others are taken as they come. */
static bool
is_newer(const char *version, const char *than)
{
	size_t length = strlen(version), other = strlen(than);

	if (!is_number(version) || !is_number(than))
		return strcmp(version, than) != 0;
	return length != other ? length > other : strcmp(version, than) > 0;
}

static void
make_room(struct world *world, enum kind kind)
{
	size_t room = world->room[kind];

	if (world->count[kind] < room)
		return;
	room = room == 0 ? 16 : room * 2;
	world->objects[kind] = die_realloc(world->objects[kind], room * sizeof(struct object *));
	world->seen[kind] = die_realloc(world->seen[kind], room * sizeof(bool));
	world->room[kind] = room;
}

static void
insert(struct world *world, size_t place, struct object *object)
{
	enum kind kind = object->kind;
	size_t behind;

	make_room(world, kind);
	behind = world->count[kind] - place;
	memmove(world->objects[kind] + place + 1, world->objects[kind] + place,
		behind * sizeof(struct object *));
	memmove(world->seen[kind] + place + 1, world->seen[kind] + place, behind * sizeof(bool));
	world->objects[kind][place] = object;
	world->seen[kind][place] = true;
	world->count[kind]++;
}

bool
world_put(struct world *world, struct object *object)
{
	const struct meta *meta = &object->meta;
	size_t place = place_of(world, object->kind, meta->ns, meta->name);
	struct object **at;

	if (!is_at(world, object->kind, place, meta->ns, meta->name)) {
		insert(world, place, object);
		world->change++;
		return true;
	}
	at = &world->objects[object->kind][place];
	world->seen[object->kind][place] = true;
	if (strcmp((*at)->meta.uid, meta->uid) == 0 &&
	    !is_newer(meta->version, (*at)->meta.version)) {
		object_free(object);
		return false;
	}
	object_free(*at);
	*at = object;
	world->change++;
	return true;
}

bool
world_remove(struct world *world, enum kind kind, const char *ns, const char *name, const char *uid)
{
	size_t place = place_of(world, kind, ns, name), behind;
	struct object *object;

	if (!is_at(world, kind, place, ns, name))
		return false;
	object = world->objects[kind][place];
	if (uid != NULL && strcmp(object->meta.uid, uid) != 0)
		return false;
	behind = world->count[kind] - place - 1;
	memmove(world->objects[kind] + place, world->objects[kind] + place + 1,
		behind * sizeof(struct object *));
	memmove(world->seen[kind] + place, world->seen[kind] + place + 1, behind * sizeof(bool));
	world->count[kind]--;
	world->change++;
	object_free(object);
	return true;
}

void
world_clear(struct world *world, enum kind kind)
{
	if (world->count[kind] > 0)
		world->change++;
	for (size_t i = 0; i < world->count[kind]; i++)
		object_free(world->objects[kind][i]);
	world->count[kind] = 0;
}

const struct object *
world_find(const struct world *world, enum kind kind, const char *ns, const char *name)
{
	size_t place = place_of(world, kind, ns, name);

	return is_at(world, kind, place, ns, name) ? world->objects[kind][place] : NULL;
}

bool
world_knows(const struct world *world, enum kind kind)
{
	const struct view *view = &world->view[kind];

	if (view->state == VIEW_NOT_INSTALLED)
		return true;
	return view->listed && (view->state == VIEW_LIVE || view->state == VIEW_POLLING);
}

static bool
concerns(const struct object *object, const char *ns)
{
	return ns == NULL || strcmp(object->meta.ns, ns) == 0;
}

void
world_list_begin(struct world *world, enum kind kind, const char *ns)
{
	for (size_t i = 0; i < world->count[kind]; i++)
		if (concerns(world->objects[kind][i], ns))
			world->seen[kind][i] = false;
}

void
world_list_end(struct world *world, enum kind kind, const char *ns)
{
	size_t kept = 0;

	for (size_t i = 0; i < world->count[kind]; i++) {
		struct object *object = world->objects[kind][i];

		if (!world->seen[kind][i] && concerns(object, ns)) {
			object_free(object);
			world->change++;
			continue;
		}
		world->seen[kind][kept] = world->seen[kind][i];
		world->objects[kind][kept++] = object;
	}
	world->count[kind] = kept;
}
