#include "tests/flow/flow_inside.h"

#include <string.h>

#define ROUTES "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes"

static int
request(struct flow *flow, const char *method, const char *path, const char *content_type,
	const char *body, struct json **out)
{
	struct demo_request asked = { .method = method,
				      .target = path,
				      .content_type = content_type,
				      .user_agent = "kubectl/v1.34",
				      .body = body,
				      .body_length = body != NULL ? strlen(body) : 0 };
	struct demo_response response;
	int status;

	demo_authenticate(flow->demo, "admin", &asked.user, &asked.groups);
	demo_response_init(&response);
	demo_handle(flow->demo, &asked, &response);
	status = response.status;
	if (out != NULL)
		*out = status / 100 == 2
			       ? json_parse(response.body.bytes, response.body.length, NULL)
			       : NULL;
	demo_response_release(&response);
	return status;
}

struct json *
flow_get(struct flow *flow, const char *path)
{
	struct json *json;

	request(flow, "GET", path, NULL, NULL, &json);
	return json;
}

int
flow_send(struct flow *flow, const char *method, const char *path, const char *content_type,
	  const char *body)
{
	return request(flow, method, path, content_type, body, NULL);
}

const char *
flow_weights(struct flow *flow)
{
	struct json *list = flow_get(flow, ROUTES);

	buf_clear(&flow->weights);
	for (const struct json *c = json_first(json_at(list, "items[0].spec.rules[0].backendRefs"));
	     c != NULL; c = json_next(c)) {
		const char *group = json_string_at(c, "group");
		buf_printf(&flow->weights, "%s%s %lld", flow->weights.length > 0 ? ", " : "",
			   group == NULL                     ? "other"
			   : strcmp(group, GROUP_ALPHA) == 0 ? "alpha"
			   : strcmp(group, GROUP_GA) == 0    ? "ga"
							     : "other",
			   (long long)json_integer_at(c, "weight", 1));
	}
	json_free(list);
	return flow->weights.bytes;
}
