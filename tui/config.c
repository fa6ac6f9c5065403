#include "tui/config.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/base/yaml.h"
#include "tui/screen/keymap.h"

#define CONFIG_CAP (256 * BUF_KIB)
#define KEYS_CAP   (16 * BUF_KIB)

/* The line `name` stands on as a key, at `from` or later; YAML values keep no place of their own,
 * and a name that is written oddly has the line it began to be looked for on. */
static int
line_of(const char *text, int from, const char *name)
{
	size_t length = strlen(name);
	int number = 1;

	for (const char *at = text; *at != '\0'; number++) {
		const char *word = at + strspn(at, " \t{'\"");
		const char *after = word + length;

		if (number >= from && strncmp(word, name, length) == 0 &&
		    after[strspn(after, "'\" \t")] == ':')
			return number;
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return from;
}

static bool
blame(const struct config *config, int line, const char *name, struct err *err)
{
	return err_wrap(err, "%s line %d: %s", config->path, line, name);
}

bool
config_blame(const struct config *config, const struct config_entry *entry, struct err *err)
{
	return blame(config, entry->line, entry->name, err);
}

/* A value as the words of the command line would give it; NULL with err when it is none. */
static const char *
scalar(struct arena *arena, const struct json *value, struct err *err)
{
	switch (json_type(value)) {
	case JSON_STRING:
		return arena_string(arena, json_string(value));
	case JSON_BOOL:
		return json_bool(value, false) ? "true" : "false";
	case JSON_NULL:
		err_set(err, ERR_INPUT, "it has no value");
		return NULL;
	case JSON_NUMBER:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	err_set(err, ERR_INPUT, "write one value, or a list of values");
	return NULL;
}

static bool
read_list(struct arena *arena, const struct json *list, const char *comma,
	  struct config_entry *entry, struct err *err)
{
	const char **items = arena_array(arena, json_count(list) + 1, sizeof *items);
	struct buf joined;
	bool ok = true;

	entry->items = items;
	buf_init(&joined, CONFIG_CAP);
	for (const struct json *item = json_first(list); ok && item != NULL;
	     item = json_next(item)) {
		const char *text = scalar(arena, item, err);

		ok = text != NULL;
		if (ok)
			buf_printf(&joined, "%s%s", entry->item_count > 0 ? comma : "", text);
		items[entry->item_count++] = text;
	}
	entry->value = arena_string(arena, joined.bytes);
	buf_release(&joined);
	return ok;
}

static bool
read_entry(struct arena *arena, const struct json *member, const char *comma,
	   struct config_entry *entry, struct err *err)
{
	entry->name = arena_string(arena, json_key(member));
	entry->list = json_type(member) == JSON_ARRAY;
	if (entry->list)
		return read_list(arena, member, comma, entry, err);
	entry->value = scalar(arena, member, err);
	return entry->value != NULL;
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

/* The lines of keymap_configure(). Each is tried alone, so that the message can name its place. */
static bool
read_keys(struct arena *arena, const struct json *keys, const char *text, struct config *config,
	  struct err *err)
{
	int line = line_of(text, 1, "keys");
	struct keymap keymap;
	struct buf all;
	bool ok = true;

	if (json_type(keys) != JSON_OBJECT)
		return err_set(err, ERR_INPUT, "%s line %d: keys: write ACTION: KEY, a line each",
			       config->path, line);
	buf_init(&all, KEYS_CAP);
	for (const struct json *key = json_first(keys); ok && key != NULL; key = json_next(key)) {
		struct config_entry entry = { .line = line_of(text, line + 1, json_key(key)) };

		ok = read_entry(arena, key, " ", &entry, err) && check_action(entry.name, err);
		buf_printf(&all, "%s: %s\n", entry.name, ok ? entry.value : "");
		keymap_init(&keymap);
		ok = (ok && keymap_configure(&keymap, all.bytes, err)) ||
		     blame(config, entry.line, entry.name, err);
	}
	config->keys_text = arena_string(arena, all.bytes);
	buf_release(&all);
	return ok;
}

static bool
read_text(struct arena *arena, const struct buf *text, struct config *config, struct err *err)
{
	struct json *root = yaml_parse(text->bytes, text->length, config->path, YAML_STRINGS, err);
	struct config_entry *entries;
	bool ok = true;

	if (root == NULL)
		return false;
	if (json_type(root) != JSON_OBJECT && json_type(root) != JSON_NULL) {
		json_free(root);
		return err_set(err, ERR_INPUT, "%s: write OPTION: VALUE, a line each",
			       config->path);
	}
	config->entries = entries = arena_array(arena, json_count(root) + 1, sizeof *entries);
	for (const struct json *at = json_first(root); ok && at != NULL; at = json_next(at)) {
		struct config_entry *entry = &entries[config->count];

		if (strcmp(json_key(at), "keys") == 0) {
			ok = read_keys(arena, at, text->bytes, config, err);
			continue;
		}
		entry->line = line_of(text->bytes, 1, json_key(at));
		ok = read_entry(arena, at, ",", entry, err) || config_blame(config, entry, err);
		config->count++;
	}
	json_free(root);
	return ok;
}

bool
config_read(struct arena *arena, struct config *config, struct err *err)
{
	struct buf path, text;
	bool ok = true;

	*config = (struct config){ .path = "" };
	buf_init(&path, 8 * BUF_KIB);
	buf_init(&text, CONFIG_CAP);
	if (!file_config_folder(&path, NULL))
		goto out;
	buf_puts(&path, "/config.yaml");
	config->path = arena_string(arena, path.bytes);
	if (file_exists(config->path))
		ok = file_read(config->path, CONFIG_CAP, &text, err) &&
		     read_text(arena, &text, config, err);
out:
	buf_release(&path);
	buf_release(&text);
	return ok;
}
