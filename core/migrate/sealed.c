#include "core/migrate/sealed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/die.h"
#include "core/base/proc.h"
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

/* The next of `stops` that is not escaped, or the end. */
static const char *
end_of(const char *at, const char *stops)
{
	while (*at != '\0' && strchr(stops, *at) == NULL)
		at += *at == '\\' && at[1] != '\0' ? 2 : 1;
	return at;
}

/* As helm reads it: a comma ends a value, and a list in braces, which know no nesting, ends at the
 * first that closes. Steps *at over the comma; false at the end. */
static bool
next_assignment(const char **at, struct assignment *out)
{
	const char *c = *at;

	if (*c == '\0')
		return false;
	*out = (struct assignment){ .key = c };
	c = end_of(c, "=,");
	out->key_length = (size_t)(c - out->key);
	out->value = *c == '=' ? c + 1 : c;
	c = end_of(out->value, *out->value == '{' ? "}" : ",");
	c += *c == '}' && *out->value == '{';
	out->value_length = (size_t)(c - out->value);
	*at = *c == ',' ? c + 1 : c;
	return true;
}

/* The rest of a secret whose comma was not escaped: helm refuses it, and it is nobody's to read. */
static bool
is_torn(const struct assignment *part, bool after_secret)
{
	return after_secret && part->value == part->key + part->key_length;
}

static bool
has_secret(const struct assignment *part)
{
	return part->value_length > 0 && is_secret(part->key, part->key_length);
}

