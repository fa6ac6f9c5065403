#include "tui/option_row.h"

#include <stdint.h>
#include <string.h>

#include "core/base/config.h"
#include "core/base/file.h"
#include "core/base/nearest.h"
#include "core/base/proc.h"
#include "core/migrate/sealed.h"
#include "tui/screen/keymap.h"

#define WORDS_MAX 4096 /* most words on one command line */
#define NO_ROW    SIZE_MAX
#define KEYS_CAP  (16 * BUF_KIB)

static size_t
find_long(const char *name, size_t length)
{
	for (size_t i = 0; option_rows[i].row.name != NULL; i++)
		if (strncmp(option_rows[i].row.name, name, length) == 0 &&
		    option_rows[i].row.name[length] == '\0')
			return i;
	return NO_ROW;
}

static size_t
find_letter(char letter)
{
	for (size_t i = 0; option_rows[i].row.name != NULL; i++)
		if (letter != '\0' && option_rows[i].row.letter == letter)
			return i;
	return NO_ROW;
}

/* What is said of a name that is none; `length` bytes of `word`, which is shown with `dashes`. */
static bool
refuse_name(const char *dashes, const char *word, size_t length, struct err *err)
{
	struct nearest nearest;

	nearest_init(&nearest, word, length);
	for (size_t i = 0; option_rows[i].row.name != NULL; i++)
		nearest_try(&nearest, option_rows[i].row.name);
	if (nearest_name(&nearest) != NULL)
		return err_set(err, ERR_INPUT, "there is no option %s%.*s; did you mean %s%s?",
			       dashes, (int)length, word, dashes, nearest_name(&nearest));
	return err_set(err, ERR_INPUT, "there is no option %s%.*s; see `poolshift help`", dashes,
		       (int)length, word);
}

/* One word that starts with '-'; takes the next word too when the option wants a value. */
static bool
read_word(struct option_given *given, int argc, const char *const *argv, int *at, struct err *err)
{
	const char *word = argv[*at], *value = NULL;
	bool is_long = word[1] == '-';
	size_t length = is_long ? strcspn(word + 2, "=") : 1;
	size_t index = is_long ? find_long(word + 2, length) : find_letter(word[1]);

	if (index == NO_ROW)
		return is_long ? refuse_name("--", word + 2, length, err)
			       : err_set(err, ERR_INPUT,
					 "there is no option %s; see `poolshift help`", word);
	const struct option_row *row = &option_rows[index].row;
	bool optional = row->value == NULL || strncmp(row->value, "[=", 2) == 0;
	if (is_long && word[2 + length] == '=')
		value = word + 2 + length + 1;
	else if (!is_long && word[2] != '\0' && row->value != NULL)
		value = word + 2;
	else if (!is_long && word[2] != '\0')
		return err_set(err, ERR_INPUT, "there is no option %s; write -%c alone", word,
			       word[1]);
	else if (!optional && *at + 1 < argc)
		value = argv[++*at];
	if (value == NULL && !optional)
		return err_set(err, ERR_INPUT, "--%s wants %s: %s", row->name, row->value,
			       row->help);
	*given = (struct option_given){ .row = index, .value = value };
	return true;
}

bool
options_parse(struct options *options, int argc, const char *const *argv, struct err *err)
{
	*options = (struct options){ .through = STEP_COUNT,
				     .to = STEP_COUNT,
				     .seed = -1,
				     .speed = 1.0,
				     .settings = settings_default() };
	arena_init(&options->arena);
	options->session.user_agent = "poolshift/" PACKAGE_VERSION " (linux)";
	if (argc > WORDS_MAX)
		return err_set(err, ERR_INPUT, "there are more than %d words", WORDS_MAX);
	size_t room = (size_t)argc + 1;
	const char **arguments = arena_array(&options->arena, room, sizeof *arguments);
	struct option_given *given = arena_array(&options->arena, room, sizeof *given);
	bool words_only = false;

	options->arguments = arguments;
	options->given = given;
	for (int i = 1; i < argc; i++) {
		struct option_given *next = &given[options->given_count];

		if (!words_only && strcmp(argv[i], "--") == 0) {
			words_only = true;
		} else if (!words_only && argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!read_word(next, argc, argv, &i, err))
				return false;
			options->help |= strcmp(option_rows[next->row].row.name, "help") == 0;
			options->given_count++;
		} else if (options->command == NULL) {
			options->command = argv[i];
		} else {
			arguments[options->argument_count++] = argv[i];
		}
	}
	return true;
}

