/* The cluster as one text, and as one number. */
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/demo/inside.h"
#include "core/migrate/intent.h"
#include "tests/sim/sim_helm.h"

/* Of the CRDs, those that the migration is about. */
static bool
counts(enum kind kind, const struct store_object *object)
{
	return kind != KIND_CRD || strstr(object->name, "inference") != NULL;
}

static const struct store_object *
next_of(const struct sim *sim, enum kind kind, const struct store_object *after)
{
	const struct kind_row *row = kind_row(kind);

	do
		after = store_next(sim->demo->store, row->group, row->resource, NULL, after);
	while (after != NULL && !counts(kind, after));
	return after;
}

/* A Service made again gets a new address, as on any cluster. */
struct json *
sim_sanitised(const struct json *value)
{
	struct json *whole = intent_sanitised(value);

	json_remove(json_get_mutable(whole, "spec"), "clusterIP");
	json_remove(json_get_mutable(whole, "spec"), "clusterIPs");
	return whole;
}

char *
sim_state(struct sim *sim)
{
	struct buf out;
	char *text;

	buf_init(&out, 64 * BUF_MIB);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (const struct store_object *object = NULL;
		     kind != KIND_POD && (object = next_of(sim, kind, object)) != NULL;) {
			struct json *whole = sim_sanitised(store_value(sim->demo->store, object));

			buf_printf(&out, "--- %s/%s %s/%s\n", object->group, object->resource,
				   object->namespace, object->name);
			yaml_print_sorted(whole, &out);
			json_free(whole);
		}
	sim_helm_print(sim->helm, &out);
	text = buf_take(&out);
	buf_release(&out);
	return text;
}

/* What differs between two worlds that are the same. */
static bool
is_accidental(const char *key)
{
	static const char *const keys[] = {
		"uid",       "resourceVersion",    "creationTimestamp",  "managedFields",
		"time",      "lastTransitionTime", "lastUpdateTime",     "generation",
		"clusterIP", "clusterIPs",         "observedGeneration",
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static uint64_t
mixed(uint64_t a, uint64_t b)
{
	a = (a ^ b) * UINT64_C(0x9e3779b97f4a7c15);
	return a ^ (a >> 29);
}

static uint64_t
text_print(const char *text)
{
	uint64_t print = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		print = (print ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return print;
}

/* Members add up, so that their order does not matter. */
static uint64_t
json_print_number(const struct json *json)
{
	uint64_t print = (uint64_t)json_type(json) + 1;

	switch (json_type(json)) {
	case JSON_STRING:
		return mixed(print, text_print(json_string(json)));
	case JSON_NUMBER:
		return mixed(print, (uint64_t)(int64_t)(json_number(json, 0) * 1000));
	case JSON_BOOL:
		return mixed(print, json_bool(json, false));
	case JSON_NULL:
		return print;
	case JSON_ARRAY:
		for (const struct json *c = json_first(json); c != NULL; c = json_next(c))
			print = mixed(print, json_print_number(c));
		return print;
	case JSON_OBJECT:
		break;
	}
	for (const struct json *c = json_first(json); c != NULL; c = json_next(c))
		if (!is_accidental(json_key(c)))
			print += mixed(text_print(json_key(c)),
				       text_equal(json_key(c), "deletionTimestamp")
					       ? 1
					       : json_print_number(c));
	return print;
}

/* helm's part of it. */
static uint64_t
releases_print(const struct sim *sim)
{
	struct buf text;
	uint64_t print;

	buf_init(&text, 64 * BUF_KIB);
	buf_puts(&text, " ");
	sim_helm_print(sim->helm, &text);
	print = text_print(text.bytes);
	buf_release(&text);
	return print;
}

uint64_t
sim_same(struct sim *sim)
{
	uint64_t print = releases_print(sim);

	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (const struct store_object *object = NULL;
		     kind != KIND_POD && (object = next_of(sim, kind, object)) != NULL;) {
			struct json *whole =
				intent_sanitised(store_value(sim->demo->store, object));

			print = mixed(print, json_print_number(whole));
			json_free(whole);
		}
	return print;
}

uint64_t
sim_print(struct sim *sim, int console)
{
	uint64_t print = mixed(sim_journal_print(sim, console), releases_print(sim));

	for (const struct sim_call *call = sim->calls; call != NULL; call = call->next)
		if (call->fault != NULL && call->fault->late && !call->executed)
			print = mixed(mixed(print, text_print(call->request.method)),
				      text_print(call->request.path));

	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (const struct store_object *object = NULL;
		     kind != KIND_POD && (object = next_of(sim, kind, object)) != NULL;)
			print = mixed(print,
				      json_print_number(store_value(sim->demo->store, object)));
	return print;
}

int
sim_first_weighted(const struct sim *sim)
{
	const struct store_object *route =
		store_get(sim->demo->store, GROUP_GATEWAY, "httproutes", "default", "llm-route");
	const struct json *refs = route == NULL ? NULL
						: json_at(store_value(sim->demo->store, route),
							  "spec.rules[0].backendRefs");
	int place = 0;

	for (const struct json *c = json_first(refs); c != NULL; c = json_next(c), place++)
		if (json_integer_at(c, "weight", 1) > 0)
			return place;
	return 0;
}
