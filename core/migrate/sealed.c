#include "core/migrate/sealed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/die.h"
#include "core/base/text.h"

#define TEXT_MAX (8 * BUF_MIB)
#define LEAST    6 /* bytes: what is shorter is found in many a text that has nothing to do with it */

/* Anywhere in a key, in whatever case. */
static const char *const words[] = {
	"password", "passwd", "passphrase", "pwd", "token", "secret", "credential", "bearer", "key",
};

static bool
is_secret(const char *key, size_t length)
{
	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++)
		for (size_t i = 0; i + strlen(words[w]) <= length; i++)
			if (strncasecmp(key + i, words[w], strlen(words[w])) == 0)
				return true;
	return false;
}

struct assignment { /* "key=value" within the text of a --set */
	const char *key, *value;
	size_t key_length, value_length;
};

/* As helm reads it: a comma ends a value unless it is escaped or within braces. Steps *at over the
 * comma; false at the end. */
static bool
next_assignment(const char **at, struct assignment *out)
{
	const char *c = *at;
	int depth = 0;

	if (*c == '\0')
		return false;
	*out = (struct assignment){ .key = c };
	while (*c != '\0' && *c != '=')
		c += *c == '\\' && c[1] != '\0' ? 2 : 1;
	out->key_length = (size_t)(c - out->key);
	out->value = *c == '=' ? c + 1 : c;
	for (c = out->value; *c != '\0' && (*c != ',' || depth > 0); c++) {
		if (*c == '\\' && c[1] != '\0')
			c++;
		else if (*c == '{')
			depth++;
		else if (*c == '}' && depth > 0)
			depth--;
	}
	out->value_length = (size_t)(c - out->value);
	*at = *c == ',' ? c + 1 : c;
	return true;
}

const char *
sealed_word(const char *set, struct arena *arena)
{
	struct assignment part;
	struct buf out;
	const char *text, *at = set;
	bool any = false;

	buf_init(&out, TEXT_MAX);
	while (next_assignment(&at, &part)) {
		bool secret = part.value_length > 0 && is_secret(part.key, part.key_length);

		any |= secret;
		buf_add(&out, part.key, (size_t)(part.value - part.key));
		if (secret)
			buf_puts(&out, SEALED_MARK);
		else
			buf_add(&out, part.value, part.value_length);
		if (part.value + part.value_length < at)
			buf_putc(&out, ',');
	}
	text = any ? arena_string(arena, out.bytes) : set;
	buf_wipe(&out);
	return text;
}

/* The next of `sets` from *at on that is shown as `word`; NULL when there is none. */
static const char *
find(const char *const *sets, size_t *at, const char *word, struct arena *arena)
{
	for (size_t i = *at; sets != NULL && sets[i] != NULL; i++) {
		const char *shown = sealed_word(sets[i], arena);

		if (shown == sets[i] || !text_equal(shown, word))
			continue;
		*at = i + 1;
		return sets[i];
	}
	return NULL;
}

bool
sealed_open(const char **argv, const char *const *sets, struct arena *arena)
{
	size_t at = 0;

	for (size_t i = 0; argv[i] != NULL && argv[i + 1] != NULL; i++) {
		const char *value;

		if (strcmp(argv[i], "--set") != 0 || strstr(argv[i + 1], "=" SEALED_MARK) == NULL)
			continue;
		value = find(sets, &at, argv[i + 1], arena);
		if (value == NULL)
			return false;
		argv[i + 1] = value;
	}
	return true;
}

/* Says something when it is seen: no word of YAML, and long enough to be this one. */
static bool
tells(const char *value, size_t length)
{
	static const char *const common[] = { "default", "disabled", "enabled", "optional",
					      "required" };

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strlen(common[i]) == length && strncmp(value, common[i], length) == 0)
			return false;
	return length >= LEAST;
}

/* Without its escapes, as helm has it from there on. */
static size_t
plain(const struct assignment *part, char *out)
{
	size_t length = 0;

	for (size_t i = 0; i < part->value_length; i++) {
		if (part->value[i] == '\\' && i + 1 < part->value_length)
			i++;
		out[length++] = part->value[i];
	}
	out[length] = '\0';
	return length;
}

static void
hide_one(struct buf *text, const char *value, size_t length)
{
	struct buf out;
	const char *at = text->bytes, *found;

	if (text->length < length || strstr(at, value) == NULL)
		return;
	buf_init(&out, TEXT_MAX);
	while ((found = strstr(at, value)) != NULL) {
		buf_add(&out, at, (size_t)(found - at));
		buf_puts(&out, SEALED_MARK);
		at = found + length;
	}
	buf_puts(&out, at);
	buf_wipe(text);
	*text = out;
}

static void
hide_set(struct buf *text, const char *set)
{
	char *value = die_alloc(strlen(set) + 1);
	struct assignment part;

	while (next_assignment(&set, &part)) {
		size_t length = plain(&part, value);

		if (is_secret(part.key, part.key_length) && tells(value, length))
			hide_one(text, value, length);
	}
	explicit_bzero(value, strlen(value));
	free(value);
}

void
sealed_hide(struct buf *out, const char *text, size_t length, const char *const *sets)
{
	struct buf hidden;

	buf_init(&hidden, TEXT_MAX + BUF_MIB);
	for (size_t i = 0; i < length; i++) /* a NUL would end the search */
		buf_putc(&hidden, text[i] == '\0' ? ' ' : text[i]);
	for (size_t i = 0; hidden.length > 0 && sets != NULL && sets[i] != NULL; i++)
		hide_set(&hidden, sets[i]);
	buf_add(out, hidden.bytes, hidden.length);
	buf_wipe(&hidden);
}

static const char *
hidden_text(const char *text, const char *const *sets, struct buf *out)
{
	buf_init(out, TEXT_MAX);
	sealed_hide(out, text, strlen(text), sets);
	return out->length > 0 ? out->bytes : "";
}

void
sealed_hide_json(struct json *json, const char *const *sets)
{
	bool array = json_type(json) == JSON_ARRAY;
	size_t index = 0;

	if (sets == NULL || sets[0] == NULL)
		return;
	for (struct json *c = json_first_mutable(json), *next; c != NULL; c = next, index++) {
		const char *text = json_string(c);
		struct buf out;

		next = json_next_mutable(c);
		if (text == NULL) {
			sealed_hide_json(c, sets);
			continue;
		}
		const char *shown = hidden_text(text, sets, &out);

		if (strcmp(shown, text) != 0 && array) {
			json_replace(json, index, json_new_string(shown));
		} else if (strcmp(shown, text) != 0) {
			char *key = die_strdup(json_key(c));

			json_set_string(json, key, shown);
			free(key);
		}
		buf_release(&out);
	}
}
