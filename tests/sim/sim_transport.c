#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "tests/flow/wire.h"
#include "tests/sim/sim_helm.h"

#define LATE (3 * SECOND) /* after the client has given up */

static void
free_call(struct sim_call *call)
{
	wire_drop(&call->request);
	for (size_t i = 0; call->argv != NULL && call->argv[i] != NULL; i++)
		free((char *)(uintptr_t)call->argv[i]);
	free(call->argv);
	demo_watch_free(call->watch);
	transport_event_release(&call->held);
	free(call);
}

static int64_t
timeout_of(const struct sim_call *call)
{
	static const int64_t defaults[] = { [TRANSPORT_READ] = 60 * SECOND,
					    [TRANSPORT_WRITE] = 40 * SECOND,
					    [TRANSPORT_STREAM] = 150 * SECOND };

	return call->request.timeout > 0 ? call->request.timeout : defaults[call->request.mode];
}

static void
choose_fault(struct sim *sim, struct sim_call *call)
{
	struct sim_request seen = {
		.number = sim->requests,
		.console = call->console,
		.write = call->write,
		.stream = call->request.mode == TRANSPORT_STREAM,
		.outside = call->request.where == TRANSPORT_OUTSIDE,
		.program = call->argv != NULL,
		.timeout = timeout_of(call),
		.method = call->request.method,
		.path = call->request.path,
	};

	sim->sending = call;
	for (size_t i = 0; i < sim->fault_count; i++)
		if (sim->faults[i].request == sim->requests &&
		    sim_fault_applies(sim->faults[i].fault, &seen))
			call->fault = sim_fault_row(sim->faults[i].fault);
	if (sim->watcher != NULL)
		sim->watcher(sim->watcher_self, &seen);
	sim->sending = NULL;
	if (call->fault == NULL)
		return;
	sim->program_failed |= call->argv != NULL;
	if (call->fault->begun)
		call->begun = sim_helm_begin(sim, call);
	if (call->fault->full)
		sim_fill_disk(sim, call->console);
}

void
sim_fault_now(struct sim *sim, size_t fault)
{
	if (sim->sending != NULL)
		sim->sending->fault = sim_fault_row(fault);
}

static int64_t
due_of(const struct sim_call *call)
{
	int64_t due = call->started + SIM_LATENCY;

	if (call->fault == NULL)
		return due;
	if (call->fault->silent || call->fault->delay >= timeout_of(call))
		return call->started + timeout_of(call);
	return due + call->fault->delay;
}

/* Numbered, judged, and given what goes wrong with it; takes the call. */
static void
enter(struct sim *sim, struct sim_call *call)
{
	struct sim_call **at = &sim->calls;

	call->started = sim->mono;
	call->start = sim->consoles[call->console].starts;
	sim->requests++;
	sim->writes += call->write;
	if (call->write)
		sim_check_write(sim, call);
	choose_fault(sim, call);
	call->due = due_of(call);
	while (*at != NULL)
		at = &(*at)->next;
	*at = call;
}

static int64_t
start(void *self, const struct transport_request *request)
{
	struct sim_console *console = self;
	struct sim *sim = console->sim;
	int64_t id = ++sim->ids;
	struct sim_call *call;

	if (console->killed) /* nothing more leaves a program that has ended */
		return id;
	call = die_alloc(sizeof *call);
	call->id = id;
	call->console = console->index;
	call->request = wire_keep(request);
	call->write = wire_is_write(request);
	call->lease = strstr(request->path, "/coordination.k8s.io/") != NULL;
	enter(sim, call);
	return id;
}

static int64_t
run(void *self, const struct transport_program *program)
{
	struct sim_console *console = self;
	struct sim *sim = console->sim;
	int64_t id = ++sim->ids;
	struct sim_call *call;
	size_t count = 0;

	if (console->killed)
		return id;
	while (program->argv[count] != NULL)
		count++;
	call = die_alloc(sizeof *call);
	call->id = id;
	call->console = console->index;
	call->argv = die_alloc((count + 1) * sizeof *call->argv);
	for (size_t i = 0; i < count; i++)
		call->argv[i] = die_strdup(program->argv[i]);
	call->write = sim_helm_writes(call->argv);
	call->request.method = call->write ? "RUN" : "ASK";
	call->request.path = sim_helm_path(call->argv);
	call->request.timeout = program->timeout;
	enter(sim, call);
	return id;
}

/* The cluster does it; what it says comes into `event`. */
static void
execute(struct sim *sim, struct sim_call *call, struct transport_event *event)
{
	bool done;

	call->executed = true;
	if (call->argv != NULL)
		sim_helm_run(sim, call, event);
	else
		call->watch = wire_ask(sim->demo, &call->request, NULL, event);
	done = call->argv != NULL ? event->err.code == ERR_NONE : event->status / 100 == 2;
	if (call->write && !call->lease && done)
		sim_note_executed(sim, call);
	sim_check_cluster(sim);
}

