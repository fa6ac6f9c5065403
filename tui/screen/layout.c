#include "tui/screen/layout.h"

#include <stddef.h>

#define STACK_COLUMNS   70
#define STACK_ROWS      20
#define WIDE_COLUMNS    120
#define COMPACT_COLUMNS 40
#define COMPACT_ROWS    10

/* Rows a pane has before anything is shared out, in the stack; the wide shape counts pools for the
 * row of three. */
static const int least[PANE_COUNT] = {
	[PANE_POOLS] = 2,   [PANE_ROUTES] = 1,  [PANE_OBJECTIVES] = 1,
	[PANE_GATEWAY] = 1, [PANE_TRAFFIC] = 2, [PANE_MIGRATION] = 2,
};

/* Who gets the next row, in this order, up to so many; the last round repeats for what is left. */
static const struct growth {
	enum pane_id pane;
	int upto;
} growths[] = {
	{ PANE_POOLS, 3 },      { PANE_MIGRATION, 4 }, { PANE_ROUTES, 2 },
	{ PANE_TRAFFIC, 4 },    { PANE_POOLS, 4 },     { PANE_ROUTES, 4 },
	{ PANE_OBJECTIVES, 2 }, { PANE_POOLS, 6 },     { PANE_MIGRATION, 12 },
	{ PANE_ROUTES, 6 },     { PANE_GATEWAY, 2 },   { PANE_OBJECTIVES, 4 },
	{ PANE_POOLS, 10 },     { PANE_ROUTES, 10 },   { PANE_GATEWAY, 3 },
	{ PANE_OBJECTIVES, 6 }, { PANE_POOLS, 1000 },
};

static bool
stands_beside(enum pane_id id)
{
	return id == PANE_ROUTES || id == PANE_OBJECTIVES;
}

/* Shares `budget` rows of content among the panes; `wide` leaves out those that stand beside the
 * pools. */
static void
share_rows(int budget, bool wide, enum pane_id zoomed, int rows[PANE_COUNT])
{
	for (int i = 0; i < PANE_COUNT; i++) {
		rows[i] = wide && stands_beside((enum pane_id)i) ? 0 : least[i];
		budget -= rows[i];
	}
	if (zoomed != PANE_COUNT) {
		rows[wide && stands_beside(zoomed) ? PANE_POOLS : zoomed] += budget;
		return;
	}
	for (size_t i = 0; i < sizeof(growths) / sizeof(growths[0]); i++) {
		const struct growth *growth = &growths[i];

		if (wide && stands_beside(growth->pane))
			continue;
		while (budget > 0 && rows[growth->pane] < growth->upto) {
			rows[growth->pane]++;
			budget--;
		}
	}
}

static void
place(struct layout *layout, enum pane_id id, struct rect frame)
{
	layout->frame[id] = frame;
	layout->inside[id] = (struct rect){ frame.x + 1, frame.y + 1, frame.w - 2, frame.h - 2 };
}

static void
stack(int columns, int rows, enum pane_id zoomed, struct layout *layout)
{
	bool wide = columns >= WIDE_COLUMNS;
	int content[PANE_COUNT], y = 1;
	int titles = wide ? PANE_COUNT - 2 : PANE_COUNT;
	int pools = columns / 2, routes = (columns * 31 + 50) / 100;

	layout->shape = wide ? SHAPE_WIDE : SHAPE_STACK;
	/* The first line, the bar, the message with the two lines around it. */
	share_rows(rows - 5 - titles, wide, zoomed, content);
	for (int i = 0; i < PANE_COUNT; i++) {
		int h = content[i] + 2;

		if (wide && stands_beside((enum pane_id)i))
			continue;
		place(layout, (enum pane_id)i, (struct rect){ 0, y, columns, h });
		if (wide && i == PANE_POOLS) {
			place(layout, PANE_POOLS, (struct rect){ 0, y, pools, h });
			place(layout, PANE_ROUTES, (struct rect){ pools - 1, y, routes, h });
			place(layout, PANE_OBJECTIVES,
			      (struct rect){ pools + routes - 2, y, columns - pools - routes + 2,
					     h });
		}
		y += h - 1;
	}
	layout->message_frame = (struct rect){ 0, y, columns, 3 };
	layout->message = (struct rect){ 2, y + 1, columns - 4, 1 };
}

void
layout_make(int columns, int rows, enum pane_id focus, bool zoom, struct layout *layout)
{
	*layout = (struct layout){ .shape = SHAPE_TINY, .head = { 0, 0, columns, rows } };
	if (columns < COMPACT_COLUMNS || rows < COMPACT_ROWS)
		return;
	layout->head = (struct rect){ 0, 0, columns, 1 };
	layout->bar = (struct rect){ 0, rows - 1, columns, 1 };
	if (columns >= STACK_COLUMNS && rows >= STACK_ROWS) {
		stack(columns, rows, zoom ? focus : PANE_COUNT, layout);
		return;
	}
	layout->shape = SHAPE_COMPACT;
	layout->message = (struct rect){ 1, rows - 2, columns - 2, 1 };
	layout->strip = (struct rect){ 0, rows - 5, columns, 3 };
	place(layout, focus, (struct rect){ 0, 1, columns, rows - 6 });
}
