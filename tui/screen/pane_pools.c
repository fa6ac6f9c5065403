#include <stddef.h>
#include <string.h>

#include "tui/screen/pane.h"
#include "tui/screen/words.h"

static size_t pools_count(const struct canvas *canvas);
static const char *pools_name(const struct canvas *canvas, size_t row);
static void pools_draw(const struct canvas *canvas, size_t row, struct rect at);
static void pools_head(const struct canvas *canvas, struct rect at);
static bool pools_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject);
static const char *pools_empty(const struct canvas *canvas);
static const char *pools_title(const struct canvas *canvas);

static const enum kind pools_kinds[] = { KIND_ALPHA_POOL, KIND_GA_POOL, KIND_POD, KIND_DEPLOYMENT,
					 KIND_COUNT };

const struct pane pane_pools = {
	.id = PANE_POOLS,
	.name = "Pools",
	.help = "α pools on the left, the GA pool that takes the place of each on the right; ready "
		"pods, ready pickers",
	.kinds = pools_kinds,
	.title = pools_title,
	.count = pools_count,
	.row_name = pools_name,
	.draw_row = pools_draw,
	.draw_head = pools_head,
	.subject = pools_subject,
	.empty = pools_empty,
};

struct columns { /* left edges; 0 where there is no room for it */
	int ns, alpha, arrow, ga, pickers, pods, pods_end, share, right;
	int wide; /* of "3/3", at least */
};

/* A name that is cut still tells its pool from the others when this much of it stands. */
#define NAME_ENOUGH 26

/* The longest name of a column, at least as wide as its heading. */
static int
longest(const struct canvas *canvas, size_t field, int least)
{
	const struct plan *plan = &canvas->snapshot->plan;

	for (size_t i = 0; i < plan->pair_count; i++) {
		const char *name =
			*(const char *const *)(const void *)((const char *)&plan->pairs[i] + field);
		int length = (int)strnlen(name, 64);

		least = length > least ? length : least;
	}
	return least;
}

/* The widest "3/3" of pods and pickers. */
static int
widest(const struct canvas *canvas)
{
	const struct plan *plan = &canvas->snapshot->plan;
	int64_t most = 0;
	int width = 3;

	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];

		most = pair->pods > most ? pair->pods : most;
		most = pair->alpha_picker.desired > most ? pair->alpha_picker.desired : most;
		most = pair->ga_picker.desired > most ? pair->ga_picker.desired : most;
	}
	for (; most >= 10; most /= 10)
		width += 2;
	return width;
}

/* Takes a column of `w` off the right end when the names keep what they need. */
static int
take_column(int *right, int needed, int w)
{
	if (*right - needed < w)
		return 0;
	return *right -= w;
}

static struct columns
columns_of(const struct canvas *canvas, struct rect at)
{
	struct columns c = { .right = at.x + at.w - 1 };
	int ns = longest(canvas, offsetof(struct pair, ns), 9), names;
	int alpha = longest(canvas, offsetof(struct pair, alpha), 6);
	int ga = longest(canvas, offsetof(struct pair, ga), 7), right = c.right, needed;

	/* The namespace never takes more than a quarter; its names are cut, not left out. */
	ns = ns > at.w / 4 ? at.w / 4 : ns;
	c.ns = at.x + 2;
	c.alpha = c.ns + ns + 1;
	needed = c.alpha + (alpha < NAME_ENOUGH ? alpha : NAME_ENOUGH) + 3 +
		 (ga < NAME_ENOUGH ? ga : NAME_ENOUGH);
	/* With room to spare the figures stand apart from each other. */
	c.wide = widest(canvas) + 1;
	if (right - needed >= 2 * (c.wide + 1) + c.wide + 1)
		c.wide++;
	c.pickers = take_column(&right, needed, 2 * c.wide);
	c.pods_end = right;
	c.pods = take_column(&right, needed, c.wide < 5 ? 5 : c.wide);
	c.share = take_column(&right, needed, 6);
	names = right - c.alpha - 4;
	if (alpha + ga > names)
		alpha = ga < names / 2 ? names - ga : alpha < names / 2 ? alpha : names / 2;
	c.arrow = c.alpha + alpha + 1;
	c.ga = c.arrow + 2;
	return c;
}

/* Right edge of the GA name. */
static int
ga_end(const struct columns *c)
{
	return (c->share ? c->share : c->pods ? c->pods : c->pickers ? c->pickers : c->right);
}