static void
event_init(struct transport_event *event, const struct sim *sim, const struct sim_call *call)
{
	wire_event_init(event, call->id, sim->mono - call->started);
}

/* Executed before its answer is due: whoever waits gets what was true then. */
static void
execute_early(struct sim *sim, struct sim_call *call)
{
	event_init(&call->held, sim, call);
	execute(sim, call, &call->held);
	if (call->fault->delay == 0) {
		demo_watch_free(call->watch);
		call->watch = NULL;
	}
}

static bool
is_early(const struct sim_call *call)
{
	return !call->executed && call->fault != NULL && call->fault->executed &&
	       (call->fault->silent || call->fault->delay > 0);
}

static void
say_status(const struct sim_fault_row *fault, struct transport_event *event)
{
	wire_say_status(event, fault->status, fault->retry_after);
	if (fault->body == NULL)
		return;
	snprintf(event->content_type, sizeof event->content_type, "%s", fault->content_type);
	buf_clear(&event->body);
	buf_puts(&event->body, fault->body);
}

static void
say_nothing(const struct sim_fault_row *fault, struct transport_event *event)
{
	if (!fault->half)
		event->status = 0;
	event->sent = fault->sent;
	buf_clear(&event->body);
	err_set(&event->err, ERR_NETWORK, "The cluster's answer did not come: %s.", fault->help);
}

/* helm ended by itself, or by us when its time was over. */
static void
say_of_program(struct sim *sim, struct sim_call *call, struct transport_event *event)
{
	const struct sim_fault_row *fault = call->fault;

	buf_clear(&event->body);
	event->sent = fault->err == ERR_MISSING ? SENT_NO : SENT_YES;
	if (call->begun && !fault->silent)
		sim_helm_fail(sim, call);
	err_set(&event->err, fault->silent ? ERR_EXPIRED : fault->err, "helm: %s.", fault->help);
}

static void
halve(struct buf *body)
{
	struct buf half;

	buf_init(&half, body->cap);
	buf_add(&half, body->bytes, body->length / 2);
	buf_release(body);
	*body = half;
}

/* False when the program ends here. */
static bool
answer(struct sim *sim, struct sim_call *call, struct transport_event *event)
{
	const struct sim_fault_row *fault = call->fault;

	if (fault != NULL && fault->kill_before)
		return false;
	if (call->argv != NULL && fault != NULL &&
	    (fault->silent || fault->err != ERR_NONE || fault->delay >= timeout_of(call))) {
		say_of_program(sim, call, event);
		return true;
	}
	if (call->executed && fault->delay >= timeout_of(call)) {
		say_nothing(fault, event);
		return true;
	}
	if (call->executed && fault->delay > 0) {
		transport_event_release(event);
		*event = call->held;
		event->latency = sim->mono - call->started;
		call->held = (struct transport_event){ 0 };
		return true;
	}
	if (!call->executed && (fault == NULL || fault->executed))
		execute(sim, call, event);
	if (fault == NULL || fault->full)
		return true;
	if (fault->kill_after)
		return false;
	if (call->watch != NULL && fault->stream != STREAM_AS_IT_IS)
		return true;
	if (fault->status != 0)
		say_status(fault, event);
	else if (fault->garbled)
		halve(&event->body);
	else
		say_nothing(fault, event);
	/* A stream that was not answered well does not stand. */
	demo_watch_free(call->watch);
	call->watch = NULL;
	return true;
}

static void
remove_call(struct sim_call **at)
{
	struct sim_call *gone = *at;

	*at = gone->next;
	free_call(gone);
}

static enum sim_on_stream
stream_fault(const struct sim_call *call)
{
	return call->fault == NULL ? STREAM_AS_IT_IS : call->fault->stream;
}

static int64_t
stream_due(const struct sim *sim, const struct sim_call *call)
{
	enum sim_on_stream how = stream_fault(call);

	if (!call->told)
		return call->due;
	if (how == STREAM_STALE)
		return call->started + timeout_of(call);
	if (((how == STREAM_GONE || how == STREAM_GARBLED) && !call->spoiled) ||
	    (how == STREAM_CUT && call->spoiled))
		return sim->mono;
	return demo_watch_ready(call->watch) ? sim->mono : NEVER;
}

/* False: nothing of the fault's now; true with the event, or with `ended`. */
static bool
spoil_stream(struct sim *sim, struct sim_call *call, struct transport_event *event, bool *ended)
{
	enum sim_on_stream how = stream_fault(call);

	if (how == STREAM_AS_IT_IS)
		return false;
	*ended = how == STREAM_STALE || (how == STREAM_CUT && call->spoiled);
	sim->heard |= *ended || !call->spoiled;
	if (*ended) {
		event->sent = SENT_MAYBE;
		err_set(&event->err, ERR_NETWORK, "The answer ended early.");
		return true;
	}
	if ((how != STREAM_GONE && how != STREAM_GARBLED) || call->spoiled)
		return false;
	call->spoiled = true;
	buf_puts(&event->body, how == STREAM_GARBLED
				       ? "{\"type\":\"ADDED\",\"object\":{]\n"
				       : "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\","
					 "\"code\":410,\"reason\":\"Expired\","
					 "\"message\":\"simulated\"}}\n");
	event->kind = TRANSPORT_DATA;
	return true;
}

