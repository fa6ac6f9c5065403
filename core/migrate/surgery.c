#include "core/migrate/surgery.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/pair.h"
#include "core/migrate/places.h"
#include "core/migrate/reflist.h"
#include "core/migrate/say.h"

#define PATCH_MAX   (4 * BUF_MIB) /* more than a route may hold */
#define SUMMARY_MAX (256 * BUF_KIB)

const struct object *
surgery_route(const struct stage *stage, const struct pair *pair, size_t *at)
{
	while (*at < pair->place_count) {
		const struct place *place = &pair->places[*at];
		const struct object *route =
			world_find(stage->world, KIND_ROUTE, place->route_ns, place->route);

		do
			(*at)++;
		while (*at < pair->place_count && pair->places[*at].route == place->route);
		if (route != NULL)
			return route;
	}
	return NULL;
}

enum split_side
surgery_side(const struct pair *pair, const struct ref *ref)
{
	enum kind pool = reflist_kind(ref);
	const char *name = pool == KIND_ALPHA_POOL ? pair->alpha : pair->ga;

	if (pool == KIND_COUNT || strcmp(ref->ns, pair->ns) != 0 || strcmp(ref->name, name) != 0)
		return SPLIT_OTHER;
	return pool == KIND_ALPHA_POOL ? SPLIT_ALPHA : SPLIT_GA;
}

size_t
surgery_count(const struct pair *pair, const struct rule *rule, enum split_side side)
{
	size_t count = 0;

	for (size_t i = 0; i < rule->backend_count; i++)
		count += surgery_side(pair, &rule->backends[i].ref) == side;
	return count;
}

bool
surgery_carries(const struct pair *pair, const struct object *route)
{
	for (size_t i = 0; i < route->route.rule_count; i++)
		if (surgery_count(pair, &route->route.rules[i], SPLIT_OTHER) <
		    route->route.rules[i].backend_count)
			return true;
	return false;
}

bool
surgery_split(const struct pair *pair, const struct rule *rule, struct split *out, struct err *err)
{
	*out = (struct split){ .count = rule->backend_count };
	if (rule->backend_count > SPLIT_MAX)
		return err_set(err, ERR_INPUT,
			       "rules[%d] has %zu backendRefs, more than the %d the API allows",
			       rule->index, rule->backend_count, SPLIT_MAX);
	for (size_t i = 0; i < rule->backend_count; i++)
		out->parts[i] = (struct split_part){
			.side = surgery_side(pair, &rule->backends[i].ref),
			.weight = places_weight(&rule->backends[i]),
		};
	return true;
}

void
surgery_begin(struct surgery *surgery, const struct object *route)
{
	surgery->route = route;
	surgery->operations = json_new_array();
	buf_init(&surgery->summary, SUMMARY_MAX);
}

/* `value` NULL for a removal. */
static void
add_operation(struct surgery *surgery, const char *op, const char *path, struct json *value)
{
	struct json *operation = json_append(surgery->operations, json_new_object());

	json_set_string(operation, "op", op);
	json_set_string(operation, "path", path);
	if (value != NULL)
		json_set(operation, "value", value);
}

static const char *
backend_path(struct surgery *surgery, int rule, int backend, const char *field)
{
	return arena_printf(surgery->stage->arena, "/spec/rules/%d/backendRefs/%d%s", rule, backend,
			    field);
}

static const char *
filter_path(struct surgery *surgery, int rule, int backend, int filter, const char *field)
{
	struct arena *arena = surgery->stage->arena;

	return backend < 0 ? arena_printf(arena, "/spec/rules/%d/filters/%d%s", rule, filter, field)
			   : backend_path(surgery, rule, backend,
					  arena_printf(arena, "/filters/%d%s", filter, field));
}

void
surgery_insert(struct surgery *surgery, int rule, int backend, struct json *value)
{
	add_operation(surgery, "add", backend_path(surgery, rule, backend, ""), value);
}

void
surgery_remove(struct surgery *surgery, int rule, int backend)
{
	add_operation(surgery, "remove", backend_path(surgery, rule, backend, ""), NULL);
}

void
surgery_insert_filter(struct surgery *surgery, int rule, int backend, int filter,
		      struct json *value)
{
	add_operation(surgery, "add", filter_path(surgery, rule, backend, filter, ""), value);
}

