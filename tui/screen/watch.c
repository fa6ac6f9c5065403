#include "tui/screen/watch.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/screen/frame.h"
#include "tui/screen/pane.h"
#include "tui/screen/words.h"

static void
centre(const struct canvas *canvas, int x, int w, int y, enum role role, const char *text)
{
	int width = text_width(text), start = x + (w - width) / 2;

	grid_fit(canvas->grid, start > x ? start : x, y, x + w, role, text);
}

static void
draw_side(const struct canvas *canvas, const struct pair *pair, bool ga, int x, int w, int y)
{
	const struct picker_view *picker = ga ? &pair->ga_picker : &pair->alpha_picker;
	struct arena *arena = canvas->arena;
	int64_t share = pair->written < 0 ? pair->written
			: ga              ? pair->written
					  : PPM_ALL - pair->written;
	enum role role = ga ? ROLE_GA : ROLE_ALPHA;
	const char *uid = ga ? pair->ga_uid : pair->alpha_uid;

	centre(canvas, x, w, y, role,
	       arena_printf(arena, "%s  %s", ga ? "GA" : "α", words_ppm(arena, share)));
	centre(canvas, x, w, y + 2, ROLE_TEXT,
	       uid[0] == '\0' ? ga ? "not there yet" : "gone"
	       : ga           ? pair->ga
			      : pair->alpha);
	if (uid[0] == '\0')
		return;
	centre(canvas, x, w, y + 3, picker->ready > 0 ? ROLE_FAINT : ROLE_WARN,
	       arena_printf(arena, "picker %lld/%lld ready", (long long)picker->ready,
			    (long long)picker->desired));
}

static void
draw_shares(const struct canvas *canvas, const struct pair *pair, int y)
{
	struct grid *grid = canvas->grid;
	struct rect bar = { 2, y + 5, grid->columns - 4, 1 };
	int half = grid->columns / 2;

	draw_side(canvas, pair, false, 0, half, y);
	draw_side(canvas, pair, true, half, grid->columns - half, y);
	for (int i = 0; i < (grid->rows >= 20 ? 3 : 1); i++, bar.y++)
		traffic_draw_bar(canvas, bar, pair->written < 0 ? 0 : pair->written, PPM_UNKNOWN);
	centre(canvas, 0, grid->columns, bar.y + 1, ROLE_TEXT,
	       arena_printf(
		       canvas->arena, "wanted %s   →   written %s   →   observed %s",
		       words_ppm(canvas->arena, pair->wanted < 0 ? pair->written : pair->wanted),
		       words_ppm(canvas->arena, pair->written),
		       pair->observed < 0 ? "not measured"
					  : words_ppm(canvas->arena, pair->observed)));
	centre(canvas, 0, grid->columns, bar.y + 2, ROLE_FAINT,
	       arena_printf(canvas->arena, "%zu place%s in routes   pods %lld/%lld ready",
			    pair->place_count, pair->place_count == 1 ? "" : "s",
			    (long long)pair->pods_ready, (long long)pair->pods));
}

void
watch_draw(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	struct grid *grid = canvas->grid;
	struct canvas steps = *canvas, message = *canvas;
	enum role role;
	const char *link = state_link(canvas, &role);
	int end;

	end = grid_put_right(grid, grid->columns / 3, 0, grid->columns - 1, role, link);
	if (end == grid->columns - 1)
		grid_fit(grid, 1, 1, grid->columns - 1, role, link);
	if (pair == NULL) {
		centre(canvas, 0, grid->columns, grid->rows / 2, ROLE_FAINT, "no pair is selected");
		return;
	}
	grid_fit(grid, 1, 0, end - 2, ROLE_TITLE,
		 arena_printf(canvas->arena, "%s/%s → %s", pair->ns, pair->alpha, pair->ga));
	draw_shares(canvas, pair, grid->rows >= 20 ? 3 : 2);
	steps.at = (struct rect){ 1, grid->rows - 7, grid->columns - 2, 4 };
	steps.focus = false;
	if (grid->rows >= 18)
		pane_migration.draw(&steps);
	message.at = (struct rect){ 2, grid->rows - 2, grid->columns - 4, 1 };
	if (grid->rows >= 12)
		frame_draw_message(&message);
}

