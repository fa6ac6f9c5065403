#include "tui/plain/lines.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/plain/status_json.h"
#include "tui/screen/words.h"

void
lines_init(struct lines *lines)
{
	*lines = (struct lines){ .count = 0 };
	arena_init(&lines->arena);
	lines->line = arena_array(&lines->arena, LINES_MAX + 1, sizeof(*lines->line));
}

void
lines_release(struct lines *lines)
{
	arena_release(&lines->arena);
	lines->count = 0;
}

/* Past the cap a line stands in the place of the one before, which is not shown. */
static struct line *
add(struct lines *lines, enum line_subject subject, const char *name, const char *text)
{
	struct line *line = &lines->line[lines->count];

	lines->count += lines->count < LINES_MAX;

	*line = (struct line){ .name = name,
			       .text = text,
			       .subject = subject,
			       .step = STEP_COUNT,
			       .kind = KIND_COUNT,
			       .ns = "",
			       .object = "" };
	return line;
}

static void
add_object(struct lines *lines, const struct object *object, const char *text)
{
	struct line *line;

	line = add(lines, LINE_OBJECT,
		   arena_printf(&lines->arena, "%s %s/%s", kind_row(object->kind)->label,
				object->meta.ns, object->meta.name),
		   text);
	line->kind = object->kind;
	line->ns = arena_string(&lines->arena, object->meta.ns);
	line->object = arena_string(&lines->arena, object->meta.name);
}

static void
add_cluster(struct lines *lines, const struct snapshot *snapshot)
{
	const struct link *link = &snapshot->link;
	struct arena *arena = &lines->arena;
	const char *locked = snapshot->read_only ? "read-only"
			     : snapshot->locked  ? snapshot->locked_why
						 : snapshot->pending;

	add(lines, LINE_CLUSTER, "cluster",
	    arena_printf(arena, "context %s, %s, %s%s%s", link->context, link->server,
			 words_link(link->state)->word, *link->text != '\0' ? ": " : "",
			 words_one_line(arena, link->text)));
	add(lines, LINE_CLUSTER, "writing",
	    !snapshot->read_only && *locked == '\0'
		    ? (snapshot->dry_run ? "dry runs only" : "possible")
		    : arena_printf(arena, "locked: %s", words_one_line(arena, locked)));
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct view *view = &snapshot->view[kind];

		if (view->state != VIEW_FORBIDDEN && view->state != VIEW_BROKEN &&
		    view->state != VIEW_STALE)
			continue;
		add(lines, LINE_CLUSTER,
		    arena_printf(arena, "%s.%s", kind_row(kind)->resource, kind_row(kind)->group),
		    arena_printf(arena, "%s%s%s", view_state_name(view->state),
				 *view->reason != '\0' ? ": " : "",
				 words_one_line(arena, view->reason)));
	}
}

static const char *
picker_text(struct arena *arena, const char *uid, const struct picker_view *picker)
{
	return *uid == '\0' ? "none"
			    : arena_printf(arena, "%d of %d ready", (int)picker->ready,
					   (int)picker->desired);
}

static void
add_pair(struct lines *lines, const struct pair *pair)
{
	struct arena *arena = &lines->arena;
	struct line *line;

	line = add(lines, LINE_PAIR, arena_printf(arena, "pair %s/%s", pair->ns, pair->alpha),
		   arena_printf(arena,
				"%sto %s%s, on GA %s, α picker %s, GA picker %s, pods %d of %d "
				"ready",
				*pair->alpha_uid == '\0' ? "α pool gone, " : "", pair->ga,
				*pair->ga_uid == '\0' ? " (not yet there)" : "",
				words_ppm(arena, pair->written),
				picker_text(arena, pair->alpha_uid, &pair->alpha_picker),
				picker_text(arena, pair->ga_uid, &pair->ga_picker),
				(int)pair->pods_ready, (int)pair->pods));
	line->ns = arena_string(arena, pair->ns);
	line->object = arena_string(arena, pair->alpha);
}

static const char *
weight_text(struct arena *arena, const char *side, int64_t weight)
{
	return weight < 0 ? "" : arena_printf(arena, ", %s weight %d", side, (int)weight);
}

/* A rule that names a pool of the pair: its weights, and what the controller says of the route. */
static void
add_place(struct lines *lines, const struct place *place, const char *pair)
{
	struct arena *arena = &lines->arena;
	const char *answer = place->pending     ? ", not looked at yet"
			     : !place->accepted ? ", not accepted"
			     : !place->resolved ? ", not resolved"
						: ", accepted";
	struct line *line;

	line = add(lines, LINE_OBJECT,
		   arena_printf(arena, "%s %s/%s rule %d%s%s", kind_row(KIND_ROUTE)->label,
				place->route_ns, place->route, place->rule,
				place->mirror ? " mirror" : "", pair),
		   arena_printf(arena, "%s%s%s%s%s%s%s", place->match,
				weight_text(arena, "α", place->alpha_weight),
				weight_text(arena, "GA", place->ga_weight),
				place->other_weight > 0
					? weight_text(arena, "others", place->other_weight)
					: "",
				answer, *place->trouble != '\0' ? ": " : "", place->trouble));
	line->kind = KIND_ROUTE;
	line->ns = arena_string(arena, place->route_ns);
	line->object = arena_string(arena, place->route);
}

