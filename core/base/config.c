#include "core/base/config.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/yaml.h"

#define CONFIG_CAP   (256 * BUF_KIB)
#define CONFIG_LINES 4096 /* most entries */

struct reading {
	struct config *config;
	struct config_entry *entries;
	struct arena *arena;
	const char *text;
};

/* The line `name` stands on as a key, at `from` or later. YAML values keep no place of their own; a
 * name that is written oddly has the line it began to be looked for on. */
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

bool
config_blame(const struct config *config, const struct config_entry *entry, struct err *err)
{
	return err_wrap(err, "%s line %d: %s", config->path, entry->line, entry->name);
}

/* A value as the words of a command line would give it; NULL with err when it is none. */
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
read_list(struct arena *arena, const struct json *list, struct config_entry *entry, struct err *err)
{
	const char **items = arena_array(arena, json_count(list) + 1, sizeof *items);
	struct buf joined;
	bool ok = true;

	entry->list = true;
	entry->items = items;
	buf_init(&joined, CONFIG_CAP);
	for (const struct json *item = json_first(list); ok && item != NULL;
	     item = json_next(item)) {
		const char *text = scalar(arena, item, err);

		ok = text != NULL;
		if (ok)
			buf_printf(&joined, "%s%s", entry->item_count > 0 ? "," : "", text);
		items[entry->item_count++] = text;
	}
	entry->value = arena_string(arena, joined.bytes);
	buf_release(&joined);
	return ok;
}

static bool
read_entry(struct reading *reading, const struct json *member, const char *section, int from,
	   struct err *err)
{
	struct config *config = reading->config;
	struct config_entry *entry = &reading->entries[config->count];

	if (config->count == CONFIG_LINES)
		return err_set(err, ERR_INPUT, "%s: more than %d entries", config->path,
			       CONFIG_LINES);
	config->count++;
	entry->section = section;
	entry->name = arena_string(reading->arena, json_key(member));
	entry->line = line_of(reading->text, from, entry->name);
	if (json_type(member) == JSON_ARRAY)
		return read_list(reading->arena, member, entry, err) ||
		       config_blame(config, entry, err);
	entry->value = scalar(reading->arena, member, err);
	return entry->value != NULL || config_blame(config, entry, err);
}

static bool
read_mapping(struct reading *reading, const struct json *root, struct err *err)
{
	bool ok = true;

	for (const struct json *at = json_first(root); ok && at != NULL; at = json_next(at)) {
		if (json_type(at) != JSON_OBJECT) {
			ok = read_entry(reading, at, NULL, 1, err);
			continue;
		}
		const char *section = arena_string(reading->arena, json_key(at));
		int line = line_of(reading->text, 1, section);
		for (const struct json *in = json_first(at); ok && in != NULL; in = json_next(in))
			ok = read_entry(reading, in, section, line, err);
	}
	return ok;
}

bool
config_read(struct config *config, const char *path, struct arena *arena, struct err *err)
{
	struct buf text;
	struct json *root = NULL;
	bool ok = false;

	*config = (struct config){ .path = arena_string(arena, path) };
	if (!file_exists(path))
		return true;
	buf_init(&text, CONFIG_CAP);
	if (!file_read(path, CONFIG_CAP, &text, err) ||
	    (root = yaml_parse(text.bytes, text.length, path, YAML_STRINGS, err)) == NULL)
		goto out;
	if (json_type(root) != JSON_OBJECT && json_type(root) != JSON_NULL) {
		err_set(err, ERR_INPUT, "%s: write NAME: VALUE, a line each", path);
		goto out;
	}
	struct reading reading = {
		.config = config,
		.entries = arena_array(arena, CONFIG_LINES, sizeof *reading.entries),
		.arena = arena,
		.text = text.bytes,
	};
	config->entries = reading.entries;
	ok = read_mapping(&reading, root, err);
out:
	json_free(root);
	buf_release(&text);
	return ok;
}
