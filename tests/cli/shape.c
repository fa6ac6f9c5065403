/* shape - whether a JSON document has the keys it was promised with: shape DOCUMENT PROMISE.
 *
 * PROMISE has a line a key, `path type`: the path's keys with dots between, `[]` for every element
 * of a list; the type is string, number, bool, object, list or null, with a `?` for "or null". What
 * is promised must stand there at least once. Prints `path is type` for each promise that is not
 * kept, and ends with 1 when there is one; `#` begins a comment.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/json.h"

#define DOCUMENT_CAP (16 * BUF_MIB)

static const char *const types[] = {
	[JSON_NULL] = "null",     [JSON_BOOL] = "bool",  [JSON_NUMBER] = "number",
	[JSON_STRING] = "string", [JSON_ARRAY] = "list", [JSON_OBJECT] = "object",
};

/* One key of `object`, named by the first `length` bytes of `path`. */
static const struct json *
member(const struct json *object, const char *path, size_t length)
{
	char key[64];

	snprintf(key, sizeof key, "%.*s", (int)length, path);
	for (const struct json *at = json_type(object) == JSON_OBJECT ? json_first(object) : NULL;
	     at != NULL; at = json_next(at))
		if (strcmp(json_key(at), key) == 0)
			return at;
	return NULL;
}

/* Counts in `seen` the values that were looked at. */
static bool
fits(const struct json *json, const char *path, const char *type, int *seen)
{
	size_t length = strcspn(path, ".[");
	bool fine = true;

	if (*path == '\0') {
		size_t bare = strcspn(type, "?");
		const char *is = types[json_type(json)];

		++*seen;
		return (json_type(json) == JSON_NULL && type[bare] == '?') ||
		       (strlen(is) == bare && strncmp(is, type, bare) == 0);
	}
	if (strncmp(path, "[]", 2) != 0) {
		const struct json *next = member(json, path, length);
		return next != NULL &&
		       fits(next, path + length + (path[length] == '.'), type, seen);
	}
	if (json_type(json) != JSON_ARRAY)
		return false;
	for (const struct json *at = json_first(json); at != NULL; at = json_next(at))
		fine = fits(at, path + 2 + (path[2] == '.'), type, seen) && fine;
	return fine;
}

static struct json *
read_document(const char *path)
{
	struct json *json = NULL;
	struct buf text;
	struct err err = { .text = "" };

	buf_init(&text, DOCUMENT_CAP);
	if (!file_read(path, DOCUMENT_CAP, &text, &err) ||
	    (json = json_parse(text.bytes, text.length, &err)) == NULL)
		printf("%s: %s\n", path, err.text);
	buf_release(&text);
	return json;
}

int
main(int argc, char **argv)
{
	struct json *json;
	char line[256], path[128], type[32];
	FILE *promise;
	int failed = 0;

	if (argc != 3 || (json = read_document(argv[1])) == NULL ||
	    (promise = fopen(argv[2], "r")) == NULL)
		return 99;
	while (fgets(line, sizeof line, promise) != NULL) {
		if (*line == '#' || sscanf(line, "%127s %31s", path, type) != 2)
			continue;
		int seen = 0;
		if (fits(json, path, type, &seen) && seen > 0)
			continue;
		printf("%s is %s\n", path, type);
		failed++;
	}
	fclose(promise);
	json_free(json);
	return failed > 0;
}
