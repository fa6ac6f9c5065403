#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/screen/pane.h"
#include "tui/screen/words.h"

static size_t migration_count(const struct canvas *canvas);
static const char *migration_name(const struct canvas *canvas, size_t row);
static void migration_row(const struct canvas *canvas, size_t row, struct rect at);
static bool migration_draw(const struct canvas *canvas);
static const char *migration_title(const struct canvas *canvas);
static const char *migration_empty(const struct canvas *canvas);

static const enum kind migration_kinds[] = { KIND_CRD, KIND_COUNT };

/* As many rows as the procedure has steps, and one for a reason, make it a list. */
#define LIST_ROWS 11

const struct pane pane_migration = {
	.id = PANE_MIGRATION,
	.name = "Migration",
	.help = "the steps as the selected pair stands, the next one, and why it cannot go on when "
		"it cannot",
	.kinds = migration_kinds,
	.title = migration_title,
	.count = migration_count,
	.row_name = migration_name,
	.draw_row = migration_row,
	.empty = migration_empty,
	.draw = migration_draw,
};

/* The step the lines below the others speak of: the highlighted one in focus, else the one that
 * runs, else the next. */
static enum step_id
spoken_of(const struct canvas *canvas)
{
	const struct list_state *list = &canvas->ui->list[PANE_MIGRATION];
	enum step_id id = step_by_name(list->selected);

	if (canvas->focus && id != STEP_COUNT)
		return id;
	if (canvas->snapshot->run.phase != RUN_IDLE && canvas->snapshot->run.step < STEP_COUNT)
		return canvas->snapshot->run.step;
	return state_next_step(canvas->ui, canvas->snapshot);
}

static const struct step_status *
status_of(const struct step_view *steps, size_t count, enum step_id id)
{
	for (size_t i = 0; i < count; i++)
		if (steps[i].id == id)
			return &steps[i].status;
	return NULL;
}

static bool
runs(const struct canvas *canvas, enum step_id id)
{
	return canvas->snapshot->run.phase != RUN_IDLE && canvas->snapshot->run.step == id;
}

static const struct state_row *
state_of(const struct canvas *canvas, const struct step_view *step)
{
	return words_state(runs(canvas, step->id) ? STATE_RUNNING : step->status.state);
}

static const char *
chip_of(const struct canvas *canvas, const struct step_view *step)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	if (step->id == STEP_SHIFT && pair != NULL && pair->written > 0 && pair->written < PPM_ALL)
		return arena_printf(canvas->arena, "shift %s",
				    words_ppm(canvas->arena, pair->written));
	return step_name(step->id);
}

/* All steps in as many rows as they need, at most `rows`; returns the row after them. */
static int
draw_chips(const struct canvas *canvas, const struct step_view *steps, size_t count, int rows)
{
	struct rect at = canvas->at;
	enum step_id lit = canvas->focus ? spoken_of(canvas) : STEP_COUNT;
	int x = at.x + 1, y = at.y;

	for (size_t i = 0; i < count; i++) {
		const struct state_row *state = state_of(canvas, &steps[i]);
		const char *name = chip_of(canvas, &steps[i]);
		int w = text_width(name) + 2;

		if (x > at.x + 1 && x + w > at.x + at.w - 1) {
			x = at.x + 1;
			y++;
		}
		if (y >= at.y + rows)
			break;
		grid_put(canvas->grid, x, y, at.x + at.w, state->role, state->symbol);
		grid_fit(canvas->grid, x + 2, y, at.x + at.w - 1,
			 steps[i].id == lit                       ? ROLE_SELECTED
			 : steps[i].status.state == STATE_WAITING ? ROLE_FAINT
								  : ROLE_TEXT,
			 name);
		x += w + 2;
	}
	return y + 1;
}

/* "attach: " and what is to be said about it, then object and advice as long as there is room. */
static void
draw_reason(const struct canvas *canvas, const struct step_status *status, enum step_id id, int y)
{
	const struct step *row = step_row(id);
	const struct run_view *run = &canvas->snapshot->run;
	const struct state_row *state =
		words_state(runs(canvas, id) ? STATE_RUNNING : status->state);
	struct rect at = { canvas->at.x + 1, canvas->at.y, canvas->at.w - 2, canvas->at.h };
	const char *text = status->reason;
	enum role role =
		state->role == ROLE_KEY || state->role == ROLE_GOOD ? ROLE_TEXT : state->role;

	if (runs(canvas, id))
		text = arena_printf(
			canvas->arena, "%s%s  %d/%d  %s%s", run->undo ? "undo, " : "",
			words_phase(run->phase), run->done, run->total, run->text,
			run->until == NEVER
				? ""
				: arena_printf(canvas->arena, "  (%s left)",
					       words_seconds(canvas->arena,
							     run->until - canvas->ui->mono)));
	else if (text[0] == '\0')
		text = row->title;
	/* In two rows the reason has one, so that the object it speaks of has the other; what to do
	 * then stands on the message line. */
	if (status->object[0] != '\0' && at.y + at.h - y == 2)
		at.h--;
	y = grid_wrap(canvas->grid, at, y, role,
		      arena_printf(canvas->arena, "%s %s %s%s: %s%s", state->symbol, step_name(id),
				   state->word,
				   status->state == STATE_READY
					   ? arena_printf(canvas->arena, " [%c]", row->key)
					   : "",
				   text,
				   words_until(canvas->arena, status->until, canvas->ui->wall)));
	at.h = canvas->at.h;
	if (status->object[0] != '\0')
		y = grid_wrap(canvas->grid, (struct rect){ at.x + 2, at.y, at.w - 2, at.h }, y,
			      ROLE_TEXT, status->object);
	if (status->advice[0] != '\0')
		grid_wrap(canvas->grid, (struct rect){ at.x + 2, at.y, at.w - 2, at.h }, y,
			  ROLE_FAINT,
			  arena_printf(canvas->arena, "→ %s",
				       words_advice(canvas->arena, status->advice)));
}

