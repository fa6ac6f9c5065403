/* Plan and losses: what is in the way, how each step is taken back, whose rights are missing, and
 * what no new object can hold. */
#include <string.h>

#include "core/migrate/step.h"
#include "tui/screen/page.h"
#include "tui/screen/words.h"

static bool
is_in_the_way(const struct step_status *status)
{
	return status->state == STATE_BLOCKED || status->state == STATE_FAILED;
}

static bool
is_same(const struct step_status *a, const struct step_status *b)
{
	return is_in_the_way(b) && strcmp(a->reason, b->reason) == 0 &&
	       strcmp(a->object, b->object) == 0;
}

/* What stops several steps of a pair, or the cluster's step for every pair, is said once. */
static bool
is_said(const struct plan *plan, size_t pair, size_t step)
{
	enum step_id id = plan->steps[step].id;
	const struct step_status *status = &plan->pairs[pair].steps[id];

	for (size_t i = 0; step_row(id)->scope == SCOPE_CLUSTER && i < pair; i++)
		if (is_same(status, &plan->pairs[i].steps[id]))
			return true;
	for (size_t k = 0; k < step; k++)
		if (is_same(status, &plan->pairs[pair].steps[plan->steps[k].id]))
			return true;
	return false;
}

static void
add_blocker(const struct canvas *canvas, const struct pair *pair, enum step_id id,
	    struct page_lines *lines)
{
	const struct step_status *status = &pair->steps[id];

	page_add_lead(lines, ROLE_BAD, arena_printf(canvas->arena, "✗ %s", step_name(id)), 16,
		      ROLE_TEXT,
		      step_row(id)->scope == SCOPE_CLUSTER
			      ? status->reason
			      : arena_printf(canvas->arena, "%s/%s: %s", pair->ns, pair->alpha,
					     status->reason));
	if (status->object[0] != '\0')
		page_add_lead(lines, ROLE_FAINT, "", 16, ROLE_FAINT, status->object);
	if (status->advice[0] != '\0')
		page_add_lead(lines, ROLE_KEY, "", 16, ROLE_KEY,
			      arena_printf(canvas->arena, "→ %s",
					   words_advice(canvas->arena, status->advice)));
}

static void
add_blockers(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;
	size_t found = 0;

	page_add(lines, ROLE_TITLE, "Blocked");
	for (size_t i = 0; i < plan->pair_count; i++)
		for (size_t k = 0; k < plan->step_count; k++) {
			enum step_id id = plan->steps[k].id;

			if (!is_in_the_way(&plan->pairs[i].steps[id]) || is_said(plan, i, k))
				continue;
			found++;
			add_blocker(canvas, &plan->pairs[i], id, lines);
		}
	if (found == 0)
		page_add(lines, ROLE_TEXT, "nothing");
	page_add(lines, ROLE_TEXT, "");
}

/* In full what the first and the last line of the screen have no room for; nothing when all is
 * well. */
void
page_in_the_way(const struct canvas *canvas, struct page_lines *lines)
{
	const struct snapshot *snapshot = canvas->snapshot;
	const char *texts[] = { snapshot->link.state == LINK_POLLING ? "" : snapshot->link.text,
				snapshot->locked_why, snapshot->pending, snapshot->journal_trouble,
				snapshot->link.warnings };
	size_t before = lines->count;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i][0] == '\0')
			continue;
		if (lines->count == before)
			page_add(lines, ROLE_TITLE, "In the way");
		page_add_text(lines, i == 0 ? ROLE_BAD : ROLE_TEXT, texts[i], false);
	}
	if (lines->count > before)
		page_add(lines, ROLE_TEXT, "");
}

/* Each with what takes it back, and what does not come back. */
static void
add_steps(const struct canvas *canvas, struct page_lines *lines)
{
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(canvas->ui, canvas->snapshot, steps);
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	page_add(lines, ROLE_TITLE,
		 pair == NULL
			 ? "Steps"
			 : arena_printf(canvas->arena, "Steps of %s/%s", pair->ns, pair->alpha));
	for (size_t i = 0; i < count; i++) {
		const struct state_row *state = words_state(steps[i].status.state);
		const struct step *row = step_row(steps[i].id);

		page_add_lead(lines, state->role,
			      arena_printf(canvas->arena, "%s %s", state->symbol, row->name), 16,
			      ROLE_TEXT,
			      arena_printf(canvas->arena, "%s: %s", state->word, row->title));
		page_add_lead(lines, ROLE_FAINT, "", 16, ROLE_FAINT,
			      arena_printf(canvas->arena, "undo: %s", row->undo));
	}
	page_add(lines, ROLE_TEXT, "");
}

static void
add_right(const struct canvas *canvas, const struct right_view *right, struct page_lines *lines)
{
	struct arena *arena = canvas->arena;

	page_add_lead(lines, ROLE_BAD,
		      arena_printf(arena, "✗ %s",
				   right->step < STEP_COUNT ? step_name(right->step) : "any write"),
		      16, ROLE_TEXT,
		      arena_printf(arena, "%s %s%s%s%s%s in %s%s%s", right->verb, right->resource,
				   right->group[0] == '\0' ? "" : ".", right->group,
				   right->name[0] == '\0' ? "" : " ", right->name,
				   right->ns[0] == '\0' ? "the cluster" : right->ns,
				   right->undo ? ", to take it back" : "",
				   right->state == RIGHT_UNKNOWN ? " (could not be asked)" : ""));
}

