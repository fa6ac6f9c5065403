#include <stdio.h>
#include <string.h>

#include "core/migrate/step.h"
#include "tui/plain/command_row.h"

static void
print_steps(void)
{
	size_t		    count;
	const enum step_id *order = step_order(PATH_ZERO_DOWNTIME, &count);

	puts("\nSteps:");
	for (size_t i = 0; i < count; i++)
		printf("  %-12s %s\n", step_row(order[i])->name, step_row(order[i])->title);
}

static void
print_options(void)
{
	const struct option_row *row;
	char			 words[64];

	puts("\nOptions:");
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		const char *value = row->value != NULL ? row->value : "";

		snprintf(words, sizeof words, "--%s%s%s", row->name,
			 *value == '\0' || strncmp(value, "[=", 2) == 0 ? "" : " ", value);
		if (row->letter != 0)
			printf("  -%c, %-28s %s\n", row->letter, words, row->help);
		else
			printf("      %-28s %s\n", words, row->help);
	}
}

int
cmd_help(struct options *options)
{
	const char *about = options->argument_count > 0 ? options->arguments[0] : NULL;

	if (about != NULL) {
		const struct command_row *row = command_row_find(about);

		if (row == NULL) {
			fprintf(stderr, "poolshift: there is no command \"%s\"; see `poolshift help`\n", about);
			return 2;
		}
		printf("poolshift %s %s\n  %s\n", row->name, row->synopsis, row->help);
		print_options();
		return 0;
	}
	puts("poolshift [OPTIONS]           the console\n"
	     "poolshift --demo[=SCENARIO]   the console on a private demo cluster\n"
	     "poolshift COMMAND [OPTIONS]\n\nCommands:");
	for (const struct command_row *row = command_rows; row->name != NULL; row++) {
		char words[40];

		snprintf(words, sizeof words, "%s %s", row->name, row->synopsis);
		printf("  %-26s %s\n", words, row->help);
	}
	print_steps();
	print_options();
	puts("\nExit codes: 0 done, 1 failed, 2 usage, 3 blocked, 4 nothing to migrate, 130 interrupted.");
	return 0;
}
