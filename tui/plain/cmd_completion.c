#include <string.h>

#include "core/migrate/step.h"
#include "core/model/plan.h"
#include "tui/plain/cmd.h"
#include "tui/plain/page.h"

/* What stands after an option, by the word its row gives for it; the shell's own files for the
 * rest. */
static void
put_values(struct buf *page, const char *value)
{
	static const struct {
		const char *value, *words;
	} known[] = {
		{ "FORMAT", "text json markdown html" },
		{ "HOW", "auto native helm" },
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(known[i].value, value) == 0)
			buf_puts(page, known[i].words);
	for (enum step_id id = 0; strcmp(value, "STEP") == 0 && id < STEP_COUNT; id++)
		buf_printf(page, "%s%s", id > 0 ? " " : "", step_name(id));
}

/* The long options of one command, blanks before each. */
static void
put_options(struct buf *page, unsigned command)
{
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(i)) != NULL; i++)
		if ((row->commands & command) != 0)
			buf_printf(page, " --%s", row->name);
}

static void
put_commands(struct buf *page)
{
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++)
		buf_printf(page, "%s%s", row != cmd_rows ? " " : "", row->name);
}

/* The patterns of a shell's `case`: one line an option that has words of its own. */
static void
put_cases(struct buf *page)
{
	const struct option_row *row;
	struct buf words;

	buf_init(&words, BUF_KIB);
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		buf_clear(&words);
		put_values(&words, row->value != NULL ? row->value : "");
		if (words.length == 0)
			continue;
		buf_printf(page, "\t--%s", row->name);
		if (row->letter != 0)
			buf_printf(page, "|-%c", row->letter);
		buf_printf(page, ") words='%s' ;;\n", words.bytes);
	}
	buf_release(&words);
}

/* The same for the options of each command; without one they are the console's. */
static void
put_command_cases(struct buf *page)
{
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++) {
		buf_printf(page, "\t%s) words='%s", row->name,
			   row->bit == FOR_WORDS ? row->synopsis : "");
		if (row->bit != FOR_WORDS)
			put_options(page, row->bit);
		buf_puts(page, "' ;;\n");
	}
}

static void
bash(struct buf *page)
{
	buf_puts(page, "_poolshift() {\n"
		       "local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
		       "local command= words= i\n"
		       "for ((i = 1; i < COMP_CWORD; i++)); do\n"
		       "\tcase ${COMP_WORDS[i]} in\n\t");
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++)
		buf_printf(page, "%s%s", row != cmd_rows ? "|" : "", row->name);
	buf_puts(page, ") command=${COMP_WORDS[i]}; break ;;\n\tesac\ndone\ncase $before in\n");
	put_cases(page);
	buf_puts(page, "\t*) case $command in\n");
	put_command_cases(page);
	buf_puts(page, "\t*) words='");
	put_commands(page);
	put_options(page, FOR_CONSOLE);
	buf_puts(page, "' ;;\n\tesac ;;\nesac\n"
		       "words=${words//|/ }\n"
		       "words=${words//\\[COMMAND]/");
	put_commands(page);
	buf_puts(page, "}\nCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
		       "complete -o default -F _poolshift poolshift\n");
}

/* zsh runs the same function through its own emulation of bash's completion. */
static void
zsh(struct buf *page)
{
	buf_puts(page, "#compdef poolshift\nautoload -U +X bashcompinit && bashcompinit\n");
	bash(page);
}

static void
fish(struct buf *page)
{
	const struct option_row *row;
	struct buf words;

	buf_init(&words, BUF_KIB);
	for (const struct cmd *at = cmd_rows; at->name != NULL; at++)
		buf_printf(page,
			   "complete -c poolshift -n __fish_use_subcommand -f -a %s -d \"%s\"\n",
			   at->name, at->help);
	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		buf_printf(page, "complete -c poolshift -l %s -d \"%s\"", row->name, row->help);
		if (row->letter != 0)
			buf_printf(page, " -s %c", row->letter);
		buf_clear(&words);
		put_values(&words, row->value != NULL ? row->value : "");
		if (words.length > 0)
			buf_printf(page, " -x -a '%s'", words.bytes);
		else if (row->value != NULL && row->value[0] != '[')
			buf_puts(page, " -r");
		buf_putc(page, '\n');
	}
	buf_release(&words);
}

int
cmd_completion(struct options *options)
{
	static const struct {
		const char *name;
		void (*put)(struct buf *page);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
	struct buf page;
	int code = 2;

	buf_init(&page, PAGE_CAP);
	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(options->arguments[0], shells[i].name) == 0) {
			shells[i].put(&page);
			code = page_print(&page, stdout);
		}
	if (code == 2)
		page_say("poolshift: completion wants one of bash, zsh, fish");
	buf_release(&page);
	return code;
}
