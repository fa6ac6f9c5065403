#include <string.h>

#include "tui/screen/pane.h"
#include "tui/screen/words.h"

static size_t routes_count(const struct canvas *canvas);
static const char *routes_name(const struct canvas *canvas, size_t row);
static void routes_draw(const struct canvas *canvas, size_t row, struct rect at);
static bool routes_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject);
static const char *routes_empty(const struct canvas *canvas);
static const char *routes_title(const struct canvas *canvas);

static const enum kind routes_kinds[] = { KIND_ROUTE, KIND_COUNT };

const struct pane pane_routes = {
	.id = PANE_ROUTES,
	.name = "Routes",
	.help = "every rule of an HTTPRoute that names a pool of the selected pair: shares of α "
		"and GA in percent, and its status",
	.kinds = routes_kinds,
	.title = routes_title,
	.count = routes_count,
	.row_name = routes_name,
	.draw_row = routes_draw,
	.subject = routes_subject,
	.empty = routes_empty,
};

static const char *
status_of(const struct canvas *canvas, const struct place *place, const char **symbol,
	  enum role *role)
{
	*symbol = "✓";
	*role = ROLE_GOOD;
	if (place->trouble[0] != '\0') {
		*symbol = "✗";
		*role = ROLE_BAD;
		return place->trouble;
	}
	if (place->pending || !place->accepted || !place->resolved) {
		*symbol = "◐";
		*role = ROLE_WARN;
		return "pending";
	}
	if (place->since <= 0)
		return "accepted";
	return arena_printf(canvas->arena, "accepted %s",
			    words_age(canvas->arena, canvas->ui->wall - place->since));
}

static const char *
shares_of(const struct canvas *canvas, const struct place *place, bool narrow)
{
	int64_t alpha = place->alpha_weight < 0 ? 0 : place->alpha_weight;
	int64_t ga = place->ga_weight < 0 ? 0 : place->ga_weight,
		all = alpha + ga + place->other_weight;
	const char *split, *other = "";

	if (place->mirror)
		return "mirror, no share";
	if (narrow && place->alpha_weight >= 0 && place->ga_weight >= 0)
		return place->other_weight > 0 && all > 0
			       ? arena_printf(
					 canvas->arena, "α %s GA %s +%s",
					 words_bare(canvas->arena, place->ppm < 0
									   ? place->ppm
									   : PPM_ALL - place->ppm),
					 words_bare(canvas->arena, place->ppm),
					 words_bare(canvas->arena, place->other_weight * PPM_ALL /
									   all / 1000 * 1000))
			       : arena_printf(canvas->arena, "α %s GA %s",
					      words_bare(canvas->arena,
							 place->ppm < 0 ? place->ppm
									: PPM_ALL - place->ppm),
					      words_bare(canvas->arena, place->ppm));
	split = place->alpha_weight < 0 ? arena_printf(canvas->arena, "α   –  GA %3s",
						       words_bare(canvas->arena, place->ppm))
		: place->ga_weight < 0
			? arena_printf(canvas->arena, "α %3s  GA   –",
				       words_bare(canvas->arena, place->ppm < 0
									 ? place->ppm
									 : PPM_ALL - place->ppm))
			: arena_printf(canvas->arena, "α %3s  GA %3s",
				       words_bare(canvas->arena, place->ppm < 0
									 ? place->ppm
									 : PPM_ALL - place->ppm),
				       words_bare(canvas->arena, place->ppm));
	if (place->other_weight > 0 && all > 0)
		other = arena_printf(canvas->arena, "  other %s",
				     words_ppm(canvas->arena,
					       place->other_weight * PPM_ALL / all / 1000 * 1000));
	return arena_printf(canvas->arena, "%s%s", split, other);
}

static void
routes_draw(const struct canvas *canvas, size_t row, struct rect at)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	const struct place *place = &pair->places[row];
	struct grid *grid = canvas->grid;
	enum role role;
	const char *symbol, *status = status_of(canvas, place, &symbol, &role);
	const char *name = place->route, *shares = shares_of(canvas, place, at.w < 60);
	int right = at.x + at.w - 1, room, x;

	if (strcmp(place->route_ns, pair->ns) != 0)
		name = arena_printf(canvas->arena, "%s/%s", place->route_ns, place->route);
	grid_put(grid, at.x + 1, at.y, right, role, symbol);
	/* Name, rule and match share what the rest leaves. */
	room = at.w >= 70 ? at.w - 48 : at.w - 20;
	x = grid_fit(grid, at.x + 3, at.y, at.x + 3 + (at.w >= 60 ? room / 2 : room * 3 / 5),
		     ROLE_TEXT, name);
	x = at.x + 4 + (at.w >= 60 ? room / 2 : room * 3 / 5);
	grid_fit(grid, x, at.y, at.x + room + 3, ROLE_FAINT,
		 arena_printf(canvas->arena, at.w >= 60 ? "rule %d  %s" : "%d %s", place->rule,
			      place->match));
	x = grid_fit(grid, at.x + room + 4, at.y, right, place->mirror ? ROLE_WARN : ROLE_TEXT,
		     shares);
	if (role == ROLE_BAD)
		grid_fit(grid, x + 2, at.y, right, role, status);
	else if (at.w >= 60)
		grid_put_right(grid, x + 1, at.y, right, role == ROLE_GOOD ? ROLE_FAINT : role,
			       status);
}

static size_t
routes_count(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	return pair == NULL ? 0 : pair->place_count;
}

static const char *
routes_name(const struct canvas *canvas, size_t row)
{
	const struct place *place = &state_pair(canvas->ui, canvas->snapshot)->places[row];

	return arena_printf(canvas->arena, "%s/%s rule %d %s%s", place->route_ns, place->route,
			    place->rule, place->match, place->mirror ? " mirror" : "");
}

static bool
routes_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject)
{
	const struct place *place = &state_pair(canvas->ui, canvas->snapshot)->places[row];

	*subject = (struct pane_subject){ .kind = KIND_ROUTE,
					  .ns = place->route_ns,
					  .name = place->route };
	return true;
}

static const char *
routes_title(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	return pair == NULL ? "" : arena_printf(canvas->arena, "of %s/%s", pair->ns, pair->alpha);
}

static bool
is_detached(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	return canvas->ui->settings->path == PATH_SIMPLE &&
	       pair->steps[STEP_DETACH].state == STATE_DONE &&
	       pair->steps[STEP_ATTACH].state != STATE_DONE;
}

static const char *
routes_empty(const struct canvas *canvas)
{
	if (state_pair(canvas->ui, canvas->snapshot) == NULL)
		return "–";
	if (canvas->snapshot->view[KIND_ROUTE].state == VIEW_STARTING)
		return "reading the routes";
	if (is_detached(canvas))
		return "detached: no route names a pool of this pair, and what its routes answered "
		       "is not answered";
	return "no route names a pool of this pair: there is no traffic to move";
}
