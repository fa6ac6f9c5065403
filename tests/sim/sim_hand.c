/* Without the journal: what a person does by hand, and what there is to do it with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/demo/inside.h"
#include "core/migrate/convert.h"
#include "tests/sim/sim_inside.h"

#define FILE_CAP (16 * BUF_MIB)

/* The GA pool that says it took the place of `alpha`; NULL: none does yet. */
static const char *
ga_of(struct sim *sim, const char *ns, const char *alpha)
{
	for (const struct store_object *o = NULL;
	     (o = store_next(sim->demo->store, GROUP_GA, "inferencepools", ns, o)) != NULL;) {
		const struct json *value = store_value(sim->demo->store, o);
		const struct json *notes = json_at(value, "metadata.annotations");

		if (text_equal(json_string(json_get(notes, CONVERT_ALPHA_POOL)), alpha))
			return o->name;
	}
	return NULL;
}

/* Every reference to an alpha pool names its GA pool, where there is one; false when a pool is in
 * neither group. */
static bool
rename_references(struct sim *sim, struct json *json, const char *ns)
{
	bool all = true;

	if (json_type(json) == JSON_OBJECT &&
	    text_equal(json_string_at(json, "group"), GROUP_ALPHA)) {
		const char *in = json_string_at(json, "namespace"),
			   *alpha = json_string_at(json, "name");
		const char *ga = ga_of(sim, in != NULL ? in : ns, alpha);

		if (ga == NULL)
			return store_get(sim->demo->store, GROUP_ALPHA, "inferencepools",
					 in != NULL ? in : ns, alpha) != NULL;
		json_set_string(json, "group", GROUP_GA);
		json_set_string(json, "name", ga);
	}
	for (struct json *c = json_first_mutable(json); c != NULL; c = json_next_mutable(c))
		all = rename_references(sim, c, ns) && all;
	return all;
}

static int
patch(struct sim *sim, const struct json *was, const char *resource, struct json *spec)
{
	struct json *change = json_new_object();
	char path[400], *body;
	int status;

	json_set(change, "spec", spec);
	body = json_text(change);
	snprintf(path, sizeof path, "/apis/%s/namespaces/%s/%s/%s",
		 json_string_at(was, "apiVersion"), json_string_at(was, "metadata.namespace"),
		 resource, json_string_at(was, "metadata.name"));
	status = sim_send(sim, "PATCH", path, "application/merge-patch+json", body);
	free(body);
	json_free(change);
	return status;
}

static void
mend(struct sim *sim, const struct json *was)
{
	struct json *spec = json_clone(json_get(was, "spec"));

	if (!rename_references(sim, spec, json_string_at(was, "metadata.namespace")))
		json_free(spec);
	else if (patch(sim, was, "httproutes", spec) != 200)
		sim_say_wrong(sim, "route %s could not be mended by hand",
			      json_string_at(was, "metadata.name"));
}

bool
sim_has_empty_route(const struct sim *sim, const struct json *routes)
{
	for (const struct json *was = json_first(routes); was != NULL; was = json_next(was)) {
		const struct store_object *now =
			store_get(sim->demo->store, GROUP_GATEWAY, "httproutes",
				  json_string_at(was, "metadata.namespace"),
				  json_string_at(was, "metadata.name"));
		const struct json *rules =
			now == NULL ? NULL
				    : json_at(store_value(sim->demo->store, now), "spec.rules");

		for (const struct json *rule = json_first(rules); rule != NULL;
		     rule = json_next(rule))
			if (json_count(json_get(rule, "backendRefs")) == 0)
				return true;
	}
	return false;
}

void
sim_mend_routes(struct sim *sim, const struct json *routes)
{
	for (const struct json *was = json_first(routes); was != NULL; was = json_next(was))
		mend(sim, was);
}

static bool
lets_in_alpha(const struct json *grant)
{
	for (const struct json *to = json_first(json_at(grant, "spec.to")); to != NULL;
	     to = json_next(to))
		if (text_equal(json_string_at(to, "group"), GROUP_ALPHA))
			return true;
	return false;
}

/* For pools of the GA group, what it said of those of the alpha group. */
static void
mend_grant(struct sim *sim, const struct json *was)
{
	struct json *grant = sim_sanitised(was), *to;
	struct arena arena;
	char path[400], *body;
	int status;

	arena_init(&arena);
	json_set_string(json_get_mutable(grant, "metadata"), "name",
			convert_ga_name(json_string_at(was, "metadata.name"), &arena));
	json_remove(json_get_mutable(grant, "spec"), "to");
	to = json_append(json_set_array(json_get_mutable(grant, "spec"), "to"), json_new_object());
	json_set_string(to, "group", GROUP_GA);
	json_set_string(to, "kind", "InferencePool");
	body = json_text(grant);
	snprintf(path, sizeof path, "/apis/%s/namespaces/%s/referencegrants",
		 json_string_at(was, "apiVersion"), json_string_at(was, "metadata.namespace"));
	status = sim_send(sim, "POST", path, "application/json", body);
	if (status / 100 != 2 && status != 409)
		sim_say_wrong(sim, "a grant could not be made by hand: %d", status);
	free(body);
	json_free(grant);
	arena_release(&arena);
}

void
sim_mend_grants(struct sim *sim, const struct json *grants)
{
	for (const struct json *was = json_first(grants); was != NULL; was = json_next(was)) {
		const struct store_object *now =
			store_get(sim->demo->store, GROUP_GATEWAY, "referencegrants",
				  json_string_at(was, "metadata.namespace"),
				  json_string_at(was, "metadata.name"));

		if (lets_in_alpha(was) &&
		    (now == NULL || !lets_in_alpha(store_value(sim->demo->store, now))))
			mend_grant(sim, was);
	}
}

static bool
is_copy_of(const char *path, const struct json *value)
{
	struct buf text;
	struct json *raw = NULL, *copy;
	bool same;

	buf_init(&text, FILE_CAP);
	if (file_read(path, FILE_CAP, &text, NULL))
		raw = yaml_parse(text.bytes, text.length, path, YAML_TYPED, NULL);
	copy = raw == NULL ? NULL : sim_sanitised(raw);
	same = copy != NULL &&
	       text_equal(json_string_at(copy, "kind"), json_string_at(value, "kind")) &&
	       text_equal(json_string_at(copy, "apiVersion"),
			  json_string_at(value, "apiVersion")) &&
	       text_equal(json_string_at(copy, "metadata.name"),
			  json_string_at(value, "metadata.name")) &&
	       json_equal(json_get(copy, "spec"), json_get(value, "spec"));
	json_free(copy);
	json_free(raw);
	buf_release(&text);
	return same;
}

/* In any cluster's folder below backup. */
bool
sim_has_copy(const struct sim *sim, int console, const struct json *value)
{
	char folder[200], path[900];
	char **names;
	size_t count;
	bool found = false;

	snprintf(folder, sizeof folder, "%s/backup", sim->consoles[console].folder);
	if (!file_is_folder(folder) || !file_list(folder, "", &names, &count, NULL))
		return false;
	for (size_t i = 0; i < count && !found; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		found = is_copy_of(path, value);
	}
	file_list_free(names, count);
	return found;
}
