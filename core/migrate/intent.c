#include "core/migrate/intent.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/diff.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/say.h"

#define TEXT_MAX      (4 * BUF_MIB)
#define FIELD_MANAGER "poolshift"

static const struct {
	const char *name, *content_type;
} verbs[] = {
	[VERB_CREATE] = { "create", "application/json" },
	[VERB_APPLY] = { "apply", "application/apply-patch+yaml" },
	[VERB_PATCH] = { "patch", "application/json-patch+json" },
	[VERB_DELETE] = { "delete", "" },
	[VERB_INSTALL] = { "install", "" },
	[VERB_UPGRADE] = { "upgrade", "" },
	[VERB_UNINSTALL] = { "uninstall", "" },
	[VERB_ROLLBACK] = { "rollback", "" },
};

const char *
verb_name(enum verb verb)
{
	return verbs[verb].name;
}

enum verb
verb_by_name(const char *name, bool *known)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, name) == 0) {
			*known = true;
			return (enum verb)i;
		}
	*known = false;
	return VERB_CREATE;
}

const char *
intent_content_type(const struct intent *intent)
{
	return verbs[intent->verb].content_type;
}

bool
intent_binds(enum kind kind)
{
	return kind == KIND_ROLE_BINDING || kind == KIND_CLUSTER_ROLE_BINDING;
}

struct intent *
intent_add(struct intent_list *list, struct arena *arena, enum verb verb, enum kind kind,
	   const char *ns, const char *name)
{
	const struct kind_row *row = kind_row(kind);
	struct intent *intent;

	if (list->count == list->room) {
		size_t room = list->room == 0 ? 8 : list->room * 2;
		struct intent *items = arena_array(arena, room, sizeof(*items));

		if (list->count > 0)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->room = room;
	}
	intent = &list->items[list->count++];
	*intent = (struct intent){
		.verb = verb,
		.kind = kind,
		.group = row->group,
		.version = row->version,
		.resource = row->resource,
		.ns = row->namespaced ? arena_string(arena, ns) : "",
		.name = arena_string(arena, name),
		.uid = "",
		.version_seen = "",
		.body = "",
		.step = STEP_COUNT,
		.pair = "",
		.title = object_title_of(kind, row->namespaced ? ns : "", name, arena),
		.summary = "",
	};
	return intent;
}

struct intent *
intent_add_on(struct intent_list *list, struct arena *arena, enum verb verb,
	      const struct object *basis)
{
	struct intent *intent =
		intent_add(list, arena, verb, basis->kind, basis->meta.ns, basis->meta.name);

	intent->uid = arena_string(arena, basis->meta.uid);
	intent->version_seen = arena_string(arena, basis->meta.version);
	return intent;
}

/* What the server writes itself, in every kind. */
static const char *const server_fields[] = {
	"uid",
	"resourceVersion",
	"generation",
	"creationTimestamp",
	"selfLink",
	"deletionTimestamp",
	"deletionGracePeriodSeconds",
	"managedFields",
};

static void
forget_address(struct json *service)
{
	struct json *spec = json_get_mutable(service, "spec");
	const char *address = json_string_at(spec, "clusterIP");

	/* "None" was asked for by whoever made it headless. */
	if (address == NULL || strcmp(address, "None") == 0)
		return;
	json_remove(spec, "clusterIP");
	json_remove(spec, "clusterIPs");
}

/* A finalizer of the server's own deletion would hold the new object, too. */
static void
forget_deletion(struct json *metadata)
{
	struct json *finalizers = json_get_mutable(metadata, "finalizers");
	size_t i = 0;

	while (i < json_count(finalizers)) {
		const char *name = json_string(json_item(finalizers, i));

		if (name != NULL &&
		    (strcmp(name, "foregroundDeletion") == 0 || strcmp(name, "orphan") == 0 ||
		     strcmp(name, "customresourcecleanup.apiextensions.k8s.io") == 0))
			json_remove_item(finalizers, i);
		else
			i++;
	}
	if (finalizers != NULL && json_count(finalizers) == 0)
		json_remove(metadata, "finalizers");
}

struct json *
intent_sanitised(const struct json *object)
{
	struct json *json = json_clone(object);
	struct json *metadata = json_get_mutable(json, "metadata");
	const char *kind = json_string_at(json, "kind");

	json_remove(json, "status");
	for (size_t i = 0; i < sizeof(server_fields) / sizeof(server_fields[0]); i++)
		json_remove(metadata, server_fields[i]);
	forget_deletion(metadata);
	if (kind != NULL && strcmp(kind, "Service") == 0)
		forget_address(json);
	return json;
}

static void
print_for_diff(const struct json *object, struct buf *out)
{
	struct json *json;
	struct json *annotations;

	buf_init(out, TEXT_MAX);
	if (object == NULL)
		return;
	json = intent_sanitised(object);
	annotations = json_at_mutable(json, "metadata.annotations");
	json_remove(annotations, "kubectl.kubernetes.io/last-applied-configuration");
	if (annotations != NULL && json_count(annotations) == 0)
		json_remove(json_get_mutable(json, "metadata"), "annotations");
	yaml_print_sorted(json, out);
	json_free(json);
}

const char *
intent_diff(const struct intent *intent, const struct json *live, const struct json *result,
	    struct arena *arena)
{
	struct buf before, after, out;
	const char *text, *old_name, *new_name;

	old_name = live == NULL ? "/dev/null" : arena_printf(arena, "%s, as it is", intent->title);
	new_name = result == NULL ? "/dev/null"
				  : arena_printf(arena, "%s, as it will be", intent->title);
	print_for_diff(live, &before);
	print_for_diff(result, &after);
	buf_init(&out, 2 * TEXT_MAX);
	if (!diff_unified(&out, old_name, before.bytes, new_name, after.bytes)) {
		buf_clear(&out);
		buf_puts(&out, "The difference is too long to show.\n");
	}
	text = say_lines(arena, out.bytes);
	buf_release(&before);
	buf_release(&after);
	buf_release(&out);
	return text;
}

bool
intent_ours(const struct object *object)
{
	for (size_t i = 0; i < object->meta.manager_count; i++) {
		const struct manager *manager = &object->meta.managers[i];

		if (!manager->status && strcmp(manager->name, FIELD_MANAGER) == 0 &&
		    strcmp(manager->operation, "Apply") == 0)
			return true;
	}
	return false;
}
