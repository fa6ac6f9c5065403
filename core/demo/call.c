#include "core/demo/call.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

bool
call_reply(struct call *call, int code, struct json *object)
{
	char *text = json_text(object);

	view_object(call->demo, &call->view, call->row, call->version, text, strlen(text), true,
		    &call->response->body);
	call->response->status = code;
	call->response->content_type = call->view.yaml ? CALL_YAML : CALL_JSON;
	free(text);
	json_free(object);
	return true;
}

const struct store_object *
call_object(struct call *call)
{
	const struct request *request = call->request;
	const struct store_object *object =
		store_get(call->demo->store, call->row->group, call->row->resource,
			  request->namespace, request->name);

	if (!object)
		status_not_found(call->status, call->row->group, call->row->resource,
				 request->name);
	return object;
}

struct json *
call_value(struct call *call, const struct store_object *object)
{
	struct json *value = json_clone(store_value(call->demo->store, object));
	char api_version[300];

	json_set_string(value, "apiVersion",
			kinds_api_version(api_version, sizeof(api_version), call->row->group,
					  call->version->name));
	return value;
}

bool
call_change(struct call *call, struct change *change, char manager[129])
{
	const struct request *request = call->request;
	const char *validation = request_parameter(request, "fieldValidation");

	request_manager(request, manager);
	*change = (struct change){
		.demo = call->demo,
		.row = call->row,
		.version = call->version,
		.namespace = request->namespace,
		.name = request->name,
		.manager = manager,
		.unknown = CHANGE_WARN,
		.status_part = text_equal(request->subresource, "status") ? CHANGE_STATUS_ONLY
									  : CHANGE_KEEPS_STATUS,
		.warnings = &call->response->warnings,
		.status = call->status,
	};
	if (text_equal(validation, "Strict"))
		change->unknown = CHANGE_STRICT;
	else if (text_equal(validation, "Ignore"))
		change->unknown = CHANGE_IGNORE;
	else if (validation && *validation && !text_equal(validation, "Warn")) {
		status_cause(call->status, "FieldValueNotSupported", "fieldValidation",
			     "Unsupported value: \"%s\": supported values: \"\", \"Ignore\", "
			     "\"Strict\", \"Warn\"",
			     validation);
		status_invalid(call->status, "meta.k8s.io", "CreateOptions", "");
		return false;
	}
	if (call->version->warning)
		buf_printf(&call->response->warnings, "%s\n", call->version->warning);
	return request_dry_run(request, &change->dry_run, call->status);
}
