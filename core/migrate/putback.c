#include "core/migrate/putback.h"

#include "core/base/text.h"
#include "core/migrate/say.h"

bool
putback_names_alpha(const struct surgery *surgery, const struct json *ref)
{
	const char *ns = json_string_at(ref, "namespace");

	return text_equal(json_string_at(ref, "group"), GROUP_ALPHA) &&
	       text_equal(json_string_at(ref, "name"), surgery->pair->alpha) &&
	       text_equal(ns == NULL ? surgery->route->meta.ns : ns, surgery->pair->ns);
}

static const struct json *
mirror_of(const struct json *filter)
{
	return json_at(filter, "requestMirror.backendRef");
}

static void
rename_reference(const struct surgery *surgery, struct json *ref)
{
	if (!putback_names_alpha(surgery, ref))
		return;
	json_set_string(ref, "group", GROUP_GA);
	json_set_string(ref, "kind", "InferencePool");
	json_set_string(ref, "name", surgery->pair->ga);
}

static void
rename_mirrors(const struct surgery *surgery, struct json *filters)
{
	for (struct json *c = json_first_mutable(filters); c != NULL; c = json_next_mutable(c))
		rename_reference(surgery, json_at_mutable(c, "requestMirror.backendRef"));
}

static void
rename_backend(const struct surgery *surgery, struct json *backend)
{
	rename_reference(surgery, backend);
	rename_mirrors(surgery, json_get_mutable(backend, "filters"));
}

void
putback_rename(const struct surgery *surgery, struct json *route)
{
	struct json *rules = json_at_mutable(route, "spec.rules");

	for (struct json *rule = json_first_mutable(rules); rule != NULL;
	     rule = json_next_mutable(rule)) {
		struct json *backends = json_get_mutable(rule, "backendRefs");

		rename_mirrors(surgery, json_get_mutable(rule, "filters"));
		for (struct json *c = json_first_mutable(backends); c != NULL;
		     c = json_next_mutable(c))
			rename_backend(surgery, c);
	}
}

static const struct json *
rule_before(const struct surgery *surgery, const struct json *before, int rule)
{
	return json_at(before, arena_printf(surgery->stage->arena, "spec.rules[%d]", rule));
}

static size_t
count_alphas(const struct surgery *surgery, const struct json *rule)
{
	size_t count = 0;

	for (const struct json *c = json_first(json_get(rule, "backendRefs")); c != NULL;
	     c = json_next(c))
		count += putback_names_alpha(surgery, c);
	return count;
}

size_t
putback_mirrors(const struct surgery *surgery, const struct json *rule)
{
	size_t count = 0;

	for (const struct json *c = json_first(json_get(rule, "filters")); c != NULL;
	     c = json_next(c))
		count += putback_names_alpha(surgery, mirror_of(c));
	return count;
}

static size_t
mirrors_there(const struct surgery *surgery, const struct rule *rule, enum split_side side)
{
	size_t count = 0;

	for (size_t i = 0; i < rule->mirror_count; i++)
		count += rule->mirrors[i].backend < 0 &&
			 surgery_side(surgery->pair, &rule->mirrors[i].ref) == side;
	return count;
}

static enum split_side
side_of(bool as_ga)
{
	return as_ga ? SPLIT_GA : SPLIT_ALPHA;
}

bool
putback_done(const struct surgery *surgery, const struct json *before, bool as_ga)
{
	const struct route *route = &surgery->route->route;
	size_t rules = json_count(json_at(before, "spec.rules"));

	for (size_t i = 0; i < rules; i++) {
		const struct json *was = rule_before(surgery, before, (int)i);
		size_t alphas = count_alphas(surgery, was), mirrors = putback_mirrors(surgery, was);

		if (alphas + mirrors == 0)
			continue;
		if (i >= route->rule_count ||
		    surgery_count(surgery->pair, &route->rules[i], side_of(as_ga)) < alphas ||
		    mirrors_there(surgery, &route->rules[i], side_of(as_ga)) < mirrors)
			return false;
	}
	return true;
}

static const char *
label(bool as_ga)
{
	return as_ga ? "GA" : "α";
}

static const char *
ns_of(const struct surgery *surgery, const struct json *ref)
{
	const char *ns = json_string_at(ref, "namespace");

	return ns != NULL ? ns : surgery->route->meta.ns;
}

/* The GA pool that takes the place of the alpha pool; NULL for any other reference. */
static const char *
twin_of(const struct surgery *surgery, const struct json *ref)
{
	const struct plan *plan = surgery->stage->plan;

	if (!text_equal(json_string_at(ref, "group"), GROUP_ALPHA))
		return NULL;
	for (size_t i = 0; i < plan->pair_count; i++)
		if (text_equal(plan->pairs[i].alpha, json_string_at(ref, "name")) &&
		    text_equal(plan->pairs[i].ns, ns_of(surgery, ref)))
			return plan->pairs[i].ga;
	return NULL;
}

