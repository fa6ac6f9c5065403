#include "tui/screen/page.h"

#include <limits.h>
#include <string.h>

#include "core/base/text.h"

#define LINES_MAX 20000 /* what a person would read; the rest is cut and said so */

static const struct page_row rows[PAGE_COUNT] = {
	[PAGE_HELP] = { PAGE_HELP, "Help", page_help_build, false },
	[PAGE_JOURNAL] = { PAGE_JOURNAL, "Journal", page_journal_build, true },
	[PAGE_DETAILS] = { PAGE_DETAILS, "Details", page_details_build, false },
	[PAGE_CHECKS] = { PAGE_CHECKS, "Checks", page_checks_build, false },
	[PAGE_REPORT] = { PAGE_REPORT, "Report", page_report_build, false },
	[PAGE_PLAN] = { PAGE_PLAN, "Plan", page_plan_build, false },
	[PAGE_LOSSES] = { PAGE_LOSSES, "Losses", page_losses_build, false },
	[PAGE_CHOICES] = { PAGE_CHOICES, "Choices", page_choices_build, false },
};

const struct page_row *
page_row(enum page_id id)
{
	return &rows[id];
}

void
page_open(struct page *page, enum page_id id)
{
	*page = (struct page){ .id = id,
			       .top = id != PAGE_NONE && rows[id].from_end ? INT_MAX : 0 };
}

void
page_add_lead(struct page_lines *lines, enum role lead_role, const char *lead, int width,
	      enum role role, const char *text)
{
	if (lines->count == lines->room) {
		size_t room = lines->room == 0 ? 64 : lines->room * 2;
		struct page_line *items = arena_array(lines->arena, room, sizeof(*items));

		if (lines->count >= LINES_MAX)
			return;
		if (lines->count > 0)
			memcpy(items, lines->items, lines->count * sizeof(*items));
		lines->items = items;
		lines->room = room;
	}
	lines->items[lines->count++] = (struct page_line){ .role = role,
							   .text = text,
							   .lead_role = lead_role,
							   .lead = lead,
							   .lead_width = width };
}

void
page_add(struct page_lines *lines, enum role role, const char *text)
{
	page_add_lead(lines, ROLE_TEXT, NULL, 0, role, text);
}

static enum role
diff_role(const char *line, enum role role)
{
	if (line[0] == '+')
		return ROLE_ADDED;
	if (line[0] == '-')
		return ROLE_REMOVED;
	return line[0] == '@' ? ROLE_FAINT : role;
}

void
page_add_text(struct page_lines *lines, enum role role, const char *text, bool diff)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		const char *line = arena_bytes(lines->arena, text, length);

		page_add(lines, diff ? diff_role(line, role) : role, line);
		text += length + (text[length] == '\n');
	}
}

void
page_add_under(struct page_lines *lines, int indent, enum role role, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		page_add_lead(lines, role, "", indent, role,
			      arena_bytes(lines->arena, text, length));
		text += length + (text[length] == '\n');
	}
}

/* Clean text cut into rows of `w` cells: after a blank, else after a sign inside a long name. */
static const char *
next_row(struct arena *arena, const char **rest, int w)
{
	const char *text = *rest;
	size_t length, used = 0, word = 0, part = 0;
	int cells = 0, width;

	while ((length = text_grapheme(text + used, &width)) > 0 && cells + width <= w) {
		if (text[used] == ' ')
			word = used + 1;
		else if (strchr("/.,-", text[used]) != NULL)
			part = used + 1;
		cells += width;
		used += length;
	}
	if (length > 0 && text[used] == ' ')
		word = used + 1;
	if (length > 0 && word > used / 3)
		used = word;
	else if (length > 0 && part > used / 3)
		used = part;
	if (used == 0)
		used = length;
	*rest = text + used;
	return arena_bytes(arena, text, used);
}

#define TEXT_LEAST 20 /* columns beside what leads a line; with less it goes below */

/* Where there is no room beside it, what leads a line has a row of its own. */
static struct page_line
below_lead(struct page_line line, int w, struct page_lines *out)
{
	if (line.lead_width == 0 || w - line.lead_width >= TEXT_LEAST)
		return line;
	if (line.lead != NULL && line.lead[0] != '\0')
		page_add(out, line.lead_role, line.lead);
	line.lead = NULL;
	line.lead_width = w > TEXT_LEAST / 2 ? 2 : 0;
	return line;
}

