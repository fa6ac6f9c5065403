#include "core/demo/selector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"

enum relation { EXISTS, ABSENT, AMONG, NOT_AMONG };

struct term {
	bool field; /* else a label */
	char *key;
	enum relation relation;
	char *values; /* separated by NULs, ended by an empty one with `value_count` 0 left */
	size_t value_count;
	struct term *next;
};

struct selector {
	struct term *terms;
};

static char *
trimmed(const char *from, size_t length)
{
	char *copy;

	while (length > 0 && isspace((unsigned char)*from)) {
		from++;
		length--;
	}
	while (length > 0 && isspace((unsigned char)from[length - 1]))
		length--;
	copy = die_alloc(length + 1);
	memcpy(copy, from, length);
	return copy;
}

/* "b, c" becomes "b\0c\0". */
static void
term_values(struct term *term, const char *from, size_t length)
{
	const char *end = from + length;
	size_t used = 0;

	term->values = die_alloc(length + 2);
	while (from <= end) {
		const char *comma = memchr(from, ',', (size_t)(end - from));
		char *value = trimmed(from, (size_t)((comma ? comma : end) - from));

		strcpy(term->values + used, value);
		used += strlen(value) + 1;
		term->value_count++;
		free(value);
		if (!comma)
			break;
		from = comma + 1;
	}
}

/* One requirement, without the commas around it. */
static bool
term_read(struct term *term, const char *text, size_t length)
{
	const char *equal = memchr(text, '=', length);
	const char *open = memchr(text, '(', length);
	size_t key;

	if (equal && !open) {
		bool not = equal > text && equal[-1] == '!';

		key = (size_t)(equal - text) - not ;
		term->relation = not ? NOT_AMONG : AMONG;
		equal += 1 + (equal + 1 < text + length && equal[1] == '=');
		term_values(term, equal, (size_t)(text + length - equal));
	} else if (open) {
		const char *close = memchr(open, ')', (size_t)(text + length - open));
		char *left = trimmed(text, (size_t)(open - text));
		char *space = strpbrk(left, " \t");
		bool good = close && space && (text_ends(left, " in") || text_ends(left, " notin"));

		term->relation = good && text_ends(left, " notin") ? NOT_AMONG : AMONG;
		key = good ? (size_t)(space - left) : 0;
		term->key = trimmed(left, key);
		free(left);
		if (!good)
			return false;
		term_values(term, open + 1, (size_t)(close - open - 1));
		return *term->key != '\0';
	} else {
		char *name = trimmed(text, length);

		term->relation = *name == '!' ? ABSENT : EXISTS;
		term->key = die_strdup(name + (*name == '!'));
		free(name);
		return *term->key != '\0' && !strpbrk(term->key, " \t");
	}
	term->key = trimmed(text, key);
	return *term->key != '\0';
}

static size_t
requirement_length(const char *text)
{
	size_t n = 0;
	int depth = 0;

	for (; text[n] && (text[n] != ',' || depth > 0); n++)
		depth += text[n] == '(' ? 1 : text[n] == ')' ? -1 : 0;
	return n;
}

static bool
selector_read(struct selector *selector, const char *text, bool field, struct status *status)
{
	for (const char *at = text ? text : ""; *at;) {
		size_t length = requirement_length(at);
		struct term *term = die_alloc(sizeof(*term));

		term->field = field;
		term->next = selector->terms;
		selector->terms = term;
		if (!term_read(term, at, length))
			return status_bad_request(status,
						  "unable to parse requirement: found '%.*s', "
						  "expected: in, notin, =, ==, !=, gt, lt",
						  (int)length, at);
		at += length + (at[length] == ',');
	}
	return true;
}

static bool
known_fields(const struct selector *selector, struct status *status)
{
	for (const struct term *term = selector->terms; term; term = term->next) {
		if (term->field && !text_equal(term->key, "metadata.name") &&
		    !text_equal(term->key, "metadata.namespace"))
			return status_bad_request(status, "field label not supported: %s",
						  term->key);
	}
	return true;
}

struct selector *
selector_new(const char *labels, const char *fields, bool any_field, struct status *status)
{
	struct selector *selector = die_alloc(sizeof(*selector));

	if (selector_read(selector, labels, false, status) &&
	    selector_read(selector, fields, true, status) &&
	    (any_field || known_fields(selector, status)))
		return selector;
	selector_free(selector);
	return NULL;
}

void
selector_free(struct selector *selector)
{
	if (!selector)
		return;
	while (selector->terms) {
		struct term *term = selector->terms;

		selector->terms = term->next;
		free(term->key);
		free(term->values);
		free(term);
	}
	free(selector);
}

bool
selector_any(const struct selector *selector)
{
	return !selector->terms;
}

static bool
term_matches(const struct term *term, const struct json *object)
{
	const char *value =
		term->field ? json_string_at(object, term->key)
			    : json_string(json_get(json_at(object, "metadata.labels"), term->key));
	const char *one = term->values;
	bool among = false;

	if (term->relation == EXISTS || term->relation == ABSENT)
		return (value != NULL) == (term->relation == EXISTS);
	/* A field that is not there is empty; a label that is not there matches only "not". */
	if (!value && term->field)
		value = "";
	for (size_t i = 0; i < term->value_count && value; i++, one += strlen(one) + 1)
		among = among || text_equal(one, value);
	return among == (term->relation == AMONG);
}

bool
selector_matches(const struct selector *selector, const struct json *object)
{
	for (const struct term *term = selector->terms; term; term = term->next) {
		if (!term_matches(term, object))
			return false;
	}
	return true;
}

const char *
selector_name(const struct selector *selector)
{
	for (const struct term *term = selector->terms; term; term = term->next) {
		if (term->field && term->relation == AMONG &&
		    text_equal(term->key, "metadata.name"))
			return term->values;
	}
	return NULL;
}

bool
selector_covers(const struct json *labels, const struct json *object)
{
	const struct json *have = json_at(object, "metadata.labels");
	const struct json *label;

	if (json_count(labels) == 0)
		return false;
	for (label = json_first(labels); label != NULL; label = json_next(label))
		if (!text_equal(json_string(label), json_string(json_get(have, json_key(label)))))
			return false;
	return true;
}
