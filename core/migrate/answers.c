#include "core/migrate/answers.h"

#include "core/base/text.h"
#include "core/migrate/say.h"

#define OUR_MANAGER "poolshift" /* metadata.managedFields names writers so */

static void
add_parent(struct answers *answers, const struct route_parent *parent, const char *type,
	   bool *holds, int64_t generation)
{
	switch (condition_answer(&parent->conditions, type, generation)) {
	case CONDITION_TRUE:
		return;
	case CONDITION_PENDING:
		answers->pending = true;
		break;
	case CONDITION_FALSE:
		if (answers->trouble == NULL) {
			answers->trouble = condition_find(&parent->conditions, type);
			answers->controller = parent->controller;
		}
		break;
	}
	*holds = false;
}

struct answers
answers_route(const struct object *route)
{
	struct answers answers = { .controller = "" };

	if (route->route.parent_count == 0 ||
	    route->route.parent_count < route->route.gateway_count)
		answers.pending = true;
	answers.accepted = answers.resolved = route->route.parent_count > 0;
	for (size_t i = 0; i < route->route.parent_count; i++) {
		const struct route_parent *parent = &route->route.parents[i];
		const struct condition *accepted = condition_find(&parent->conditions, "Accepted");

		add_parent(&answers, parent, "Accepted", &answers.accepted, route->meta.generation);
		add_parent(&answers, parent, "ResolvedRefs", &answers.resolved,
			   route->meta.generation);
		if (accepted != NULL && accepted->since > answers.since)
			answers.since = accepted->since;
	}
	return answers;
}

const struct condition *
answers_refusal(const struct object *route, const char *reason)
{
	for (size_t i = 0; i < route->route.parent_count; i++) {
		const struct condition_list *list = &route->route.parents[i].conditions;
		const struct condition *found = condition_find(list, "ResolvedRefs");

		if (condition_answer(list, "ResolvedRefs", route->meta.generation) ==
			    CONDITION_FALSE &&
		    text_equal(found->reason, reason))
			return found;
	}
	return NULL;
}

/* Kind, namespace and name decide: some controllers write another group there (DOMAIN §3.1 step 4).
 */
static bool
accepted_by(const struct object *ga, const struct ref *gateway)
{
	for (size_t i = 0; i < ga->pool.parent_count; i++) {
		const struct pool_parent *parent = &ga->pool.parents[i];

		if (text_equal(parent->gateway.kind, gateway->kind) &&
		    text_equal(parent->gateway.ns, gateway->ns) &&
		    text_equal(parent->gateway.name, gateway->name) &&
		    condition_answer(&parent->conditions, "Accepted", ga->meta.generation) ==
			    CONDITION_TRUE &&
		    condition_answer(&parent->conditions, "ResolvedRefs", ga->meta.generation) !=
			    CONDITION_FALSE)
			return true;
	}
	return false;
}

bool
answers_proven(const struct object *ga, const struct object *route)
{
	size_t gateways = 0;

	if (ga == NULL)
		return false;
	for (size_t i = 0; i < route->route.gateway_count; i++) {
		const struct ref *gateway = &route->route.gateways[i];

		if (!text_equal(gateway->kind, "Gateway"))
			continue;
		if (!accepted_by(ga, gateway))
			return false;
		gateways++;
	}
	return gateways > 0;
}

enum verdict
answers_say(const struct stage *stage, const struct object *route, enum verdict verdict,
	    struct step_status *why, const char *reason)
{
	say_status(why, stage->arena, verdict == VERDICT_WAIT ? STATE_WAITING : STATE_BLOCKED, "%s",
		   reason);
	why->object = say_title(stage->arena, KIND_ROUTE, route->meta.ns, route->meta.name);
	return verdict;
}

/* `name` NULL: by anybody. */
static int64_t
newest_write(const struct object *object, const char *name)
{
	int64_t newest = 0;

	for (size_t i = 0; i < object->meta.manager_count; i++) {
		const struct manager *manager = &object->meta.managers[i];

		if (!manager->status && (name == NULL || text_equal(manager->name, name)) &&
		    manager->wall > newest)
			newest = manager->wall;
	}
	return newest;
}

int64_t
answers_written(const struct object *object)
{
	return newest_write(object, OUR_MANAGER);
}

int64_t
answers_changed(const struct object *object)
{
	return newest_write(object, NULL);
}
