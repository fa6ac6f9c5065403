#include "core/demo/gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/die.h"
#include "core/demo/backend.h"
#include "core/demo/inside.h"
#include "core/demo/picker.h"
#include "core/demo/routes.h"

#define ANSWER_CAP (64 * BUF_KIB)

/* A backend that went away at least once, or that a mirror sent copies to. */
struct memory {
	char *group;
	char *namespace;
	char *name;
	bool gone;
	int64_t version;  /* when it came back; 0: nothing is forgotten */
	int64_t mirrored; /* copies of requests */
};

struct gateway {
	struct demo *demo;
	struct routes *routes;
	struct memory *memories;
	size_t memory_count;
};

struct gateway *
gateway_new(struct demo *demo)
{
	struct gateway *gateway = die_alloc(sizeof(*gateway));

	gateway->demo = demo;
	gateway->routes = routes_new();
	return gateway;
}

void
gateway_free(struct gateway *gateway)
{
	size_t i;

	if (gateway == NULL)
		return;
	for (i = 0; i < gateway->memory_count; i++) {
		free(gateway->memories[i].group);
		free(gateway->memories[i].namespace);
		free(gateway->memories[i].name);
	}
	free(gateway->memories);
	routes_free(gateway->routes);
	free(gateway);
}

void
gateway_set_route(struct gateway *gateway, const char *namespace, const char *name,
		  const struct json *route)
{
	routes_set(gateway->routes, namespace, name, route);
}

static struct memory *
find_memory(const struct gateway *gateway, const char *group, const char *namespace,
	    const char *name)
{
	struct memory *memory;
	size_t i;

	for (i = 0; i < gateway->memory_count; i++) {
		memory = &gateway->memories[i];
		if (strcmp(memory->name, name) == 0 && strcmp(memory->namespace, namespace) == 0 &&
		    strcmp(memory->group, group) == 0)
			return memory;
	}
	return NULL;
}

static struct memory *
memory_of(struct gateway *gateway, const char *group, const char *namespace, const char *name)
{
	struct memory *memory = find_memory(gateway, group, namespace, name);

	if (memory != NULL)
		return memory;
	gateway->memories =
		die_realloc(gateway->memories, (gateway->memory_count + 1) * sizeof(struct memory));
	memory = &gateway->memories[gateway->memory_count++];
	*memory = (struct memory){
		.group = die_strdup(group),
		.namespace = die_strdup(namespace),
		.name = die_strdup(name),
	};
	return memory;
}

void
gateway_pool_went(struct gateway *gateway, const char *group, const char *namespace,
		  const char *name)
{
	memory_of(gateway, group, namespace, name)->gone = true;
}

void
gateway_pool_came(struct gateway *gateway, const char *group, const char *namespace,
		  const char *name, int64_t version)
{
	struct memory *memory = find_memory(gateway, group, namespace, name);

	if (memory == NULL || !memory->gone)
		return;
	memory->gone = false;
	memory->version = version;
}

void
gateway_picker_came(struct gateway *gateway, const char *namespace)
{
	size_t i;

	for (i = 0; i < gateway->memory_count; i++)
		if (strcmp(gateway->memories[i].namespace, namespace) == 0)
			gateway->memories[i].version = 0;
}

int64_t
gateway_forgotten(const struct gateway *gateway, const char *group, const char *namespace,
		  const char *name)
{
	const struct memory *memory = find_memory(gateway, group, namespace, name);

	return memory == NULL ? 0 : memory->version;
}

int64_t
gateway_mirrored(const struct gateway *gateway, const char *group, const char *namespace,
		 const char *name)
{
	const struct memory *memory = find_memory(gateway, group, namespace, name);

	return memory == NULL ? 0 : memory->mirrored;
}

