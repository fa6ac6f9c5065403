/* Where the probe goes and what it says: one short completion through the first Gateway of the
 * pair. */
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/assess.h"
#include "core/migrate/pair.h"
#include "core/migrate/past.h"
#include "core/migrate/say.h"
#include "core/migrate/surgery.h"

#define COMPLETIONS      "/v1/completions"
#define CHAT_COMPLETIONS "/v1/chat/completions"
#define BODY_MAX         (64 * BUF_KIB)

static int32_t
http_port(const struct gateway *gateway)
{
	for (size_t i = 0; i < gateway->listener_count; i++)
		if (text_equal(gateway->listeners[i].protocol, "HTTP"))
			return gateway->listeners[i].port;
	return 0;
}

/* "http://10.0.0.7:80" of the first Gateway that has both; NULL when there is none. */
static const char *
gateway_base(const struct stage *stage, const struct pair *pair)
{
	const struct object *route;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;)
		for (size_t i = 0; i < route->route.gateway_count; i++) {
			const struct ref *ref = &route->route.gateways[i];
			const struct object *gateway =
				world_find(stage->world, KIND_GATEWAY, ref->ns, ref->name);
			const char *address;
			int32_t port;

			if (gateway == NULL || gateway->gateway.addresses.count == 0)
				continue;
			address = gateway->gateway.addresses.items[0];
			port = http_port(&gateway->gateway);
			if (port == 0)
				continue;
			return arena_printf(stage->arena,
					    strchr(address, ':') != NULL ? "http://[%s]:%d"
									 : "http://%s:%d",
					    address, port);
		}
	return NULL;
}

/* Routes of one Gateway may differ by nothing but the name that is asked for. */
static const char *
hostname(const struct stage *stage, const struct pair *pair)
{
	const struct object *route;

	for (size_t at = 0; (route = surgery_route(stage, pair, &at)) != NULL;) {
		const char *name;

		if (route->route.hostnames.count == 0)
			continue;
		name = route->route.hostnames.items[0];
		return text_starts(name, "*.") ? arena_printf(stage->arena, "probe%s", name + 1)
					       : arena_string(stage->arena, name);
	}
	return "";
}

/* A rule for chat alone does not answer on the plain path. */
static const char *
default_path(const struct pair *pair)
{
	for (size_t i = 0; i < pair->place_count; i++)
		if (!text_starts(pair->places[i].match, "/v1/chat"))
			return COMPLETIONS;
	return pair->place_count > 0 ? CHAT_COMPLETIONS : COMPLETIONS;
}

/* After the clean-up only the journal still knows a name that clients used. */
static const char *
model_from_journal(const struct stage *stage, const struct pair *pair)
{
	struct past_of of = { .step = STEP_CLEANUP, .pair = pair_title(pair, stage->arena) };
	const struct journal_record **deleted;
	const char *model = NULL;
	size_t count = 0;

	if (stage->journal == NULL)
		return NULL;
	journal_records(stage->journal, &count);
	deleted = arena_array(stage->arena, count + 1, sizeof(*deleted));
	count = past_deleted(stage->journal, of, deleted);
	for (size_t i = 0; i < count && model == NULL; i++) {
		struct json *before = NULL;

		if (deleted[i]->intent.kind == KIND_MODEL)
			before = json_parse(deleted[i]->before, strlen(deleted[i]->before), NULL);
		if (json_string_at(before, "spec.modelName") != NULL)
			model = arena_string(stage->arena,
					     json_string_at(before, "spec.modelName"));
		json_free(before);
	}
	return model;
}

static const char *
request_body(const char *model, bool chat, struct arena *arena)
{
	struct json *body = json_new_object(), *message;
	struct buf text;
	const char *copy;

	json_set_string(body, "model", model);
	if (chat) {
		message = json_append(json_set_array(body, "messages"), json_new_object());
		json_set_string(message, "role", "user");
		json_set_string(message, "content", "Say hello.");
	} else {
		json_set_string(body, "prompt", "Say hello.");
	}
	json_set_integer(body, "max_tokens", 8);
	json_set_integer(body, "temperature", 0);
	buf_init(&text, BODY_MAX);
	json_print(body, &text);
	copy = arena_string(arena, text.bytes);
	buf_release(&text);
	json_free(body);
	return copy;
}

/* Has the URL a path of its own, so that nothing is added? */
static bool
has_path(const char *url)
{
	const char *host = strstr(url, "://"), *path = strchr(host == NULL ? url : host + 3, '/');

	return path != NULL && path[1] != '\0';
}

bool
assess_probe(const struct stage *stage, const struct pair *pair, const char **url,
	     const char **host, const char **body, struct err *err)
{
	const struct settings *settings = stage->settings;
	const char *path = settings->probe_path != NULL ? settings->probe_path : default_path(pair);
	const char *base =
		settings->probe_url != NULL ? settings->probe_url : gateway_base(stage, pair);
	const char *model = settings->probe_model;

	if (base == NULL)
		return err_set(err, ERR_MISSING,
			       "no Gateway of α pool %s/%s has an address and an HTTP listener; "
			       "say where to probe: "
			       "--probe-url URL, or --no-probe",
			       pair->ns, pair->alpha);
	for (size_t i = 0; i < pair->model_count && model == NULL; i++)
		model = pair->models[i].model_name;
	if (model == NULL)
		model = model_from_journal(stage, pair);
	if (model == NULL)
		return err_set(err, ERR_MISSING,
			       "no InferenceModel names a model for the probe; say one: "
			       "--probe-model NAME, or --no-probe");
	if (!has_path(base)) {
		size_t length = strlen(base);

		while (length > 0 && base[length - 1] == '/')
			length--;
		base = arena_printf(stage->arena, "%.*s%s%s", (int)length, base,
				    path[0] == '/' ? "" : "/", path);
	}
	*url = base;
	*host = settings->probe_url != NULL ? "" : hostname(stage, pair);
	*body = request_body(model, strstr(base, "/chat/") != NULL, stage->arena);
	return true;
}
