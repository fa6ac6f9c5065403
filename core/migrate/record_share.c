/* Weights over time: every route that was written, before and after, read for the share it gave. */
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/record.h"
#include "core/migrate/say.h"

struct known_route {
	const char *ns, *name;
	const struct object *object; /* as it is now; NULL: deleted */
};

struct history { /* of one pair */
	const char *pair;
	struct ref alpha, ga; /* name of ga "" until it is known */
	struct record_point *points;
	size_t count, room;
};

struct telling {
	struct arena *arena;
	struct known_route *routes;
	struct history *histories;
	size_t route_count, history_count;
};

static struct ref
pool_ref(enum kind kind, const char *ns, const char *name)
{
	const struct kind_row *row = kind_row(kind);

	return (struct ref){ .group = row->group, .kind = row->object, .ns = ns, .name = name };
}

static bool
is_pool(const struct ref *ref, const struct ref *pool)
{
	return text_equal(ref->group, pool->group) && text_equal(ref->kind, pool->kind) &&
	       text_equal(ref->ns, pool->ns) && text_equal(ref->name, pool->name);
}

static struct history *
history_of(struct telling *telling, const char *pair)
{
	const char *slash = strchr(pair, '/');
	struct history *history;
	const char *ns;

	for (size_t i = 0; i < telling->history_count; i++)
		if (strcmp(telling->histories[i].pair, pair) == 0)
			return &telling->histories[i];
	if (slash == NULL)
		return NULL;
	ns = arena_bytes(telling->arena, pair, (size_t)(slash - pair));
	history = &telling->histories[telling->history_count++];
	*history = (struct history){
		.pair = arena_string(telling->arena, pair),
		.alpha = pool_ref(KIND_ALPHA_POOL, ns, arena_string(telling->arena, slash + 1)),
		.ga = pool_ref(KIND_GA_POOL, ns, ""),
	};
	return history;
}

/* The copy in a journal has lost its uid, and a decoded object has to have one. */
static const struct object *
route_of(const char *text, struct arena *arena)
{
	struct json *json = *text == '\0' ? NULL : json_parse(text, strlen(text), NULL);
	struct object *decoded;
	const struct object *copy = NULL;

	json_set_string(json_get_mutable(json, "metadata"), "uid", "recorded");
	decoded = json == NULL ? NULL : object_decode(KIND_ROUTE, json, NULL);
	if (decoded != NULL)
		copy = object_copy(decoded, arena);
	object_free(decoded);
	json_free(json);
	return copy;
}

static struct known_route *
known_of(struct telling *telling, const struct intent *intent, bool *first)
{
	struct known_route *known;

	*first = false;
	for (size_t i = 0; i < telling->route_count; i++)
		if (text_equal(telling->routes[i].ns, intent->ns) &&
		    text_equal(telling->routes[i].name, intent->name))
			return &telling->routes[i];
	*first = true;
	known = &telling->routes[telling->route_count++];
	*known = (struct known_route){
		.ns = arena_string(telling->arena, intent->ns),
		.name = arena_string(telling->arena, intent->name),
	};
	return known;
}

/* Sums the shares of the rules of one route that name the pair. */
static void
add_rules(const struct history *history, const struct object *route, int64_t *sum, int64_t *rules)
{
	for (size_t r = 0; route != NULL && r < route->route.rule_count; r++) {
		const struct rule *rule = &route->route.rules[r];
		int64_t alpha = 0, ga = 0;

		for (size_t b = 0; b < rule->backend_count; b++) {
			if (is_pool(&rule->backends[b].ref, &history->alpha))
				alpha += rule->backends[b].weight;
			else if (is_pool(&rule->backends[b].ref, &history->ga))
				ga += rule->backends[b].weight;
		}
		if (alpha + ga <= 0)
			continue;
		*sum += ga * PPM_ALL / (alpha + ga);
		++*rules;
	}
}

