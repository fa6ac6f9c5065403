/* The guards of a write: that it carries them, and what they refuse. */
#include <string.h>

#include "tests/sim/sim_inside.h"

#define SEEN "metadata.resourceVersion"

bool
sim_is_guarded(const struct sim_call *call)
{
	const char *path = call->request.path, *body = call->request.body;

	if (call->argv != NULL) /* helm minds its own */
		return true;
	if (strcmp(call->request.method, "DELETE") == 0)
		return body != NULL && strstr(body, "\"preconditions\"") != NULL &&
		       strstr(body, "\"uid\"") != NULL;
	if (strstr(path, "fieldManager=poolshift") == NULL ||
	    strstr(path, "fieldValidation=Strict") == NULL)
		return false;
	return call->request.content_type == NULL ||
	       strcmp(call->request.content_type, "application/json-patch+json") != 0 ||
	       (strstr(body, "/metadata/uid") != NULL &&
		strstr(body, "/metadata/resourceVersion") != NULL);
}

static struct json *
object_of(struct sim *sim, const struct sim_call *call)
{
	struct buf path;
	struct json *object = NULL;
	struct demo_request asked = { .method = "GET" };
	struct demo_response response;

	buf_init(&path, 4 * BUF_KIB);
	buf_add(&path, call->request.path, strcspn(call->request.path, "?"));
	asked.target = path.bytes;
	demo_authenticate(sim->demo, "admin", &asked.user, &asked.groups);
	demo_response_init(&response);
	demo_handle(sim->demo, &asked, &response);
	if (response.status == 200)
		object = json_parse(response.body.bytes, response.body.length, NULL);
	demo_response_release(&response);
	buf_release(&path);
	return object;
}

/* The resourceVersion it was made for; NULL: for any. Borrowed from `body`. */
static const char *
version_of(const struct sim_call *call, const struct json *body)
{
	if (strcmp(call->request.method, "DELETE") == 0)
		return json_string_at(body, "preconditions.resourceVersion");
	for (size_t i = 0; i < json_count(body); i++) {
		const char *path = json_string_at(json_item(body, i), "path");

		if (path != NULL && strcmp(path, "/metadata/resourceVersion") == 0)
			return json_string_at(json_item(body, i), "value");
	}
	return json_string_at(body, SEEN);
}

bool
sim_is_refused(struct sim *sim, const struct sim_call *call)
{
	struct json *body, *object;
	const char *seen, *now;
	bool refused;

	if (call->argv != NULL || call->request.body == NULL)
		return false;
	body = json_parse(call->request.body, strlen(call->request.body), NULL);
	object = object_of(sim, call);
	seen = version_of(call, body);
	now = json_string_at(object, SEEN);
	refused = seen != NULL && (now == NULL || strcmp(seen, now) != 0);
	json_free(object);
	json_free(body);
	return refused;
}
