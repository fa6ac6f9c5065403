/* page - a full screen of lines to read: help, journal, details, checks, report; one row each.
 *
 * A page is built as lines each frame, then scrolled. Pure; drawn and left like everything else
 * through ui.h.
 */
#ifndef SCREEN_PAGE_H
#define SCREEN_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen/state.h"

struct page_line {
	enum role role;
	const char *text;
	int indent;
	enum role lead_role; /* of `lead`, which stands before the text; NULL: none */
	const char *lead;
	int lead_width; /* columns it takes */
};

struct page_lines {
	struct page_line *items;
	size_t count, room;
	size_t lit; /* a line that must be in sight, from 1; 0: none */
	struct arena *arena;
};

struct page_row {
	enum page_id id;
	const char *title;
	void (*build)(const struct canvas *canvas, struct page_lines *lines);
	bool from_end; /* opens at its newest, the last line */
};

const struct page_row *page_row(enum page_id id);
void page_open(struct page *page, enum page_id id);
void page_add(struct page_lines *lines, enum role role, const char *text);
/* `lead` in its own role before the text, as wide as `width`. */
void page_add_lead(struct page_lines *lines, enum role lead_role, const char *lead, int width,
		   enum role role, const char *text);
/* Every line of a text with LF, unified diffs in the roles of what they add and take away when
 * `diff`. */
void page_add_text(struct page_lines *lines, enum role role, const char *text, bool diff);
/* The same lines `indent` columns to the right, those they are wrapped into as well. */
void page_add_under(struct page_lines *lines, int indent, enum role role, const char *text);
void page_draw(const struct canvas *canvas);
/* Moves by `lines`, within what there is; INT_MIN and INT_MAX are the ends. */
void page_scroll(const struct canvas *canvas, struct page *page, int by);

void page_choices_build(const struct canvas *canvas, struct page_lines *lines);
void page_help_build(const struct canvas *canvas, struct page_lines *lines);
void page_journal_build(const struct canvas *canvas, struct page_lines *lines);
void page_details_build(const struct canvas *canvas, struct page_lines *lines);
void page_checks_build(const struct canvas *canvas, struct page_lines *lines);
void page_report_build(const struct canvas *canvas, struct page_lines *lines);
void page_plan_build(const struct canvas *canvas, struct page_lines *lines);
/* Why the cluster or the journal keeps one from going on, in full; nothing when all is well. */
void page_in_the_way(const struct canvas *canvas, struct page_lines *lines);
void page_losses_build(const struct canvas *canvas, struct page_lines *lines);
/* Rows they take, `w` columns wide. */
int page_count_rows(const struct page_lines *lines, int w);
/* Draws lines in a rectangle from `top` on; shared with dialogs. */
void page_draw_lines(const struct canvas *canvas, const struct page_lines *lines, struct rect at,
		     int top);

#endif