static bool
migration_draw(const struct canvas *canvas)
{
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(canvas->ui, canvas->snapshot, steps);
	enum step_id id = spoken_of(canvas);
	const struct step_status *status = status_of(steps, count, id);
	int y;

	if (canvas->snapshot->plan.nothing_to_migrate) {
		grid_wrap(canvas->grid,
			  (struct rect){ canvas->at.x + 1, canvas->at.y, canvas->at.w - 2,
					 canvas->at.h },
			  canvas->at.y, ROLE_TEXT,
			  "fresh install: nothing to migrate. No object of "
			  "inference.networking.x-k8s.io's pools or models is "
			  "in this cluster, and nothing says that there ever was one.");
		return true;
	}
	if (canvas->at.h >= LIST_ROWS) {
		struct canvas list = *canvas;

		list.at.h = (int)count < list.at.h ? (int)count : list.at.h;
		for (size_t i = 0; i < count && (int)i < list.at.h; i++) {
			struct rect row = { list.at.x, list.at.y + (int)i, list.at.w, 1 };

			migration_row(canvas, i, row);
			if (canvas->focus && steps[i].id == id)
				grid_tint(canvas->grid, row, ROLE_SELECTED);
		}
		if (status != NULL && canvas->at.h > list.at.h)
			draw_reason(canvas, status, id, canvas->at.y + list.at.h);
		return true;
	}
	if (canvas->at.h == 1 && status != NULL) {
		draw_reason(canvas, status, id, canvas->at.y);
		return true;
	}
	y = draw_chips(canvas, steps, count, canvas->at.h > 2 ? canvas->at.h - 1 : canvas->at.h);
	if (status != NULL && y < canvas->at.y + canvas->at.h)
		draw_reason(canvas, status, id, y);
	else if (id == STEP_COUNT && y < canvas->at.y + canvas->at.h)
		grid_fit(canvas->grid, canvas->at.x + 1, y, canvas->at.x + canvas->at.w - 1,
			 ROLE_GOOD, "everything is done for this pair");
	return true;
}

static void
migration_row(const struct canvas *canvas, size_t row, struct rect at)
{
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(canvas->ui, canvas->snapshot, steps);
	const struct step_view *step = &steps[row];
	const struct step *step_is = step_row(step->id);
	const struct state_row *state = state_of(canvas, step);
	int right = at.x + at.w - 1, x;

	(void)count;
	grid_put(canvas->grid, at.x + 1, at.y, right, state->role, state->symbol);
	grid_put(canvas->grid, at.x + 3, at.y, right, ROLE_KEY,
		 arena_printf(canvas->arena, "%c", step_is->key));
	grid_put(canvas->grid, at.x + 5, at.y, right, ROLE_TEXT, chip_of(canvas, step));
	grid_put(canvas->grid, at.x + 18, at.y, right, state->role, state->word);
	x = at.x + 27;
	grid_fit(canvas->grid, x, at.y, right, state->role == ROLE_BAD ? ROLE_BAD : ROLE_FAINT,
		 step->status.reason[0] != '\0' ? step->status.reason : step_is->title);
}

static size_t
migration_count(const struct canvas *canvas)
{
	struct step_view steps[STEP_COUNT];

	return state_steps(canvas->ui, canvas->snapshot, steps);
}

static const char *
migration_name(const struct canvas *canvas, size_t row)
{
	struct step_view steps[STEP_COUNT];

	state_steps(canvas->ui, canvas->snapshot, steps);
	return step_name(steps[row].id);
}

/* Of the simple procedure: from the detach to the first 200, running while there is none. */
static const char *
downtime_of(const struct canvas *canvas)
{
	const struct downtime *down = &canvas->snapshot->plan.downtime;

	if (down->began == 0)
		return "";
	if (down->ended != 0)
		return arena_printf(canvas->arena, " ── downtime was %s",
				    words_seconds(canvas->arena, down->ended - down->began));
	return arena_printf(canvas->arena, " ── DOWN for %s",
			    words_seconds(canvas->arena, canvas->ui->wall - down->began));
}

static const char *
migration_title(const struct canvas *canvas)
{
	const struct plan *plan = &canvas->snapshot->plan;
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	bool simple = canvas->ui->settings->path == PATH_SIMPLE;
	const char *path = simple ? "simple" : "zero downtime";
	size_t done = 0;

	for (size_t i = 0; i < plan->pair_count; i++)
		done += plan->pairs[i].steps[simple ? STEP_VERIFY : STEP_CLEANUP].state ==
			STATE_DONE;
	path = arena_printf(canvas->arena, "── %s%s", path, simple ? downtime_of(canvas) : "");
	if (plan->pair_count < 2 || pair == NULL)
		return path;
	return arena_printf(canvas->arena, "%s ── %s/%s, %zu of %zu pairs done", path, pair->ns,
			    pair->alpha, done, plan->pair_count);
}

static const char *
migration_empty(const struct canvas *canvas)
{
	(void)canvas;
	return "reading where the migration stands";
}
