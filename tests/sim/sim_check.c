/* What must hold at any time (ARCHITECTURE §8): looked at after every change of the cluster and
 * before every write leaves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/inside.h"
#include "core/migrate/lease.h"
#include "tests/sim/sim_inside.h"

#define ROUTES "httproutes"
#define POOLS  "inferencepools"
#define MODELS "inferencemodels"
#define CRDS   "customresourcedefinitions"

struct thing { /* of the α side, as it was at the start */
	const char *group, *resource;
	char *ns, *name;
	char *pool;         /* the α pool it belongs to; NULL: to several */
	struct json *value; /* whole */
	bool there;
	int64_t detached; /* mono ns when the last route let go of it; NEVER while one names it */
};

struct server { /* a GA pool that was seen */
	char *name;
	bool there;
	int64_t served; /* mono ns when some route last gave it weight, 0: none did; NEVER while one does */
};

struct sim_world {
	int64_t version;
	struct json *routes, *grants; /* as they were */
	struct thing *things;
	size_t thing_count;
	struct server *servers;
	size_t server_count;
	size_t alpha_left; /* α objects when it was looked at last */
};

static const struct json *
value_of(struct sim *sim, const char *group, const char *resource, const char *ns, const char *name)
{
	const struct store_object *object = store_get(sim->demo->store, group, resource, ns, name);

	return object == NULL ? NULL : store_value(sim->demo->store, object);
}

static void
add_thing(struct sim *sim, struct sim_world *world, const char *group, const char *resource,
	  const char *ns, const char *name, const char *pool)
{
	world->things =
		die_realloc(world->things, (world->thing_count + 1) * sizeof *world->things);
	world->things[world->thing_count++] =
		(struct thing){ .group = group,
				.resource = resource,
				.ns = die_strdup(ns),
				.name = die_strdup(name),
				.pool = pool == NULL ? NULL : die_strdup(pool),
				.detached = NEVER,
				.there = true };
	world->things[world->thing_count - 1].value =
		sim_sanitised(value_of(sim, group, resource, ns, name));
}

static bool
is_pool_ref(const struct json *ref, const char *group)
{
	return text_equal(json_string_at(ref, "kind"), "InferencePool") &&
	       text_equal(json_string_at(ref, "group"), group);
}

/* A route names this pool of the group with so much weight or more; with NULL any pool. */
static bool
is_named(struct sim *sim, const char *group, const char *pool, int64_t least)
{
	struct store *store = sim->demo->store;

	for (const struct store_object *object = NULL;
	     (object = store_next(store, GROUP_GATEWAY, ROUTES, NULL, object)) != NULL;) {
		const struct json *rules = json_at(store_value(store, object), "spec.rules");
		for (const struct json *rule = json_first(rules); rule != NULL;
		     rule = json_next(rule))
			for (const struct json *ref = json_first(json_get(rule, "backendRefs"));
			     ref != NULL; ref = json_next(ref))
				if (is_pool_ref(ref, group) &&
				    json_integer_at(ref, "weight", 1) >= least &&
				    (pool == NULL || text_equal(json_string_at(ref, "name"), pool)))
					return true;
	}
	return false;
}

static size_t
count_alpha(struct sim *sim)
{
	return store_count(sim->demo->store, GROUP_ALPHA, POOLS) +
	       store_count(sim->demo->store, GROUP_ALPHA, MODELS);
}

