#include "tests/flow/flow_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

#define LATENCY (1 * MILLISECOND)

static void
free_call(struct call *call)
{
	free((char *)(uintptr_t)call->request.path);
	free((char *)(uintptr_t)call->request.host);
	free((char *)(uintptr_t)call->request.body);
	demo_watch_free(call->watch);
	free(call);
}

static bool
is_real_write(const struct transport_request *request)
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

static void
number(struct flow *flow, struct call *call)
{
	const char *path = call->request.path, *query = strchr(path, '?');
	int length = (int)(query != NULL ? (size_t)(query - path) : strlen(path));

	call->lease = strstr(path, "/leases") != NULL;
	call->write = call->lease ? ++flow->lease_writes : ++flow->writes;
	for (size_t i = 0; i < flow->options.fault_count; i++)
		if (flow->options.faults[i].write == call->write &&
		    flow->options.faults[i].lease == call->lease)
			call->fault = &flow->options.faults[i];
	if (!call->lease)
		buf_printf(&flow->log, "%s %.*s\n", call->request.method, length, path);
}

static int64_t
start(void *self, const struct transport_request *request)
{
	struct flow *flow = self;
	struct call *call = die_alloc(sizeof *call), **at = &flow->calls;

	call->id = ++flow->ids;
	call->request = *request;
	call->request.path = die_strdup(request->path);
	call->request.host = die_strdup(request->host);
	if (request->body != NULL) {
		char *body = die_alloc(request->body_length + 1);
		memcpy(body, request->body, request->body_length);
		call->request.body = body;
	}
	flow->requests++;
	call->started = flow->mono;
	call->due = flow->mono + LATENCY;
	if (is_real_write(request))
		number(flow, call);
	while (*at != NULL)
		at = &(*at)->next;
	*at = call;
	return call->id;
}

static void
cancel(void *self, int64_t id)
{
	struct flow *flow = self;

	for (struct call **at = &flow->calls; *at != NULL; at = &(*at)->next)
		if ((*at)->id == id) {
			struct call *gone = *at;
			*at = gone->next;
			free_call(gone);
			return;
		}
}

static void
no_answer(struct transport_event *event, enum transport_sent sent, const char *text)
{
	event->sent = sent;
	err_set(&event->err, ERR_NETWORK, "%s", text);
}

static void
fake_status(struct transport_event *event, int status)
{
	event->status = status;
	event->sent = SENT_YES;
	snprintf(event->content_type, sizeof event->content_type, "application/json");
	if (status == 429)
		event->retry_after = 1;
	buf_printf(&event->body,
		   "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":"
		   "\"fault\",\"reason\":\"%s\","
		   "\"details\":{\"name\":\"x\"},\"code\":%d}",
		   status == 409 ? "Conflict" : "Fault", status);
}

static void
ask_gateway(struct flow *flow, const struct call *call, struct transport_event *event)
{
	const char *host = strstr(call->request.path, "://") + 3, *path = strchr(host, '/');

	event->sent = SENT_YES;
	event->status = demo_gateway(
		flow->demo, "http", call->request.method, path != NULL ? path : "/",
		call->request.host != NULL ? call->request.host : "", call->request.body,
		call->request.body_length, &event->body, event->served_by);
}

static void
ask_demo(struct flow *flow, struct call *call, struct transport_event *event)
{
	struct demo_request request = {
		.method = call->request.method,
		.target = call->request.path,
		.content_type = call->request.content_type,
		.accept = flow->old_discovery ? "application/json" : call->request.accept,
		.user_agent = "poolshift/0 (test)",
		.body = call->request.body,
		.body_length = call->request.body_length,
	};
	struct demo_response response;

	demo_authenticate(flow->demo, flow->options.user, &request.user, &request.groups);
	demo_response_init(&response);
	demo_handle(flow->demo, &request, &response);
	event->sent = SENT_YES;
	event->status = response.status;
	event->retry_after = response.retry_after;
	if (flow->warning != NULL && call->request.mode == TRANSPORT_WRITE)
		buf_puts(&event->warnings, flow->warning);
	if (flow->date_off != 0)
		event->server_date = flow->wall_base + flow->mono + flow->date_off;
	snprintf(event->content_type, sizeof event->content_type, "%s",
		 response.content_type != NULL ? response.content_type : "");
	buf_add(&event->body, response.body.bytes, response.body.length);
	call->watch = response.watch;
	response.watch = NULL;
	demo_response_release(&response);
}

