#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/call.h"
#include "core/demo/openapi.h"

#define TYPE_AGGREGATED "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

struct verbs {
	const char *words[8]; /* NULL-terminated */
};

/* A kind whose CRD goes away is listed without what would make new objects (KUBERNETES §0.11). */
static struct verbs
verbs_of(const struct kinds_row *row)
{
	if (row->use == KINDS_REVIEW)
		return (struct verbs){ { "create" } };
	if (row->terminating)
		return (struct verbs){ { "delete", "get", "list", "watch" } };
	return (struct verbs){ { "create", "delete", "get", "list", "patch", "update", "watch" } };
}

static struct json *
words(const char *const *list)
{
	struct json *array = json_new_array();

	for (; *list; list++)
		json_append(array, json_new_string(*list));
	return array;
}

static const char *const subresource_verbs[] = { "get", "patch", "update", NULL };

static struct json *
response_kind(const char *group, const char *version, const char *kind)
{
	struct json *json = json_new_object();

	json_set_string(json, "group", group);
	json_set_string(json, "version", version);
	json_set_string(json, "kind", kind);
	return json;
}

static void
add_subresource(struct json *list, const char *name, struct json *kind)
{
	struct json *sub = json_append(list, json_new_object());

	json_set_string(sub, "subresource", name);
	json_set(sub, "responseKind", kind);
	json_set(sub, "verbs", words(subresource_verbs));
}

static void
add_aggregated(struct json *resources, const struct kinds_row *row,
	       const struct kinds_version *version)
{
	struct json *resource = json_append(resources, json_new_object()), *subresources;

	json_set_string(resource, "resource", row->resource);
	json_set(resource, "responseKind", response_kind(row->group, version->name, row->kind));
	json_set_string(resource, "scope", row->namespaced ? "Namespaced" : "Cluster");
	json_set_string(resource, "singularResource", row->singular);
	json_set(resource, "verbs", words(verbs_of(row).words));
	if (row->short_names[0])
		json_set(resource, "shortNames", words(row->short_names));
	if (row->categories[0])
		json_set(resource, "categories", words(row->categories));
	subresources = json_new_array();
	if (version->scale)
		add_subresource(subresources, "scale", response_kind("autoscaling", "v1", "Scale"));
	if (version->status)
		add_subresource(subresources, "status",
				response_kind(row->group, version->name, row->kind));
	if (json_count(subresources) > 0)
		json_set(resource, "subresources", subresources);
	else
		json_free(subresources);
}

static int
compare_names(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return kinds_compare_versions(*left, *right);
}

/* The served versions of a group, best first; returns how many. */
static size_t
versions_of(const struct demo *demo, const char *group, const char *names[16])
{
	size_t count = 0;

	for (const struct kinds_row *row = kinds_first(demo->kinds); row; row = row->next) {
		for (size_t i = 0; text_equal(row->group, group) && i < row->version_count; i++) {
			bool known = !row->versions[i].served;

			for (size_t j = 0; j < count; j++)
				known = known || text_equal(names[j], row->versions[i].name);
			if (!known && count < 16)
				names[count++] = row->versions[i].name;
		}
	}
	qsort(names, count, sizeof(names[0]), compare_names);
	return count;
}

static struct json *
aggregated_group(const struct demo *demo, const char *group)
{
	struct json *item = json_new_object(), *metadata = json_set_object(item, "metadata");
	struct json *versions = json_set_array(item, "versions");
	const char *names[16];
	size_t count = versions_of(demo, group, names);

	if (*group)
		json_set_string(metadata, "name", group);
	json_set(metadata, "creationTimestamp", json_new_null());
	for (size_t i = 0; i < count; i++) {
		struct json *version = json_append(versions, json_new_object());
		struct json *resources;

		json_set_string(version, "version", names[i]);
		resources = json_set_array(version, "resources");
		for (const struct kinds_row *row = kinds_first(demo->kinds); row; row = row->next) {
			if (text_equal(row->group, group) && kinds_version(row, names[i]))
				add_aggregated(resources, row, kinds_version(row, names[i]));
		}
		json_set_string(version, "freshness", "Current");
	}
	return item;
}