struct sim_world *
sim_world_new(struct sim *sim)
{
	struct sim_world *world = die_alloc(sizeof *world);
	struct store *store = sim->demo->store;

	world->version = -1;
	world->routes = json_new_array();
	world->grants = json_new_array();
	world->alpha_left = count_alpha(sim);
	for (const struct store_object *o = NULL;
	     (o = store_next(store, GROUP_GATEWAY, ROUTES, NULL, o)) != NULL;)
		json_append(world->routes, json_clone(store_value(store, o)));
	for (const struct store_object *o = NULL;
	     (o = store_next(store, GROUP_GATEWAY, "referencegrants", NULL, o)) != NULL;)
		json_append(world->grants, json_clone(store_value(store, o)));
	for (const struct store_object *o = NULL;
	     (o = store_next(store, GROUP_ALPHA, POOLS, NULL, o)) != NULL;) {
		const char *picker =
			json_string_at(store_value(store, o), "spec.extensionRef.name");

		add_thing(sim, world, GROUP_ALPHA, POOLS, o->namespace, o->name, o->name);
		if (picker == NULL)
			continue;
		add_thing(sim, world, "", "services", o->namespace, picker, NULL);
		if (value_of(sim, "apps", "deployments", o->namespace, picker) != NULL)
			add_thing(sim, world, "apps", "deployments", o->namespace, picker, NULL);
	}
	for (const struct store_object *o = NULL;
	     (o = store_next(store, GROUP_ALPHA, MODELS, NULL, o)) != NULL;)
		add_thing(sim, world, GROUP_ALPHA, MODELS, o->namespace, o->name,
			  json_string_at(store_value(store, o), "spec.poolRef.name"));
	return world;
}

void
sim_world_free(struct sim_world *world)
{
	for (size_t i = 0; i < world->thing_count; i++) {
		free(world->things[i].ns);
		free(world->things[i].name);
		free(world->things[i].pool);
		json_free(world->things[i].value);
	}
	for (size_t i = 0; i < world->server_count; i++)
		free(world->servers[i].name);
	free(world->servers);
	free(world->things);
	json_free(world->routes);
	json_free(world->grants);
	free(world);
}

static int64_t
total_of(const struct json *rule)
{
	int64_t total = 0;

	for (const struct json *ref = json_first(json_get(rule, "backendRefs")); ref != NULL;
	     ref = json_next(ref))
		total += json_integer_at(ref, "weight", 1);
	return total;
}

/* A backend with weight must be able to take traffic: its pool and the pool's picker are there. */
static void
check_backends(struct sim *sim, const struct json *rule, const char *ns, const char *name)
{
	for (const struct json *ref = json_first(json_get(rule, "backendRefs")); ref != NULL;
	     ref = json_next(ref)) {
		const char *group = json_string_at(ref, "group"),
			   *pool = json_string_at(ref, "name"),
			   *in = json_string_at(ref, "namespace");
		const struct json *value;
		const char *picker;

		if (json_integer_at(ref, "weight", 1) == 0 ||
		    !text_equal(json_string_at(ref, "kind"), "InferencePool"))
			continue;
		in = in != NULL ? in : ns;
		value = value_of(sim, group, POOLS, in, pool);
		picker = json_string_at(value, text_equal(group, GROUP_GA)
						       ? "spec.endpointPickerRef.name"
						       : "spec.extensionRef.name");
		sim->checks++;
		if (value == NULL)
			sim_say_wrong(sim, "route %s/%s sends traffic to %s of %s, which is gone",
				      ns, name, pool, group);
		else if (picker != NULL && value_of(sim, "", "services", in, picker) == NULL)
			sim_say_wrong(sim, "route %s/%s sends traffic to %s, its picker %s is gone",
				      ns, name, pool, picker);
	}
}

static const struct json *
next_other(const struct json *ref, bool first)
{
	ref = first ? ref : json_next(ref);
	while (ref != NULL && (is_pool_ref(ref, GROUP_ALPHA) || is_pool_ref(ref, GROUP_GA)))
		ref = json_next(ref);
	return ref;
}

/* Whatever is not of a pair keeps its share to the last digit. */
static void
check_others(struct sim *sim, const struct json *was, const struct json *is, const char *title)
{
	int64_t total_was = total_of(was), total_is = total_of(is);
	const struct json *a = next_other(json_first(json_get(was, "backendRefs")), true),
			  *b = next_other(json_first(json_get(is, "backendRefs")), true);

	for (; a != NULL && b != NULL; a = next_other(a, false), b = next_other(b, false)) {
		int64_t weight_was = json_integer_at(a, "weight", 1),
			weight_is = json_integer_at(b, "weight", 1);

		sim->checks++;
		if (weight_was * total_is != weight_is * total_was)
			sim_say_wrong(sim, "%s: %s had %lld of %lld and has %lld of %lld", title,
				      json_string_at(a, "name"), (long long)weight_was,
				      (long long)total_was, (long long)weight_is,
				      (long long)total_is);
	}
	if (a != NULL || b != NULL)
		sim_say_wrong(sim, "%s: another backend came or went", title);
}

