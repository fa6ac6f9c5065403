#include "core/demo/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/demo/table.h"

/* One clause of an Accept header; false when it cannot be answered. */
static bool
read_clause(char *clause, struct view *view)
{
	char *rest = NULL;
	const char *type = strtok_r(clause, "; ", &rest), *as = NULL, *group = "meta.k8s.io",
		   *version = "v1";

	if (!type)
		return false;
	for (char *p = strtok_r(NULL, "; ", &rest); p; p = strtok_r(NULL, "; ", &rest)) {
		if (text_starts(p, "as="))
			as = p + 3;
		else if (text_starts(p, "g="))
			group = p + 2;
		else if (text_starts(p, "v="))
			version = p + 2;
	}
	view->yaml = text_equal(type, "application/yaml");
	if (!view->yaml && !text_equal(type, "application/json") && !text_equal(type, "*/*") &&
	    !text_equal(type, "application/*"))
		return false;
	view->form = VIEW_PLAIN;
	view->as_list = text_equal(as, "PartialObjectMetadataList");
	if (!as)
		return true;
	if (!text_equal(group, "meta.k8s.io") ||
	    (!text_equal(version, "v1") && !text_equal(version, "v1beta1")))
		return false;
	if (text_equal(as, "Table"))
		view->form = VIEW_TABLE;
	else if (text_equal(as, "PartialObjectMetadata") || view->as_list)
		view->form = VIEW_PARTIAL;
	else
		return false;
	return true;
}

bool
view_negotiate(const struct request *request, struct view *view, struct status *status)
{
	const char *accept = request->wire->accept;
	const char *include = request_parameter(request, "includeObject");
	char *copy, *rest = NULL;
	bool found = false;

	*view = (struct view){ 0 };
	if (text_equal(include, "Object"))
		view->include = VIEW_INCLUDE_OBJECT;
	else if (text_equal(include, "None"))
		view->include = VIEW_INCLUDE_NONE;
	if (!accept || !*accept)
		return true;
	copy = die_strdup(accept);
	for (char *clause = strtok_r(copy, ",", &rest); clause && !found;
	     clause = strtok_r(NULL, ",", &rest))
		found = read_clause(clause, view);
	free(copy);
	if (found)
		return true;
	return status_set(
		status, 406, "NotAcceptable",
		"only the following media types are accepted: application/json, application/yaml, "
		"application/vnd.kubernetes.protobuf");
}

/* Where the members after apiVersion and kind begin: at a ',' or the closing '}'. */
static const char *
after_kind(const char *text)
{
	static const char head[] = "{\"apiVersion\":\"", middle[] = "\",\"kind\":\"";
	const char *at = text_starts(text, head) ? strchr(text + sizeof(head) - 1, '"') : NULL;

	if (!at || !text_starts(at, middle) || !(at = strchr(at + sizeof(middle) - 1, '"')))
		die("an object of the demo does not begin with apiVersion and kind");
	return at + 1;
}

static void
put_plain(const struct kinds_row *row, const struct kinds_version *version, const char *text,
	  size_t length, bool bare, struct buf *out)
{
	const char *rest = after_kind(text);
	char api_version[300];

	if (bare) {
		buf_putc(out, '{');
		rest += *rest == ',';
	} else {
		buf_printf(out, "{\"apiVersion\":\"%s\",\"kind\":\"%s\"",
			   kinds_api_version(api_version, sizeof(api_version), row->group,
					     version->name),
			   row->kind);
	}
	buf_add(out, rest, length - (size_t)(rest - text));
}

/* Bytes of the JSON object that begins there. */
static size_t
object_length(const char *text)
{
	size_t at = 0, depth = 0;
	bool quoted = false;

	do {
		if (text[at] == '\0')
			die("an object of the demo ends in its metadata");
		if (quoted) {
			quoted = text[at] != '"';
			at += text[at] == '\\';
		} else {
			quoted = text[at] == '"';
			depth += text[at] == '{';
			depth -= text[at] == '}';
		}
		at++;
	} while (depth > 0);
	return at;
}

/* Metadata comes third; what follows it, with a CRD most of the text, need not be read. */
static void
put_partial(const char *text, struct buf *out)
{
	static const char third[] = ",\"metadata\":";
	const char *metadata = after_kind(text);

	if (!text_starts(metadata, third))
		die("an object of the demo does not go on with its metadata");
	metadata += sizeof(third) - 1;
	buf_puts(out, "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/"
		      "v1\",\"metadata\":");
	buf_add(out, metadata, object_length(metadata));
	buf_putc(out, '}');
}