static void
add_point(struct telling *telling, struct history *history, int64_t wall)
{
	int64_t sum = 0, rules = 0, ppm;

	for (size_t i = 0; i < telling->route_count; i++)
		add_rules(history, telling->routes[i].object, &sum, &rules);
	ppm = rules == 0 ? PPM_UNKNOWN : sum / rules;
	if (history->count > 0 && history->points[history->count - 1].ppm == ppm)
		return;
	/* Nothing to tell until the first rule names one of its pools. */
	if (history->count == 0 && ppm == PPM_UNKNOWN)
		return;
	if (history->count == history->room) {
		size_t room = history->room == 0 ? 32 : history->room * 2;
		struct record_point *points = arena_array(telling->arena, room, sizeof(*points));

		if (history->count > 0)
			memcpy(points, history->points, history->count * sizeof(*points));
		history->points = points;
		history->room = room;
	}
	history->points[history->count++] = (struct record_point){ .wall = wall, .ppm = ppm };
}

/* A GA pool that a write of the pair put into a route is the pair's, whoever made it. */
static void
learn_ga(struct telling *telling, struct history *history, const struct object *after)
{
	const struct kind_row *row = kind_row(KIND_GA_POOL);

	for (size_t r = 0; after != NULL && r < after->route.rule_count; r++) {
		const struct rule *rule = &after->route.rules[r];
		bool ours = false;

		for (size_t b = 0; b < rule->backend_count; b++)
			ours |= is_pool(&rule->backends[b].ref, &history->alpha);
		for (size_t b = 0; ours && b < rule->backend_count; b++) {
			const struct ref *ref = &rule->backends[b].ref;

			if (*history->ga.name == '\0' && text_equal(ref->group, row->group) &&
			    text_equal(ref->kind, row->object) &&
			    text_equal(ref->ns, history->alpha.ns))
				history->ga.name = arena_string(telling->arena, ref->name);
		}
	}
}

static void
take_route(struct telling *telling, const struct journal_record *record)
{
	const struct intent *intent = &record->intent;
	struct history *history = history_of(telling, intent->pair);
	bool first, made = intent->verb == VERB_CREATE;
	struct known_route *known = known_of(telling, intent, &first);
	const char *text = *record->after != '\0' ? record->after : made ? intent->body : "";

	if (first) {
		known->object = route_of(record->before, telling->arena);
		for (size_t i = 0; i < telling->history_count; i++)
			if (telling->histories[i].count == 0)
				add_point(telling, &telling->histories[i], record->wall);
	}
	if (intent->verb != VERB_DELETE && *text == '\0')
		return;
	known->object = intent->verb == VERB_DELETE ? NULL : route_of(text, telling->arena);
	if (history != NULL && intent->step == STEP_ATTACH && !intent->undo)
		learn_ga(telling, history, known->object);
	for (size_t i = 0; i < telling->history_count; i++)
		add_point(telling, &telling->histories[i],
			  record->ended != 0 ? record->ended : record->wall);
}

const struct record_share *
record_shares(const struct journal *journal, struct arena *arena, size_t *count)
{
	size_t records_count, kept = 0;
	const struct journal_record *records = journal_records(journal, &records_count);
	struct telling telling = {
		.arena = arena,
		.routes = arena_array(arena, records_count + 1, sizeof(struct known_route)),
		.histories = arena_array(arena, records_count + 1, sizeof(struct history)),
	};
	struct record_share *shares;

	for (size_t i = 0; i < records_count; i++) {
		const struct intent *intent = &records[i].intent;
		struct history *history = history_of(&telling, intent->pair);

		if (records[i].end != JOURNAL_DONE || records[i].dry_run)
			continue;
		/* A release of the chart has the name of its pool. */
		if (history != NULL && intent->verb != VERB_DELETE && !intent->undo &&
		    (intent->kind == KIND_GA_POOL || intent->verb == VERB_INSTALL))
			history->ga.name = arena_string(arena, intent->name);
		if (intent->kind == KIND_ROUTE)
			take_route(&telling, &records[i]);
	}
	shares = arena_array(arena, telling.history_count + 1, sizeof(*shares));
	for (size_t i = 0; i < telling.history_count; i++)
		if (telling.histories[i].count > 0)
			shares[kept++] = (struct record_share){
				.pair = say_text(arena, telling.histories[i].pair),
				.points = telling.histories[i].points,
				.count = telling.histories[i].count,
			};
	*count = kept;
	return shares;
}
