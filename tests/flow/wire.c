#include "tests/flow/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

static void
do_nothing(void *self)
{
	(void)self;
}

static void
wait_not(void *self, int64_t deadline)
{
	(void)self;
	(void)deadline;
}

static const char *
no_sign_in(void *self)
{
	(void)self;
	return NULL;
}

static enum transport_login
no_login(void *self)
{
	(void)self;
	return LOGIN_NONE;
}

static bool
nobody_to_ask(void *self, struct err *err)
{
	(void)self;
	return err_set(err, ERR_AUTH, "There is no credential plugin.");
}

static uint64_t
never_renewed(void *self)
{
	(void)self;
	return 0;
}

struct transport
wire_transport(void *self)
{
	return (struct transport){ .self = self,
				   .wait = wait_not,
				   .wake = do_nothing,
				   .refresh = do_nothing,
				   .sign_in = no_sign_in,
				   .login = no_login,
				   .log_in = nobody_to_ask,
				   .renewals = never_renewed };
}

static const char *
copy_of(const char *text)
{
	return text == NULL ? NULL : die_strdup(text);
}

struct transport_request
wire_keep(const struct transport_request *request)
{
	struct transport_request kept = *request;
	char *body;

	kept.path = copy_of(request->path);
	kept.host = copy_of(request->host);
	if (request->body != NULL) {
		body = die_alloc(request->body_length + 1);
		memcpy(body, request->body, request->body_length);
		kept.body = body;
	}
	return kept;
}

void
wire_drop(struct transport_request *kept)
{
	free((char *)(uintptr_t)kept->path);
	free((char *)(uintptr_t)kept->host);
	free((char *)(uintptr_t)kept->body);
	*kept = (struct transport_request){ 0 };
}

bool
wire_is_write(const struct transport_request *request)
{
	if (request->where != TRANSPORT_CLUSTER || request->mode != TRANSPORT_WRITE ||
	    strcmp(request->method, "GET") == 0)
		return false;
	if (strstr(request->path, "dryRun=All") != NULL ||
	    strstr(request->path, "selfsubject") != NULL)
		return false;
	return strcmp(request->method, "DELETE") != 0 || request->body == NULL ||
	       strstr(request->body, "\"dryRun\"") == NULL;
}

void
wire_event_init(struct transport_event *event, int64_t id, int64_t latency)
{
	*event = (struct transport_event){ .kind = TRANSPORT_DONE, .id = id, .latency = latency };
	buf_init(&event->body, 64 * BUF_MIB);
	buf_init(&event->warnings, 64 * BUF_KIB);
}

static void
ask_gateway(struct demo *demo, const struct transport_request *request,
	    struct transport_event *event)
{
	const char *host = strstr(request->path, "://") + 3, *path = strchr(host, '/');

	event->status = demo_gateway(demo, "http", request->method, path != NULL ? path : "/",
				     request->host != NULL ? request->host : "", request->body,
				     request->body_length, &event->body, event->served_by);
}

struct demo_watch *
wire_ask(struct demo *demo, const struct transport_request *request, const char *user,
	 struct transport_event *event)
{
	struct demo_request asked = {
		.method = request->method,
		.target = request->path,
		.content_type = request->content_type,
		.accept = request->accept,
		.user_agent = "poolshift/0 (test)",
		.body = request->body,
		.body_length = request->body_length,
	};
	struct demo_response response;
	struct demo_watch *watch;

	event->sent = SENT_YES;
	if (request->where == TRANSPORT_OUTSIDE) {
		ask_gateway(demo, request, event);
		return NULL;
	}
	demo_authenticate(demo, user != NULL ? user : "admin", &asked.user, &asked.groups);
	demo_response_init(&response);
	demo_handle(demo, &asked, &response);
	event->status = response.status;
	event->retry_after = response.retry_after;
	snprintf(event->content_type, sizeof event->content_type, "%s",
		 response.content_type != NULL ? response.content_type : "");
	buf_add(&event->body, response.body.bytes, response.body.length);
	watch = response.watch;
	response.watch = NULL;
	demo_response_release(&response);
	return watch;
}

void
wire_say_status(struct transport_event *event, int status, int retry_after)
{
	event->status = status;
	event->sent = SENT_YES;
	event->retry_after = retry_after;
	buf_clear(&event->body);
	snprintf(event->content_type, sizeof event->content_type, "application/json");
	buf_printf(&event->body,
		   "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":"
		   "\"simulated\",\"reason\":\"%s\",\"details\":{\"name\":\"x\"},\"code\":%d}",
		   status == 409   ? "Conflict"
		   : status == 410 ? "Expired"
				   : "Simulated",
		   status);
}