static void
add_rights(const struct canvas *canvas, struct page_lines *lines)
{
	const struct snapshot *snapshot = canvas->snapshot;
	size_t missing = 0;

	if (snapshot->right_count == 0)
		return;
	for (size_t i = 0; i < snapshot->right_count; i++)
		missing += snapshot->rights[i].state != RIGHT_ALLOWED;
	page_add(lines, ROLE_TITLE, "Rights");
	page_add(lines, missing == 0 ? ROLE_GOOD : ROLE_BAD,
		 missing == 0
			 ? arena_printf(canvas->arena, "✓ user %s has all %zu that the plan needs",
					snapshot->link.user, snapshot->right_count)
			 : arena_printf(canvas->arena,
					"✗ user %s lacks %zu of %zu; poolshift plan -o rbac prints "
					"the Roles to ask for",
					snapshot->link.user, missing, snapshot->right_count));
	for (size_t i = 0; i < snapshot->right_count; i++)
		if (snapshot->rights[i].state != RIGHT_ALLOWED)
			add_right(canvas, &snapshot->rights[i], lines);
	page_add(lines, ROLE_TEXT, "");
}

static void
add_orphans(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;

	if (plan->orphan_count > 0)
		page_add(lines, ROLE_TITLE, "Models whose pool is missing");
	for (size_t i = 0; i < plan->orphan_count; i++)
		page_add_lead(lines, ROLE_WARN, plan->orphans[i].taken ? "▸" : "·", 2, ROLE_TEXT,
			      arena_printf(canvas->arena, "%s: %s", plan->orphans[i].title,
					   plan->orphans[i].taken
						   ? "cleanup takes it along"
						   : "stays, and with it the α CRDs; e has cleanup "
						     "take it along"));
	if (plan->orphan_count > 0)
		page_add(lines, ROLE_TEXT, "");
}

/* Whether or not it was chosen to go on without having seen them. */
static void
add_unlisted(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;

	if (plan->unlisted_count > 0)
		page_add(lines, ROLE_TITLE,
			 "One of these policies may be for an α pool, and you may not list them");
	for (size_t i = 0; i < plan->unlisted_count; i++)
		page_add(lines, ROLE_WARN, plan->unlisted[i]);
	if (plan->unlisted_count > 0)
		page_add(lines, ROLE_TEXT, "");
}

void
page_plan_build(const struct canvas *canvas, struct page_lines *lines)
{
	const char *options = canvas->snapshot->choices.options;

	page_in_the_way(canvas, lines);
	add_blockers(canvas, lines);
	add_rights(canvas, lines);
	add_orphans(canvas, lines);
	add_unlisted(canvas, lines);
	page_losses_build(canvas, lines);
	if (options[0] != '\0') {
		page_add(lines, ROLE_TITLE, "Chosen (e)");
		page_add(lines, ROLE_TEXT, options);
		page_add(lines, ROLE_TEXT, "");
	}
	add_steps(canvas, lines);
}

static void
add_loss(const struct canvas *canvas, const struct loss *loss, struct page_lines *lines)
{
	page_add_lead(lines, loss->carried ? ROLE_GOOD : ROLE_WARN,
		      loss->carried ? "✓ field" : "! field", 10, ROLE_TEXT,
		      arena_printf(canvas->arena, "%s = %s", loss->field, loss->value));
	page_add_lead(lines, ROLE_FAINT, "  why", 10, ROLE_TEXT, loss->why);
	if (loss->instead[0] != '\0')
		page_add_lead(lines, ROLE_FAINT, "  instead", 10, ROLE_TEXT, loss->instead);
	if (loss->yaml[0] == '\0')
		return;
	page_add_lead(lines, ROLE_FAINT, "  paste", 10, ROLE_FAINT,
		      "into the rule of the HTTPRoute:");
	page_add_under(lines, 4, ROLE_ADDED, loss->yaml);
}

void
page_losses_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct plan *plan = &canvas->snapshot->plan;
	const char *object = "";
	size_t lost = 0;

	for (size_t i = 0; i < plan->loss_count; i++)
		lost += !plan->losses[i].carried;
	page_add(lines, ROLE_TITLE,
		 arena_printf(canvas->arena, "Lost, or to be done by hand: %zu%s", lost,
			      plan->loss_count > lost
				      ? arena_printf(canvas->arena, "; carried over: %zu",
						     plan->loss_count - lost)
				      : ""));
	for (size_t i = 0; i < plan->loss_count; i++) {
		if (strcmp(object, plan->losses[i].object) != 0) {
			object = plan->losses[i].object;
			page_add(lines, ROLE_TITLE, object);
		}
		add_loss(canvas, &plan->losses[i], lines);
	}
	if (plan->loss_count == 0)
		page_add(lines, ROLE_TEXT,
			 "nothing: no object of the α group has what the new ones cannot hold");
	page_add(lines, ROLE_TEXT, "");
}