static void
put_row(struct demo *demo, const struct view *view, const struct kinds_row *row,
	const struct kinds_version *version, const char *text, size_t length, struct buf *out)
{
	struct json *value = json_parse(text, length, NULL);
	struct json *cells = table_cells(row, version, value, clock_wall(&demo->clock));

	buf_puts(out, "{\"cells\":");
	json_print(cells, out);
	if (view->include == VIEW_INCLUDE_OBJECT) {
		buf_puts(out, ",\"object\":");
		put_plain(row, version, text, length, false, out);
	} else if (view->include == VIEW_INCLUDE_METADATA) {
		buf_puts(out, ",\"object\":{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":"
			      "\"meta.k8s.io/v1\","
			      "\"metadata\":");
		json_print(json_get(value, "metadata"), out);
		buf_putc(out, '}');
	}
	buf_putc(out, '}');
	json_free(cells);
	json_free(value);
}

static void
open_table(const struct kinds_row *row, const struct kinds_version *version, const char *metadata,
	   bool columns, struct buf *out)
{
	struct json *definitions = columns ? table_columns(row, version) : json_new_array();

	buf_printf(out,
		   "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/"
		   "v1\",\"metadata\":%s,\"columnDefinitions\":",
		   metadata);
	json_print(definitions, out);
	buf_puts(out, ",\"rows\":[");
	json_free(definitions);
}

/* What was printed into `out` since `from` again, as YAML. */
static void
turn_into_yaml(struct buf *out, size_t from)
{
	struct json *value = json_parse(out->bytes + from, out->length - from, NULL);

	out->length = from;
	out->bytes[from] = '\0';
	yaml_print(value, out);
	json_free(value);
}

static const char *
version_in(const char *text, char *number, size_t size)
{
	static const char head[] = "\"resourceVersion\":\"";
	const char *at = strstr(text, head);

	snprintf(number, size, "%.*s", at ? (int)strcspn(at + sizeof(head) - 1, "\"") : 0,
		 at ? at + sizeof(head) - 1 : "");
	return number;
}

void
view_object(struct demo *demo, const struct view *view, const struct kinds_row *row,
	    const struct kinds_version *version, const char *text, size_t length, bool columns,
	    struct buf *out)
{
	size_t from = out->length;
	char number[24], metadata[64];

	if (view->form == VIEW_TABLE) {
		snprintf(metadata, sizeof(metadata), "{\"resourceVersion\":\"%s\"}",
			 version_in(text, number, sizeof(number)));
		open_table(row, version, metadata, columns, out);
		put_row(demo, view, row, version, text, length, out);
		buf_puts(out, "]}");
	} else if (view->form == VIEW_PARTIAL) {
		put_partial(text, out);
	} else {
		put_plain(row, version, text, length, false, out);
	}
	if (view->yaml)
		turn_into_yaml(out, from);
}

static void
list_metadata(const struct view_list *list, struct buf *out)
{
	buf_printf(out, "{\"resourceVersion\":\"%" PRId64 "\"", list->version);
	if (list->more)
		buf_printf(out, ",\"continue\":\"%s\"", list->more);
	if (list->more && list->remaining >= 0)
		buf_printf(out, ",\"remainingItemCount\":%" PRId64, list->remaining);
	buf_putc(out, '}');
}

static void
put_items(struct demo *demo, const struct view *view, const struct kinds_row *row,
	  const struct kinds_version *version, const struct view_list *list, struct buf *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct store_object *object = list->objects[i];

		if (i > 0)
			buf_putc(out, ',');
		if (view->form == VIEW_TABLE)
			put_row(demo, view, row, version, object->text, object->length, out);
		else if (view->form == VIEW_PARTIAL)
			put_partial(object->text, out);
		else
			put_plain(row, version, object->text, object->length, row->builtin, out);
	}
}

void
view_list(struct demo *demo, const struct view *view, const struct kinds_row *row,
	  const struct kinds_version *version, const struct view_list *list, struct buf *out)
{
	size_t from = out->length;
	char api_version[300];
	struct buf metadata;

	buf_init(&metadata, 8 * BUF_KIB);
	list_metadata(list, &metadata);
	kinds_api_version(api_version, sizeof(api_version), row->group, version->name);
	if (view->form == VIEW_TABLE)
		open_table(row, version, metadata.bytes, true, out);
	else if (view->form == VIEW_PARTIAL)
		buf_printf(out,
			   "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/"
			   "v1\",\"metadata\":%s,"
			   "\"items\":[",
			   metadata.bytes);
	else
		buf_printf(out,
			   "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":%s,\"items\":[",
			   row->list_kind, api_version, metadata.bytes);
	put_items(demo, view, row, version, list, out);
	buf_puts(out, "]}");
	buf_release(&metadata);
	if (view->yaml)
		turn_into_yaml(out, from);
}

void
view_json(const struct view *view, struct json *json, struct buf *out)
{
	if (view->yaml)
		yaml_print(json, out);
	else
		json_print(json, out);
	json_free(json);
}
