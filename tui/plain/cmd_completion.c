#include <stdio.h>
#include <string.h>

#include "tui/plain/command_row.h"

static void
print_words(const char *before_option)
{
	const struct option_row *row;

	for (const struct command_row *command = command_rows; command->name != NULL; command++)
		printf("%s ", command->name);
	for (size_t i = 0; (row = options_row(i)) != NULL; i++)
		printf("%s%s ", before_option, row->name);
}

static void
print_bash(void)
{
	printf("_poolshift() {\n\tCOMPREPLY=($(compgen -W '");
	print_words("--");
	puts("' -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -o default -F _poolshift poolshift");
}

static void
print_zsh(void)
{
	printf("#compdef poolshift\n_poolshift() {\n\tcompadd -- ");
	print_words("--");
	puts("\n}\ncompdef _poolshift poolshift");
}

static void
print_fish(void)
{
	const struct option_row *row;

	for (const struct command_row *command = command_rows; command->name != NULL; command++)
		printf("complete -c poolshift -n __fish_use_subcommand -a %s -d '%s'\n", command->name,
		       command->help);
	for (size_t i = 0; (row = options_row(i)) != NULL; i++)
		printf("complete -c poolshift -l %s -d \"%s\"\n", row->name, row->help);
}

int
cmd_completion(struct options *options)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = { { "bash", print_bash }, { "zsh", print_zsh }, { "fish", print_fish } };

	for (size_t i = 0; options->argument_count == 1 && i < sizeof shells / sizeof shells[0]; i++)
		if (strcmp(options->arguments[0], shells[i].name) == 0) {
			shells[i].print();
			return 0;
		}
	fputs("poolshift: completion wants one of bash, zsh, fish\n", stderr);
	return 2;
}