/* One line: what is most worth knowing, cut at the end. */
static const char *
in_one_line(const struct canvas *canvas, const struct pair *pair, enum step_id next)
{
	return arena_printf(
		canvas->arena, "%s %s %s%s", words_link(canvas->snapshot->link.state)->symbol,
		pair == NULL ? "–" : words_ppm(canvas->arena, pair->written),
		next == STEP_COUNT ? "done" : "▶", next == STEP_COUNT ? "" : step_name(next));
}

static int
draw_state(const struct canvas *canvas, int y)
{
	const char *context = canvas->snapshot->link.context;
	struct grid *grid = canvas->grid;
	enum role role;
	const char *link = state_link(canvas, &role);
	int w = text_width(link), room = grid->columns - w - 2, length = (int)strlen(context);

	/* The end of a context's name tells it from the others. */
	if (room >= 4 && length > room)
		context = arena_printf(canvas->arena, "…%s", context + length - room + 1);
	if (room < 4)
		grid_fit(grid, 0, y, grid->columns, role, link);
	else
		grid_fit(grid, grid_fit(grid, 0, y, room, ROLE_TITLE, context) + 1, y,
			 grid->columns, role, link);
	return y + 1;
}

static int
draw_bar_line(const struct canvas *canvas, const struct pair *pair, int y)
{
	struct grid *grid = canvas->grid;
	int64_t written = pair == NULL ? PPM_UNKNOWN : pair->written;
	const char *left =
		arena_printf(canvas->arena, "α %s ",
			     words_bare(canvas->arena, written < 0 ? written : PPM_ALL - written));
	const char *right =
		arena_printf(canvas->arena, " GA %s", words_bare(canvas->arena, written));
	int x = grid_put(grid, 0, y, grid->columns, ROLE_ALPHA, left);
	int end = grid_put_right(grid, x + 2, y, grid->columns, ROLE_GA, right);

	traffic_draw_bar(canvas, (struct rect){ x, y, end - x, 1 }, canvas->ui->slider.ppm,
			 canvas->ui->slider.moved ? written : PPM_UNKNOWN);
	return y + 1;
}

void
watch_draw_tiny(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	struct grid *grid = canvas->grid;
	enum step_id next = state_next_step(canvas->ui, canvas->snapshot);
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(canvas->ui, canvas->snapshot, steps);
	struct canvas message = *canvas;
	int y = 0, x;

	if (grid->rows < 3) {
		grid_fit(grid, 0, 0, grid->columns, ROLE_TEXT, in_one_line(canvas, pair, next));
		if (grid->rows > 1)
			grid_fit(grid, 0, 1, grid->columns, ROLE_FAINT, "q quit  ? help");
		return;
	}
	y = draw_state(canvas, y);
	if (grid->rows > 3)
		y = draw_bar_line(canvas, pair, y);
	for (size_t i = 0; i < count; i++)
		if (steps[i].id == next) {
			const struct state_row *state = words_state(steps[i].status.state);

			x = grid_put(grid, 0, y, grid->columns, state->role, state->symbol);
			grid_fit(grid, x + 1, y, grid->columns, ROLE_TEXT,
				 arena_printf(canvas->arena, "%s %s [s]", step_name(next),
					      state->word));
		}
	if (next == STEP_COUNT)
		grid_fit(grid, 0, y, grid->columns, ROLE_GOOD,
			 canvas->snapshot->plan.nothing_to_migrate ? "nothing to migrate"
								   : "✓ all done");
	y++;
	message.at = (struct rect){ 0, y, grid->columns, grid->rows - y - 1 };
	if (message.at.h > 0)
		frame_draw_message(&message);
	grid_fit(grid, 0, grid->rows - 1, grid->columns, ROLE_KEY,
		 canvas->snapshot->locked ? "q quit  r retry" : "s u A  q quit  ?");
}
