#include <string.h>

#include "core/base/text.h"
#include "core/demo/call.h"
#include "core/demo/patch.h"
#include "core/demo/proto.h"

static bool
wrong_type(struct call *call, const char *accepted)
{
	return status_set(call->status, 415, "UnsupportedMediaType",
			  "the body of the request was in an unknown format - accepted media types "
			  "include: %s",
			  accepted);
}

static bool
check_type(struct call *call)
{
	char type[100];

	request_content_type(call->request, type);
	if (*type == '\0' || text_equal(type, "application/json") ||
	    text_equal(type, "application/yaml") ||
	    (call->row->builtin && text_equal(type, PROTO_TYPE)))
		return true;
	return wrong_type(call, "application/json, application/yaml, " PROTO_TYPE);
}

bool
write_create(struct call *call)
{
	struct change change;
	struct json *object;
	char manager[129];

	if (!check_type(call) || !call_change(call, &change, manager) ||
	    !(object = request_body(call->request, call->status)))
		return false;
	object = change_create(&change, object);
	return object && call_reply(call, 201, object);
}

bool
write_update(struct call *call)
{
	const struct store_object *old;
	struct change change;
	struct json *object;
	char manager[129];

	if (!check_type(call) || !call_change(call, &change, manager) ||
	    !(object = request_body(call->request, call->status)))
		return false;
	old = call_object(call);
	if (!old) {
		json_free(object);
		return false;
	}
	object = change_update(&change, old, object);
	return object && call_reply(call, 200, object);
}

static bool
patch_refused(struct call *call, enum patch_outcome outcome)
{
	if (outcome == PATCH_TOO_LARGE)
		return status_set(call->status, 413, "RequestEntityTooLarge",
				  "Request entity too large: The allowed maximum operations in a "
				  "JSON patch is 10000");
	if (outcome == PATCH_UNREADABLE)
		return status_bad_request(
			call->status,
			"error decoding patch: json: cannot unmarshal the body into a patch");
	status_about(call->status, NULL, NULL, NULL);
	return status_set(call->status, 422, "Invalid",
			  "the server rejected our request due to an error in our request");
}

/* What the patch in the body makes of `value`; NULL with the status filled. */
static struct json *
patched(struct call *call, const char *type, const struct json *value)
{
	const struct request *request = call->request;
	struct json *patch = json_parse(request->wire->body ? request->wire->body : "",
					request->wire->body_length, NULL);
	struct json *result = NULL;
	enum patch_outcome outcome = PATCH_DONE;

	if (!patch)
		outcome = PATCH_UNREADABLE;
	else if (text_equal(type, "application/json-patch+json"))
		outcome = patch_json(value, patch, &result);
	else if (json_type(patch) != JSON_OBJECT)
		outcome = PATCH_UNREADABLE;
	else if (text_equal(type, "application/merge-patch+json"))
		result = patch_merge(value, patch);
	else
		result = patch_strategic(call->version->schema, value, patch);
	json_free(patch);
	if (outcome != PATCH_DONE)
		patch_refused(call, outcome);
	return result;
}

static bool
check_patch_type(struct call *call, const char *type)
{
	bool strategic = call->row->builtin &&
			 !text_equal(call->row->group,
				     "apiextensions.k8s.io"); /* the real one knows it there, too */

	if (text_equal(type, "application/json-patch+json") ||
	    text_equal(type, "application/merge-patch+json"))
		return true;
	if (text_equal(type, "application/strategic-merge-patch+json") && call->row->builtin)
		return true;
	return wrong_type(
		call,
		strategic ? "application/json-patch+json, application/merge-patch+json, "
			    "application/strategic-merge-patch+json, application/apply-patch+yaml"
			  : "application/json-patch+json, application/merge-patch+json, "
			    "application/apply-patch+yaml");
}