static void
add_places(struct lines *lines, const struct snapshot *snapshot)
{
	const struct plan *plan = &snapshot->plan;
	size_t count = 0, named = 0;

	for (size_t i = 0; i < plan->pair_count; i++)
		count += plan->pairs[i].place_count;
	for (size_t i = 0; i < plan->pair_count; i++)
		for (size_t p = 0; p < plan->pairs[i].place_count; p++) {
			const struct pair *pair = &plan->pairs[i];
			const struct place *place = &pair->places[p];
			const char *of = plan->pair_count < 2
						 ? ""
						 : arena_printf(&lines->arena, " of %s/%s",
								pair->ns, pair->alpha);
			bool trouble = !place->pending && (!place->accepted || !place->resolved);

			if (count <= LINES_NAMED || (trouble && named++ < LINES_NAMED))
				add_place(lines, place, of);
		}
	if (count > LINES_NAMED)
		add(lines, LINE_CLUSTER, "routes",
		    arena_printf(&lines->arena, "%zu rules name an α or GA pool; in trouble: %zu",
				 count, named));
}

static void
add_models(struct lines *lines, const struct pair *pair)
{
	struct arena *arena = &lines->arena;

	for (size_t i = 0; i < pair->model_count; i++) {
		const struct plan_model *model = &pair->models[i];

		add(lines, LINE_CLUSTER, arena_printf(arena, "model %s/%s", pair->ns, model->name),
		    arena_printf(arena, "%s%sobjective %s priority %d%s", model->criticality,
				 *model->criticality != '\0' ? ", " : "", model->objective,
				 (int)model->priority, model->carried ? "" : ", not yet there"));
	}
}

static void
add_gateways(struct lines *lines, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count[KIND_GATEWAY] && i < LINES_NAMED; i++) {
		const struct object *object = snapshot->objects[KIND_GATEWAY][i];
		const struct gateway *gateway = &object->gateway;
		bool programmed = condition_answer(&gateway->conditions, "Programmed",
						   object->meta.generation) == CONDITION_TRUE;

		add_object(lines, object,
			   arena_printf(&lines->arena, "%sprogrammed%s%s", programmed ? "" : "not ",
					gateway->addresses.count > 0 ? ", " : "",
					gateway->addresses.count > 0 ? gateway->addresses.items[0]
								     : ""));
	}
}

/* "12 of 40 pairs", where there are more than one and the step is theirs. */
static const char *
tally(struct arena *arena, const struct plan *plan, enum step_id id)
{
	size_t done = 0, all = 0;

	for (size_t i = 0; i < plan->pair_count; i++) {
		all += plan->pairs[i].selected;
		done += plan->pairs[i].selected && plan->pairs[i].steps[id].state == STATE_DONE;
	}
	if (all < 2 || step_row(id)->scope != SCOPE_POOL)
		return "";
	return arena_printf(arena, ", %zu of %zu pairs", done, all);
}

static void
add_steps(struct lines *lines, const struct plan *plan)
{
	struct arena *arena = &lines->arena;
	char why[ERR_TEXT_MAX];

	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *view = &plan->steps[i];
		struct line *line;

		step_status_text(&view->status, why, sizeof(why));
		line = add(lines, LINE_STEP, arena_printf(arena, "step %s", step_name(view->id)),
			   arena_printf(arena, "%s%s%s%s%s", view->id == plan->next ? "next, " : "",
					step_state_name(view->status.state),
					tally(arena, plan, view->id), *why != '\0' ? ": " : "",
					why));
		line->step = view->id;
	}
	if (plan->nothing_to_migrate)
		add(lines, LINE_CLUSTER, "plan", "there is nothing to migrate");
	else if (plan->next == STEP_COUNT)
		add(lines, LINE_CLUSTER, "plan", "every step is done");
}

static const struct line *
named(const struct lines *lines, const char *name)
{
	for (size_t i = 0; i < lines->count; i++)
		if (strcmp(lines->line[i].name, name) == 0)
			return &lines->line[i];
	return NULL;
}

void
lines_take(struct lines *lines, const struct snapshot *snapshot, struct lines *before)
{
	const struct plan *plan = &snapshot->plan;

	lines_init(lines);
	lines->last = before->last;
	add_cluster(lines, snapshot);
	for (size_t i = 0; i < plan->pair_count; i++)
		add_pair(lines, &plan->pairs[i]);
	add_places(lines, snapshot);
	for (size_t i = 0; i < plan->pair_count; i++)
		add_models(lines, &plan->pairs[i]);
	add_gateways(lines, snapshot);
	add_steps(lines, plan);
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *old = named(before, lines->line[i].name);

		lines->line[i].number = old != NULL ? old->number : ++lines->last;
	}
}

const struct line *
lines_find(const struct lines *lines, int number)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->line[i].number == number)
			return &lines->line[i];
	return NULL;
}

static void
put(struct buf *out, const struct line *line, const char *text)
{
	buf_printf(out, "%2d  %s: %s\n", line->number, line->name, text);
}

void
lines_put(struct buf *out, const struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		put(out, &lines->line[i], lines->line[i].text);
}

void
lines_put_changes(struct buf *out, const struct lines *lines, const struct lines *before)
{
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *old = named(before, lines->line[i].name);

		if (old == NULL || strcmp(old->text, lines->line[i].text) != 0)
			put(out, &lines->line[i], lines->line[i].text);
	}
	for (size_t i = 0; i < before->count; i++)
		if (named(lines, before->line[i].name) == NULL)
			put(out, &before->line[i], "gone");
}