/* A value is the end of a word, or all of it. */
static void
cover(int argc, char **argv, const char *value)
{
	size_t length = strlen(value), key = strcspn(value, "=");

	for (int i = 1; i < argc; i++) {
		char *end = argv[i] + strlen(argv[i]);

		if (end == value + length && key < length)
			memset(end - (length - key) + 1, '*', length - key - 1);
	}
}

void
options_hide(struct options *options, int argc, char **argv)
{
	for (size_t i = 0; i < options->given_count; i++) {
		struct option_given *given = &options->given[i];
		const char *value = given->value;

		if (strcmp(option_rows[given->row].row.name, "set") != 0 ||
		    sealed_word(value, &options->arena) == value)
			continue;
		given->value = arena_string(&options->arena, value);
		cover(argc, argv, value);
	}
}

static bool
is_given(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->given_count; i++)
		if (name != NULL && strcmp(option_rows[options->given[i].row].row.name, name) == 0)
			return true;
	return false;
}

/* One entry of the file, as the words --NAME VALUE would be. */
static bool
take_entry(struct parsing *parsing, const struct config_entry *entry, struct err *err)
{
	const struct row *row;
	size_t index = find_long(entry->name, strlen(entry->name));
	bool ok = true;

	if (index == NO_ROW)
		return refuse_name("", entry->name, strlen(entry->name), err);
	row = &option_rows[index];
	if (is_given(parsing->options, row->row.name) || is_given(parsing->options, row->rival))
		return true;
	if (entry->list && row->row.many == OPTION_ONCE)
		return err_set(err, ERR_INPUT, "it takes one value, and a list stands there");
	if (!entry->list || row->row.many == OPTION_LIST)
		return row->take(parsing, entry->value, err);
	for (size_t i = 0; ok && i < entry->item_count; i++)
		ok = row->take(parsing, entry->items[i], err);
	return ok;
}

static bool
check_action(const char *name, struct err *err)
{
	struct nearest nearest;

	if (keymap_by_name(name) != ACTION_COUNT)
		return true;
	nearest_init(&nearest, name, strlen(name));
	for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
		nearest_try(&nearest, keymap_row(action)->name);
	if (nearest_name(&nearest) == NULL)
		return err_set(err, ERR_INPUT,
			       "the console has no such action; its help page (?) lists them");
	return err_set(err, ERR_INPUT, "the console has no such action; did you mean %s?",
		       nearest_name(&nearest));
}

/* Adds the line of an action; the keymap is tried with every line, so that a fault has its place.
 */
static bool
take_key(struct buf *lines, const struct config_entry *entry, struct err *err)
{
	struct keymap keymap;

	if (!check_action(entry->name, err))
		return false;
	buf_printf(lines, "%s: %s", entry->name, entry->list ? "" : entry->value);
	for (size_t i = 0; i < entry->item_count; i++)
		buf_printf(lines, "%s%s", i > 0 ? " " : "", entry->items[i]);
	buf_putc(lines, '\n');
	keymap_init(&keymap);
	return keymap_configure(&keymap, lines->bytes, err);
}

static bool
take_section(struct parsing *parsing, const struct config_entry *entry, struct buf *keys,
	     struct err *err)
{
	if (entry->section == NULL && strcmp(entry->name, "keys") == 0)
		return err_set(err, ERR_INPUT, "write ACTION: KEY, a line each below it");
	if (entry->section == NULL)
		return take_entry(parsing, entry, err);
	if (strcmp(entry->section, "keys") == 0)
		return take_key(keys, entry, err);
	return err_set(err, ERR_INPUT, "%s takes no such lines; only keys does", entry->section);
}

/* What the file says, but for what the command line says too. Without a home there is no file. */
static bool
take_config(struct parsing *parsing, struct err *err)
{
	struct config config = { .count = 0 };
	struct buf path, keys;

	buf_init(&path, 8 * BUF_KIB);
	buf_init(&keys, KEYS_CAP);
	bool ok = !file_config_folder(&path, NULL);
	if (!ok) {
		buf_puts(&path, "/config.yaml");
		ok = config_read(&config, path.bytes, &parsing->options->arena, err);
	}
	for (size_t i = 0; ok && i < config.count; i++)
		ok = take_section(parsing, &config.entries[i], &keys, err) ||
		     config_blame(&config, &config.entries[i], err);
	if (keys.length > 0)
		parsing->options->keys_text = arena_string(&parsing->options->arena, keys.bytes);
	buf_release(&path);
	buf_release(&keys);
	return ok;
}