static const char *
header_of(const struct gateway_request *request, const char *name)
{
	size_t i;

	for (i = 0; i < request->header_count; i++)
		if (strcasecmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

/* The header as it reaches the picker, after the filters of the rule and of the backendRef. */
static const char *
header_after(const struct gateway_request *request, const struct routes_turn *turn,
	     const char *name)
{
	return edits_apply(&turn->own, name,
			   edits_apply(&turn->rule, name, header_of(request, name)));
}

static int
answer_backend(struct gateway *gateway, const struct backend *backend, const char *namespace,
	       struct picker_call call, struct buf *answer, bool *served)
{
	struct demo *demo = gateway->demo;

	*served = false;
	switch (backend_check(demo, backend, namespace)) {
	case BACKEND_INVALID_KIND:
	case BACKEND_NOT_PERMITTED:
		return picker_error(500, "the gateway refuses the backend of this route", answer);
	case BACKEND_NOT_FOUND:
		return picker_error(500, "the backend of this route is not there", answer);
	case BACKEND_FINE:
		break;
	}
	if (!backend_is_pool(backend))
		return picker_answer_service(demo, backend, &call, answer);
	call.forgotten =
		gateway_forgotten(gateway, backend->group, backend->namespace, backend->name);
	return picker_answer(demo, backend, &call, answer, served);
}

/* A refused or missing mirror costs the client nothing. */
static void
send_copies(struct gateway *gateway, const struct routes_turn *turn, const struct picker_call *call)
{
	struct buf nobody;
	bool served;

	for (size_t i = 0; i < turn->mirror_count; i++) {
		const struct backend *backend = &turn->mirrors[i];

		buf_init(&nobody, ANSWER_CAP);
		if (answer_backend(gateway, backend, turn->route_namespace, *call, &nobody,
				   &served) == 200)
			memory_of(gateway, backend->group, backend->namespace, backend->name)
				->mirrored++;
		buf_release(&nobody);
	}
}

static int
answer_turn(struct gateway *gateway, const struct gateway_request *request,
	    const struct routes_turn *turn, struct buf *answer, char served_by[300])
{
	struct picker_call call = {
		.chat = strncmp(request->path, "/v1/chat/completions", 20) == 0,
		.rewrite = header_after(request, turn, "x-gateway-model-name-rewrite"),
		.objective = header_after(request, turn, "x-gateway-inference-objective"),
	};
	const struct backend *backend = &turn->backend;
	struct json *body;
	bool served;
	int status;

	if (strcmp(request->method, "POST") != 0)
		return picker_error(405, "completions are asked for with POST", answer);
	if (!call.chat && strncmp(request->path, "/v1/completions", 15) != 0)
		return picker_error(
			404, "the model servers answer /v1/completions and /v1/chat/completions",
			answer);
	body = json_parse(request->body != NULL ? request->body : "", request->body_length, NULL);
	if (body == NULL)
		return picker_error(400, "the request body is not JSON", answer);
	call.body = body;
	status = answer_backend(gateway, backend, turn->route_namespace, call, answer, &served);
	if (served)
		snprintf(served_by, 300, "%.60s/%.100s/%.100s", backend->group, backend->namespace,
			 backend->name);
	send_copies(gateway, turn, &call);
	json_free(body);
	return status;
}

int
gateway_answer(struct gateway *gateway, const struct gateway_request *request, struct buf *answer,
	       char served_by[300])
{
	struct routes_turn turn;

	served_by[0] = '\0';
	switch (routes_take(gateway->routes, request, &turn)) {
	case ROUTES_NO_MATCH:
		return picker_error(404, "no route matches", answer);
	case ROUTES_NO_BACKEND:
		return picker_error(500, "no backend of this route has weight", answer);
	case ROUTES_FOUND:
		break;
	}
	return answer_turn(gateway, request, &turn, answer, served_by);
}

/* Every Gateway of the demo has the same address, so that the port says nothing. */
int
demo_gateway(struct demo *demo, const char *gateway_port_name, const char *method, const char *path,
	     const char *host, const char *body, size_t body_length, struct buf *answer,
	     char served_by[300])
{
	const struct gateway_request request = {
		.method = method,
		.path = path,
		.host = host,
		.body = body,
		.body_length = body_length,
	};

	(void)gateway_port_name;
	return gateway_answer(demo->gateway, &request, answer, served_by);
}