void
surgery_remove_filter(struct surgery *surgery, int rule, int backend, int filter)
{
	add_operation(surgery, "remove", filter_path(surgery, rule, backend, filter, ""), NULL);
}

void
surgery_replace(struct surgery *surgery, int rule, const char *list, struct json *value)
{
	add_operation(surgery, "replace",
		      arena_printf(surgery->stage->arena, "/spec/rules/%d/%s", rule, list), value);
}

void
surgery_point_mirror(struct surgery *surgery, int rule, const struct mirror *mirror,
		     const char *group, const char *name)
{
	const char *fields[][2] = { { "group", group }, { "name", name } };

	for (size_t i = 0; i < 2; i++)
		add_operation(
			surgery, "replace",
			filter_path(surgery, rule, mirror->backend, mirror->filter,
				    arena_printf(surgery->stage->arena,
						 "/requestMirror/backendRef/%s", fields[i][0])),
			json_new_string(fields[i][1]));
}

void
surgery_forget_weight(struct surgery *surgery, int rule, int backend)
{
	add_operation(surgery, "remove", backend_path(surgery, rule, backend, "/weight"), NULL);
}

static const char *
backend_label(const struct surgery *surgery, const struct ref *ref)
{
	enum split_side side = surgery_side(surgery->pair, ref);
	const char *name = say_text(surgery->stage->arena, ref->name);

	if (side == SPLIT_OTHER)
		return name;
	return arena_printf(surgery->stage->arena, "%s %s", side == SPLIT_ALPHA ? "α" : "GA", name);
}

/* "rules[1].backendRefs[0].weight  675 → 45  α p (45 %)", with the share only where it is not the
 * weight itself. */
static void
describe_weight(struct surgery *surgery, const struct rule *rule, const struct split *from,
		const struct split *to, size_t i)
{
	int64_t total =
		split_sum(to, SPLIT_ALPHA) + split_sum(to, SPLIT_GA) + split_sum(to, SPLIT_OTHER);
	const char *label = backend_label(surgery, &rule->backends[i].ref);
	struct buf share;

	buf_init(&share, 64);
	if (total > 0 && total != 100) {
		buf_puts(&share, " (");
		text_ppm(&share, (to->parts[i].weight * PPM_ALL + total / 2) / total);
		buf_puts(&share, ")");
	}
	surgery_line(surgery, "rules[%d].backendRefs[%d].weight  %lld → %lld  %s%s", rule->index,
		     rule->backends[i].index, (long long)from->parts[i].weight,
		     (long long)to->parts[i].weight, label, share.bytes);
	buf_release(&share);
}

void
surgery_weights(struct surgery *surgery, const struct rule *rule, const struct split *from,
		const struct split *to)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct backend *backend = &rule->backends[i];

		if (from->parts[i].weight == to->parts[i].weight)
			continue;
		add_operation(surgery, backend->has_weight ? "replace" : "add",
			      backend_path(surgery, rule->index, backend->index, "/weight"),
			      json_new_integer(to->parts[i].weight));
		describe_weight(surgery, rule, from, to, i);
	}
}

void
surgery_line(struct surgery *surgery, const char *format, ...)
{
	va_list args;

	if (surgery->summary.length > 0)
		buf_putc(&surgery->summary, '\n');
	va_start(args, format);
	buf_vprintf(&surgery->summary, format, args);
	va_end(args);
}

void
surgery_end(struct surgery *surgery)
{
	struct arena *arena = surgery->stage->arena;
	struct buf body;
	struct intent *intent;

	if (json_count(surgery->operations) > 0) {
		buf_init(&body, PATCH_MAX);
		json_print(surgery->operations, &body);
		intent = intent_add_on(surgery->out, arena, VERB_PATCH, surgery->route);
		intent->body = arena_string(arena, body.bytes);
		intent->step = surgery->step;
		intent->pair = pair_title(surgery->pair, arena);
		intent->undo = surgery->undo;
		intent->title = say_title(arena, KIND_ROUTE, surgery->route->meta.ns,
					  surgery->route->meta.name);
		intent->summary = arena_string(arena, surgery->summary.bytes);
		buf_release(&body);
	}
	json_free(surgery->operations);
	surgery->operations = NULL;
	buf_release(&surgery->summary);
}
