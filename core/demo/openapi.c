#include "core/demo/openapi.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/kinds.h"

/* "api/v1", "apis/apps/v1". */
static const char *
place_of(char *text, size_t size, const char *group, const char *version)
{
	snprintf(text, size, *group ? "apis/%s/%s" : "api%s/%s", group, version);
	return text;
}

static struct json *
index_document(struct demo *demo)
{
	struct json *json = json_new_object(), *paths = json_set_object(json, "paths");

	for (const struct kinds_row *row = kinds_first(demo->kinds); row; row = row->next) {
		for (size_t i = 0; i < row->version_count; i++) {
			char place[300], url[400];

			if (!row->versions[i].served)
				continue;
			place_of(place, sizeof(place), row->group, row->versions[i].name);
			/* The hash lets kubectl keep a document; it changes with every life of a
			 * kind. */
			snprintf(url, sizeof(url), "/openapi/v3/%s?hash=%llX%lld", place,
				 (unsigned long long)row->id,
				 (long long)store_count(demo->store, "apiextensions.k8s.io",
							"customresourcedefinitions"));
			json_set_string(json_set_object(paths, place), "serverRelativeURL", url);
		}
	}
	return json;
}

static struct json *
kind_mark(const struct kinds_row *row, const char *version)
{
	struct json *json = json_new_object();

	json_set_string(json, "group", row->group);
	json_set_string(json, "kind", row->kind);
	json_set_string(json, "version", version);
	return json;
}

static void
add_parameter(struct json *list, const char *name)
{
	struct json *parameter = json_append(list, json_new_object());

	json_set_string(parameter, "name", name);
	json_set_string(parameter, "in", "query");
	json_set_string(json_set_object(parameter, "schema"), "type", "string");
}

/* An operation as far as kubectl looks: its kind, and that it takes fieldValidation and dryRun. */
static void
add_operation(struct json *path, const char *method, const char *action,
	      const struct kinds_row *row, const char *version, const char *reference)
{
	struct json *operation = json_set_object(path, method), *list, *schema;

	list = json_set_array(operation, "parameters");
	add_parameter(list, "dryRun");
	add_parameter(list, "fieldManager");
	add_parameter(list, "fieldValidation");
	schema = json_set_object(
		json_set_object(
			json_set_object(
				json_set_object(json_set_object(operation, "responses"), "200"),
				"content"),
			"application/json"),
		"schema");
	json_set_string(schema, "$ref", reference);
	json_set_string(operation, "x-kubernetes-action", action);
	json_set(operation, "x-kubernetes-group-version-kind", kind_mark(row, version));
}

static void
add_kind(struct json *document, const struct kinds_row *row, const struct kinds_version *version)
{
	struct json *paths = json_get_mutable(document, "paths"), *schema, *marks, *path;
	char place[300], url[700], name[600], reference[700];

	place_of(place, sizeof(place), row->group, version->name);
	snprintf(name, sizeof(name), "%s.%s.%s", *row->group ? row->group : "core", version->name,
		 row->kind);
	snprintf(reference, sizeof(reference), "#/components/schemas/%s", name);
	schema = version->schema ? json_clone(version->schema) : json_new_object();
	json_set_string(schema, "type", "object");
	marks = json_set_array(schema, "x-kubernetes-group-version-kind");
	json_append(marks, kind_mark(row, version->name));
	json_set(json_at_mutable(document, "components.schemas"), name, schema);
	snprintf(url, sizeof(url), "/%s%s/%s", place,
		 row->namespaced ? "/namespaces/{namespace}" : "", row->resource);
	path = json_set_object(paths, url);
	add_operation(path, "get", "list", row, version->name, reference);
	add_operation(path, "post", "post", row, version->name, reference);
	if (row->use == KINDS_REVIEW)
		return;
	snprintf(url + strlen(url), sizeof(url) - strlen(url), "/{name}");
	path = json_set_object(paths, url);
	add_operation(path, "get", "get", row, version->name, reference);
	add_operation(path, "put", "put", row, version->name, reference);
	add_operation(path, "patch", "patch", row, version->name, reference);
}

struct json *
openapi_document(struct demo *demo, const struct request *request)
{
	const char *const *s = request->segments;
	bool core = request->segment_count == 4 && text_equal(s[2], "api");
	const char *group, *version;
	struct json *document;

	if (request->segment_count < 2 || !text_equal(s[1], "v3"))
		return NULL;
	if (request->segment_count == 2)
		return index_document(demo);
	if (!core && (request->segment_count != 5 || !text_equal(s[2], "apis")))
		return NULL;
	group = core ? "" : s[3];
	version = core ? s[3] : s[4];
	if (!kinds_has_group(demo->kinds, group, version))
		return NULL;
	document = json_new_object();
	json_set_string(document, "openapi", "3.0.0");
	json_set_string(json_set_object(document, "info"), "title", "Kubernetes");
	json_set_string(json_set_object(document, "info"), "version", demo->git_version);
	json_set_object(document, "paths");
	json_set_object(json_set_object(document, "components"), "schemas");
	for (const struct kinds_row *row = kinds_first(demo->kinds); row; row = row->next) {
		if (text_equal(row->group, group) && kinds_version(row, version))
			add_kind(document, row, kinds_version(row, version));
	}
	return document;
}

bool
openapi_version_2(const struct request *request, struct demo_response *response)
{
	/* gnostic's Document: swagger "2.0", info {title, version}, paths {}. */
	static const char document[] = "\x0a\x03"
				       "2.0"
				       "\x12\x11\x0a\x0aKubernetes\x12\x03"
				       "1.0"
				       "\x42";
	const char *accept = request->wire->accept;

	if (accept && strstr(accept, "proto-openapi.spec.v2")) {
		response->content_type =
			"application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
		buf_add(&response->body, document, sizeof(document)); /* with its last zero byte */
	} else {
		buf_puts(&response->body, "{\"swagger\":\"2.0\",\"info\":{\"title\":\"Kubernetes\","
					  "\"version\":\"1.0\"},"
					  "\"paths\":{}}");
	}
	return true;
}
