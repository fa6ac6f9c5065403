#include <string.h>

#include "tui/screen/pane.h"

static size_t objectives_count(const struct canvas *canvas);
static const char *objectives_name(const struct canvas *canvas, size_t row);
static void objectives_draw(const struct canvas *canvas, size_t row, struct rect at);
static bool
objectives_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject);
static const char *objectives_empty(const struct canvas *canvas);
static const char *objectives_title(const struct canvas *canvas);

static const enum kind objectives_kinds[] = { KIND_MODEL, KIND_OBJECTIVE, KIND_COUNT };

const struct pane pane_objectives = {
	.id = PANE_OBJECTIVES,
	.name = "Objectives",
	.help = "models of the α pool with their criticality, and the priority of the objective "
		"that carries each over; * was chosen (e) and is not what the criticality means",
	.kinds = objectives_kinds,
	.cell = 38,
	.title = objectives_title,
	.count = objectives_count,
	.row_name = objectives_name,
	.draw_row = objectives_draw,
	.subject = objectives_subject,
	.empty = objectives_empty,
};

static const struct plan_model *
model_of(const struct canvas *canvas, size_t row)
{
	return &state_pair(canvas->ui, canvas->snapshot)->models[row];
}

static void
objectives_draw(const struct canvas *canvas, size_t row, struct rect at)
{
	const struct plan_model *model = model_of(canvas, row);
	struct grid *grid = canvas->grid;
	const char *prio = arena_printf(canvas->arena, "prio %lld%s", (long long)model->priority,
					model->asked && !model->carried ? " *" : "");
	int right = at.x + at.w - 1, tail = at.w >= 36 ? 22 : at.w >= 24 ? 9 : 0;
	int start = right - tail;

	grid_put(grid, at.x + 1, at.y, right, model->carried ? ROLE_GOOD : ROLE_FAINT,
		 model->carried ? "✓" : "·");
	grid_fit(grid, at.x + 3, at.y, start - 1, ROLE_TEXT, model->name);
	if (tail == 22) {
		grid_fit(grid, start, at.y, start + 9, ROLE_ALPHA,
			 model->criticality[0] == '\0' ? "unset" : model->criticality);
		start = grid_put(grid, start + 10, at.y, right, ROLE_FAINT, "→ ");
	}
	if (tail > 0)
		grid_put(grid, start, at.y, right + 1, model->carried ? ROLE_GA : ROLE_FAINT, prio);
}

static size_t
objectives_count(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);

	return pair == NULL ? 0 : pair->model_count;
}

static const char *
objectives_name(const struct canvas *canvas, size_t row)
{
	return model_of(canvas, row)->name;
}

static bool
objectives_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject)
{
	const struct plan_model *model = model_of(canvas, row);

	*subject = (struct pane_subject){ .kind = model->carried ? KIND_OBJECTIVE : KIND_MODEL,
					  .ns = state_pair(canvas->ui, canvas->snapshot)->ns,
					  .name = model->carried ? model->objective : model->name };
	return true;
}

static const char *
objectives_title(const struct canvas *canvas)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	size_t carried = 0;

	if (pair == NULL || pair->model_count == 0)
		return "";
	for (size_t i = 0; i < pair->model_count; i++)
		carried += pair->models[i].carried;
	return arena_printf(canvas->arena, "%zu of %zu carried", carried, pair->model_count);
}

static const char *
objectives_empty(const struct canvas *canvas)
{
	if (canvas->snapshot->view[KIND_MODEL].state == VIEW_STARTING)
		return "reading the models";
	if (state_pair(canvas->ui, canvas->snapshot) == NULL)
		return "–";
	return canvas->snapshot->view[KIND_MODEL].state == VIEW_NOT_INSTALLED
		       ? "no models to carry: InferenceModel is not installed"
		       : "no InferenceModel belongs to this pool";
}
