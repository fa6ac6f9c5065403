#include "tests/flow/flow.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"

#define LATENCY  (1 * MILLISECOND)
#define TICK     (100 * 1000) /* the least that time moves in a turn, ns */
#define ROUTES   "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes"
#define START_AT (INT64_C(1000) * SECOND)
#define WALL_AT  (INT64_C(1769868131) * SECOND)

struct call { /* a request under way */
	struct call *next;
	int64_t id, due, started;
	struct transport_request request;
	int write; /* number of the real write, or 0 */
	const struct flow_fault *fault;
	struct demo_watch *watch; /* the stream, once it stands */
};

struct flow {
	struct flow_options options;
	struct demo *demo;
	struct engine *engine;
	struct snapshot *snapshot;
	struct call *calls;
	int64_t mono, ids;
	int writes, requests, cut;
	bool killed;
	char folder[64];
	struct buf log, weights;
	const char *forbidden;
	int act_at;
	void (*act)(struct flow *flow);
};

static int64_t
mono_now(void *self)
{
	return ((struct flow *)self)->mono;
}

static int64_t
wall_now(void *self)
{
	return ((struct flow *)self)->mono - START_AT + WALL_AT;
}

static struct clock
clock_of(struct flow *flow)
{
	return (struct clock){ .self = flow, .mono = mono_now, .wall = wall_now, .boot = mono_now };
}

struct flow_options
flow_options(void)
{
	static const int64_t ramp[] = { 10000, 50000, 100000, 250000, 500000, 750000, PPM_ALL };
	struct flow_options options = { .user = "admin", .settings = settings_default() };

	options.settings.ramp = ramp;
	options.settings.ramp_count = sizeof ramp / sizeof *ramp;
	options.settings.hold = 2 * SECOND;
	options.settings.drain = 5 * SECOND;
	options.settings.default_ns = "default";
	return options;
}

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
	if (is_real_write(request)) {
		call->write = ++flow->writes;
		for (size_t i = 0; i < flow->options.fault_count; i++)
			if (flow->options.faults[i].write == call->write)
				call->fault = &flow->options.faults[i];
		const char *query = strchr(request->path, '?');
		int length = (int)(query != NULL ? (size_t)(query - request->path)
						 : strlen(request->path));
		buf_printf(&flow->log, "%s %.*s\n", request->method, length, request->path);
	}
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
		.accept = call->request.accept,
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

	if (call->write != 0 && call->write == flow->act_at && flow->act != NULL)
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

static void
make_cluster(struct flow *flow, uint64_t seed)
{
	struct err err = { .code = ERR_NONE };

	flow->demo = demo_new(&(struct demo_options){ .scenario = flow->options.scenario,
						      .scenario_yaml = flow->options.yaml,
						      .gke_version = flow->options.gke_version,
						      .seed = seed,
						      .speed = 1.0,
						      .clock = clock_of(flow) },
			      &err);
	if (flow->demo == NULL)
		die("%s", err.text);
	demo_set_gateway_address(flow->demo, "127.0.0.1", 8080);
	demo_step(flow->demo);
}

struct flow *
flow_new(const struct flow_options *options)
{
	struct flow *flow = die_alloc(sizeof *flow);
	const char *base = getenv("TMPDIR");

	/* As the program does: texts are measured by the locale's characters. */
	setlocale(LC_CTYPE, "C.UTF-8");
	flow->options = *options;
	flow->mono = START_AT;
	buf_init(&flow->log, 4 * BUF_MIB);
	buf_init(&flow->weights, 4 * BUF_KIB);
	snprintf(flow->folder, sizeof flow->folder, "%s/poolshift-flow-XXXXXX",
		 base != NULL && strlen(base) < 30 ? base : "/tmp");
	if (mkdtemp(flow->folder) == NULL)
		die("No folder for the journal can be made.");
	make_cluster(flow, 1);
	return flow;
}

void
flow_kill(struct flow *flow)
{
	snapshot_free(flow->snapshot);
	flow->snapshot = NULL;
	engine_free(flow->engine);
	flow->engine = NULL;
	flow->killed = false;
	while (flow->calls != NULL) {
		struct call *call = flow->calls;
		flow->calls = call->next;
		free_call(call);
	}
}

static void
remove_folder(const char *folder)
{
	char **names;
	size_t count;

	if (file_list(folder, "", &names, &count, NULL)) {
		for (size_t i = 0; i < count; i++) {
			char path[400];
			snprintf(path, sizeof path, "%s/%s", folder, names[i]);
			file_remove(path, NULL);
		}
		file_list_free(names, count);
	}
	rmdir(folder);
}

