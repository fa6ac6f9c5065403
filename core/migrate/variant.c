#include "core/migrate/variant.h"

#include <string.h>

#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/say.h"

#define PODS "spec.template.spec"

/* Fields of a pod that say where it runs. */
static const char *const places[] = { "nodeSelector", "tolerations", "affinity",
				      "topologySpreadConstraints", "priorityClassName" };
#define PLACES (sizeof(places) / sizeof(places[0]))

static bool
is_there(const struct json *json)
{
	enum json_type type = json_type(json);

	if (type == JSON_OBJECT || type == JSON_ARRAY)
		return json_count(json) > 0;
	return type != JSON_NULL;
}

/* "registry.example/mirror/epp" of "registry.example/mirror/epp:v0.3.0" or "...@sha256:..." */
static const char *
repository(const char *image, struct arena *arena)
{
	const char *slash = strrchr(image, '/');
	const char *end = strpbrk(slash != NULL ? slash : image, ":@");

	return arena_bytes(arena, image, end != NULL ? (size_t)(end - image) : strlen(image));
}

/* Our image from the registry that the old one came from; NULL when it is ours. A mirror may keep
 * it under another path: then the old path is right as long as it ends alike. */
static const char *
mirrored(const char *old, struct arena *arena)
{
	const char *ours = CONVERT_EPP_IMAGE, *host = strchr(old, '/'), *path = strchr(ours, '/');
	const char *from = repository(old, arena);

	if (host == NULL || memchr(old, '.', (size_t)(host - old)) == NULL ||
	    text_equal(from, repository(ours, arena)))
		return NULL;
	if (text_ends(from, "/epp"))
		return arena_printf(arena, "%s%s", from, strrchr(ours, ':'));
	return arena_printf(arena, "%.*s%s", (int)(host - old), old, path);
}

static const char *
describe_json(const struct json *json, struct arena *arena)
{
	struct buf out;
	const char *text;

	if (!is_there(json))
		return NULL;
	buf_init(&out, 64 * BUF_KIB);
	text = json_print(json, &out) ? say_text(arena, out.bytes) : "too long to show";
	buf_release(&out);
	return text;
}

static const char *
describe_resources(const struct json *old, struct arena *arena)
{
	return describe_json(json_at(old, PODS ".containers[0].resources"), arena);
}

static const char *
describe_scheduling(const struct json *old, struct arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < PLACES; i++)
		if (is_there(json_get(json_at(old, PODS), places[i])))
			text = arena_printf(arena, "%s%s%s", text == NULL ? "" : text,
					    text == NULL ? "" : ", ", places[i]);
	return text;
}

static const char *
describe_replicas(const struct json *old, struct arena *arena)
{
	int64_t replicas = json_integer_at(old, "spec.replicas", 1);

	return replicas == 1 ? NULL : arena_printf(arena, "%lld", (long long)replicas);
}

static const char *
describe_secrets(const struct json *old, struct arena *arena)
{
	return describe_json(json_at(old, PODS ".imagePullSecrets"), arena);
}

static const char *
describe_registry(const struct json *old, struct arena *arena)
{
	const char *image = json_string_at(old, PODS ".containers[0].image");
	const char *ours = image == NULL ? NULL : mirrored(image, arena);

	return ours == NULL ? NULL : say_text(arena, ours);
}

static void
copy_member(const struct json *from, struct json *to, const char *key)
{
	if (is_there(json_get(from, key)))
		json_set(to, key, json_clone(json_get(from, key)));
}

static void
put_resources(const struct json *old, struct json *new, struct arena *arena)
{
	(void)arena;
	copy_member(json_at(old, PODS ".containers[0]"),
		    json_at_mutable(new, PODS ".containers[0]"), "resources");
}

static void
put_scheduling(const struct json *old, struct json *new, struct arena *arena)
{
	(void)arena;
	for (size_t i = 0; i < PLACES; i++)
		copy_member(json_at(old, PODS), json_at_mutable(new, PODS), places[i]);
}

static void
put_replicas(const struct json *old, struct json *new, struct arena *arena)
{
	(void)arena;
	copy_member(json_get(old, "spec"), json_get_mutable(new, "spec"), "replicas");
}

static void
put_secrets(const struct json *old, struct json *new, struct arena *arena)
{
	(void)arena;
	copy_member(json_at(old, PODS), json_at_mutable(new, PODS), "imagePullSecrets");
}

static void
put_registry(const struct json *old, struct json *new, struct arena *arena)
{
	const char *image = json_string_at(old, PODS ".containers[0].image");
	const char *ours = image == NULL ? NULL : mirrored(image, arena);

	json_set_string(json_at_mutable(new, PODS ".containers[0]"), "image", ours);
}

static const struct {
	/* The value as a person reads it; NULL when the old one has none of its own. */
	const char *(*describe)(const struct json *old, struct arena *arena);
	void (*put)(const struct json *old, struct json *new, struct arena *arena);
} rows[CARRY_COUNT] = {
	[CARRY_RESOURCES] = { describe_resources, put_resources },
	[CARRY_SCHEDULING] = { describe_scheduling, put_scheduling },
	[CARRY_REPLICAS] = { describe_replicas, put_replicas },
	[CARRY_PULL_SECRETS] = { describe_secrets, put_secrets },
	[CARRY_REGISTRY] = { describe_registry, put_registry },
};

const struct offer *
variant_offers(const struct settings *settings, const struct object *old, struct arena *arena,
	       size_t *count)
{
	struct json *json = old == NULL ? NULL : object_json(old);
	struct offer *offers;

	*count = 0;
	if (json == NULL)
		return NULL;
	offers = arena_array(arena, CARRY_COUNT, sizeof(*offers));
	for (enum carry what = 0; what < CARRY_COUNT; what++) {
		const char *value = rows[what].describe(json, arena);

		if (value == NULL)
			continue;
		offers[(*count)++] = (struct offer){
			.what = what,
			.value = value,
			.taken = settings->carry[what] &&
				 (what != CARRY_REGISTRY || settings->epp_image == NULL),
		};
	}
	json_free(json);
	return offers;
}

void
variant_apply(const struct settings *settings, const struct object *old, struct json *deployment,
	      struct arena *arena)
{
	struct json *json = old == NULL ? NULL : object_json(old);

	for (enum carry what = 0; json != NULL && what < CARRY_COUNT; what++)
		if (settings->carry[what] &&
		    (what != CARRY_REGISTRY || settings->epp_image == NULL))
			rows[what].put(json, deployment, arena);
	json_free(json);
}