/* A mirror follows its pool to the other group; every other filter stays as it was. */
static bool
same_filters(const struct json *a, const struct json *b)
{
	if (json_count(a) != json_count(b))
		return false;
	for (a = json_first(a), b = json_first(b); a != NULL; a = json_next(a), b = json_next(b)) {
		const struct json *was = json_at(a, "requestMirror.backendRef"),
				  *is = json_at(b, "requestMirror.backendRef");
		bool moves = is_pool_ref(was, GROUP_ALPHA) &&
			     (is_pool_ref(is, GROUP_GA) || is_pool_ref(is, GROUP_ALPHA));

		if (!moves && !json_equal(a, b))
			return false;
	}
	return true;
}

/* Everything of the rule but its backends. */
static bool
same_rule(const struct json *a, const struct json *b)
{
	size_t members = 0;

	for (const struct json *c = json_first(a); c != NULL; c = json_next(c)) {
		if (text_equal(json_key(c), "backendRefs"))
			continue;
		members++;
		if (text_equal(json_key(c), "filters") ? !same_filters(c, json_get(b, "filters"))
						       : !json_equal(c, json_get(b, json_key(c))))
			return false;
	}
	return json_count(b) == members + (json_get(b, "backendRefs") != NULL);
}

static void
check_route(struct sim *sim, const struct json *was)
{
	const char *ns = json_string_at(was, "metadata.namespace"),
		   *name = json_string_at(was, "metadata.name");
	const struct json *now = value_of(sim, GROUP_GATEWAY, ROUTES, ns, name),
			  *a = json_first(json_at(was, "spec.rules")),
			  *b = json_first(json_at(now, "spec.rules"));
	char title[300];

	sim->checks++;
	if (now == NULL) {
		sim_say_wrong(sim, "route %s/%s is gone", ns, name);
		return;
	}
	snprintf(title, sizeof title, "route %s/%s", ns, name);
	for (; a != NULL && b != NULL; a = json_next(a), b = json_next(b)) {
		sim->checks += 2;
		if (total_of(a) > 0 && total_of(b) <= 0)
			sim_say_wrong(sim, "%s has a rule whose weights are 0", title);
		if (!same_rule(a, b))
			sim_say_wrong(sim, "%s has a rule that matches other requests", title);
		check_backends(sim, b, ns, name);
		check_others(sim, a, b, title);
	}
	if (a != NULL || b != NULL)
		sim_say_wrong(sim, "%s has lost or won a rule", title);
}

/* Nothing of α goes while a route names it, nor before its open answers had their time. */
static void
check_alpha(struct sim *sim)
{
	struct sim_world *world = sim->world;
	int64_t drain = sim->consoles[0].settings.drain;

	for (size_t i = 0; i < world->thing_count; i++) {
		struct thing *thing = &world->things[i];
		bool was = thing->there, named = is_named(sim, GROUP_ALPHA, thing->pool, 0);

		if (named)
			thing->detached = NEVER;
		else if (thing->detached == NEVER)
			thing->detached = sim->mono;
		thing->there = value_of(sim, thing->group, thing->resource, thing->ns,
					thing->name) != NULL;
		sim->checks++;
		if (!was || thing->there)
			continue;
		if (named)
			sim_say_wrong(sim, "%s %s is gone while a route names an α pool",
				      thing->resource, thing->name);
		else if (!sim->on->downtime && sim->mono - thing->detached < drain)
			sim_say_wrong(
				sim, "%s %s is gone %.3f s after α was let go of, before %.0f",
				thing->resource, thing->name,
				(double)(sim->mono - thing->detached) / 1e9, (double)drain / 1e9);
	}
}