/* False when the program ends here. */
static bool
answer(struct flow *flow, struct call *call, struct transport_event *event)
{
	const struct flow_fault *fault = call->fault;

	if (!call->lease && call->write != 0 && call->write == flow->act_at && flow->act != NULL)
		flow->act(flow);
	if (fault != NULL && fault->kind == FLOW_KILL_BEFORE)
		return false;
	if (flow->cut > 0) {
		no_answer(event, SENT_NO, "connection refused");
		return true;
	}
	if (fault != NULL && fault->kind == FLOW_NOT_SENT) {
		no_answer(event, SENT_NO, "connection refused");
		return true;
	}
	if (fault != NULL && fault->kind == FLOW_STATUS) {
		fake_status(event, fault->status);
		return true;
	}
	if (flow->forbidden != NULL && strstr(call->request.path, flow->forbidden) != NULL) {
		fake_status(event, 403);
		return true;
	}
	if (call->request.where == TRANSPORT_OUTSIDE) {
		ask_gateway(flow, call, event);
		return true;
	}
	ask_demo(flow, call, event);
	if (fault == NULL || fault->kind == FLOW_DELAY)
		return true;
	if (fault->kind == FLOW_KILL_AFTER)
		return false;
	buf_clear(&event->body);
	event->status = 0;
	if (fault->kind == FLOW_LOST_REPLY)
		no_answer(event, SENT_MAYBE, "the connection broke");
	else
		fake_status(event, fault->status);
	return true;
}

static void
event_init(struct transport_event *event, const struct flow *flow, const struct call *call)
{
	*event = (struct transport_event){ .kind = TRANSPORT_DONE,
					   .id = call->id,
					   .latency = flow->mono - call->started };
	buf_init(&event->body, 64 * BUF_MIB);
	buf_init(&event->warnings, 64 * BUF_KIB);
}

static bool
read_stream(struct flow *flow, struct call **at, struct transport_event *event)
{
	struct call *call = *at;

	if (!demo_watch_ready(call->watch))
		return false;
	event_init(event, flow, call);
	event->status = 200;
	event->sent = SENT_YES;
	snprintf(event->content_type, sizeof event->content_type, "application/json");
	bool open = demo_watch_read(call->watch, &event->body);
	if (event->body.length > 0) {
		event->kind = TRANSPORT_DATA;
		return true;
	}
	if (open) {
		transport_event_release(event);
		return false;
	}
	*at = call->next;
	free_call(call);
	return true;
}

static bool
is_silent(const struct flow *flow, const struct call *call, struct transport_event *event)
{
	int64_t timeout = call->request.timeout > 0 ? call->request.timeout : 60 * SECOND;

	if (flow->cut >= 0)
		return false;
	if (call->watch != NULL || flow->mono - call->started < timeout)
		return true;
	event_init(event, flow, call);
	no_answer(event, SENT_MAYBE, "no answer in time");
	return false;
}

static bool
collect(void *self, struct transport_event *event)
{
	struct flow *flow = self;

	for (struct call **at = &flow->calls; *at != NULL && !flow->killed;) {
		struct call *call = *at;

		*event = (struct transport_event){ 0 };
		if (is_silent(flow, call, event)) {
			at = &call->next;
			continue;
		}
		if (call->watch != NULL) {
			if (read_stream(flow, at, event))
				return true;
			if (*at == call)
				at = &call->next;
			continue;
		}
		int64_t due = call->due + (call->fault != NULL && call->fault->kind == FLOW_DELAY
						   ? call->fault->delay
						   : 0);
		if (flow->mono < due) {
			at = &call->next;
			continue;
		}
		if (event->err.code == ERR_NONE) {
			event_init(event, flow, call);
			if (!answer(flow, call, event)) {
				transport_event_release(event);
				flow->killed = true;
				return false;
			}
		}
		if (call->watch != NULL) {
			transport_event_release(event);
			continue;
		}
		*at = call->next;
		free_call(call);
		return true;
	}
	return false;
}

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
int64_t
flow_next_call(const struct flow *flow)
{
	int64_t next = NEVER;

	for (const struct call *call = flow->calls; call != NULL; call = call->next) {
		int64_t due = call->due;
		if (call->watch != NULL)
			due = demo_watch_ready(call->watch) ? flow->mono : NEVER;
		else if (flow->cut < 0)
			due = call->started +
			      (call->request.timeout > 0 ? call->request.timeout : 60 * SECOND);
		else if (call->fault != NULL && call->fault->kind == FLOW_DELAY)
			due += call->fault->delay;
		next = due < next ? due : next;
	}
	return next;
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
	return err_set(err, ERR_INPUT, "There is nobody to ask.");
}

static uint64_t
renewals(void *self)
{
	return ((struct flow *)self)->renewals;
}

struct transport
flow_transport(struct flow *flow)
{
	return (struct transport){ .self = flow,
				   .start = start,
				   .cancel = cancel,
				   .collect = collect,
				   .wait = wait_not,
				   .wake = do_nothing,
				   .refresh = do_nothing,
				   .sign_in = no_sign_in,
				   .login = no_login,
				   .log_in = nobody_to_ask,
				   .renewals = renewals };
}

void
flow_drop_calls(struct flow *flow)
{
	while (flow->calls != NULL) {
		struct call *call = flow->calls;
		flow->calls = call->next;
		free_call(call);
	}
}
