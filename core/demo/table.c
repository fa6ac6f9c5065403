#include "core/demo/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/demo/columns.h"

#define CELL_CAP (64 * BUF_KIB)

static void walk(const struct json *at, const char *path, bool all, struct buf *out, size_t *found);

static void
add_value(const struct json *value, struct buf *out, size_t *found)
{
	if (!value)
		return;
	if ((*found)++ > 0)
		buf_putc(out, ',');
	if (json_string(value))
		buf_puts(out, json_string(value));
	else
		json_print(value, out);
}

/* [?(@.type=="Accepted")]: whether an element passes. */
static bool
passes_filter(const struct json *element, const char *filter)
{
	char key[100], value[200];

	if (sscanf(filter, "?(@.%99[^=]==\"%199[^\"]\")", key, value) != 2 &&
	    sscanf(filter, "?(@.%99[^=]=='%199[^']')", key, value) != 2)
		return false;
	return text_equal(json_string_at(element, key), value);
}

static void
walk_brackets(const struct json *at, const char *path, bool all, struct buf *out, size_t *found)
{
	const char *end = strchr(path, ']');
	const char *rest = end ? end + 1 : path + strlen(path);
	char name[200];

	if (path[1] == '\'' || path[1] == '"') {
		snprintf(name, sizeof(name), "%.*s", end ? (int)(end - path - 3) : 0, path + 2);
		walk(json_get(at, name), rest, all, out, found);
		return;
	}
	if (path[1] != '*' && path[1] != '?') {
		walk(json_item(at, (size_t)strtoul(path + 1, NULL, 10)), rest, all, out, found);
		return;
	}
	for (const struct json *e = json_first(at); e && (all || *found == 0); e = json_next(e)) {
		if (path[1] == '*' || passes_filter(e, path + 1))
			walk(e, rest, all, out, found);
	}
}

static void
walk(const struct json *at, const char *path, bool all, struct buf *out, size_t *found)
{
	char name[200];
	size_t length;

	if (!at)
		return;
	if (*path == '[') {
		walk_brackets(at, path, all, out, found);
		return;
	}
	path += *path == '.';
	if (*path == '\0') {
		add_value(at, out, found);
		return;
	}
	if (*path == '[') {
		walk_brackets(at, path, all, out, found);
		return;
	}
	length = 0;
	for (; *path && *path != '.' && *path != '['; path++) {
		if (*path == '\\' && path[1])
			path++;
		if (length + 1 < sizeof(name))
			name[length++] = *path;
	}
	name[length] = '\0';
	walk(json_get(at, name), path, all, out, found);
}

char *
table_path(const struct json *object, const char *path, bool all)
{
	struct buf out;
	size_t found = 0;
	char *text = NULL;

	buf_init(&out, CELL_CAP);
	walk(object, path, all, &out, &found);
	if (found > 0)
		text = buf_take(&out);
	buf_release(&out);
	return text;
}

static struct json *
definition(const char *name, const char *type, const char *format, const char *help,
	   int64_t priority)
{
	struct json *column = json_new_object();

	json_set_string(column, "name", name);
	json_set_string(column, "type", type);
	json_set_string(column, "format", format);
	json_set_string(column, "description", help);
	json_set_integer(column, "priority", priority);
	return column;
}

static struct json *
custom_columns(const struct kinds_version *version)
{
	struct json *list = json_new_array();

	json_append(list, definition("Name", "string", "name",
				     "Name must be unique within a namespace.", 0));
	for (const struct json *c = json_first(version->columns); c; c = json_next(c)) {
		const char *help = json_string_at(c, "description");
		const char *format = json_string_at(c, "format");

		json_append(list, definition(json_string_at(c, "name"), json_string_at(c, "type"),
					     format ? format : "", help ? help : "",
					     json_integer_at(c, "priority", 0)));
	}
	if (!version->columns)
		json_append(list,
			    definition("Age", "date", "",
				       "CreationTimestamp is a timestamp representing the server "
				       "time when this object was created.",
				       0));
	return list;
}

