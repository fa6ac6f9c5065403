/* layout - which pane stands where, for every size of screen, in plain integers.
 *
 * 80×24 is the reference. 120 columns and more put pools, routes and objectives side by side; more
 * rows go to the lists. Smaller sizes show the pane in focus and a strip with the shares and the
 * next step; below 40×10 there are lines without frames. The answer depends on the size, the focus
 * and the zoom only, never on data: nothing jumps when data arrives. Pure.
 */
#ifndef SCREEN_LAYOUT_H
#define SCREEN_LAYOUT_H

#include <stdbool.h>

#include "tui/screen/rect.h"

enum pane_id {
	PANE_POOLS,
	PANE_ROUTES,
	PANE_OBJECTIVES,
	PANE_GATEWAY,
	PANE_TRAFFIC,
	PANE_MIGRATION,
	PANE_COUNT
};

enum layout_shape { SHAPE_TINY, SHAPE_COMPACT, SHAPE_STACK, SHAPE_WIDE };

struct layout {
	enum layout_shape shape;
	struct rect frame[PANE_COUNT]; /* with its lines; neighbours share a line; w 0: not shown */
	struct rect inside[PANE_COUNT]; /* what the pane draws in */
	struct rect head, bar;          /* first and last line; in SHAPE_TINY head is everything */
	struct rect strip;              /* SHAPE_COMPACT: shares and next step; otherwise nothing */
	struct rect message;            /* the line of events */
	struct rect message_frame;      /* nothing in SHAPE_COMPACT and SHAPE_TINY */
};

/* Of a screen of at least 1×1. */
void layout_make(int columns, int rows, enum pane_id focus, bool zoom, struct layout *layout);

#endif