void
flow_free(struct flow *flow)
{
	if (flow == NULL)
		return;
	flow_kill(flow);
	demo_free(flow->demo);
	remove_folder(flow->folder);
	buf_release(&flow->log);
	buf_release(&flow->weights);
	free(flow);
}

struct demo *
flow_demo(struct flow *flow)
{
	return flow->demo;
}

int64_t
flow_mono(const struct flow *flow)
{
	return flow->mono;
}

struct engine *
flow_engine(struct flow *flow)
{
	if (flow->engine != NULL)
		return flow->engine;
	flow->options.settings.state_folder = flow->folder;
	flow->engine = engine_new(&(struct engine_options){
		.settings = &flow->options.settings,
		.access = { .context = "demo",
			    .server = "http://127.0.0.1",
			    .user = flow->options.user,
			    .ns = "default" },
		.transport = { .self = flow,
			       .start = start,
			       .cancel = cancel,
			       .collect = collect,
			       .wait = wait_not,
			       .wake = do_nothing,
			       .refresh = do_nothing,
			       .sign_in = no_sign_in },
		.clock = clock_of(flow),
		.seed = 1,
	});
	return flow->engine;
}

bool
flow_killed(const struct flow *flow)
{
	return flow->killed;
}

struct settings *
flow_settings(struct flow *flow)
{
	return &flow->options.settings;
}

void
flow_cut(struct flow *flow, int how)
{
	flow->cut = how;
}

void
flow_replace_cluster(struct flow *flow)
{
	flow_cut(flow, 1);
	for (struct call *call = flow->calls; call != NULL; call = call->next) {
		demo_watch_free(call->watch);
		call->watch = NULL;
		call->due = flow->mono;
	}
	flow_pass(flow, 5 * SECOND);
	demo_free(flow->demo);
	make_cluster(flow, 2);
	flow_cut(flow, 0);
}

void
flow_forbid(struct flow *flow, const char *part)
{
	flow->forbidden = part;
}

void
flow_before_write(struct flow *flow, int write, void (*act)(struct flow *flow))
{
	flow->act_at = write;
	flow->act = act;
}

static int64_t
next_call(const struct flow *flow)
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

/* One turn; time moves to whatever comes next, at most to `end`. */
static void
turn(struct flow *flow, int64_t end)
{
	int64_t next = engine_step(flow_engine(flow)), due;

	due = demo_step(flow->demo);
	next = due < next ? due : next;
	due = next_call(flow);
	next = due < next ? due : next;
	next = next < flow->mono + TICK ? flow->mono + TICK : next;
	flow->mono = next < end ? next : end;
	struct snapshot *snapshot = engine_take(flow->engine);
	if (snapshot == NULL)
		return;
	snapshot_free(flow->snapshot);
	flow->snapshot = snapshot;
}

bool
flow_run(struct flow *flow, bool (*until)(const struct snapshot *snapshot, const void *self),
	 const void *self, int seconds)
{
	int64_t end = flow->mono + seconds * SECOND;

	while (flow->mono < end && !flow->killed) {
		turn(flow, end);
		if (flow->snapshot != NULL && until(flow->snapshot, self))
			return true;
	}
	return false;
}

void
flow_pass(struct flow *flow, int64_t nanoseconds)
{
	int64_t end = flow->mono + nanoseconds;

	while (flow->mono < end && !flow->killed)
		turn(flow, end);
}

static bool
has_ended(const struct snapshot *snapshot, const void *self)
{
	return snapshot->outcome.serial == *(const int64_t *)self;
}

const struct outcome *
flow_do(struct flow *flow, const struct command *command, int seconds)
{
	int64_t serial = engine_submit(flow_engine(flow), command);

	return flow_run(flow, has_ended, &serial, seconds) ? &flow->snapshot->outcome : NULL;
}

const struct outcome *
flow_apply(struct flow *flow, enum step_id through, int seconds)
{
	const struct command apply = { .kind = COMMAND_APPLY,
				       .step = through,
				       .goal = PPM_UNKNOWN };

	return flow_do(flow, &apply, seconds);
}

const struct snapshot *
flow_snapshot(struct flow *flow)
{
	return flow->snapshot;
}

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

int
flow_writes(const struct flow *flow)
{
	return flow->writes;
}

const char *
flow_log(const struct flow *flow)
{
	return flow->log.bytes;
}

int
flow_requests(const struct flow *flow)
{
	return flow->requests;
}
