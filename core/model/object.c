#include "core/model/object.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/die.h"
#include "core/base/json_print.h"
#include "core/base/text.h"
#include "core/model/copy.h"
#include "core/model/decode.h"

/* The server's own limit for one object is 3 MiB of request (KUBERNETES §4.1). */
#define RAW_MAX (8 * BUF_MIB)

/* How what is a kind's own is read and copied; nothing for kinds known by their metadata alone. */
static const struct shape {
	void (*decode)(struct decode *d, const struct json *json, struct object *object);
	void (*copy)(struct arena *arena, struct object *object);
} shapes[KIND_COUNT] = {
	[KIND_ALPHA_POOL] = { decode_alpha_pool, copy_pool },
	[KIND_MODEL] = { decode_model, copy_model },
	[KIND_GA_POOL] = { decode_ga_pool, copy_pool },
	[KIND_OBJECTIVE] = { decode_objective, copy_objective },
	[KIND_REWRITE] = { decode_rewrite, copy_rewrite },
	[KIND_ROUTE] = { decode_route, copy_route },
	[KIND_GATEWAY] = { decode_gateway, copy_gateway },
	[KIND_GATEWAY_CLASS] = { decode_gateway_class, copy_gateway_class },
	[KIND_GRANT] = { decode_grant, copy_grant },
	[KIND_BACKEND_POLICY] = { decode_policy, copy_policy },
	[KIND_HEALTH_POLICY] = { decode_policy, copy_policy },
	[KIND_DEPLOYMENT] = { decode_deployment, copy_deployment },
	[KIND_SERVICE] = { decode_service, copy_service },
	[KIND_POD] = { decode_pod, copy_pod },
	[KIND_ROLE_BINDING] = { decode_binding, copy_binding },
	[KIND_CLUSTER_ROLE_BINDING] = { decode_binding, copy_binding },
	[KIND_CRD] = { decode_crd, copy_crd },
};

static void
add_member(struct buf *out, bool *first, const struct json *member)
{
	if (!*first)
		buf_putc(out, ',');
	*first = false;
	json_print_string(out, json_key(member));
	buf_putc(out, ':');
}

static void
print_metadata(struct buf *out, const struct json *metadata)
{
	bool first = true;

	buf_putc(out, '{');
	for (const struct json *c = json_first(metadata); c != NULL; c = json_next(c)) {
		if (strcmp(json_key(c), "managedFields") == 0)
			continue;
		add_member(out, &first, c);
		json_print(c, out);
	}
	buf_putc(out, '}');
}

/* In a list the items say neither apiVersion nor kind; the copy kept for a restore must. */
static void
print_raw(struct buf *out, enum kind kind, const struct json *json)
{
	bool first = false;

	buf_printf(out, "{\"apiVersion\":\"%s\",\"kind\":\"%s\"", kind_api_version(kind),
		   kind_row(kind)->object);
	for (const struct json *c = json_first(json); c != NULL; c = json_next(c)) {
		if (strcmp(json_key(c), "apiVersion") == 0 || strcmp(json_key(c), "kind") == 0)
			continue;
		add_member(out, &first, c);
		if (strcmp(json_key(c), "metadata") == 0)
			print_metadata(out, c);
		else
			json_print(c, out);
	}
	buf_putc(out, '}');
}

static bool
keep_raw(struct object *object, const struct json *json, struct err *err)
{
	struct buf out;
	bool whole;

	buf_init(&out, RAW_MAX);
	print_raw(&out, object->kind, json);
	whole = !out.full;
	if (whole) {
		object->raw = arena_bytes(&object->arena, out.bytes, out.length);
		object->raw_length = out.length;
	}
	buf_release(&out);
	if (!whole)
		return err_set(err, ERR_INPUT,
			       "A %s of the API server is larger than 8 MiB; it is not shown.",
			       kind_row(object->kind)->label);
	return true;
}

struct object *
object_decode(enum kind kind, const struct json *json, struct err *err)
{
	const struct json *metadata = json_get(json, "metadata");
	const char *name = json_string_at(metadata, "name");
	const char *uid = json_string_at(metadata, "uid");
	struct object *object;
	struct decode d;

	if (name == NULL || *name == '\0' || uid == NULL || *uid == '\0') {
		err_set(err, ERR_INPUT,
			"The API server sent a %s without a name or uid; it is left out of the "
			"view.",
			kind_row(kind)->label);
		return NULL;
	}
	object = die_alloc(sizeof(*object));
	object->kind = kind;
	arena_init(&object->arena);
	d = (struct decode){ .arena = &object->arena };
	d.ns = kind_row(kind)->namespaced ? decode_text(&d, metadata, "namespace", "") : "";
	decode_meta(&d, metadata, &object->meta);
	if (shapes[kind].decode != NULL)
		shapes[kind].decode(&d, json, object);
	if (!keep_raw(object, json, err)) {
		object_free(object);
		return NULL;
	}
	return object;
}

void
object_free(struct object *object)
{
	if (object == NULL)
		return;
	arena_release(&object->arena);
	free(object);
}

const struct object *
object_copy(const struct object *object, struct arena *arena)
{
	struct object *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *object;
	arena_init(&copy->arena);
	copy->raw = NULL;
	copy->raw_length = 0;
	copy_meta(arena, &copy->meta);
	if (shapes[copy->kind].copy != NULL)
		shapes[copy->kind].copy(arena, copy);
	return copy;
}

struct json *
object_json(const struct object *object)
{
	return object->raw == NULL ? NULL : json_parse(object->raw, object->raw_length, NULL);
}

const char *
object_title(const struct object *object, struct arena *arena)
{
	return object_title_of(object->kind, object->meta.ns, object->meta.name, arena);
}

const char *
object_title_of(enum kind kind, const char *ns, const char *name, struct arena *arena)
{
	const struct kind_row *row = kind_row(kind);
	struct buf out;
	const char *title;

	buf_init(&out, 4 * BUF_KIB);
	buf_printf(&out, "%s ", row->object);
	if (*ns != '\0') {
		text_clean(&out, ns, strlen(ns));
		buf_putc(&out, '/');
	}
	text_clean(&out, name, strlen(name));
	if (*row->group != '\0')
		buf_printf(&out, " (%s)", row->group);
	title = arena_string(arena, out.bytes);
	buf_release(&out);
	return title;
}
