#include "tui/screen/pane.h"

#include <string.h>

#include "core/base/text.h"
#include "tui/screen/words.h"

/* Ages are said when a view has been silent this long: a quiet watch hears a bookmark about once a
 * minute. */
#define QUIET (10 * SECOND)

static const struct pane *const panes[PANE_COUNT] = {
	[PANE_POOLS] = &pane_pools,           [PANE_ROUTES] = &pane_routes,
	[PANE_OBJECTIVES] = &pane_objectives, [PANE_GATEWAY] = &pane_gateway,
	[PANE_TRAFFIC] = &pane_traffic,       [PANE_MIGRATION] = &pane_migration,
};

const struct pane *
pane_row(enum pane_id id)
{
	return panes[id];
}

const size_t *
pane_rows(const struct canvas *canvas, const struct pane *pane, size_t *count)
{
	size_t all = pane->count == NULL ? 0 : pane->count(canvas), kept = 0;
	size_t *rows = arena_array(canvas->arena, all + 1, sizeof(*rows));
	const char *filter = canvas->ui->list[pane->id].filter;

	for (size_t i = 0; i < all; i++)
		if (filter[0] == '\0' || text_contains(pane->row_name(canvas, i), filter))
			rows[kept++] = i;
	*count = kept;
	return rows;
}

size_t
pane_cursor(const struct canvas *canvas, const struct pane *pane, const size_t *rows, size_t count)
{
	const struct list_state *list = &canvas->ui->list[pane->id];

	for (size_t i = 0; list->selected[0] != '\0' && i < count; i++)
		if (strcmp(pane->row_name(canvas, rows[i]), list->selected) == 0)
			return i;
	if (list->selected[0] == '\0' || count == 0)
		return 0;
	return list->row < count ? list->row : count - 1;
}

int
pane_across(const struct pane *pane, struct rect inside)
{
	return pane->cell > 0 && inside.w >= 2 * pane->cell ? inside.w / pane->cell : 1;
}

int
pane_top(int top, size_t cursor, int height, int across, size_t count)
{
	int line = (int)cursor / across, lines = ((int)count + across - 1) / across;

	if (height < 1)
		return line;
	if (top > lines - height)
		top = lines - height;
	if (line < top || top < 0)
		top = line < top ? line : 0;
	if (line >= top + height)
		top = line - height + 1;
	return top;
}

const char *
pane_state(const struct canvas *canvas, const struct pane *pane, enum role *role, bool *stale)
{
	const struct view *worst = NULL;
	const struct view_row *row;
	enum kind kind = KIND_COUNT;
	int64_t age;

	for (const enum kind *at = pane->kinds; at != NULL && *at != KIND_COUNT; at++) {
		const struct view *view = &canvas->snapshot->view[*at];

		if (worst == NULL ||
		    words_view(view->state)->rank > words_view(worst->state)->rank) {
			worst = view;
			kind = *at;
		}
	}
	*role = ROLE_FAINT;
	*stale = false;
	if (worst == NULL)
		return "";
	row = words_view(worst->state);
	age = canvas->ui->mono - worst->fresh;
	*role = row->role;
	*stale = worst->state == VIEW_STALE || worst->state == VIEW_BROKEN ||
		 worst->state == VIEW_FORBIDDEN;
	if (worst->state == VIEW_NOT_INSTALLED || worst->state == VIEW_FORBIDDEN)
		return arena_printf(canvas->arena, "%s %s", kind_row(kind)->label, row->word);
	if (worst->fresh == 0 || (!row->aged && age < QUIET))
		return row->word;
	return arena_printf(canvas->arena, "%s, %s", row->word, words_seconds(canvas->arena, age));
}

