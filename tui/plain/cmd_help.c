#include <stdio.h>
#include <string.h>

#include "core/migrate/step.h"
#include "tui/plain/cmd.h"
#include "tui/plain/page.h"

/* The groups of the options, in the order they are shown. */
static const struct {
	const char *name, *title;
} groups[] = {
	{ "migration", "The migration" },
	{ "kubectl", "The cluster, as kubectl" },
	{ "screen", "The screen" },
	{ "demo", "The demo cluster" },
};

static void
put_steps(struct buf *page, struct buf *rows)
{
	size_t count;
	const enum step_id *order = step_order(PATH_ZERO_DOWNTIME, &count);

	buf_puts(page, "\nSteps, in this order:\n");
	for (size_t i = 0; i < count; i++) {
		page_cell(rows, "  %s", step_row(order[i])->name);
		page_cell(rows, "%s", step_row(order[i])->title);
		page_end_row(rows);
	}
	page_table(page, rows);
}

/* The one command an option is for; NULL when there are more. */
static const struct cmd *
owner(const struct option_row *option)
{
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++)
		if (row->bit == option->commands && row->bit != FOR_DEMO)
			return row;
	return NULL;
}

static void
put_option(struct buf *rows, const struct option_row *row, unsigned commands)
{
	const char *value = row->value != NULL ? row->value : "";
	bool optional = strncmp(value, "[=", 2) == 0;
	char letter[8] = "   ";

	if (row->letter != 0)
		snprintf(letter, sizeof letter, "-%c,", row->letter);
	page_cell(rows, "  %s --%s%s%s", letter, row->name, optional || *value == '\0' ? "" : " ",
		  value);
	const struct cmd *only = commands == FOR_ALL ? owner(row) : NULL;
	page_cell(rows, "%s%s%s%s", only != NULL ? only->name : "", only != NULL ? ": " : "",
		  row->help, row->many == OPTION_MANY ? " (repeatable)" : "");
	page_end_row(rows);
}

/* The options some of `commands` take, by group. */
static void
put_options(struct buf *page, struct buf *rows, unsigned commands)
{
	const struct option_row *row;

	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
		for (size_t i = 0; (row = options_row(i)) != NULL; i++)
			if (strcmp(row->group, groups[g].name) == 0 &&
			    (row->commands & commands) != 0)
				put_option(rows, row, commands);
		if (rows->length > 0)
			buf_printf(page, "\n%s:\n", groups[g].title);
		page_table(page, rows);
	}
}

static void
put_command(struct buf *page, struct buf *rows, const struct cmd *row)
{
	buf_printf(page, "poolshift %s%s%s%s\n    %s\n", row->name,
		   *row->synopsis != '\0' ? " " : "", row->synopsis,
		   row->bit == FOR_WORDS ? "" : " [OPTIONS]", row->help);
	buf_printf(page, "\nExample%s%s:\n    poolshift %s\n",
		   *row->example_why != '\0' ? ", " : "", row->example_why, row->example);
	if (row->bit != FOR_WORDS)
		put_options(page, rows, row->bit);
}

static void
put_all(struct buf *page, struct buf *rows)
{
	buf_puts(page,
		 "poolshift moves the GKE Inference Gateway from v1alpha2 to v1 without losing a "
		 "request.\n\n"
		 "  poolshift [OPTIONS]             the console\n"
		 "  poolshift --demo[=SCENARIO]     the console on a private demo cluster\n"
		 "  poolshift COMMAND [OPTIONS]     the same without a screen\n\nCommands:\n");
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++) {
		page_cell(rows, "  %s%s%s", row->name, *row->synopsis != '\0' ? " " : "",
			  row->synopsis);
		page_cell(rows, "%s", row->help);
		page_end_row(rows);
	}
	page_table(page, rows);
	put_steps(page, rows);
	put_options(page, rows, FOR_ALL);
	buf_puts(
		page,
		"\nEvery option may stand in $XDG_CONFIG_HOME/poolshift/config.yaml under its long "
		"name.\nA switch takes =false. `poolshift help COMMAND` shows what one command "
		"takes.\n"
		"Exit codes: 0 done, 1 failed, 2 usage, 3 blocked, 4 nothing to migrate, 130 "
		"interrupted.\n");
}

int
cmd_help(struct options *options)
{
	const struct cmd *about = NULL;
	const char *name = options->argument_count > 0 ? options->arguments[0] : NULL;
	struct buf page, rows;
	struct err err = { .code = ERR_NONE };

	/* `poolshift apply --help` asks for apply's. */
	if (options->help && options->command != NULL && strcmp(options->command, "help") != 0)
		name = options->command;
	if (name != NULL && (about = cmd_want(name, &err)) == NULL) {
		page_say("poolshift: %s", err.text);
		return 2;
	}
	buf_init(&page, PAGE_CAP);
	buf_init(&rows, PAGE_CAP);
	if (about != NULL)
		put_command(&page, &rows, about);
	else
		put_all(&page, &rows);
	int code = page_print(&page, stdout);
	buf_release(&page);
	buf_release(&rows);
	return code;
}
