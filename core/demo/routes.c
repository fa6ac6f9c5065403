#include "core/demo/routes.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/arena.h"
#include "core/base/die.h"
#include "core/base/text.h"

struct pair {
	const char *name;
	const char *value;
};

struct match {
	bool exact; /* path, else prefix */
	const char *path;
	const char *method; /* or NULL */
	struct pair *headers;
	size_t header_count;
};

struct turn {
	struct backend backend;
	struct edits edits;
	int64_t credit; /* of the round robin */
};

/* So many of so many requests are copied. */
struct mirror {
	struct backend backend;
	int64_t part, whole;
	int64_t credit;
};

struct rule {
	struct match *matches;
	size_t match_count;
	struct turn *turns;
	size_t turn_count;
	struct edits edits;
	struct mirror *mirrors;
	size_t mirror_count;
};

struct route {
	struct arena arena; /* of everything below */
	const char *namespace;
	const char *name;
	const char *created;
	const char **hostnames;
	size_t hostname_count;
	struct rule *rules;
	size_t rule_count;
};

/* Sorted by namespace and name. */
struct routes {
	struct route **all;
	size_t count;
	size_t room;
};

/* How well a match fits; compared field by field, more is better. */
struct fit {
	size_t hostname; /* exact names count 1000 more than wildcards */
	size_t exact;
	size_t path;
	size_t method;
	size_t headers;
};

struct routes *
routes_new(void)
{
	return die_alloc(sizeof(struct routes));
}

static void
route_free(struct route *route)
{
	arena_release(&route->arena);
	free(route);
}

void
routes_free(struct routes *routes)
{
	size_t i;

	if (routes == NULL)
		return;
	for (i = 0; i < routes->count; i++)
		route_free(routes->all[i]);
	free(routes->all);
	free(routes);
}

static void
compile_match(struct route *route, struct match *match, const struct json *from)
{
	const char *path = json_string_at(from, "path.value");
	const struct json *headers = json_get(from, "headers");
	const struct json *header;

	match->exact = text_equal(json_string_at(from, "path.type"), "Exact");
	match->path = arena_string(&route->arena, path != NULL ? path : "/");
	match->method = arena_string(&route->arena, json_string_at(from, "method"));
	match->headers = arena_array(&route->arena, json_count(headers), sizeof(struct pair));
	for (header = json_first(headers); header != NULL; header = json_next(header)) {
		match->headers[match->header_count++] = (struct pair){
			.name = arena_string(&route->arena, json_string_at(header, "name")),
			.value = arena_string(&route->arena, json_string_at(header, "value")),
		};
	}
}

static struct backend
compile_backend(struct route *route, const struct json *ref)
{
	struct backend backend = backend_of(ref, route->namespace);

	backend.group = arena_string(&route->arena, backend.group);
	backend.kind = arena_string(&route->arena, backend.kind);
	backend.namespace = arena_string(&route->arena, backend.namespace);
	backend.name = arena_string(&route->arena, backend.name);
	return backend;
}

static void
compile_mirrors(struct route *route, struct rule *rule, const struct json *filters)
{
	const struct json *filter;
	const struct json *mirror;

	rule->mirrors = arena_array(&route->arena, ROUTES_MIRRORS_MAX, sizeof(struct mirror));
	for (filter = json_first(filters); filter != NULL; filter = json_next(filter)) {
		mirror = json_get(filter, "requestMirror");
		if (mirror == NULL || rule->mirror_count == ROUTES_MIRRORS_MAX)
			continue;
		rule->mirrors[rule->mirror_count++] = (struct mirror){
			.backend = compile_backend(route, json_get(mirror, "backendRef")),
			.part = json_integer_at(mirror, "fraction.numerator",
						json_integer_at(mirror, "percent", 100)),
			.whole = json_integer_at(mirror, "fraction.denominator", 100),
		};
	}
}