/* Whether each GA pool stands; a new one is remembered. */
static void
see_servers(struct sim *sim)
{
	struct sim_world *world = sim->world;

	for (size_t i = 0; i < world->server_count; i++)
		world->servers[i].there = false;
	for (const struct store_object *o = NULL;
	     (o = store_next(sim->demo->store, GROUP_GA, POOLS, NULL, o)) != NULL;) {
		size_t i = 0;

		while (i < world->server_count && !text_equal(world->servers[i].name, o->name))
			i++;
		if (i == world->server_count) {
			world->servers =
				die_realloc(world->servers, (i + 1) * sizeof *world->servers);
			world->servers[world->server_count++] =
				(struct server){ .name = die_strdup(o->name) };
		}
		world->servers[i].there = true;
	}
}

/* The same for the way back: what served is not deleted before its open answers had their time. */
static void
check_ga(struct sim *sim)
{
	struct sim_world *world = sim->world;
	int64_t drain = sim->consoles[0].settings.drain;
	size_t seen = world->server_count;
	bool *was = die_alloc(seen + 1);

	for (size_t i = 0; i < seen; i++)
		was[i] = world->servers[i].there;
	see_servers(sim);
	for (size_t i = 0; i < world->server_count; i++) {
		struct server *ga = &world->servers[i];

		if (is_named(sim, GROUP_GA, ga->name, 1))
			ga->served = NEVER;
		else if (ga->served == NEVER)
			ga->served = sim->mono;
		sim->checks++;
		if (i < seen && was[i] && !ga->there && ga->served != 0 && !sim->on->downtime &&
		    (ga->served == NEVER || sim->mono - ga->served < drain))
			sim_say_wrong(sim,
				      "GA pool %s is gone before its open answers had their time",
				      ga->name);
	}
	free(was);
}

/* α CRDs never go while an object of theirs is there. */
static void
check_crds(struct sim *sim)
{
	static const char *const names[] = { POOLS "." GROUP_ALPHA, MODELS "." GROUP_ALPHA };
	size_t left = sim->world->alpha_left;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct json *crd = value_of(sim, GROUP_CRD, CRDS, "", names[i]);

		sim->checks++;
		if (left > 0 &&
		    (crd == NULL || json_string_at(crd, "metadata.deletionTimestamp") != NULL))
			sim_say_wrong(sim, "CRD %s was deleted with %zu α objects left", names[i],
				      left);
	}
	sim->world->alpha_left = count_alpha(sim);
}

/* A client of the models, at any time. */
static void
check_service(struct sim *sim)
{
	struct buf answer, body;
	char served_by[300] = "";
	int status;

	buf_init(&answer, 1 * BUF_MIB);
	buf_init(&body, 1 * BUF_KIB);
	buf_printf(&body, "{\"model\":\"%s\",\"prompt\":\"Say hello.\",\"max_tokens\":1}",
		   sim->on->model);
	status = demo_gateway(sim->demo, "http", "POST", "/v1/completions", sim->on->host,
			      body.bytes, body.length, &answer, served_by);
	sim->checks++;
	if (status != 200)
		sim_say_wrong(sim, "a client got %d from %s: %.300s", status, served_by,
			      answer.bytes);
	buf_release(&answer);
	buf_release(&body);
}

void
sim_check_cluster(struct sim *sim)
{
	int64_t version = demo_version(sim->demo);

	if (sim->world == NULL || version == sim->world->version || *sim->wrong != '\0')
		return;
	sim->world->version = version;
	if (!sim->strangers && !sim->on->downtime) {
		for (const struct json *route = json_first(sim->world->routes); route != NULL;
		     route = json_next(route))
			check_route(sim, route);
		check_service(sim);
	}
	check_alpha(sim);
	check_ga(sim);
	check_crds(sim);
}

void
sim_world_adopt(struct sim *sim)
{
	struct sim_world *world = sim->world;

	for (size_t i = 0; i < world->thing_count; i++) {
		struct thing *thing = &world->things[i];

		thing->there = value_of(sim, thing->group, thing->resource, thing->ns,
					thing->name) != NULL;
	}
	see_servers(sim);
	world->alpha_left = count_alpha(sim);
}