static void
pools_head(const struct canvas *canvas, struct rect at)
{
	struct columns c = columns_of(canvas, at);
	struct grid *grid = canvas->grid;

	grid_fit(grid, c.ns, at.y, c.alpha - 1, ROLE_COLUMN, "NAMESPACE");
	grid_put(grid, c.alpha, at.y, c.arrow, ROLE_COLUMN, "α POOL");
	grid_put(grid, c.arrow, at.y, c.ga, ROLE_COLUMN, "→");
	grid_put(grid, c.ga, at.y, ga_end(&c), ROLE_COLUMN, "GA POOL");
	if (c.share)
		grid_put_right(grid, c.share, at.y, c.share + 6, ROLE_COLUMN, "ON GA");
	if (c.pods)
		grid_put_right(grid, c.pods, at.y, c.pods_end, ROLE_COLUMN, "PODS");
	if (c.pickers)
		grid_put_right(grid, c.pickers, at.y, c.right, ROLE_COLUMN, "PICKERS");
}

static const char *
ready_of(const struct canvas *canvas, int64_t ready, int64_t wanted, bool there)
{
	if (!there)
		return "–";
	return arena_printf(canvas->arena, "%lld/%lld", (long long)ready, (long long)wanted);
}

static enum role
ready_role(int64_t ready, int64_t wanted, bool there)
{
	if (!there)
		return ROLE_FAINT;
	return ready >= wanted && wanted > 0 ? ROLE_TEXT : ROLE_WARN;
}

static void
put_picker(const struct canvas *canvas, const struct picker_view *picker, int left, int right,
	   int y)
{
	bool there = picker->name[0] != '\0';

	grid_put_right(canvas->grid, left, y, right,
		       ready_role(picker->ready, picker->desired, there),
		       ready_of(canvas, picker->ready, picker->desired, there));
}

static void
pools_draw(const struct canvas *canvas, size_t row, struct rect at)
{
	const struct pair *pair = &canvas->snapshot->plan.pairs[row];
	struct columns c = columns_of(canvas, at);
	struct grid *grid = canvas->grid;
	bool alpha = pair->alpha_uid[0] != '\0', ga = pair->ga_uid[0] != '\0';

	grid_fit(grid, c.ns, at.y, c.alpha - 1, pair->selected ? ROLE_TEXT : ROLE_FAINT, pair->ns);
	grid_fit(grid, c.alpha, at.y, c.arrow - 1, alpha ? ROLE_ALPHA : ROLE_FAINT,
		 alpha ? pair->alpha : arena_printf(canvas->arena, "– %s", pair->alpha));
	grid_put(grid, c.arrow, at.y, c.ga, ROLE_FAINT, "→");
	grid_fit(grid, c.ga, at.y, ga_end(&c), ga ? ROLE_GA : ROLE_FAINT, ga ? pair->ga : "–");
	if (c.share)
		grid_put_right(grid, c.share, at.y, c.share + 6, ROLE_GA,
			       ga || !alpha ? words_ppm(canvas->arena, pair->written) : "–");
	if (c.pods)
		grid_put_right(grid, c.pods, at.y, c.pods_end,
			       ready_role(pair->pods_ready, pair->pods, true),
			       ready_of(canvas, pair->pods_ready, pair->pods, true));
	if (!c.pickers)
		return;
	put_picker(canvas, &pair->alpha_picker, c.pickers, c.pickers + c.wide, at.y);
	put_picker(canvas, &pair->ga_picker, c.pickers + c.wide, c.right, at.y);
}

static size_t
pools_count(const struct canvas *canvas)
{
	return canvas->snapshot->plan.pair_count;
}

static const char *
pools_name(const struct canvas *canvas, size_t row)
{
	return state_pair_name(&canvas->snapshot->plan.pairs[row], canvas->arena);
}

static bool
pools_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject)
{
	const struct pair *pair = &canvas->snapshot->plan.pairs[row];

	*subject = (struct pane_subject){ .kind = KIND_ALPHA_POOL,
					  .ns = pair->ns,
					  .name = pair->alpha };
	if (pair->alpha_uid[0] == '\0')
		*subject = (struct pane_subject){ .kind = KIND_GA_POOL,
						  .ns = pair->ns,
						  .name = pair->ga };
	return true;
}

static const char *
pools_title(const struct canvas *canvas)
{
	if (canvas->snapshot->plan.pair_count < 2)
		return "";
	return arena_printf(canvas->arena, "%zu", canvas->snapshot->plan.pair_count);
}

static const char *
pools_empty(const struct canvas *canvas)
{
	if (canvas->snapshot->plan.nothing_to_migrate)
		return "nothing to migrate: there is no InferencePool and no InferenceModel of "
		       "inference.networking.x-k8s.io";
	if (!canvas->snapshot->view[KIND_ALPHA_POOL].listed &&
	    canvas->snapshot->view[KIND_ALPHA_POOL].state == VIEW_STARTING)
		return "reading the pools of both groups";
	return "no pool of inference.networking.x-k8s.io in sight";
}