static void
compile_rule(struct route *route, struct rule *rule, const struct json *from)
{
	const struct json *matches = json_get(from, "matches");
	const struct json *refs = json_get(from, "backendRefs");
	const struct json *filters = json_get(from, "filters");
	const struct json *one;
	struct turn *turn;
	size_t count = 0;

	rule->match_count = json_count(matches);
	rule->matches = arena_array(&route->arena, rule->match_count + 1, sizeof(struct match));
	for (one = json_first(matches); one != NULL; one = json_next(one))
		compile_match(route, &rule->matches[count++], one);
	if (rule->match_count == 0) {
		rule->match_count = 1; /* no matches: the prefix "/" */
		compile_match(route, &rule->matches[0], NULL);
	}
	rule->turns = arena_array(&route->arena, json_count(refs), sizeof(struct turn));
	for (one = json_first(refs); one != NULL; one = json_next(one)) {
		turn = &rule->turns[rule->turn_count++];
		turn->backend = compile_backend(route, one);
		turn->edits = edits_of(&route->arena, json_get(one, "filters"));
	}
	rule->edits = edits_of(&route->arena, filters);
	compile_mirrors(route, rule, filters);
}

static struct route *
route_new(const char *namespace, const char *name, const struct json *from)
{
	struct route *route = die_alloc(sizeof(*route));
	const struct json *hostnames = json_at(from, "spec.hostnames");
	const struct json *rules = json_at(from, "spec.rules");
	const struct json *one;
	const char *created = json_string_at(from, "metadata.creationTimestamp");

	arena_init(&route->arena);
	route->namespace = arena_string(&route->arena, namespace);
	route->name = arena_string(&route->arena, name);
	route->created = arena_string(&route->arena, created != NULL ? created : "");
	route->hostnames = arena_array(&route->arena, json_count(hostnames), sizeof(char *));
	for (one = json_first(hostnames); one != NULL; one = json_next(one))
		if (json_string(one) != NULL)
			route->hostnames[route->hostname_count++] =
				arena_string(&route->arena, json_string(one));
	route->rules = arena_array(&route->arena, json_count(rules), sizeof(struct rule));
	for (one = json_first(rules); one != NULL; one = json_next(one))
		compile_rule(route, &route->rules[route->rule_count++], one);
	return route;
}

