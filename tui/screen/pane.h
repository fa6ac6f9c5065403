/* pane - one part of the main screen: a descriptor row and a few functions over the snapshot.
 *
 * A list pane names its rows and draws one at a time; the frame around it does selection,
 * scrolling, filter, title with the state and age of its views. A pane that is no list draws
 * itself. A new pane is a file and a line in pane.c.
 */
#ifndef SCREEN_PANE_H
#define SCREEN_PANE_H

#include "tui/screen/state.h"

struct pane_subject { /* the object details speak of */
	enum kind kind;
	const char *ns, *name;
};

struct pane {
	enum pane_id id;
	const char *name;
	const char *help;
	const enum kind *kinds; /* whose views it shows; KIND_COUNT ends */
	int cell;               /* least columns of a row; 0: one row a line */
	/* What follows the name in the title; NULL: nothing. */
	const char *(*title)(const struct canvas *canvas);
	/* List panes: */
	size_t (*count)(const struct canvas *canvas);
	const char *(*row_name)(const struct canvas *canvas,
				size_t row); /* unique; what the filter looks at, too */
	void (*draw_row)(const struct canvas *canvas, size_t row, struct rect at);
	bool (*subject)(const struct canvas *canvas, size_t row, struct pane_subject *subject);
	const char *(*empty)(const struct canvas *canvas); /* said when there is no row */
	void (*draw_head)(const struct canvas *canvas,
			  struct rect at); /* column headings; NULL: none */
	/* Instead of rows, when it answers true. */
	bool (*draw)(const struct canvas *canvas);
};

extern const struct pane pane_pools, pane_routes, pane_objectives, pane_gateway, pane_traffic,
	pane_migration;

const struct pane *pane_row(enum pane_id id);
void pane_draw(const struct canvas *canvas, const struct pane *pane);
/* The title on the frame's upper line: name, what follows it, and the state of its views. */
void pane_draw_title(const struct canvas *canvas, const struct pane *pane, struct rect frame);

/* Rows that pass the pane's filter, in order, in the arena. */
const size_t *pane_rows(const struct canvas *canvas, const struct pane *pane, size_t *count);
/* Place among those rows of the selected one; 0 when there is none. */
size_t
pane_cursor(const struct canvas *canvas, const struct pane *pane, const size_t *rows, size_t count);
/* Rows and columns of rows that fit. */
int pane_across(const struct pane *pane, struct rect inside);
/* The first row shown, given the one stored. */
int pane_top(int top, size_t cursor, int height, int across, size_t count);
/* The row under a screen position, as a place among pane_rows(); false when there is none. */
bool pane_hit(const struct canvas *canvas, const struct pane *pane, int x, int y, size_t *place);

/* The state of the worst of a pane's views as words, with its age: "live", "stale, 14s", "GA not
 * installed". */
const char *
pane_state(const struct canvas *canvas, const struct pane *pane, enum role *role, bool *stale);
/* The bar of the traffic pane, for the mouse. */
struct rect traffic_bar(struct rect inside);
void traffic_draw_bar(const struct canvas *canvas, struct rect bar, int64_t ppm, int64_t written);

#endif
