#include <ctype.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/authz.h"
#include "core/demo/call.h"
#include "core/demo/managed.h"

/* An apply body is read as YAML whatever it is: some JSON is refused there (KUBERNETES §0.8). */
static bool
yaml_refuses(const char *body, size_t length, const char **what)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)body[i];

		if (c == '\\' && i + 1 < length) {
			char next = body[++i];

			*what = "found unknown escape character";
			if (next == '/')
				return true;
			*what = "found invalid Unicode character escape code";
			if (next == 'u' && i + 2 < length &&
			    tolower((unsigned char)body[i + 1]) == 'd' &&
			    strchr("89abcdef", tolower((unsigned char)body[i + 2])))
				return true;
		}
		*what = "control characters are not allowed";
		if (c == 0x7F ||
		    (c == 0xC2 && i + 1 < length && (unsigned char)body[i + 1] >= 0x80 &&
		     (unsigned char)body[i + 1] <= 0x9F && (unsigned char)body[i + 1] != 0x85))
			return true;
	}
	return false;
}

static bool
check_options(struct call *call)
{
	const char *manager = request_parameter(call->request, "fieldManager");
	const char *what;

	if (!manager || !*manager) {
		status_cause(call->status, "FieldValueRequired", "fieldManager",
			     "Required value: is required for apply patch");
		status_invalid(call->status, "meta.k8s.io", "PatchOptions", "");
		return false;
	}
	if (call->request->wire->body &&
	    yaml_refuses(call->request->wire->body, call->request->wire->body_length, &what))
		return status_bad_request(
			call->status,
			"error decoding YAML: error converting YAML to JSON: yaml: %s", what);
	return true;
}

static bool
check_config(struct call *call, struct json *config)
{
	const char *name = json_string_at(config, "metadata.name");
	const char *api_version = json_string_at(config, "apiVersion"),
		   *kind = json_string_at(config, "kind");
	char wanted[300];

	kinds_api_version(wanted, sizeof(wanted), call->row->group, call->version->name);
	if (!api_version || !kind)
		return status_bad_request(call->status, "invalid object type: %s, Kind=%s",
					  api_version ? api_version : "/", kind ? kind : "");
	if (!text_equal(api_version, wanted) || !text_equal(kind, call->row->kind))
		return status_bad_request(call->status, "invalid object type: %s%s, Kind=%s",
					  strchr(api_version, '/') ? "" : "/", api_version, kind);
	if (json_count(json_at(config, "metadata.managedFields")) > 0)
		return status_bad_request(call->status, "metadata.managedFields must be nil");
	if (name && !text_equal(name, call->request->name))
		return status_bad_request(
			call->status,
			"the name of the object (%s) does not match the name on the URL (%s)", name,
			call->request->name);
	json_set_string(json_set_object(config, "metadata"), "name", call->request->name);
	return true;
}

/* An apply that would create needs that right, too. */
static bool
may_create(struct call *call, const struct json *config)
{
	struct request create = *call->request;
	const char *uid = json_string_at(config, "metadata.uid");

	if (text_equal(call->request->subresource, "status"))
		return status_not_found(call->status, call->row->group, call->row->resource,
					call->request->name);
	if (uid)
		return status_conflict(call->status, call->row->group, call->row->resource,
				       call->request->name,
				       "uid mismatch: the provided object specified uid %s, and no "
				       "existing object was found",
				       uid);
	create.verb = "create";
	return authz_check(call->demo, &create, call->status);
}

static struct json *
merged(struct call *call, const struct change *change, const struct json *live,
       const struct json *config)
{
	const char *force = request_parameter(call->request, "force");
	char api_version[300], now[CLOCK_RFC3339_MAX];

	inside_now(call->demo, now);
	return managed_apply(
		call->version->schema,
		&(struct managed_writer){
			.manager = change->manager,
			.api_version = kinds_api_version(api_version, sizeof(api_version),
							 call->row->group, call->version->name),
			.subresource = call->request->subresource,
			.now = now,
			.no_status =
				change->status_part == CHANGE_KEEPS_STATUS && call->version->status,
			.loose = call->row->builtin,
		},
		live, config, force && !text_equal(force, "false") && !text_equal(force, "0"),
		call->status);
}

bool
apply_answer(struct call *call)
{
	const struct store_object *old;
	struct change change;
	struct json *config, *live = NULL, *object = NULL;
	char manager[129];

	if (!check_options(call) || !call_change(call, &change, manager) ||
	    !(config = request_body(call->request, call->status)))
		return false;
	old = store_get(call->demo->store, call->row->group, call->row->resource,
			call->request->namespace, call->request->name);
	if (check_config(call, config) && (old || may_create(call, config))) {
		live = old ? call_value(call, old) : NULL;
		object = merged(call, &change, live, config);
	}
	json_free(live);
	json_free(config);
	if (!object)
		return false;
	change.applied = true;
	change.patched = true;
	object = old ? change_update(&change, old, object) : change_create(&change, object);
	return object && call_reply(call, old ? 200 : 201, object);
}