bool
write_patch(struct call *call)
{
	const struct store_object *old;
	struct change change;
	struct json *value, *object;
	char manager[129], type[100];

	request_content_type(call->request, type);
	if (!check_patch_type(call, type) || !call_change(call, &change, manager))
		return false;
	if (request_parameter(call->request, "force")) {
		status_cause(call->status, "FieldValueForbidden", "force",
			     "Forbidden: may not be specified for non-apply patch");
		status_invalid(call->status, "meta.k8s.io", "PatchOptions", "");
		return false;
	}
	old = call_object(call);
	if (!old)
		return false;
	value = call_value(call, old);
	object = patched(call, type, value);
	json_free(value);
	if (!object)
		return false;
	change.patched = true;
	object = change_update(&change, old, object);
	return object && call_reply(call, 200, object);
}

static bool
check_policy(struct call *call, const char *policy)
{
	if (!policy || text_equal(policy, "Foreground") || text_equal(policy, "Background") ||
	    text_equal(policy, "Orphan"))
		return true;
	status_cause(call->status, "FieldValueNotSupported", "propagationPolicy",
		     "Unsupported value: \"%s\": supported values: \"Foreground\", \"Background\", "
		     "\"Orphan\", \"nil\"",
		     policy);
	status_invalid(call->status, "meta.k8s.io", "DeleteOptions", "");
	return false;
}

/* The query counts only when there is no body (KUBERNETES §0.1). `options` owns the words the
 * preconditions borrow. */
static bool
read_options(struct call *call, struct json **options, struct change *change,
	     struct change_preconditions *preconditions)
{
	const struct request *request = call->request;
	const struct json *dry_run;

	*options = NULL;
	if (request->wire->body_length == 0) {
		preconditions->policy = request_parameter(request, "propagationPolicy");
		return check_policy(call, preconditions->policy);
	}
	change->dry_run = false;
	*options = request_body(request, call->status);
	if (!*options)
		return false;
	preconditions->policy = json_string_at(*options, "propagationPolicy");
	preconditions->uid = json_string_at(*options, "preconditions.uid");
	preconditions->version = json_string_at(*options, "preconditions.resourceVersion");
	if (json_bool_at(*options, "orphanDependents", false))
		preconditions->policy = "Orphan";
	dry_run = json_first(json_get(*options, "dryRun"));
	change->dry_run = text_equal(json_string(dry_run), "All");
	if (!dry_run || change->dry_run)
		return check_policy(call, preconditions->policy);
	status_cause(call->status, "FieldValueNotSupported", "dryRun",
		     "Unsupported value: [\"%s\"]: supported values: \"All\"",
		     json_string(dry_run));
	status_invalid(call->status, "meta.k8s.io", "DeleteOptions", "");
	return false;
}

static bool
gone(struct call *call, const char *name, const char *uid)
{
	struct json *json = json_new_object(), *details;

	json_set_string(json, "kind", "Status");
	json_set_string(json, "apiVersion", "v1");
	json_set_object(json, "metadata");
	json_set_string(json, "status", "Success");
	details = json_set_object(json, "details");
	json_set_string(details, "name", name);
	if (*call->row->group)
		json_set_string(details, "group", call->row->group);
	json_set_string(details, "kind", call->row->resource);
	json_set_string(details, "uid", uid);
	view_json(&(struct view){ .yaml = call->view.yaml }, json, &call->response->body);
	call->response->status = 200;
	call->response->content_type = call->view.yaml ? "application/yaml" : "application/json";
	return true;
}

bool
write_delete(struct call *call)
{
	const struct store_object *old;
	struct change_preconditions preconditions = { 0 };
	struct change change;
	struct json *options, *held = NULL;
	char manager[129];
	bool done;

	if (!call_change(call, &change, manager))
		return false;
	done = read_options(call, &options, &change, &preconditions) && (old = call_object(call)) &&
	       change_delete(&change, old, &preconditions, &held);
	json_free(options);
	if (!done)
		return false;
	return held ? call_reply(call, 200, held) : gone(call, old->name, old->uid);
}
