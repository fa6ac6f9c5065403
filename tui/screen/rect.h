/* rect - a rectangle of cells, in columns and rows from the top left corner; nothing when w or h is
 * 0. */
#ifndef SCREEN_RECT_H
#define SCREEN_RECT_H

#include <stdbool.h>

struct rect {
	int x, y, w, h;
};

static inline bool
rect_holds(struct rect rect, int x, int y)
{
	return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}

#endif
