#include "tests/flow/flow_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "tests/flow/wire.h"

#define LATENCY (1 * MILLISECOND)

static void
free_call(struct call *call)
{
	wire_drop(&call->request);
	demo_watch_free(call->watch);
	free(call);
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
	call->request = wire_keep(request);
	flow->requests++;
	call->started = flow->mono;
	call->due = flow->mono + LATENCY;
	if (wire_is_write(request))
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
say_status(struct transport_event *event, int status)
{
	wire_say_status(event, status, status == 429);
}

static void
ask(struct flow *flow, struct call *call, struct transport_event *event)
{
	bool outside = call->request.where == TRANSPORT_OUTSIDE;
	struct transport_request asked = call->request;

	if (flow->old_discovery)
		asked.accept = "application/json";
	call->watch = wire_ask(flow->demo, &asked, flow->options.user, event);
	if (flow->warning != NULL && call->request.mode == TRANSPORT_WRITE)
		buf_puts(&event->warnings, flow->warning);
	if (flow->date_off != 0 && !outside)
		event->server_date = flow->wall_base + flow->mono + flow->date_off;
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
		say_status(event, fault->status);
		return true;
	}
	if (flow->forbidden != NULL && strstr(call->request.path, flow->forbidden) != NULL) {
		say_status(event, 403);
		return true;
	}
	ask(flow, call, event);
	if (call->request.where == TRANSPORT_OUTSIDE)
		return true;
	if (fault == NULL || fault->kind == FLOW_DELAY)
		return true;
	if (fault->kind == FLOW_KILL_AFTER)
		return false;
	buf_clear(&event->body);
	event->status = 0;
	if (fault->kind == FLOW_LOST_REPLY)
		no_answer(event, SENT_MAYBE, "the connection broke");
	else
		say_status(event, fault->status);
	return true;
}

static bool
read_stream(struct flow *flow, struct call **at, struct transport_event *event)
{
	struct call *call = *at;

	if (!demo_watch_ready(call->watch))
		return false;
	wire_event_init(event, call->id, flow->mono - call->started);
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
	wire_event_init(event, call->id, flow->mono - call->started);
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
			wire_event_init(event, call->id, flow->mono - call->started);
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

static uint64_t
renewals(void *self)
{
	return ((struct flow *)self)->renewals;
}

struct transport
flow_transport(struct flow *flow)
{
	struct transport transport = wire_transport(flow);

	transport.start = start;
	transport.cancel = cancel;
	transport.collect = collect;
	transport.renewals = renewals;
	return transport;
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
