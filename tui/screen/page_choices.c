/* What can be chosen for the selected pair, and how it is chosen now. */
#include <string.h>

#include "tui/screen/choose.h"
#include "tui/screen/page.h"

static const char *const titles[] = {
	[CHOICE_PRIORITY] = "Priorities of the objectives (step objectives)",
	[CHOICE_CARRY] = "What of the old picker every new one gets, too (step pool)",
	[CHOICE_ROUTES] = "Routes and their keepers",
	[CHOICE_MANAGED] = "Routes and their keepers",
	[CHOICE_ORPHAN] = "InferenceModels whose pool is missing (step cleanup)",
};

#define LABEL_WIDTH 34

static void
add_row(const struct canvas *canvas, const struct choice_row *row, bool lit,
	struct page_lines *lines)
{
	const char *mark = row->what == CHOICE_PRIORITY ? row->value : row->on ? "[x]" : "[ ]";
	const char *lead =
		arena_printf(canvas->arena, "%s %-5s%s", lit ? "▸" : " ", mark, row->label);

	if (lit)
		lines->lit = lines->count + 1;
	page_add_lead(lines,
		      lit          ? ROLE_SELECTED
		      : row->fixed ? ROLE_FAINT
				   : ROLE_TEXT,
		      lead, LABEL_WIDTH, row->fixed ? ROLE_FAINT : ROLE_TEXT, row->help);
}

void
page_choices_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct pair *pair = state_pair(canvas->ui, canvas->snapshot);
	const char *options = canvas->snapshot->choices.options, *title = "";
	size_t count, cursor = (size_t)canvas->ui->page.cursor;
	const struct choice_row *rows = choose_rows(canvas, &count);

	if (pair == NULL) {
		page_add(lines, ROLE_TEXT, "there is no pair yet: nothing to choose for");
		return;
	}
	page_add(lines, ROLE_FAINT,
		 arena_printf(canvas->arena,
			      "For %s/%s. Nothing is written here: the preview of the step named "
			      "shows it first.",
			      pair->ns, pair->alpha));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(title, titles[rows[i].what]) != 0) {
			title = titles[rows[i].what];
			page_add(lines, ROLE_TITLE, title);
		}
		add_row(canvas, &rows[i], i == (cursor < count ? cursor : count - 1), lines);
	}
	page_add(lines, ROLE_FAINT,
		 options[0] == '\0'
			 ? "Nothing was chosen besides what is usual."
			 : arena_printf(canvas->arena,
					"Chosen for as long as this console runs. The same on a "
					"command line: %s",
					options));
}