/* An option of one command alone, given to another, was meant for something else. */
static bool
check_fit(const struct options *options, unsigned command, struct err *err)
{
	for (size_t i = 0; i < options->given_count; i++) {
		const struct option_row *row = &option_rows[options->given[i].row].row;
		bool shared =
			(row->commands & (row->commands - 1)) != 0 || row->commands == FOR_CONSOLE;

		if (shared || (row->commands & command) != 0 ||
		    (row->commands == FOR_DEMO && is_given(options, "demo")))
			continue;
		return err_set(err, ERR_INPUT,
			       "--%s is not an option of this command; see `poolshift help%s%s`",
			       row->name, options->command != NULL ? " " : "",
			       options->command != NULL ? options->command : "");
	}
	bool is_plan = options->output == OUTPUT_YAML || options->output == OUTPUT_RBAC;
	if (is_plan && command != FOR_PLAN)
		return err_set(err, ERR_INPUT,
			       "--output: yaml and rbac are forms of the plan; use text or json");
	if (options->output > OUTPUT_JSON && !is_plan && command != FOR_REPORT)
		return err_set(
			err, ERR_INPUT,
			"--output: markdown and html are forms of the report; use text or json");
	return true;
}

/* What can only be settled once all was read. */
static bool
finish(struct parsing *parsing, struct err *err)
{
	struct options *options = parsing->options;
	struct buf text;
	bool ok = true;

	if (parsing->pool_count > 0)
		options->settings.pools = parsing->pools;
	if (parsing->group_count > 0)
		options->session.as_groups = parsing->groups;
	if (parsing->set_count > 0)
		options->settings.sets = parsing->sets;
	if (parsing->orphan_count > 0)
		options->settings.orphans = parsing->orphans;
	options->settings.priorities = parsing->priorities;
	/* As kubectl: all namespaces, whatever stands beside it. */
	if (options->all_namespaces)
		options->session.ns = options->settings.ns = NULL;
	if (options->settings.ga_name != NULL && parsing->pool_count != 1)
		return err_set(err, ERR_INPUT, "--ga-name goes with exactly one --pool");
	buf_init(&text, 16 * BUF_MIB);
	if (parsing->bundle != NULL) {
		ok = session_read_bundle(parsing->bundle, &text, err) || err_wrap(err, "--bundle");
		options->settings.bundle = arena_bytes(&options->arena, text.bytes, text.length);
		options->settings.bundle_name = parsing->bundle;
	}
	buf_clear(&text);
	if (proc_find("helm", &text))
		options->settings.helm = arena_string(&options->arena, text.bytes);
	buf_clear(&text);
	if (ok && options->settings.state_folder == NULL) {
		ok = file_state_folder(&text, err);
		options->settings.state_folder = arena_string(&options->arena, text.bytes);
	}
	buf_release(&text);
	return ok;
}

bool
options_settle(struct options *options, unsigned command, struct err *err)
{
	struct parsing parsing = { .options = options };
	bool speaks_only = command == FOR_WORDS || options->help;

	parsing.pools = arena_array(&options->arena, OPTION_LIST_MAX, sizeof *parsing.pools);
	parsing.groups = arena_array(&options->arena, OPTION_LIST_MAX, sizeof *parsing.groups);
	parsing.sets = arena_array(&options->arena, OPTION_LIST_MAX, sizeof *parsing.sets);
	parsing.orphans = arena_array(&options->arena, OPTION_LIST_MAX, sizeof *parsing.orphans);
	parsing.priorities =
		arena_array(&options->arena, OPTION_LIST_MAX + 1, sizeof *parsing.priorities);
	parsing.ramp = arena_array(&options->arena, OPTION_LIST_MAX + 1, sizeof *parsing.ramp);
	if (!speaks_only && !take_config(&parsing, err))
		return false;
	for (size_t i = 0; i < options->given_count; i++) {
		const struct option_given *given = &options->given[i];
		const struct row *row = &option_rows[given->row];

		if (!row->take(&parsing, given->value, err))
			return err_wrap(err, "--%s", row->row.name);
	}
	return speaks_only || (check_fit(options, command, err) && finish(&parsing, err));
}

void
options_release(struct options *options)
{
	arena_release(&options->arena);
}
