#include "core/migrate/intent.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/diff.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/release.h"

#define TEXT_MAX      (4 * BUF_MIB)
#define FIELD_MANAGER "poolshift"

static const struct {
	const char *name, *content_type;
	const char *command; /* of kubectl, up to the object */
} verbs[] = {
	[VERB_CREATE] = { "create", "application/json",
			  "create --field-manager=" FIELD_MANAGER " -f -" },
	[VERB_APPLY] = { "apply", "application/apply-patch+yaml",
			 "apply --server-side --field-manager=" FIELD_MANAGER " -f -" },
	[VERB_PATCH] = { "patch", "application/json-patch+json",
			 "patch --type=json --field-manager=" FIELD_MANAGER },
	[VERB_DELETE] = { "delete", "", "delete --cascade=background" },
	[VERB_INSTALL] = { "install", "", "" },
	[VERB_UNINSTALL] = { "uninstall", "", "" },
	[VERB_ROLLBACK] = { "rollback", "", "" },
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

static const char *
clean_lines(struct arena *arena, const char *text)
{
	struct buf out;
	const char *clean;

	buf_init(&out, 2 * TEXT_MAX);
	text_clean_lines(&out, text, strlen(text));
	clean = arena_string(arena, out.bytes);
	buf_release(&out);
	return clean;
}

/* "EOF", with underscores added until no line of the body is the same. */
static void
choose_delimiter(struct buf *out, const char *body)
{
	buf_puts(out, "EOF");
	for (const char *line = body; *line != '\0';) {
		size_t length = strcspn(line, "\n");

		if (length == out->length && strncmp(line, out->bytes, length) == 0) {
			buf_putc(out, '_');
			line = body;
			continue;
		}
		line += length + (line[length] == '\n');
	}
}

static void
add_here_document(struct buf *out, const char *body)
{
	struct json *json = json_parse(body, strlen(body), NULL);
	struct buf yaml, delimiter;

	buf_init(&yaml, TEXT_MAX);
	buf_init(&delimiter, BUF_KIB);
	if (json == NULL || !yaml_print(json, &yaml)) {
		buf_clear(&yaml);
		buf_puts(&yaml, body);
	}
	if (yaml.length == 0 || yaml.bytes[yaml.length - 1] != '\n')
		buf_putc(&yaml, '\n');
	choose_delimiter(&delimiter, yaml.bytes);
	buf_printf(out, " <<'%s'\n", delimiter.bytes);
	buf_puts(out, yaml.bytes);
	buf_puts(out, delimiter.bytes);
	buf_release(&yaml);
	buf_release(&delimiter);
	json_free(json);
}

/* kubectl patch knows no basis of its own, so the guards stand in the patch, as they go over the
 * wire (KUBERNETES §4.4). */
static void
add_guarded_patch(struct buf *out, const struct intent *intent)
{
	struct json *ops = json_parse(intent->body, strlen(intent->body), NULL);
	struct buf text;

	buf_init(&text, TEXT_MAX);
	if (ops != NULL && *intent->uid != '\0') {
		const char *const guards[][2] = { { "/metadata/uid", intent->uid },
						  { "/metadata/resourceVersion",
						    intent->version_seen } };

		for (size_t i = 0; i < 2; i++) {
			struct json *op = json_new_object();

			json_set_string(op, "op", "replace");
			json_set_string(op, "path", guards[i][0]);
			json_set_string(op, "value", guards[i][1]);
			json_insert(ops, i, op);
		}
	}
	if (ops == NULL || !json_print(ops, &text)) {
		buf_clear(&text);
		buf_puts(&text, intent->body);
	}
	buf_puts(out, " -p ");
	text_shell_word(out, text.bytes);
	buf_release(&text);
	json_free(ops);
}

static void
add_named_object(struct buf *out, const struct intent *intent)
{
	buf_printf(out, " %s%s%s ", intent->resource, *intent->group != '\0' ? "." : "",
		   intent->group);
	text_shell_word(out, intent->name);
	if (*intent->ns != '\0') {
		buf_puts(out, " -n ");
		text_shell_word(out, intent->ns);
	}
}

const char *
intent_kubectl(const struct intent *intent, const char *context, struct arena *arena)
{
	bool whole = intent->verb == VERB_CREATE || intent->verb == VERB_APPLY;
	struct buf out;
	const char *text;

	if (release_is(intent))
		return release_command(intent, context, arena);
	buf_init(&out, 2 * TEXT_MAX);
	buf_puts(&out, "kubectl ");
	if (*context != '\0') {
		buf_puts(&out, "--context ");
		text_shell_word(&out, context);
		buf_putc(&out, ' ');
	}
	buf_puts(&out, verbs[intent->verb].command);
	if (intent->verb == VERB_APPLY && intent->force)
		buf_puts(&out, " --force-conflicts");
	if (!whole)
		add_named_object(&out, intent);
	if (whole)
		add_here_document(&out, intent->body);
	else if (intent->verb == VERB_PATCH)
		add_guarded_patch(&out, intent);
	text = clean_lines(arena, out.bytes);
	buf_release(&out);
	return text;
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
	text = clean_lines(arena, out.bytes);
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