/* `ref`, or the GA pool in its place. */
static bool
holds(const struct surgery *surgery, const struct json *rule, const struct json *ref)
{
	const char *twin = twin_of(surgery, ref);

	for (const struct json *c = json_first(json_get(rule, "backendRefs")); c != NULL;
	     c = json_next(c)) {
		const char *group = json_string_at(c, "group"), *name = json_string_at(c, "name");

		if (!text_equal(ns_of(surgery, c), ns_of(surgery, ref)))
			continue;
		if (text_equal(group, json_string_at(ref, "group")) &&
		    text_equal(name, json_string_at(ref, "name")))
			return true;
		if (twin != NULL && text_equal(group, GROUP_GA) && text_equal(name, twin))
			return true;
	}
	return false;
}

/* Behind whatever stood before the pair's `nth` reference and is there now. */
static int
place_of(const struct surgery *surgery, const struct json *now, const struct json *stood,
	 size_t nth)
{
	int place = 0;

	for (const struct json *c = json_first(json_get(stood, "backendRefs")); c != NULL;
	     c = json_next(c)) {
		if (!putback_names_alpha(surgery, c))
			place += holds(surgery, now, c);
		else if (nth-- == 0)
			break;
		else
			place++; /* put in just now */
	}
	return place;
}

static void
put_backends(struct surgery *surgery, int rule, const struct json *was, const struct json *stood,
	     const struct json *now, bool as_ga)
{
	const char *name = as_ga ? surgery->pair->ga : surgery->pair->alpha;
	size_t nth = 0;

	for (const struct json *c = json_first(json_get(was, "backendRefs")); c != NULL;
	     c = json_next(c)) {
		struct json *copy;
		int at;

		if (!putback_names_alpha(surgery, c))
			continue;
		at = place_of(surgery, now, stood, nth++);
		copy = json_clone(c);
		if (as_ga)
			rename_backend(surgery, copy);
		surgery_insert(surgery, rule, at, copy);
		surgery_line(surgery, "rules[%d].backendRefs[%d]  + %s %s weight %lld", rule, at,
			     label(as_ga), name, (long long)json_integer_at(c, "weight", 1));
	}
}

static void
put_mirrors(struct surgery *surgery, const struct rule *rule, const struct json *was,
	    const struct json *now, bool as_ga)
{
	size_t there = json_count(json_get(now, "filters"));
	int index = 0;

	for (const struct json *c = json_first(json_get(was, "filters")); c != NULL;
	     c = json_next(c), index++) {
		struct json *copy;
		int at = index < (int)there ? index : (int)there;

		if (!putback_names_alpha(surgery, mirror_of(c)))
			continue;
		copy = json_clone(c);
		if (as_ga)
			rename_reference(surgery,
					 json_at_mutable(copy, "requestMirror.backendRef"));
		surgery_insert_filter(surgery, rule->index, -1, at, copy);
		surgery_line(surgery, "rules[%d].filters[%d]  + mirror to %s %s", rule->index, at,
			     label(as_ga), as_ga ? surgery->pair->ga : surgery->pair->alpha);
		there++;
	}
}

static bool
put_rule(struct surgery *surgery, const struct json *before, const struct json *order,
	 const struct json *now, int index, bool as_ga, struct err *err)
{
	const struct route *route = &surgery->route->route;
	const struct json *was = rule_before(surgery, before, index),
			  *stood = rule_before(surgery, order, index),
			  *is = rule_before(surgery, now, index);
	size_t alphas = count_alphas(surgery, was), mirrors = putback_mirrors(surgery, was);
	const struct rule *rule;

	if (alphas + mirrors == 0)
		return true;
	if (index >= (int)route->rule_count)
		return err_set(err, ERR_MISSING,
			       "HTTPRoute %s/%s (%s) has no rules[%d] any more, which named α pool "
			       "%s; add the rule again, or the reference by hand",
			       surgery->route->meta.ns, surgery->route->meta.name, GROUP_GATEWAY,
			       index, surgery->pair->alpha);
	rule = &route->rules[index];
	if (surgery_count(surgery->pair, rule, side_of(as_ga)) < alphas)
		put_backends(surgery, rule->index, was,
			     count_alphas(surgery, stood) == alphas ? stood : was, is, as_ga);
	if (mirrors_there(surgery, rule, side_of(as_ga)) < mirrors)
		put_mirrors(surgery, rule, was, is, as_ga);
	return true;
}

bool
putback_route(struct surgery *surgery, const struct json *before, const struct json *order,
	      bool as_ga, struct err *err)
{
	struct json *now = object_json(surgery->route);
	size_t rules = json_count(json_at(before, "spec.rules"));
	bool fits = true;

	for (size_t i = 0; fits && i < rules; i++)
		fits = put_rule(surgery, before, order != NULL ? order : before, now, (int)i, as_ga,
				err);
	json_free(now);
	return fits;
}