void
pane_draw_title(const struct canvas *canvas, const struct pane *pane, struct rect frame)
{
	const struct list_state *list = &canvas->ui->list[pane->id];
	enum role role;
	bool stale;
	const char *state = pane_state(canvas, pane, &role, &stale);
	const char *more = pane->title == NULL ? "" : pane->title(canvas);
	int right = frame.x + frame.w - 2, x = frame.x + 2, start = right;

	if (state[0] != '\0' && frame.w > 16)
		start = grid_put_right(canvas->grid, x + 4, frame.y, right, role,
				       arena_printf(canvas->arena, " %s ", state));
	x = grid_put(canvas->grid, x - 1, frame.y, start - 1,
		     canvas->focus ? ROLE_TITLE : ROLE_TEXT,
		     arena_printf(canvas->arena, " %s ", pane->name));
	if (more[0] != '\0' && x + 4 < start) {
		x = grid_fit(canvas->grid, x, frame.y, start - 2, ROLE_FAINT, more);
		x = grid_put(canvas->grid, x, frame.y, start - 1, ROLE_FAINT, " ");
	}
	if (list->filter[0] != '\0' && x + 4 < start)
		grid_fit(canvas->grid, x, frame.y, start - 1, ROLE_INPUT,
			 arena_printf(canvas->arena, "/%s", list->filter));
}

static void
draw_list(const struct canvas *canvas, const struct pane *pane, struct rect at)
{
	size_t count, cursor;
	const size_t *rows = pane_rows(canvas, pane, &count);
	int across = pane_across(pane, at), top;

	cursor = pane_cursor(canvas, pane, rows, count);
	top = pane_top(canvas->ui->list[pane->id].top, cursor, at.h, across, count);
	if (count == 0) {
		grid_wrap(canvas->grid, (struct rect){ at.x + 1, at.y, at.w - 2, at.h }, at.y,
			  ROLE_FAINT,
			  canvas->ui->list[pane->id].filter[0] != '\0'
				  ? "nothing matches the filter; / and Esc take it away"
				  : pane->empty(canvas));
		return;
	}
	for (size_t i = (size_t)(top * across); i < count && (int)i / across - top < at.h; i++) {
		int column = (int)i % across;
		struct rect cell = { at.x + column * (at.w / across), at.y + (int)i / across - top,
				     column == across - 1 ? at.w - column * (at.w / across)
							  : at.w / across,
				     1 };

		pane->draw_row(canvas, rows[i], cell);
		if (i == cursor && (canvas->focus || pane->id == PANE_POOLS))
			grid_tint(canvas->grid, cell, ROLE_SELECTED);
		if (i == cursor && canvas->focus)
			grid_put(canvas->grid, cell.x, cell.y, cell.x + 1, ROLE_SELECTED, "▸");
	}
	if (count > (size_t)((top + at.h) * across))
		grid_put_right(canvas->grid, at.x, at.y + at.h - 1, at.x + at.w, ROLE_FAINT,
			       arena_printf(canvas->arena, " ↓ %zu more",
					    count - (size_t)((top + at.h) * across)));
}

/* Headings take the first row when there are two. */
static struct rect
below_head(const struct pane *pane, struct rect at)
{
	if (pane->draw_head != NULL && at.h > 1) {
		at.y++;
		at.h--;
	}
	return at;
}

void
pane_draw(const struct canvas *canvas, const struct pane *pane)
{
	struct rect at = below_head(pane, canvas->at);
	enum role role;
	bool stale;

	if (pane->draw == NULL || !pane->draw(canvas)) {
		if (at.y != canvas->at.y && pane->count(canvas) > 0)
			pane->draw_head(canvas, (struct rect){ at.x, at.y - 1, at.w, 1 });
		else
			at = canvas->at;
		draw_list(canvas, pane, at);
	}
	pane_state(canvas, pane, &role, &stale);
	for (int y = canvas->at.y; stale && y < canvas->at.y + canvas->at.h; y++)
		grid_tint(canvas->grid, (struct rect){ canvas->at.x, y, canvas->at.w, 1 },
			  ROLE_STALE);
}

bool
pane_hit(const struct canvas *canvas, const struct pane *pane, int x, int y, size_t *place)
{
	struct rect at = below_head(pane, canvas->at);
	size_t count;
	const size_t *rows = pane_rows(canvas, pane, &count);
	int across = pane_across(pane, at), top;

	if (!rect_holds(at, x, y) || count == 0)
		return false;
	top = pane_top(canvas->ui->list[pane->id].top, pane_cursor(canvas, pane, rows, count), at.h,
		       across, count);
	*place = (size_t)((top + y - at.y) * across + (x - at.x) / (at.w / across));
	return *place < count;
}
