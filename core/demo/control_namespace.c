#include "core/demo/control.h"

#include <string.h>

#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/kinds.h"

static void namespace_notice(struct controller *controller, const struct store_event *event);
static void namespace_act(struct controller *controller, const char *namespace, const char *name);

const struct control_row control_namespace = {
	.name = "namespace",
	.manager = MANAGER_KUBE,
	.help = "Namespaces are active, have a ServiceAccount \"default\", and take what is in "
		"them along.",
	.notice = namespace_notice,
	.act = namespace_act,
};

static void
namespace_notice(struct controller *controller, const struct store_event *event)
{
	const struct store_object *subject = control_subject(event);

	if (control_is(event, "", "namespaces") && event->change != STORE_DELETED)
		control_queue(controller, &control_namespace, "", subject->name, 0);
	else if (event->change == STORE_DELETED && subject->namespace[0] != '\0' &&
		 json_at(control_value(controller, "", "namespaces", "", subject->namespace),
			 "metadata.deletionTimestamp") != NULL)
		control_queue(controller, &control_namespace, "", subject->namespace, 0);
}

static void
create_account(struct demo *demo, const char *namespace)
{
	struct json *account;
	struct json *metadata;

	if (store_get(demo->store, "", "serviceaccounts", namespace, "default") != NULL)
		return;
	account = json_new_object();
	json_set_string(account, "apiVersion", "v1");
	json_set_string(account, "kind", "ServiceAccount");
	metadata = json_set_object(account, "metadata");
	json_set_string(metadata, "name", "default");
	json_set_string(metadata, "namespace", namespace);
	author_create(demo, MANAGER_KUBE, account, NULL);
}

/* How many objects are left, each told to go. */
static size_t
empty(struct demo *demo, const char *namespace)
{
	const struct kinds_row *kind;
	const struct store_object *object;
	size_t left = 0;

	for (kind = kinds_first(demo->kinds); kind != NULL; kind = kind->next) {
		object = NULL;
		while (kind->namespaced &&
		       (object = store_next(demo->store, kind->group, kind->resource, namespace,
					    object)) != NULL) {
			author_delete(demo, kind->group, kind->resource, namespace, object->name,
				      object->uid, NULL);
			left += store_get(demo->store, kind->group, kind->resource, namespace,
					  object->name) != NULL;
		}
	}
	return left;
}

static void
set_phase(struct demo *demo, const char *name, const char *phase)
{
	struct json *status = json_new_object();

	json_set_string(status, "phase", phase);
	author_status(demo, MANAGER_KUBE, "", "namespaces", "", name, status, NULL);
}

/* The finalizer of the specification holds an ending namespace until it is empty. */
static void
let_go(struct demo *demo, const struct json *value)
{
	struct json *object = json_clone(value);

	json_remove(json_get_mutable(object, "spec"), "finalizers");
	author_update(demo, MANAGER_KUBE, object, NULL);
}

static void
namespace_act(struct controller *controller, const char *namespace, const char *name)
{
	struct demo *demo = control_demo(controller);
	const struct json *value = control_value(controller, "", "namespaces", namespace, name);

	if (value == NULL)
		return;
	if (json_string_at(value, "metadata.deletionTimestamp") == NULL) {
		create_account(demo, name);
		set_phase(demo, name, "Active");
		return;
	}
	set_phase(demo, name, "Terminating");
	if (empty(demo, name) == 0)
		let_go(demo, value);
}