const char *
sealed_word(const char *set, struct arena *arena)
{
	struct assignment part;
	struct buf out;
	const char *text, *at = set;
	bool any = false, after_secret = false;

	buf_init(&out, TEXT_MAX);
	while (next_assignment(&at, &part)) {
		bool torn = is_torn(&part, after_secret);

		after_secret = torn || has_secret(&part);
		any |= after_secret;
		if (!torn)
			buf_add(&out, part.key, (size_t)(part.value - part.key));
		if (after_secret)
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

struct item { /* one value of a list, or all of a value that is none; with its escapes */
	const char *text;
	size_t length;
};

/* Start with *at NULL; false at the end. As for helm, {} holds one that is empty. */
static bool
next_item(const struct assignment *part, const char **at, struct item *out)
{
	const char *end = part->value + part->value_length;
	bool list = *part->value == '{';

	if (*at == NULL)
		*at = part->value + list;
	else if (*at >= end)
		return false;
	out->text = *at;
	if (list)
		end = end_of(*at, ",}");
	out->length = (size_t)(end - *at);
	*at = end + 1;
	return true;
}

/* Without its escapes, as helm has it from there on. */
static size_t
plain(const struct item *item, char *out)
{
	size_t length = 0;

	for (size_t i = 0; i < item->length; i++) {
		if (item->text[i] == '\\' && ++i == item->length)
			break;
		out[length++] = item->text[i];
	}
	out[length] = '\0';
	return length;
}

/* Helm takes a number, true, false or null of --set as such, and a chart may count on that: from a
 * file all is text. Those stay arguments unless they are long enough for a password. */
static bool
is_typed(const struct item *item)
{
	static const char *const typed[] = { "", "true", "false", "null" };
	char text[2 * LEAST];
	size_t length, sign, digits;

	if (item->length >= sizeof text)
		return false;
	length = plain(item, text);
	if (length >= LEAST)
		return false;
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		if (strcasecmp(text, typed[i]) == 0)
			return true;
	sign = *text == '-' || *text == '+';
	digits = strspn(text + sign, "0123456789");
	return digits > 0 && sign + digits == length && (*text != '0' || length == 1);
}

static bool
goes_apart(const struct assignment *part)
{
	const char *at = NULL;
	struct item item;

	if (!has_secret(part))
		return false;
	while (next_item(part, &at, &item))
		if (!is_typed(&item))
			return true;
	return false;
}

/* The next of `sets` from *at on that is shown as `word`; NULL when there is none. */
static const char *
find_from(const char *const *sets, size_t *at, const char *word, struct arena *arena)
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

/* In their order, as long as it is that of the words: of a release that is upgraded, some were
 * given before and others now. */
static const char *
find(const char *const *sets, size_t *at, const char *word, struct arena *arena)
{
	size_t first = 0;
	const char *next = find_from(sets, at, word, arena);

	return next != NULL ? next : find_from(sets, &first, word, arena);
}

/* A later assignment that stays an argument names the same key, or one that holds it. Helm would
 * apply it before what comes from files; and the last is to win. */
static bool
is_overruled(const struct assignment *part, const char *rest, const char *const *later)
{
	struct assignment other;

	for (;;) {
		while (next_assignment(&rest, &other)) {
			size_t length = other.key_length;

			if (length > 0 && length <= part->key_length && !goes_apart(&other) &&
			    strncmp(other.key, part->key, length) == 0 &&
			    strchr("=.[", part->key[length]) != NULL)
				return true;
		}
		while (later[0] != NULL && strcmp(later[0], "--set") != 0)
			later++;
		if (later[0] == NULL || later[1] == NULL)
			return false;
		rest = later[1];
		later += 2;
	}
}

struct opening {
	struct sealed_run *run;
	size_t words, texts;
	struct arena *arena;
};

static void
add_option(struct opening *opening, const char *option, const char *word)
{
	opening->run->argv[opening->words++] = option;
	opening->run->argv[opening->words++] = word;
}

static void
add_apart(struct opening *opening, const struct assignment *part)
{
	bool list = *part->value == '{';
	const char *at = NULL;
	struct item item;
	struct buf out;

	buf_init(&out, TEXT_MAX);
	buf_add(&out, part->key, (size_t)(part->value - part->key));
	for (const char *before = list ? "{" : ""; next_item(part, &at, &item); before = ",") {
		char *text = arena_alloc(opening->arena, item.length + 1);

		plain(&item, text);
		buf_printf(&out, "%s/dev/fd/%zu", before, PROC_TEXTS + opening->texts);
		opening->run->texts[opening->texts++] = text;
	}
	/* One that is not closed stays so, for helm to say it. */
	if (list && part->value[part->value_length - 1] == '}')
		buf_putc(&out, '}');
	add_option(opening, "--set-file", arena_string(opening->arena, out.bytes));
	buf_release(&out);
}

/* `later`: the arguments after it. */
static void
open_set(struct opening *opening, const char *set, const char *const *later)
{
	struct assignment part;
	bool after_secret = false;
	struct buf stays;

	buf_init(&stays, TEXT_MAX);
	while (next_assignment(&set, &part)) {
		bool torn = is_torn(&part, after_secret);

		after_secret = torn || has_secret(&part);
		if (goes_apart(&part)) {
			if (!is_overruled(&part, set, later))
				add_apart(opening, &part);
			continue;
		}
		buf_puts(&stays, stays.length > 0 ? "," : "");
		if (torn)
			buf_puts(&stays, SEALED_MARK);
		else
			buf_add(&stays, part.key,
				(size_t)(part.value - part.key) + part.value_length);
	}
	if (stays.length > 0)
		add_option(opening, "--set", arena_string(opening->arena, stays.bytes));
	buf_release(&stays);
}

/* The most texts, and options with their value, that can come of it. */
static size_t
most_parts(const char *set)
{
	size_t count = 1;

	for (; *set != '\0'; set++)
		count += *set == ',' || *set == '=';
	return count;
}

/* The arguments with the values in place; NULL when one is not known. */
static const char **
whole(const char *const *argv, const char *const *sets, struct arena *arena, size_t *room)
{
	size_t count = 0, at = 0;
	const char **out;

	while (argv[count] != NULL)
		count++;
	out = arena_array(arena, count + 1, sizeof(*out));
	*room = count + 1;
	for (size_t i = 0; i < count; i++) {
		out[i] = argv[i];
		if (i == 0 || strcmp(argv[i - 1], "--set") != 0 ||
		    strstr(argv[i], "=" SEALED_MARK) == NULL)
			continue;
		out[i] = find(sets, &at, argv[i], arena);
		if (out[i] == NULL)
			return NULL;
		*room += 2 * most_parts(out[i]);
	}
	return out;
}

bool
sealed_open(const char *const *argv, const char *const *sets, struct arena *arena,
	    struct sealed_run *run)
{
	struct opening opening = { .run = run, .arena = arena };
	size_t room;
	const char **given = whole(argv, sets, arena, &room);

	if (given == NULL)
		return false;
	run->argv = arena_array(arena, room, sizeof(*run->argv));
	run->texts = arena_array(arena, room, sizeof(*run->texts));
	for (size_t i = 0; given[i] != NULL; i++) {
		if (given[i] == argv[i]) {
			run->argv[opening.words++] = given[i];
			continue;
		}
		opening.words--; /* its --set */
		open_set(&opening, given[i], given + i + 1);
	}
	return true;
}

void
sealed_forget(struct sealed_run *run)
{
	for (char **text = run->texts; *text != NULL; text++)
		explicit_bzero(*text, strlen(*text));
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
		const char *at = NULL;
		struct item item;

		while (has_secret(&part) && next_item(&part, &at, &item)) {
			size_t length = plain(&item, value);

			if (tells(value, length))
				hide_one(text, value, length);
			explicit_bzero(value, length);
		}
	}
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
