#include "core/demo/edits.h"

#include <strings.h>

#include "core/base/text.h"

enum verb { SET, ADD, REMOVE };

struct edit {
	enum verb verb;
	const char *name;
	const char *value; /* NULL for REMOVE */
};

/* In the order of Gateway API: set, add, remove. */
static const char *const verbs[] = { [SET] = "set", [ADD] = "add", [REMOVE] = "remove" };
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static size_t
count_all(const struct json *filters)
{
	const struct json *filter;
	size_t count = 0;

	for (filter = json_first(filters); filter != NULL; filter = json_next(filter))
		for (size_t i = 0; i < VERBS; i++)
			count += json_count(
				json_get(json_get(filter, "requestHeaderModifier"), verbs[i]));
	return count;
}

struct edits
edits_of(struct arena *arena, const struct json *filters)
{
	struct edit *rows = arena_array(arena, count_all(filters), sizeof(*rows));
	struct edits edits = { .rows = rows };
	const struct json *filter;
	const struct json *one;

	for (filter = json_first(filters); filter != NULL; filter = json_next(filter)) {
		for (size_t i = 0; i < VERBS; i++) {
			one = json_first(
				json_get(json_get(filter, "requestHeaderModifier"), verbs[i]));
			for (; one != NULL; one = json_next(one))
				rows[edits.count++] = (struct edit){
					.verb = (enum verb)i,
					.name = arena_string(
						arena, i == REMOVE ? json_string(one)
								   : json_string_at(one, "name")),
					.value = i == REMOVE ? NULL
							     : arena_string(arena,
									    json_string_at(
										    one, "value")),
				};
		}
	}
	return edits;
}

const char *
edits_apply(const struct edits *edits, const char *name, const char *value)
{
	for (size_t i = 0; i < edits->count; i++) {
		const struct edit *edit = &edits->rows[i];

		if (edit->name == NULL || strcasecmp(edit->name, name) != 0)
			continue;
		if (edit->verb == SET || edit->verb == REMOVE || value == NULL)
			value = edit->value;
	}
	return value;
}
