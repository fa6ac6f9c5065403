/* The whole screen from the state and a snapshot. */
#include "tui/screen/dialog.h"
#include "tui/screen/frame.h"
#include "tui/screen/page.h"
#include "tui/screen/pane.h"
#include "tui/screen/ui.h"
#include "tui/screen/watch.h"

static struct canvas
part(const struct canvas *canvas, struct rect at)
{
	struct canvas part = *canvas;

	part.at = at;
	return part;
}

static void
draw_pane(const struct canvas *canvas, const struct layout *layout, enum pane_id id)
{
	struct canvas inside = part(canvas, layout->inside[id]);
	const struct ui *ui = canvas->ui;

	inside.focus = ui->focus == id && ui->dialog.kind == DIALOG_NONE;
	grid_box(canvas->grid, layout->frame[id], inside.focus ? ROLE_FOCUS : ROLE_FRAME);
	pane_draw(&inside, pane_row(id));
}

static void
draw_panes(const struct canvas *canvas, const struct layout *layout)
{
	enum pane_id focus = canvas->ui->focus;

	if (layout->message_frame.w > 0)
		grid_box(canvas->grid, layout->message_frame, ROLE_FRAME);
	for (int i = 0; i < PANE_COUNT; i++)
		if (layout->frame[i].w > 0 && (enum pane_id)i != focus)
			draw_pane(canvas, layout, (enum pane_id)i);
	/* Last, so that its lines are the bright ones; then the titles, which stand on lines. */
	if (layout->frame[focus].w > 0)
		draw_pane(canvas, layout, focus);
	for (int i = 0; i < PANE_COUNT; i++) {
		struct canvas inside = part(canvas, layout->inside[i]);

		inside.focus = (enum pane_id)i == focus;
		if (layout->frame[i].w > 0)
			pane_draw_title(&inside, pane_row((enum pane_id)i), layout->frame[i]);
	}
}

/* Shares and the next step in three rows without a frame. */
static void
draw_strip(const struct canvas *canvas, struct rect at)
{
	struct canvas inside = part(canvas, (struct rect){ at.x, at.y, at.w, 2 });

	pane_traffic.draw(&inside);
	inside.at = (struct rect){ at.x, at.y + 2, at.w, 1 };
	pane_migration.draw(&inside);
}

static void
draw_main(const struct canvas *canvas, const struct layout *layout)
{
	struct canvas head = part(canvas, layout->head), message = part(canvas, layout->message);

	frame_draw_head(&head);
	draw_panes(canvas, layout);
	if (layout->strip.w > 0)
		draw_strip(canvas, layout->strip);
	frame_draw_message(&message);
}

void
ui_draw(const struct ui *ui, const struct snapshot *snapshot, struct grid *grid)
{
	struct arena arena;
	struct layout layout;
	struct canvas canvas = { ui,   snapshot, grid, &arena, { 0, 0, grid->columns, grid->rows },
				 false };

	arena_init(&arena);
	grid_clear(grid);
	layout_make(grid->columns, grid->rows, ui->focus, ui->zoom, &layout);
	if (layout.shape == SHAPE_TINY && ui->page.id == PAGE_NONE)
		watch_draw_tiny(&canvas);
	else if (ui->page.id != PAGE_NONE)
		page_draw(&canvas);
	else if (ui->watch)
		watch_draw(&canvas);
	else
		draw_main(&canvas, &layout);
	if (ui->dialog.kind != DIALOG_NONE)
		dialog_draw(&canvas);
	canvas.at = (struct rect){ 0, grid->rows - 1, grid->columns, 1 };
	if (layout.shape != SHAPE_TINY || ui->page.id != PAGE_NONE ||
	    ui->prompt.kind != PROMPT_NONE || (ui->dialog.kind != DIALOG_NONE && grid->rows > 3)) {
		grid_fill(grid, canvas.at, ROLE_TEXT);
		frame_draw_bar(&canvas);
	}
	arena_release(&arena);
}