static struct json *
plain_group(const struct demo *demo, const char *group, bool whole)
{
	struct json *json = json_new_object(), *versions, *preferred;
	const char *names[16];
	size_t count = versions_of(demo, group, names);
	char full[300];

	if (whole) {
		json_set_string(json, "kind", "APIGroup");
		json_set_string(json, "apiVersion", "v1");
	}
	json_set_string(json, "name", group);
	versions = json_set_array(json, "versions");
	for (size_t i = 0; i < count; i++) {
		struct json *version = json_append(versions, json_new_object());

		json_set_string(version, "groupVersion",
				kinds_api_version(full, sizeof(full), group, names[i]));
		json_set_string(version, "version", names[i]);
	}
	preferred = json_clone(json_first(versions));
	json_set(json, "preferredVersion", preferred);
	return json;
}

/* Calls for each group but core, in the order it was first served. */
static void
each_group(const struct demo *demo, struct json *into, bool aggregated)
{
	for (const struct kinds_row *row = kinds_first(demo->kinds); row; row = row->next) {
		bool first = *row->group != '\0';

		for (const struct kinds_row *r = kinds_first(demo->kinds); r != row && first;
		     r = r->next)
			first = !text_equal(r->group, row->group);
		if (first)
			json_append(into, aggregated ? aggregated_group(demo, row->group)
						     : plain_group(demo, row->group, false));
	}
}

static struct json *
groups(const struct demo *demo, bool core, bool aggregated)
{
	struct json *json = json_new_object();

	if (aggregated) {
		json_set_string(json, "kind", "APIGroupDiscoveryList");
		json_set_string(json, "apiVersion", "apidiscovery.k8s.io/v2");
		json_set_object(json, "metadata");
		json_set_array(json, "items");
		if (core)
			json_append(json_get_mutable(json, "items"), aggregated_group(demo, ""));
		else
			each_group(demo, json_get_mutable(json, "items"), true);
	} else if (core) {
		json_set_string(json, "kind", "APIVersions");
		json_append(json_set_array(json, "versions"), json_new_string("v1"));
		json_set_array(json, "serverAddressByClientCIDRs");
	} else {
		json_set_string(json, "kind", "APIGroupList");
		json_set_string(json, "apiVersion", "v1");
		each_group(demo, json_set_array(json, "groups"), false);
	}
	return json;
}

static void
add_resource(struct json *list, const struct kinds_row *row, const char *subresource,
	     const char *kind)
{
	struct json *resource = json_append(list, json_new_object());
	char name[300];

	snprintf(name, sizeof(name), "%s%s%s", row->resource, *subresource ? "/" : "", subresource);
	json_set_string(resource, "name", name);
	json_set_string(resource, "singularName", *subresource ? "" : row->singular);
	json_set_bool(resource, "namespaced", row->namespaced);
	if (text_equal(kind, "Scale")) {
		json_set_string(resource, "group", "autoscaling");
		json_set_string(resource, "version", "v1");
	}
	json_set_string(resource, "kind", kind);
	if (*subresource) {
		json_set(resource, "verbs", words(subresource_verbs));
		return;
	}
	json_set(resource, "verbs", words(verbs_of(row).words));
	if (row->short_names[0])
		json_set(resource, "shortNames", words(row->short_names));
	if (row->categories[0])
		json_set(resource, "categories", words(row->categories));
}

