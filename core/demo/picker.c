#include "core/demo/picker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/inside.h"
#include "core/demo/models.h"
#include "core/demo/selector.h"
#include "core/model/kind.h"

int
picker_error(int status, const char *message, struct buf *answer)
{
	struct json *body = json_new_object();
	struct json *error = json_set_object(body, "error");

	json_set_string(error, "message", message);
	json_set_string(error, "type",
			status == 404  ? "NotFoundError"
			: status < 500 ? "BadRequestError"
				       : "InternalError");
	json_set_integer(error, "code", status);
	json_print(body, answer);
	json_free(body);
	return status;
}

static bool
is_ready(const struct json *pod)
{
	const struct json *condition;

	for (condition = json_first(json_at(pod, "status.conditions")); condition != NULL;
	     condition = json_next(condition))
		if (text_equal(json_string_at(condition, "type"), "Ready"))
			return text_equal(json_string_at(condition, "status"), "True");
	return false;
}

/* A ready Pod that has all the labels, or NULL. */
static const struct json *
find_pod(struct demo *demo, const char *namespace, const struct json *labels)
{
	const struct store_object *object = NULL;
	const struct json *pod;

	while ((object = store_next(demo->store, "", "pods", namespace, object)) != NULL) {
		pod = store_value(demo->store, object);
		if (selector_covers(labels, pod) && is_ready(pod))
			return pod;
	}
	return NULL;
}

static const struct json *
value_of(struct demo *demo, const char *group, const char *resource, const char *namespace,
	 const char *name)
{
	const struct store_object *object;

	object = name == NULL ? NULL : store_get(demo->store, group, resource, namespace, name);
	return object == NULL ? NULL : store_value(demo->store, object);
}

static void
add_choice(struct json *body, const struct picker_call *call, const char *model)
{
	struct json *choice = json_append(json_set_array(body, "choices"), json_new_object());
	struct json *message;
	struct buf text;

	buf_init(&text, BUF_KIB);
	buf_printf(&text, "An answer of %.400s.", model);
	json_set_integer(choice, "index", 0);
	if (call->chat) {
		message = json_set_object(choice, "message");
		json_set_string(message, "role", "assistant");
		json_set_string(message, "content", text.bytes);
	} else {
		json_set_string(choice, "text", text.bytes);
	}
	json_set_string(choice, "finish_reason", "stop");
	buf_release(&text);
}

static int
write_answer(struct demo *demo, const struct picker_call *call, const char *model,
	     struct buf *answer)
{
	struct json *body = json_new_object();
	struct json *usage;
	struct buf id;

	buf_init(&id, 64);
	buf_printf(&id, "%s-%016" PRIx64, call->chat ? "chatcmpl" : "cmpl", inside_random(demo));
	json_set_string(body, "id", id.bytes);
	json_set_string(body, "object", call->chat ? "chat.completion" : "text_completion");
	json_set_integer(body, "created", clock_wall(&demo->clock) / SECOND);
	json_set_string(body, "model", model);
	add_choice(body, call, model);
	usage = json_set_object(body, "usage");
	json_set_integer(usage, "prompt_tokens", 8);
	json_set_integer(usage, "completion_tokens", 6);
	json_set_integer(usage, "total_tokens", 14);
	json_print(body, answer);
	json_free(body);
	buf_release(&id);
	return 200;
}

/* The minor version of a picker's image, "v1.2.0" is 102 and "v0.3.0" 3; of any other tag the
 * newest known. */
static int
generation_of(const struct json *picker)
{
	const char *image = json_string_at(picker, "spec.containers[0].image");
	const char *tag = image != NULL ? strrchr(image, ':') : NULL;
	int major;
	int minor;

	if (tag == NULL || sscanf(tag, ":v%2d.%2d.", &major, &minor) != 2)
		return 105;
	return major * 100 + minor;
}

/* What a picker of the v1 API does with a request: any name is served, renamed by an
 * InferenceModelRewrite where it knows them, else by a header; what matters less than nothing is
 * shed. */
static int
pick_by_objective(struct demo *demo, const struct backend *pool, const struct picker_call *call,
		  int generation, const char **model)
{
	const char *rewritten = generation >= 102 && generation <= 105
					? models_rewritten(demo, pool, *model)
					: *model;

	if (rewritten == *model && call->rewrite != NULL)
		rewritten = call->rewrite;
	*model = rewritten;
	return demo->saturated && models_priority(demo, pool, call->objective, call->forgotten) < 0
		       ? 429
		       : 200;
}

/* What a v0.3.0 picker does: it wants an InferenceModel for every name. */
static int
pick_by_model(struct demo *demo, const struct backend *pool, const struct picker_call *call,
	      const char **model)
{
	bool sheddable = false;

	*model = models_of_model(demo, pool, *model, call->forgotten, &sheddable);
	if (*model == NULL)
		return 404;
	return demo->saturated && sheddable ? 429 : 200;
}

int
picker_answer(struct demo *demo, const struct backend *pool, const struct picker_call *call,
	      struct buf *answer, bool *served)
{
	bool ga = strcmp(pool->group, GROUP_GA) == 0;
	const struct json *value =
		value_of(demo, pool->group, "inferencepools", pool->namespace, pool->name);
	const struct json *ref =
		json_at(value, ga ? "spec.endpointPickerRef" : "spec.extensionRef");
	const struct json *service =
		value_of(demo, "", "services", pool->namespace, json_string_at(ref, "name"));
	const struct json *picker =
		find_pod(demo, pool->namespace, json_at(service, "spec.selector"));
	const struct json *pod =
		find_pod(demo, pool->namespace,
			 json_at(value, ga ? "spec.selector.matchLabels" : "spec.selector"));
	const char *model = json_string_at(call->body, "model");
	int generation = generation_of(picker);
	int picked = 200;

	*served = false;
	if (value == NULL)
		return picker_error(500, "the InferencePool of this route is not there", answer);
	if (picker == NULL && !text_equal(json_string_at(ref, "failureMode"), "FailOpen"))
		return picker_error(500, "the endpoint picker of this pool does not answer",
				    answer);
	if (model == NULL || model[0] == '\0')
		return picker_error(400, "model not found in request body", answer);
	if (picker != NULL)
		picked = generation < 100 ? pick_by_model(demo, pool, call, &model)
					  : pick_by_objective(demo, pool, call, generation, &model);
	if (picked == 404)
		return picker_error(404, "no InferenceModel of this pool has that name", answer);
	if (picked == 429)
		return picker_error(429, "the pool is saturated and the request can be shed",
				    answer);
	if (pod == NULL)
		return picker_error(picker != NULL && generation < 100 ? 429 : 503,
				    "no Pod of this pool is ready", answer);
	*served = true;
	return write_answer(demo, call, model, answer);
}

int
picker_answer_service(struct demo *demo, const struct backend *service,
		      const struct picker_call *call, struct buf *answer)
{
	const struct json *value =
		value_of(demo, "", "services", service->namespace, service->name);
	const char *model = json_string_at(call->body, "model");

	if (value == NULL)
		return picker_error(500, "the Service of this route is not there", answer);
	if (find_pod(demo, service->namespace, json_at(value, "spec.selector")) == NULL)
		return picker_error(503, "no Pod behind this Service is ready", answer);
	return write_answer(demo, call, model != NULL ? model : "", answer);
}
