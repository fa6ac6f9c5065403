#include "core/migrate/step.h"
#include "tui/screen/page.h"
#include "tui/screen/pane.h"
#include "tui/screen/prompt.h"

static void
add_keys(const struct canvas *canvas, struct page_lines *lines)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		char keys[128];

		keymap_keys(&canvas->ui->keymap, (enum action)i, true, keys, sizeof(keys));
		page_add_lead(lines, ROLE_KEY, arena_string(canvas->arena, keys), 18, ROLE_TEXT,
			      keymap_row((enum action)i)->help);
	}
}

/* Walks the tables: keys, steps, panes, commands, kinds, roles. */
void
page_help_build(const struct canvas *canvas, struct page_lines *lines)
{
	struct step_view steps[STEP_COUNT];
	size_t count = state_steps(canvas->ui, canvas->snapshot, steps);
	const struct prompt_row *command;

	page_add(lines, ROLE_TITLE, "Keys");
	add_keys(canvas, lines);
	page_add_lead(lines, ROLE_KEY, "0-9 .", 18, ROLE_TEXT,
		      "with the slider in focus: an exact share of GA in percent");
	page_add(lines, ROLE_TEXT, "");
	page_add(lines, ROLE_TITLE, "Steps, each with its own key");
	for (size_t i = 0; i < count; i++) {
		const struct step *row = step_row(steps[i].id);

		page_add_lead(lines, ROLE_KEY,
			      arena_printf(canvas->arena, "%c  %s", row->key, row->name), 18,
			      ROLE_TEXT, row->title);
		page_add_lead(lines, ROLE_FAINT, "", 18, ROLE_FAINT, row->help);
		page_add_lead(lines, ROLE_FAINT, "", 18, ROLE_FAINT,
			      arena_printf(canvas->arena, "undo: %s", row->undo));
	}
	page_add(lines, ROLE_TEXT, "");
	page_add(lines, ROLE_TITLE, "Panes");
	for (int i = 0; i < PANE_COUNT; i++)
		page_add_lead(lines, ROLE_KEY,
			      arena_printf(canvas->arena, "%d  %s", i + 1,
					   pane_row((enum pane_id)i)->name),
			      18, ROLE_TEXT, pane_row((enum pane_id)i)->help);
	page_add(lines, ROLE_TEXT, "");
	page_add(lines, ROLE_TITLE, "Commands after :");
	for (size_t i = 0; (command = prompt_command(i)) != NULL; i++)
		page_add_lead(
			lines, ROLE_KEY,
			arena_printf(canvas->arena, "%s %s", command->name, command->argument), 26,
			ROLE_TEXT, command->help);
	page_add_lead(lines, ROLE_KEY, "ACTION, STEP", 26, ROLE_TEXT,
		      "any action of the configuration's keys:, any step, by its name");
	page_add(lines, ROLE_TEXT, "");
	page_add(lines, ROLE_TITLE, "Colours, by the role a theme gives a style to");
	for (int i = 0; i < ROLE_COUNT; i++)
		page_add_lead(lines, (enum role)i, role_row((enum role)i)->name, 18, ROLE_TEXT,
			      role_row((enum role)i)->help);
	page_add(lines, ROLE_TEXT, "");
	page_add(lines, ROLE_FAINT,
		 "Mouse: click a pane or a row, drag the slider, click the bar. Shift leaves "
		 "selecting text to the terminal.");
}