/* Where the route is, or would be put; true when it is there. */
static bool
find(const struct routes *routes, const char *namespace, const char *name, size_t *index)
{
	size_t low = 0;
	size_t high = routes->count;
	size_t middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(routes->all[middle]->namespace, namespace);
		if (order == 0)
			order = strcmp(routes->all[middle]->name, name);
		if (order == 0) {
			*index = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*index = low;
	return false;
}

void
routes_set(struct routes *routes, const char *namespace, const char *name, const struct json *route)
{
	size_t at;
	bool there = find(routes, namespace, name, &at);

	if (there)
		route_free(routes->all[at]);
	if (there && route == NULL)
		memmove(routes->all + at, routes->all + at + 1,
			(--routes->count - at) * sizeof(struct route *));
	if (route == NULL)
		return;
	if (!there && routes->count == routes->room) {
		routes->room = routes->room == 0 ? 16 : routes->room * 2;
		routes->all = die_realloc(routes->all, routes->room * sizeof(struct route *));
	}
	if (!there)
		memmove(routes->all + at + 1, routes->all + at,
			(routes->count++ - at) * sizeof(struct route *));
	routes->all[at] = route_new(namespace, name, route);
}

/* 0: does not fit. A route without hostnames fits every host, worst. */
static size_t
hostname_fit(const struct route *route, const char *host)
{
	size_t best = route->hostname_count == 0 ? 1 : 0;
	size_t fit;
	size_t i;

	for (i = 0; i < route->hostname_count; i++) {
		fit = strlen(route->hostnames[i]);
		if (route->hostnames[i][0] != '*')
			fit = strcasecmp(route->hostnames[i], host) == 0 ? fit + 1000 : 0;
		else if (strlen(host) < fit ||
			 strcasecmp(host + strlen(host) - (fit - 1), route->hostnames[i] + 1) != 0)
			fit = 0;
		if (fit > best)
			best = fit;
	}
	return best;
}

/* A prefix matches whole elements: "/v1" takes "/v1/x" and "/v1", not "/v10". The query does not
 * count. */
static bool
path_fits(const struct match *match, const char *path)
{
	size_t length = strlen(match->path);
	size_t end = strcspn(path, "?#");

	if (match->exact)
		return end == length && strncmp(path, match->path, length) == 0;
	while (length > 0 && match->path[length - 1] == '/')
		length--;
	return end >= length && strncmp(path, match->path, length) == 0 &&
	       (end == length || path[length] == '/');
}

static bool
headers_fit(const struct match *match, const struct gateway_request *request)
{
	size_t i;
	size_t k;

	for (i = 0; i < match->header_count; i++) {
		for (k = 0; k < request->header_count; k++)
			if (strcasecmp(request->headers[k].name, match->headers[i].name) == 0 &&
			    strcmp(request->headers[k].value, match->headers[i].value) == 0)
				break;
		if (k == request->header_count)
			return false;
	}
	return true;
}

static bool
match_fits(const struct match *match, const struct gateway_request *request, struct fit *fit)
{
	if (!path_fits(match, request->path) || !headers_fit(match, request) ||
	    (match->method != NULL && strcmp(match->method, request->method) != 0))
		return false;
	fit->exact = match->exact;
	fit->path = strlen(match->path);
	fit->method = match->method != NULL;
	fit->headers = match->header_count;
	return true;
}

static int
fit_compare(const struct fit *a, const struct fit *b)
{
	const size_t left[] = { a->hostname, a->exact, a->path, a->method, a->headers };
	const size_t right[] = { b->hostname, b->exact, b->path, b->method, b->headers };
	size_t i;

	for (i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

/* The table is in order of names, so that of two equal and equally old the first is kept. */
static struct rule *
best_rule(struct routes *routes, const struct gateway_request *request, const struct route **owner)
{
	struct rule *best = NULL;
	struct fit best_fit = { 0 };
	struct fit fit;
	struct route *route;
	struct rule *rule;
	size_t i, k, m;
	int order;

	for (i = 0; i < routes->count; i++) {
		route = routes->all[i];
		fit.hostname = hostname_fit(route, request->host != NULL ? request->host : "");
		for (k = 0; fit.hostname > 0 && k < route->rule_count; k++) {
			rule = &route->rules[k];
			for (m = 0; m < rule->match_count; m++) {
				if (!match_fits(&rule->matches[m], request, &fit))
					continue;
				order = best == NULL ? 1 : fit_compare(&fit, &best_fit);
				if (order < 0 ||
				    (order == 0 && strcmp(route->created, (*owner)->created) >= 0))
					continue;
				best = rule;
				best_fit = fit;
				*owner = route;
			}
		}
	}
	return best;
}

static void
take_mirrors(struct rule *rule, struct routes_turn *turn)
{
	for (size_t i = 0; i < rule->mirror_count; i++) {
		struct mirror *mirror = &rule->mirrors[i];

		mirror->credit += mirror->part;
		if (mirror->credit < mirror->whole)
			continue;
		mirror->credit -= mirror->whole;
		turn->mirrors[turn->mirror_count++] = mirror->backend;
	}
}

enum routes_result
routes_take(struct routes *routes, const struct gateway_request *request, struct routes_turn *turn)
{
	const struct route *route = NULL;
	struct rule *rule = best_rule(routes, request, &route);
	struct turn *next = NULL;
	struct turn *one;
	int64_t total = 0;
	size_t i;

	if (rule == NULL)
		return ROUTES_NO_MATCH;
	for (i = 0; i < rule->turn_count; i++) {
		one = &rule->turns[i];
		if (one->backend.weight <= 0)
			continue;
		one->credit += one->backend.weight;
		total += one->backend.weight;
		if (next == NULL || one->credit > next->credit)
			next = one;
	}
	if (next == NULL)
		return ROUTES_NO_BACKEND;
	next->credit -= total;
	*turn = (struct routes_turn){
		.route_namespace = route->namespace,
		.backend = next->backend,
		.rule = rule->edits,
		.own = next->edits,
	};
	take_mirrors(rule, turn);
	return ROUTES_FOUND;
}