void
sim_mend_by_hand(struct sim *sim)
{
	sim_mend_grants(sim, sim->world->grants);
	sim_mend_routes(sim, sim->world->routes);
}

bool
sim_route_is_empty(const struct sim *sim)
{
	return sim_has_empty_route(sim, sim->world->routes);
}

void
sim_check_copies(struct sim *sim, int console)
{
	for (size_t i = 0; i < sim->world->thing_count; i++) {
		const struct thing *thing = &sim->world->things[i];

		sim->checks++;
		if (value_of(sim, thing->group, thing->resource, thing->ns, thing->name) == NULL &&
		    !sim_has_copy(sim, console, thing->value))
			sim_say_wrong(sim,
				      "%s %s is gone, and no whole copy of it is in the folder",
				      thing->resource, thing->name);
	}
}

static char *
what_of(const struct sim_call *call)
{
	size_t length = strcspn(call->request.path, "?");
	struct buf text;
	char *what;

	buf_init(&text, 4 * BUF_KIB);
	buf_printf(&text, "%s %.*s", call->request.method, (int)length, call->request.path);
	what = buf_take(&text);
	buf_release(&text);
	return what;
}

/* It was done after its program had given it up, and another operator may go on from there. */
static bool
is_nobodys(const struct sim *sim, const struct sim_call *call)
{
	return call->orphan && sim->consoles[!call->console].starts > 0;
}

void
sim_note_executed(struct sim *sim, const struct sim_call *call)
{
	sim->executed =
		die_realloc(sim->executed, (sim->executed_count + 1) * sizeof *sim->executed);
	sim->executed[sim->executed_count++] = (struct sim_executed){
		.console = call->console, .what = what_of(call), .lost = is_nobodys(sim, call)
	};
}

/* Of two operators one writes: whose the Lease is at that moment. */
static void
check_lease(struct sim *sim, const struct sim_call *call)
{
	struct lease lease;
	char whose[40];

	lease_read(value_of(sim, LEASE_GROUP, LEASE_RESOURCE, LEASE_NS, LEASE_NAME), &lease);
	snprintf(whose, sizeof whose, "operator-%d@", call->console);
	sim->checks++;
	if (strncmp(lease.holder, whose, strlen(whose)) != 0)
		sim_say_wrong(sim, "console %d writes, and the Lease is held by \"%s\": %s %s",
			      call->console, lease.holder, call->request.method,
			      call->request.path);
}

void
sim_check_write(struct sim *sim, const struct sim_call *call)
{
	const struct json *line;
	const char *resource, *name, *text;

	sim->checks += 4;
	if (sim->consoles[call->console].settings.read_only)
		sim_say_wrong(sim, "written although read-only: %s %s", call->request.method,
			      call->request.path);
	if (!sim_is_guarded(call))
		sim_say_wrong(sim, "sent without its guards: %s %s", call->request.method,
			      call->request.path);
	if (call->lease)
		return;
	check_lease(sim, call);
	line = sim_journal_last(sim, call->console);
	resource = json_string_at(line, "write.resource");
	name = json_string_at(line, "write.name");
	text = strcmp(call->request.method, "POST") == 0 ? call->request.body : call->request.path;
	if (!text_equal(json_string_at(line, "type"), "intent") || resource == NULL ||
	    name == NULL || strstr(call->request.path, resource) == NULL ||
	    strstr(text, name) == NULL)
		sim_say_wrong(sim, "sent before the journal knew of it: %s %s (last: %s %s)",
			      call->request.method, call->request.path,
			      resource != NULL ? resource : "nothing", name != NULL ? name : "");
	/* What this very engine has given up it may send again: its guards let one of them through.
	 * What a killed one has left in hand must have come, or be refused when it comes. */
	for (const struct sim_call *other = sim->calls; other != NULL; other = other->next)
		if (other->write && !other->lease &&
		    (!other->orphan ||
		     ((other->console != call->console || other->start != call->start) &&
		      !sim_is_refused(sim, other))))
			sim_say_wrong(sim, "two writes at once: %s %s and %s %s",
				      call->request.method, call->request.path,
				      other->request.method, other->request.path);
}