static struct json *
resources(const struct demo *demo, const char *group, const char *version)
{
	struct json *json = json_new_object(), *list;
	char full[300];

	json_set_string(json, "kind", "APIResourceList");
	json_set_string(json, "apiVersion", "v1");
	json_set_string(json, "groupVersion",
			kinds_api_version(full, sizeof(full), group, version));
	list = json_set_array(json, "resources");
	for (const struct kinds_row *row = kinds_first(demo->kinds); row; row = row->next) {
		const struct kinds_version *v = kinds_version(row, version);

		if (!text_equal(row->group, group) || !v)
			continue;
		add_resource(list, row, "", row->kind);
		if (v->scale)
			add_resource(list, row, "scale", "Scale");
		if (v->status)
			add_resource(list, row, "status", row->kind);
	}
	return json;
}

static struct json *
version_info(const struct demo *demo)
{
	struct json *json = json_new_object();
	int major = 1, minor = 34;
	char text[20];

	sscanf(demo->git_version, "v%d.%d", &major, &minor);
	snprintf(text, sizeof(text), "%d", major);
	json_set_string(json, "major", text);
	snprintf(text, sizeof(text), "%d", minor);
	json_set_string(json, "minor", text);
	json_set_string(json, "gitVersion", demo->git_version);
	json_set_string(json, "gitCommit", "");
	json_set_string(json, "gitTreeState", "");
	json_set_string(json, "buildDate", "");
	json_set_string(json, "goVersion", "");
	json_set_string(json, "compiler", "gcc");
	json_set_string(json, "platform", "linux/amd64");
	return json;
}

/* "v=v2" is not "v=v2beta1". */
static bool
names_version(const char *accept, const char *version)
{
	size_t length = strlen(version);

	for (const char *at = accept; (at = strstr(at, version)) != NULL; at += length)
		if (at[length] == '\0' || strchr(";, ", at[length]) != NULL)
			return true;
	return false;
}

static bool
wants_aggregated(const struct request *request)
{
	const char *accept = request->wire->accept;

	return accept && strstr(accept, "as=APIGroupDiscoveryList") &&
	       strstr(accept, "g=apidiscovery.k8s.io") && names_version(accept, "v=v2");
}

static struct json *
of_groups(struct demo *demo, const struct request *request, struct demo_response *response)
{
	const char *const *s = request->segments;
	bool core = text_equal(s[0], "api");
	bool aggregated = request->segment_count == 1 && wants_aggregated(request);

	if (request->segment_count == 1) {
		if (aggregated)
			response->content_type = TYPE_AGGREGATED;
		return groups(demo, core, aggregated);
	}
	if (core)
		return request->segment_count == 2 && text_equal(s[1], "v1")
			       ? resources(demo, "", "v1")
			       : NULL;
	if (request->segment_count == 2)
		return kinds_has_group(demo->kinds, s[1], NULL) ? plain_group(demo, s[1], true)
								: NULL;
	return kinds_has_group(demo->kinds, s[1], s[2]) ? resources(demo, s[1], s[2]) : NULL;
}

static bool
is_health(const char *path)
{
	return text_equal(path, "healthz") || text_equal(path, "livez") ||
	       text_equal(path, "readyz");
}

bool
discovery_answer(struct demo *demo, const struct request *request, struct status *status,
		 struct demo_response *response)
{
	const char *first = request->segment_count > 0 ? request->segments[0] : "";
	struct json *json = NULL;

	if (!text_equal(request->wire->method, "GET") && !text_equal(request->wire->method, "HEAD"))
		return status_not_allowed(status);
	response->status = 200;
	if (is_health(first)) {
		response->content_type = "text/plain; charset=utf-8";
		return buf_puts(&response->body, "ok");
	}
	if (text_equal(first, "version"))
		json = version_info(demo);
	else if (text_equal(first, "api") || text_equal(first, "apis"))
		json = of_groups(demo, request, response);
	else if (text_equal(request->path, "/openapi/v2"))
		return openapi_version_2(request, response);
	else if (text_equal(first, "openapi"))
		json = openapi_document(demo, request);
	if (!json)
		return status_no_such_path(status);
	json_print(json, &response->body);
	json_free(json);
	return true;
}
