#include <string.h>

#include "tui/screen/pane.h"
#include "tui/screen/words.h"

static bool traffic_draw(const struct canvas *canvas);
static const char *traffic_title(const struct canvas *canvas);
static bool traffic_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject);

static const enum kind traffic_kinds[] = { KIND_ROUTE, KIND_COUNT };

const struct pane pane_traffic = {
	.id = PANE_TRAFFIC,
	.name = "Traffic",
	.help = "the slider: wanted (yours, not sent), written (the weights in the routes), "
		"observed (what is served)",
	.kinds = traffic_kinds,
	.title = traffic_title,
	.draw = traffic_draw,
	.subject = traffic_subject,
};

/* Eighths of a cell, from one to seven. */
static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };

struct rect
traffic_bar(struct rect inside)
{
	if (inside.w < 14)
		return (struct rect){ inside.x, inside.y, inside.w, 1 };
	return (struct rect){ inside.x + 3, inside.y, inside.w - 7, 1 };
}

void
traffic_draw_bar(const struct canvas *canvas, struct rect bar, int64_t ppm, int64_t written)
{
	int cut = slider_alpha_eighths(ppm, bar.w), mark;

	for (int i = 0; i < bar.w; i++) {
		int here = cut - i * 8;
		const char *glyph = here >= 8 ? "█" : here <= 0 ? "░" : eighths[here];

		grid_put(canvas->grid, bar.x + i, bar.y, bar.x + bar.w,
			 here > 0 ? ROLE_ALPHA : ROLE_GA, glyph);
	}
	if (written < 0 || written == ppm || bar.w < 2)
		return;
	/* Where the weights stand, beside where they are wanted. */
	mark = slider_alpha_eighths(written, bar.w) / 8;
	grid_put(canvas->grid, bar.x + (mark > bar.w - 1 ? bar.w - 1 : mark), bar.y, bar.x + bar.w,
		 ROLE_KEY, "┃");
}

static void
draw_numbers(const struct canvas *canvas, const struct pair *pair, int y)
{
	const struct slider *slider = &canvas->ui->slider;
	struct arena *arena = canvas->arena;
	struct rect at = canvas->at;
	int right = at.x + at.w - 1, x = at.x + 1;
	bool moved = slider->moved && slider->ppm != pair->written;
	const char *wanted =
		slider->moved ? words_ppm(arena, slider->ppm)
			      : words_ppm(arena, pair->wanted < 0 ? pair->written : pair->wanted);

	x = grid_put(canvas->grid, x, y, right, ROLE_FAINT, "wanted ");
	if (slider->typed[0] != '\0') {
		x = grid_put(canvas->grid, x, y, right, ROLE_INPUT, slider->typed);
		x = grid_put(canvas->grid, x, y, right, ROLE_INPUT, "▌");
		wanted = " %";
	}
	x = grid_put(canvas->grid, x, y, right, moved ? ROLE_KEY : ROLE_TEXT, wanted);
	x = grid_put(canvas->grid, x, y, right, ROLE_FAINT, " → written ");
	x = grid_put(canvas->grid, x, y, right, pair->written == PPM_APART ? ROLE_WARN : ROLE_TEXT,
		     words_ppm(arena, pair->written));
	if (at.w >= 54) {
		x = grid_put(canvas->grid, x, y, right, ROLE_FAINT, " → observed ");
		x = grid_fit(canvas->grid, x, y, right, pair->observed < 0 ? ROLE_FAINT : ROLE_TEXT,
			     pair->observed < 0 ? "not measured"
						: words_ppm(arena, pair->observed));
	}
	if (moved)
		grid_put_right(canvas->grid, x + 2, y, right, ROLE_KEY, "Enter preview  Esc back");
	else if (pair->written == PPM_APART)
		grid_put_right(canvas->grid, x + 2, y, right, ROLE_WARN,
			       "the rules stand apart: see Routes");
}

static void
draw_side(const struct canvas *canvas, const struct pair *pair, bool ga, int y)
{
	const struct picker_view *picker = ga ? &pair->ga_picker : &pair->alpha_picker;
	const char *uid = ga ? pair->ga_uid : pair->alpha_uid;
	struct rect at = canvas->at;
	int right = at.x + at.w - 1, x;
	const char *text;

	grid_put(canvas->grid, at.x + 1, y, right, ga ? ROLE_GA : ROLE_ALPHA, ga ? "GA" : "α");
	if (uid[0] == '\0') {
		grid_fit(canvas->grid, at.x + 4, y, right, ROLE_FAINT,
			 ga ? arena_printf(canvas->arena, "%s is not there yet", pair->ga)
			    : arena_printf(canvas->arena, "%s is gone", pair->alpha));
		return;
	}
	text = picker->name[0] == '\0'
		       ? "no picker"
		       : arena_printf(canvas->arena, "pods %lld/%lld  picker %s %lld/%lld ready",
				      (long long)pair->pods_ready, (long long)pair->pods,
				      picker->name, (long long)picker->ready,
				      (long long)picker->desired);
	x = grid_fit(canvas->grid, at.x + 4, y, at.x + 4 + (at.w - 6) / 2, ROLE_TEXT,
		     ga ? pair->ga : pair->alpha);
	grid_fit(canvas->grid, x + 2, y, right, picker->ready > 0 ? ROLE_FAINT : ROLE_WARN, text);
}

static bool
traffic_draw(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	struct rect at = canvas->at, bar = traffic_bar(at);
	int64_t written = pair == NULL ? PPM_UNKNOWN : pair->written;

	if (pair == NULL) {
		grid_fit(canvas->grid, at.x + 1, at.y, at.x + at.w, ROLE_FAINT,
			 "no pair is selected");
		return true;
	}
	if (bar.x > at.x) {
		grid_put(canvas->grid, at.x + 1, at.y, bar.x, ROLE_ALPHA, "α");
		grid_put(canvas->grid, bar.x + bar.w + 1, at.y, at.x + at.w, ROLE_GA, "GA");
	}
	/* A full bar would say that α has it all. */
	if (written == PPM_UNKNOWN && pair->place_count == 0 && !canvas->ui->slider.moved)
		for (int i = 0; i < bar.w; i++)
			grid_put(canvas->grid, bar.x + i, bar.y, bar.x + bar.w, ROLE_FAINT, "·");
	else
		traffic_draw_bar(canvas, bar, canvas->ui->slider.ppm,
				 canvas->ui->slider.moved ? written : PPM_UNKNOWN);
	if (at.h > 1)
		draw_numbers(canvas, pair, at.y + 1);
	if (at.h > 2)
		draw_side(canvas, pair, false, at.y + 2);
	if (at.h > 3)
		draw_side(canvas, pair, true, at.y + 3);
	return true;
}

static const char *
traffic_title(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	return pair == NULL ? "" : arena_printf(canvas->arena, "of %s/%s", pair->ns, pair->alpha);
}

static bool
traffic_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	(void)row;
	if (pair == NULL || pair->place_count == 0)
		return false;
	*subject = (struct pane_subject){ .kind = KIND_ROUTE,
					  .ns = pair->places[0].route_ns,
					  .name = pair->places[0].route };
	return true;
}