struct json *
table_columns(const struct kinds_row *row, const struct kinds_version *version)
{
	const struct column *columns = columns_of(row);
	struct json *list;

	if (!columns)
		return custom_columns(version);
	list = json_new_array();
	for (; columns->name; columns++)
		json_append(list,
			    definition(columns->name, columns->type ? columns->type : "string",
				       text_equal(columns->name, "Name") ? "name" : "",
				       columns->help ? columns->help : "", columns->wide));
	return list;
}

/* As HumanDuration of the real server: "45s", "3m20s", "12m", "5h30m", "2d3h", "9d", "2y". */
static void
put_age(struct buf *out, int64_t seconds)
{
	int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

	if (seconds < 0)
		buf_puts(out, "0s");
	else if (seconds < 120)
		buf_printf(out, "%" PRId64 "s", seconds);
	else if (minutes < 10)
		buf_printf(out, seconds % 60 ? "%" PRId64 "m%" PRId64 "s" : "%" PRId64 "m", minutes,
			   seconds % 60);
	else if (minutes < 180)
		buf_printf(out, "%" PRId64 "m", minutes);
	else if (hours < 8)
		buf_printf(out, minutes % 60 ? "%" PRId64 "h%" PRId64 "m" : "%" PRId64 "h", hours,
			   minutes % 60);
	else if (hours < 48)
		buf_printf(out, "%" PRId64 "h", hours);
	else if (days < 8)
		buf_printf(out, hours % 24 ? "%" PRId64 "d%" PRId64 "h" : "%" PRId64 "d", days,
			   hours % 24);
	else
		buf_printf(out, "%" PRId64 "d", days);
}

static struct json *
age_cell(const char *when, int64_t wall)
{
	struct json *cell;
	struct buf text;
	int64_t then;

	if (!when || !clock_parse_rfc3339(when, &then))
		return json_new_string("<unknown>");
	buf_init(&text, BUF_KIB);
	put_age(&text, (wall - then) / SECOND);
	cell = json_new_string(text.bytes);
	buf_release(&text);
	return cell;
}

static struct json *
path_cell(const struct json *object, const char *path, const char *type, int64_t wall)
{
	char *text = table_path(object, path, strstr(path, "[*]") != NULL);
	struct json *cell;

	if (text_equal(type, "date"))
		cell = text ? age_cell(text, wall) : json_new_null();
	else if (!text)
		cell = json_new_null();
	else if (text_equal(type, "integer"))
		cell = json_new_integer(strtoll(text, NULL, 10));
	else if (text_equal(type, "boolean"))
		cell = json_new_bool(text_equal(text, "true"));
	else
		cell = json_new_string(text);
	free(text);
	return cell;
}

struct json *
table_cells(const struct kinds_row *row, const struct kinds_version *version,
	    const struct json *object, int64_t wall)
{
	const struct column *columns = columns_of(row);
	struct json *cells = json_new_array();
	struct buf text;

	if (!columns) {
		const char *name = json_string_at(object, "metadata.name");

		json_append(cells, json_new_string(name ? name : ""));
		for (const struct json *c = json_first(version->columns); c; c = json_next(c))
			json_append(cells, path_cell(object, json_string_at(c, "jsonPath"),
						     json_string_at(c, "type"), wall));
		if (!version->columns)
			json_append(cells,
				    age_cell(json_string_at(object, "metadata.creationTimestamp"),
					     wall));
		return cells;
	}
	buf_init(&text, CELL_CAP);
	for (; columns->name; columns++) {
		if (!columns->cell) {
			json_append(
				cells,
				columns->age
					? age_cell(json_string_at(object, columns->path), wall)
					: path_cell(object, columns->path, columns->type, wall));
			continue;
		}
		buf_clear(&text);
		columns->cell(object, &text);
		json_append(cells, text_equal(columns->type, "integer")
					   ? json_new_integer(strtoll(text.bytes, NULL, 10))
					   : json_new_string(text.bytes));
	}
	buf_release(&text);
	return cells;
}
