#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/authz.h"
#include "core/demo/call.h"
#include "core/demo/watch.h"

#define TYPE_TEXT "text/plain; charset=utf-8"

#define BODY_MAX (3 * BUF_MIB) /* of a request: 413 beyond (KUBERNETES §4.1) */

void
demo_response_init(struct demo_response *response)
{
	*response = (struct demo_response){ .content_type = CALL_JSON };
	buf_init(&response->warnings, 64 * BUF_KIB);
	buf_init(&response->body, CALL_LIST_CAP);
}

void
demo_response_release(struct demo_response *response)
{
	buf_release(&response->warnings);
	buf_release(&response->body);
	demo_watch_free(response->watch);
	*response = (struct demo_response){ 0 };
}

static bool
not_too_new(struct call *call)
{
	const char *version = request_parameter(call->request, "resourceVersion");
	int64_t wanted;

	if (!version || !*version)
		return true;
	if (!text_integer(version, 0, INT64_MAX, &wanted, NULL))
		return status_bad_request(
			call->status,
			"invalid resource version: resourceVersion: Invalid value: \"%.40s\": "
			"strconv.ParseUint: parsing \"%.40s\": invalid syntax",
			version, version);
	if (wanted <= store_version(call->demo->store))
		return true;
	call->status->retry = 1;
	status_cause(call->status, "ResourceVersionTooLarge", "", "Too large resource version");
	return status_set(call->status, 504, "Timeout",
			  "Timeout: Too large resource version: %lld, current: %lld",
			  (long long)wanted, (long long)store_version(call->demo->store));
}

static bool
get(struct call *call)
{
	const struct store_object *object;

	if (!not_too_new(call) || !(object = call_object(call)))
		return false;
	if (call->view.as_list)
		return status_set(
			call->status, 500, "InternalError",
			"Internal error occurred: failed to convert to PartialObjectMetadataList");
	view_object(call->demo, &call->view, call->row, call->version, object->text, object->length,
		    true, &call->response->body);
	call->response->status = 200;
	call->response->content_type = call->view.yaml ? CALL_YAML : CALL_JSON;
	return true;
}

static bool
open_watch(struct call *call)
{
	call->response->watch = watch_open(call->demo, call->request, call->row, call->version,
					   &call->view, call->status);
	call->response->status = 200;
	return call->response->watch != NULL;
}

static bool
patch(struct call *call)
{
	char type[100];

	request_content_type(call->request, type);
	return text_equal(type, "application/apply-patch+yaml") ? apply_answer(call)
								: write_patch(call);
}

static bool
list(struct call *call)
{
	return not_too_new(call) && list_answer(call);
}

static const struct {
	const char *verb;
	bool one; /* needs a name */
	bool (*answer)(struct call *call);
} verbs[] = {
	{ "get", true, get },
	{ "list", false, list },
	{ "watch", false, open_watch },
	{ "create", false, write_create },
	{ "update", true, write_update },
	{ "patch", true, patch },
	{ "delete", true, write_delete },
};

static bool
dispatch(struct call *call)
{
	const struct request *request = call->request;

	if (call->row->use == KINDS_REVIEW)
		return text_equal(request->verb, "create") ? review_answer(call)
							   : status_not_allowed(call->status);
	if (text_equal(request->subresource, "scale") && call->version->scale && request->name)
		return scale_answer(call);
	if (*request->subresource &&
	    !(text_equal(request->subresource, "status") && call->version->status))
		return status_not_found(call->status, call->row->group, call->row->resource,
					request->name);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!text_equal(verbs[i].verb, request->verb))
			continue;
		if (verbs[i].one == (request->name != NULL) || text_equal(request->verb, "watch"))
			return verbs[i].answer(call);
	}
	return status_not_allowed(call->status);
}

/* Unknown kinds of built-in groups and of CRDs' groups are refused in different words (KUBERNETES
 * §4.2). */
static bool
find_kind(struct call *call)
{
	const struct request *request = call->request;
	const struct kinds_row *row;

	for (row = kinds_first(call->demo->kinds); row; row = row->next) {
		if (row->builtin && text_equal(row->group, request->group))
			break;
	}
	call->row = kinds_find(call->demo->kinds, request->group, request->resource);
	call->version = call->row ? kinds_version(call->row, request->version) : NULL;
	if (call->row && call->version) {
		if (clock_mono(&call->demo->clock) >= call->row->ready)
			return true;
		call->status->retry = 1;
		return status_set(call->status, 429, "TooManyRequests",
				  "storage is (re)initializing");
	}
	if (!row)
		return status_no_such_path(call->status);
	status_about(call->status, NULL, NULL, NULL);
	return status_set(call->status, 404, "NotFound",
			  "the server could not find the requested resource");
}

/* Where a namespaced kind has to be asked for in a namespace. */
static bool
check_scope(struct call *call)
{
	const struct request *request = call->request;
	bool everywhere = text_equal(request->verb, "list") || text_equal(request->verb, "watch");

	if (call->row->namespaced == (request->namespace != NULL) ||
	    (call->row->namespaced && everywhere))
		return true;
	if (call->row->use == KINDS_REVIEW)
		return true;
	if (!call->row->builtin)
		return status_no_such_path(call->status);
	if (call->row->namespaced && !request->name)
		return status_not_allowed(call->status);
	return status_set(call->status, 404, "NotFound",
			  "the server could not find the requested resource");
}

static bool
answer(struct demo *demo, const struct request *request, struct status *status,
       struct demo_response *response)
{
	struct call call = {
		.demo = demo, .request = request, .status = status, .response = response
	};

	if (request->wire->body_length > BODY_MAX)
		return status_set(status, 413, "RequestEntityTooLarge",
				  "Request entity too large: limit is %zu", BODY_MAX);
	if (!authz_check(demo, request, status))
		return false;
	if (!request->resource_path)
		return discovery_answer(demo, request, status, response);
	return find_kind(&call) && check_scope(&call) &&
	       view_negotiate(request, &call.view, status) && dispatch(&call);
}

static void
refuse(const struct status *status, struct demo_response *response)
{
	struct json *json;

	buf_clear(&response->body);
	response->status = status->code;
	response->retry_after = status->retry;
	if (status->plain) {
		response->content_type = TYPE_TEXT;
		buf_add(&response->body, status->message.bytes, status->message.length);
		return;
	}
	response->content_type = CALL_JSON;
	json = status_json(status);
	json_print(json, &response->body);
	buf_putc(&response->body, '\n');
	json_free(json);
}

void
demo_handle(struct demo *demo, const struct demo_request *wire, struct demo_response *response)
{
	struct request request;
	struct status status;

	status_init(&status);
	response->content_type = CALL_JSON;
	if (!request_read(&request, wire))
		status_no_such_path(&status);
	else
		answer(demo, &request, &status, response);
	if (status.code)
		refuse(&status, response);
	request_release(&request);
	status_release(&status);
	store_settle(demo->store);
}
