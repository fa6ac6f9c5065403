#include <stdlib.h>

#include "core/base/text.h"
#include "core/demo/call.h"
#include "core/demo/patch.h"
#include "core/demo/table.h"

static struct json *
scale_of(const struct json *value)
{
	static const char *const copied[] = { "name", "namespace", "uid", "resourceVersion",
					      "creationTimestamp" };
	struct json *scale = json_new_object(), *metadata, *status;
	struct buf selector;

	json_set_string(scale, "kind", "Scale");
	json_set_string(scale, "apiVersion", "autoscaling/v1");
	metadata = json_set_object(scale, "metadata");
	for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++)
		json_set_string(metadata, copied[i],
				json_string(json_get(json_get(value, "metadata"), copied[i])));
	json_set_integer(json_set_object(scale, "spec"), "replicas",
			 json_integer_at(value, "spec.replicas", 0));
	status = json_set_object(scale, "status");
	json_set_integer(status, "replicas", json_integer_at(value, "status.replicas", 0));
	buf_init(&selector, 8 * BUF_KIB);
	for (const struct json *l = json_first(json_at(value, "spec.selector.matchLabels")); l;
	     l = json_next(l))
		buf_printf(&selector, "%s%s=%s", selector.length ? "," : "", json_key(l),
			   json_string(l) ? json_string(l) : "");
	json_set_string(status, "selector", selector.bytes);
	buf_release(&selector);
	return scale;
}

/* What a PUT, or a patch of the Scale, makes of it; NULL with the status filled. */
static struct json *
wanted_scale(struct call *call, const struct json *scale)
{
	struct json *body = request_body(call->request, call->status);
	struct json *wanted;

	if (!body || text_equal(call->request->verb, "update"))
		return body;
	wanted = patch_merge(scale, body);
	json_free(body);
	return wanted;
}

static bool
reply(struct call *call, struct json *scale)
{
	view_json(&(struct view){ .yaml = call->view.yaml }, scale, &call->response->body);
	call->response->status = 200;
	call->response->content_type = call->view.yaml ? "application/yaml" : "application/json";
	return true;
}

bool
scale_answer(struct call *call)
{
	const struct store_object *old = call_object(call);
	struct change change;
	struct json *scale, *wanted, *object;
	char manager[129];
	const char *version;

	if (!old)
		return false;
	scale = scale_of(store_value(call->demo->store, old));
	if (text_equal(call->request->verb, "get"))
		return reply(call, scale);
	wanted = text_equal(call->request->verb, "update") ||
				 text_equal(call->request->verb, "patch")
			 ? wanted_scale(call, scale)
			 : NULL;
	json_free(scale);
	if (!wanted)
		return call->status->code ? false : status_not_allowed(call->status);
	object = call_value(call, old);
	version = json_string_at(wanted, "metadata.resourceVersion");
	json_set_integer(json_set_object(object, "spec"), "replicas",
			 json_integer_at(wanted, "spec.replicas", 0));
	if (version)
		json_set_string(json_get_mutable(object, "metadata"), "resourceVersion", version);
	json_free(wanted);
	if (!call_change(call, &change, manager)) {
		json_free(object);
		return false;
	}
	object = change_update(&change, old, object);
	if (!object)
		return false;
	scale = scale_of(object);
	json_free(object);
	return reply(call, scale);
}
