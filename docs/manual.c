/* manual - writes poolshift(1): the frame given as its argument, filled in from the program's
 * tables.
 *
 * A line of the frame that is `@NAME@` is replaced by the table of that name, `@VERSION@` anywhere
 * by the version. Run by make; what it prints is plain man(7), ASCII only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/demo/demo.h"
#include "core/migrate/step.h"
#include "tui/options.h"
#include "tui/plain/cmd.h"
#include "tui/screen/keymap.h"

/* Text as roff reads it back: nothing in it is a request or an escape. */
static void
put(const char *text)
{
	while (*text != '\0') {
		uint32_t rune;
		size_t length = utf8_decode(text, strlen(text), &rune);

		if (rune > 0x7e)
			printf("\\[u%04X]", (unsigned)rune);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\'')
			fputs("\\(aq", stdout);
		else
			putchar(*text);
		text += length > 0 ? length : 1;
	}
}

/* A paragraph under a name in bold, with what stands behind the name in italics. */
static void
put_item(const char *letter, const char *name, const char *value, const char *help)
{
	fputs(".TP\n\\fB", stdout);
	put(letter);
	put(name);
	fputs("\\fP\\fI", stdout);
	put(value);
	fputs("\\fP\n", stdout);
	put(help);
	putchar('\n');
}

static void
put_commands(void)
{
	for (const struct cmd *row = cmd_rows; row->name != NULL; row++) {
		char synopsis[64];

		snprintf(synopsis, sizeof synopsis, "%s%s", *row->synopsis != '\0' ? " " : "",
			 row->synopsis);
		put_item("", row->name, synopsis, row->help);
		fputs(".br\nExample: \\fBpoolshift ", stdout);
		put(row->example);
		fputs("\\fP\n", stdout);
	}
}

static void
put_steps(void)
{
	size_t count;
	const enum step_id *order = step_order(PATH_ZERO_DOWNTIME, &count);

	for (size_t i = 0; i < count; i++) {
		const struct step *row = step_row(order[i]);

		put_item("", row->name,
			 row->scope == SCOPE_CLUSTER ? " (of the cluster)" : " (of a pool)",
			 row->help);
		fputs("Undo: ", stdout);
		put(row->undo);
		fputs(".\n", stdout);
	}
}

static void
put_options(void)
{
	const struct option_row *row;

	for (size_t i = 0; (row = options_row(i)) != NULL; i++) {
		char letter[16] = "", name[64], value[64];
		bool apart = row->value != NULL && strncmp(row->value, "[=", 2) != 0;

		if (row->letter != 0)
			snprintf(letter, sizeof letter, "-%c, ", row->letter);
		snprintf(name, sizeof name, "--%s", row->name);
		snprintf(value, sizeof value, "%s%s", apart ? " " : "",
			 row->value != NULL ? row->value : "");
		put_item(letter, name, value, row->help);
		if (row->many == OPTION_MANY)
			puts("(repeatable)");
	}
}

static void
put_keys(void)
{
	struct keymap keymap;

	keymap_init(&keymap);
	for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
		char keys[64], value[80];

		keymap_keys(&keymap, action, true, keys, sizeof keys);
		snprintf(value, sizeof value, "  %s", keys);
		put_item("", keymap_row(action)->name, value, keymap_row(action)->help);
	}
}

static void
put_scenarios(void)
{
	size_t count;
	const struct demo_scenario *scenarios = demo_scenario_list(&count);

	for (size_t i = 0; i < count; i++)
		put_item("", scenarios[i].name, "", scenarios[i].help);
}

static const struct {
	const char *name;
	void (*put)(void);
} tables[] = {
	{ "@COMMANDS@", put_commands },   { "@STEPS@", put_steps },
	{ "@OPTIONS@", put_options },     { "@KEYS@", put_keys },
	{ "@SCENARIOS@", put_scenarios },
};

static void
put_line(const char *line)
{
	const char *version = strstr(line, "@VERSION@");

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (strcmp(tables[i].name, line) == 0) {
			tables[i].put();
			return;
		}
	if (version != NULL)
		printf("%.*s%s%s\n", (int)(version - line), line, PACKAGE_VERSION,
		       version + strlen("@VERSION@"));
	else
		puts(line);
}

int
main(int argc, char **argv)
{
	struct buf frame;
	struct err err = { .text = "there is one argument: the frame" };
	char *rest, *line;

	buf_init(&frame, BUF_MIB);
	if (argc != 2 || !file_read(argv[1], BUF_MIB, &frame, &err)) {
		fprintf(stderr, "manual: %s\n", err.text);
		return 1;
	}
	for (rest = frame.bytes; (line = strsep(&rest, "\n")) != NULL && rest != NULL;)
		put_line(line);
	buf_release(&frame);
	return fflush(stdout) != 0 || ferror(stdout);
}