/* Lines too long for the screen go on below, indented under their text. */
static void
wrap(const struct page_lines *lines, int w, struct page_lines *out)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct page_line line = below_lead(lines->items[i], w, out);
		struct buf safe;
		const char *rest;
		int room;

		buf_init(&safe, BUF_MIB);
		text_clean(&safe, line.text, strnlen(line.text, 256 * BUF_KIB));
		if (lines->lit == i + 1)
			out->lit = out->count + 1;
		room = w - line.lead_width;
		rest = arena_string(out->arena, safe.bytes);
		buf_release(&safe);
		do {
			const char *row = next_row(out->arena, &rest, room > 8 ? room : 8);

			page_add_lead(out, line.lead_role, line.lead, line.lead_width, line.role,
				      row);
			out->items[out->count - 1].indent = line.lead_width;
			line.lead = line.lead == NULL ? NULL : "";
		} while (*rest != '\0' && out->count < LINES_MAX);
	}
}

int
page_count_rows(const struct page_lines *lines, int w)
{
	struct page_lines wrapped = { .arena = lines->arena };

	wrap(lines, w, &wrapped);
	return (int)wrapped.count;
}

void
page_draw_lines(const struct canvas *canvas, const struct page_lines *lines, struct rect at,
		int top)
{
	struct page_lines wrapped = { .arena = canvas->arena };
	int count, right = at.x + at.w;

	wrap(lines, at.w, &wrapped);
	count = (int)wrapped.count;
	if (wrapped.lit != 0 && (int)wrapped.lit + 1 > top + at.h)
		top = (int)wrapped.lit + 1 - at.h;
	top = top > count - at.h ? count - at.h : top;
	top = top < 0 ? 0 : top;
	for (int i = 0; i < at.h && top + i < count; i++) {
		const struct page_line *line = &wrapped.items[top + i];

		if (line->lead != NULL)
			grid_fit(canvas->grid, at.x, at.y + i, at.x + line->lead_width - 1,
				 line->lead_role, line->lead);
		grid_put(canvas->grid, at.x + line->indent, at.y + i, right, line->role,
			 line->text);
	}
	if (top + at.h < count && at.h > 0)
		grid_put_right(canvas->grid, at.x, at.y + at.h - 1, right, ROLE_FAINT,
			       arena_printf(canvas->arena, " ↓ %d more", count - top - at.h));
}

static struct rect
inside(const struct grid *grid)
{
	return (struct rect){ 2, 1, grid->columns - 4, grid->rows - 3 };
}

void
page_draw(const struct canvas *canvas)
{
	const struct page_row *row = page_row(canvas->ui->page.id);
	struct page_lines lines = { .arena = canvas->arena };
	struct rect box = { 0, 0, canvas->grid->columns, canvas->grid->rows - 1 };
	enum role role;
	const char *link = state_link(canvas, &role);
	const struct notice *notice = &canvas->ui->notice;

	row->build(canvas, &lines);
	grid_box(canvas->grid, box, ROLE_FOCUS);
	grid_put(canvas->grid, 1, 0, box.w - 1, ROLE_TITLE,
		 arena_printf(canvas->arena, " %s ", row->title));
	grid_put_right(canvas->grid, 14, 0, box.w - 2, role,
		       arena_printf(canvas->arena, " %s ", link));
	page_draw_lines(canvas, &lines, inside(canvas->grid), canvas->ui->page.top);
	if (notice->text[0] != '\0' && notice->until > canvas->ui->mono)
		grid_fit(canvas->grid, 2, box.h - 1, box.w - 2, notice->bad ? ROLE_BAD : ROLE_KEY,
			 arena_printf(canvas->arena, " %s ", notice->text));
}

void
page_scroll(const struct canvas *canvas, struct page *page, int by)
{
	struct page_lines lines = { .arena = canvas->arena }, wrapped = { .arena = canvas->arena };
	int w = canvas->at.w - 4, h = canvas->at.h - 3, most;

	page_row(page->id)->build(canvas, &lines);
	wrap(&lines, w > 1 ? w : 1, &wrapped);
	most = (int)wrapped.count - h;
	most = most < 0 ? 0 : most;
	page->top = page->top > most ? most : page->top;
	page->top = by > most ? most : by < -most ? 0 : page->top + by;
	page->top = page->top < 0 ? 0 : page->top > most ? most : page->top;
}
