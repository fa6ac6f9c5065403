#include "core/model/decode.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* Sorted by bytes. 5,000 routes repeat these tens of thousands of times. */
static const char *const known[] = {
	"",
	"Accepted",
	"Apply",
	"Available",
	"Exact",
	"False",
	"Gateway",
	"HTTP",
	"HTTPRoute",
	"InferencePool",
	"NoConflicts",
	"PathPrefix",
	"Programmed",
	"ResolvedRefs",
	"Route is accepted",
	"Service",
	"True",
	"Unknown",
	"Update",
	"default",
	GROUP_GATEWAY,
	GROUP_GA,
	GROUP_ALPHA,
	"kubectl",
	"kubectl-client-side-apply",
	"poolshift",
};

static int
compare_words(const void *key, const void *word)
{
	return strcmp(key, *(const char *const *)word);
}

const char *
decode_string(struct decode *d, const char *text)
{
	const char *const *word;

	if (text == NULL)
		return "";
	word = bsearch(text, known, sizeof(known) / sizeof(known[0]), sizeof(known[0]),
		       compare_words);
	return word != NULL ? *word : arena_string(d->arena, text);
}

const char *
decode_text(struct decode *d, const struct json *json, const char *path, const char *fallback)
{
	const char *text = json_string_at(json, path);

	return decode_string(d, text != NULL ? text : fallback);
}

int64_t
decode_time(const struct json *json, const char *path)
{
	const char *text = json_string_at(json, path);
	int64_t wall;

	return text != NULL && clock_parse_rfc3339(text, &wall) ? wall : 0;
}

struct string_list
decode_strings(struct decode *d, const struct json *array)
{
	size_t room = json_count(array), count = 0;
	const char **items;

	if (room == 0)
		return (struct string_list){ 0 };
	items = arena_array(d->arena, room, sizeof(*items));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		if (json_string(c) != NULL)
			items[count++] = decode_string(d, json_string(c));
	return (struct string_list){ .items = items, .count = count };
}

struct string_list
decode_strings_of(struct decode *d, const struct json *array, const char *key)
{
	size_t room = json_count(array), count = 0;
	const char **items;

	if (room == 0)
		return (struct string_list){ 0 };
	items = arena_array(d->arena, room, sizeof(*items));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		if (json_string_at(c, key) != NULL)
			items[count++] = decode_string(d, json_string_at(c, key));
	return (struct string_list){ .items = items, .count = count };
}

struct kv_list
decode_pairs(struct decode *d, const struct json *object)
{
	size_t room = json_type(object) == JSON_OBJECT ? json_count(object) : 0, count = 0;
	struct kv *items;

	if (room == 0)
		return (struct kv_list){ 0 };
	items = arena_array(d->arena, room, sizeof(*items));
	for (const struct json *c = json_first(object); c != NULL; c = json_next(c)) {
		if (json_string(c) == NULL || strcmp(json_key(c), LAST_APPLIED) == 0)
			continue;
		items[count++] = (struct kv){
			.key = decode_string(d, json_key(c)),
			.value = decode_string(d, json_string(c)),
		};
	}
	return (struct kv_list){ .items = items, .count = count };
}

struct condition_list
decode_conditions(struct decode *d, const struct json *array)
{
	size_t room = json_count(array), count = 0;
	struct condition *items;

	if (room == 0)
		return (struct condition_list){ 0 };
	items = arena_array(d->arena, room, sizeof(*items));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		items[count++] = (struct condition){
			.type = decode_text(d, c, "type", ""),
			.status = decode_text(d, c, "status", "Unknown"),
			.reason = decode_text(d, c, "reason", ""),
			.message = decode_text(d, c, "message", ""),
			.generation = json_integer_at(c, "observedGeneration", 0),
			.since = decode_time(c, "lastTransitionTime"),
		};
	return (struct condition_list){ .items = items, .count = count };
}

const int32_t *
decode_ports(struct decode *d, const struct json *array, const char *key, size_t *count)
{
	size_t room = json_count(array);
	int32_t *ports;

	*count = 0;
	if (room == 0)
		return NULL;
	ports = arena_array(d->arena, room, sizeof(*ports));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c)) {
		int64_t port = json_integer_at(c, key, 0);

		if (port > 0 && port <= 65535)
			ports[(*count)++] = (int32_t)port;
	}
	return ports;
}

struct ref
decode_ref(struct decode *d, const struct json *json, const char *group, const char *kind)
{
	const char *ns = json_string_at(json, "namespace");

	return (struct ref){
		.group = decode_text(d, json, "group", group),
		.kind = decode_text(d, json, "kind", kind),
		.ns = ns != NULL && *ns != '\0' ? decode_string(d, ns) : d->ns,
		.name = decode_text(d, json, "name", ""),
	};
}

static void
decode_managers(struct decode *d, const struct json *array, struct meta *meta)
{
	size_t room = json_count(array);
	struct manager *managers;

	if (room == 0)
		return;
	managers = arena_array(d->arena, room, sizeof(*managers));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c)) {
		const char *subresource = json_string_at(c, "subresource");

		managers[meta->manager_count++] = (struct manager){
			.name = decode_text(d, c, "manager", ""),
			.operation = decode_text(d, c, "operation", ""),
			.wall = decode_time(c, "time"),
			.status = subresource != NULL && strcmp(subresource, "status") == 0,
		};
	}
	meta->managers = managers;
}

static void
decode_owners(struct decode *d, const struct json *array, struct meta *meta)
{
	size_t room = json_count(array);
	struct owner *owners;

	if (room == 0)
		return;
	owners = arena_array(d->arena, room, sizeof(*owners));
	for (const struct json *c = json_first(array); c != NULL; c = json_next(c))
		owners[meta->owner_count++] = (struct owner){
			.api_version = decode_text(d, c, "apiVersion", ""),
			.kind = decode_text(d, c, "kind", ""),
			.name = decode_text(d, c, "name", ""),
			.uid = decode_text(d, c, "uid", ""),
			.controller = json_bool_at(c, "controller", false),
		};
	meta->owners = owners;
}

void
decode_meta(struct decode *d, const struct json *metadata, struct meta *meta)
{
	*meta = (struct meta){
		.ns = d->ns,
		.name = decode_text(d, metadata, "name", ""),
		.uid = decode_text(d, metadata, "uid", ""),
		.version = decode_text(d, metadata, "resourceVersion", ""),
		.generation = json_integer_at(metadata, "generation", 0),
		.created = decode_time(metadata, "creationTimestamp"),
		.deleting = decode_time(metadata, "deletionTimestamp"),
		.finalizers = decode_strings(d, json_get(metadata, "finalizers")),
		.labels = decode_pairs(d, json_get(metadata, "labels")),
		.annotations = decode_pairs(d, json_get(metadata, "annotations")),
	};
	decode_managers(d, json_get(metadata, "managedFields"), meta);
	decode_owners(d, json_get(metadata, "ownerReferences"), meta);
}