/* True with an event. */
static bool
read_stream(struct sim *sim, struct sim_call **at, struct transport_event *event)
{
	struct sim_call *call = *at;
	bool ended = false, begun = call->told;

	if (stream_due(sim, call) > sim->mono)
		return false;
	event_init(event, sim, call);
	event->status = 200;
	event->sent = SENT_YES;
	snprintf(event->content_type, sizeof event->content_type, "application/json");
	call->told = true;
	if (!begun) { /* an empty one tells that the answer has begun */
		event->kind = TRANSPORT_DATA;
		return true;
	}
	if (spoil_stream(sim, call, event, &ended)) {
		if (ended)
			remove_call(at);
		return true;
	}
	bool open = demo_watch_read(call->watch, &event->body);
	if (event->body.length > 0) {
		call->spoiled = stream_fault(call) == STREAM_CUT;
		if (call->spoiled)
			halve(&event->body);
		event->kind = TRANSPORT_DATA;
		return true;
	}
	if (open) {
		transport_event_release(event);
		return false;
	}
	remove_call(at);
	return true;
}

static bool
collect(void *self, struct transport_event *event)
{
	struct sim_console *console = self;
	struct sim *sim = console->sim;

	for (struct sim_call **at = &sim->calls; *at != NULL && !console->killed;) {
		struct sim_call *call = *at;

		if (call->console == console->index && call->watch != NULL &&
		    read_stream(sim, at, event))
			return true;
		if (*at != call)
			continue;
		if (call->orphan || call->console != console->index || call->watch != NULL ||
		    sim->mono < call->due) {
			at = &call->next;
			continue;
		}
		event_init(event, sim, call);
		if (!answer(sim, call, event)) {
			transport_event_release(event);
			console->killed = true;
			return false;
		}
		if (call->watch != NULL) {
			sim->heard |= call->fault != NULL && call->fault->delay > 0;
			transport_event_release(event);
			continue;
		}
		sim->heard |= call->fault != NULL;
		if (call->fault != NULL && call->fault->late) {
			call->orphan = true;
			call->due = sim->mono + LATE;
		} else {
			remove_call(at);
		}
		return true;
	}
	return false;
}

/* What was on its way is executed or not, as the fault says; nobody hears of it. */
static void
give_up(struct sim *sim, struct sim_call **at)
{
	struct sim_call *call = *at;

	if (call->fault != NULL && call->fault->late && !call->executed) {
		call->orphan = true;
		call->due = sim->mono + LATE;
		return;
	}
	remove_call(at);
}

static void
cancel(void *self, int64_t id)
{
	struct sim_console *console = self;

	for (struct sim_call **at = &console->sim->calls; *at != NULL; at = &(*at)->next)
		if ((*at)->id == id) {
			give_up(console->sim, at);
			return;
		}
}

void
sim_drop_calls(struct sim *sim, int console)
{
	for (struct sim_call **at = &sim->calls; *at != NULL;) {
		struct sim_call *call = *at;

		if (call->console == console && !call->orphan)
			give_up(sim, at);
		if (*at == call)
			at = &call->next;
	}
}

void
sim_run_due(struct sim *sim)
{
	for (struct sim_call **at = &sim->calls; *at != NULL;) {
		struct sim_call *call = *at;

		if (is_early(call) && sim->mono >= call->started + SIM_LATENCY)
			execute_early(sim, call);
		if (call->orphan && sim->mono >= call->due) {
			event_init(&call->held, sim, call);
			execute(sim, call, &call->held);
			remove_call(at);
		} else {
			at = &call->next;
		}
	}
}

void
sim_drop_orphans(struct sim *sim)
{
	while (sim->calls != NULL)
		remove_call(&sim->calls);
}

bool
sim_has_late(const struct sim *sim)
{
	const struct sim_call *call = sim->calls;

	while (call != NULL && !call->orphan)
		call = call->next;
	return call != NULL;
}

int64_t
sim_next_call(const struct sim *sim)
{
	int64_t next = NEVER;

	for (const struct sim_call *call = sim->calls; call != NULL; call = call->next) {
		int64_t due = is_early(call)        ? call->started + SIM_LATENCY
			      : call->watch != NULL ? stream_due(sim, call)
						    : call->due;

		next = due < next ? due : next;
	}
	return next;
}

struct transport
sim_transport(struct sim_console *console)
{
	struct transport transport = wire_transport(console);

	transport.start = start;
	transport.run = run;
	transport.cancel = cancel;
	transport.collect = collect;
	return transport;
}
