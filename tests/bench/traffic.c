#include "tests/bench/traffic.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/json.h"
#include "tests/bench/load.h"
#include "tests/bench/program.h"
#include "tests/bench/wire.h"

#define LEAD    (1 * SECOND)        /* of traffic before the migration begins and after its end */
#define SETTLED (400 * MILLISECOND) /* the demo's gateway learns of weights within 100 ms */
#define LONGEST (5 * MINUTE)        /* a migration may take */
#define ROUTES  "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes"
#define GATEWAY "/apis/gateway.networking.k8s.io/v1/namespaces/default/gateways/inference-gateway"

struct scene {
	const struct traffic_options *options;
	struct traffic *traffic;
	char kubeconfig[4096];
	pid_t demo;
	int port, gateway_port;
	int watch;       /* socket of the route's watch */
	struct buf said; /* by it, up to an incomplete line */
	struct load *load;
};

static void
start_demo(struct scene *scene)
{
	const char *const argv[] = {
		scene->options->program, "demo", "--scenario", "classic", "--write-kubeconfig",
		scene->kubeconfig,       NULL
	};
	char line[4200];

	snprintf(scene->kubeconfig, sizeof(scene->kubeconfig), "%.4000s/traffic.kubeconfig",
		 scene->options->folder);
	scene->demo = program_serve(argv, line, sizeof(line));
	if (sscanf(line, "demo cluster at http://127.0.0.1:%d", &scene->port) != 1)
		program_give_up("the demo cluster said: %s", line);
}

static int64_t
gateway_port_in(const struct wire_reply *reply)
{
	struct json *json = json_parse(reply->bytes + reply->head, reply->body, NULL);
	int64_t port = json_integer_at(json, "spec.listeners[0].port", 0);
	bool programmed = json_string_at(json, "status.addresses[0].value") != NULL;

	json_free(json);
	return programmed ? port : 0;
}

static bool
serves(const struct scene *scene, struct wire_reply *reply)
{
	int gateway = wire_connect(scene->gateway_port, false);
	bool good = gateway >= 0 &&
		    wire_ask(gateway, "POST", "/v1/completions", "application/json",
			     "{\"model\":\"food-review\",\"prompt\":\"?\"}", reply) &&
		    reply->status == 200;

	if (gateway >= 0)
		close(gateway);
	return good;
}

/* The first answer with 200 says that pods, picker and route are ready: the traffic starts on a
 * cluster that serves. The Gateway names its port when its controller has chosen it. */
static void
wait_for_gateway(struct scene *scene)
{
	struct wire_reply *reply = die_alloc(sizeof(*reply));
	int64_t end = program_now() + 30 * SECOND;
	int api = wire_connect(scene->port, false);

	while (!wire_ask(api, "GET", GATEWAY, "application/json", "", reply) ||
	       (scene->gateway_port = (int)gateway_port_in(reply)) == 0 || !serves(scene, reply))
		if (program_now() > end || poll(NULL, 0, 10) != 0)
			program_give_up("the gateway of the demo cluster does not serve");
	free(reply);
	close(api);
}

/* HTTP/1.0, so that the stream comes without chunks. */
static void
open_watch(struct scene *scene)
{
	static const char request[] =
		"GET " ROUTES "?watch=true HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";

	buf_init(&scene->said, BUF_MIB);
	scene->watch = wire_connect(scene->port, true);
	if (scene->watch < 0 ||
	    write(scene->watch, request, strlen(request)) != (ssize_t)strlen(request))
		program_give_up("the route of the demo cluster cannot be watched");
}

static void
note_weights(struct scene *scene, const struct json *route)
{
	struct traffic *traffic = scene->traffic;
	struct traffic_stage stage = { .alpha = -1, .ga = -1, .begun = program_now() };
	const struct json *refs = json_at(route, "spec.rules[0].backendRefs");

	for (const struct json *ref = json_first(refs); ref != NULL; ref = json_next(ref)) {
		const char *group = json_string_at(ref, "group");
		bool ga = group != NULL && strcmp(group, "inference.networking.k8s.io") == 0;

		*(ga ? &stage.ga : &stage.alpha) = json_integer_at(ref, "weight", 1);
	}
	if (traffic->stage_count > 0) {
		const struct traffic_stage *last = &traffic->stages[traffic->stage_count - 1];

		if (last->alpha == stage.alpha && last->ga == stage.ga)
			return;
	}
	if (traffic->stage_count < TRAFFIC_STAGES)
		traffic->stages[traffic->stage_count++] = stage;
}

static void
take_watch(struct scene *scene)
{
	char bytes[16384];
	ssize_t count = read(scene->watch, bytes, sizeof(bytes));
	char *end;

	if (count <= 0)
		return;
	buf_add(&scene->said, bytes, (size_t)count);
	while ((end = memchr(scene->said.bytes, '\n', scene->said.length)) != NULL) {
		size_t length = (size_t)(end - scene->said.bytes);
		/* Lines of the answer's head are no JSON. */
		struct json *event = json_parse(scene->said.bytes, length, NULL);

		if (event != NULL)
			note_weights(scene, json_get(event, "object"));
		json_free(event);
		buf_drop(&scene->said, length + 1);
		if (scene->said.length == 0)
			break;
	}
}

/* What it reports goes into a file beside its journal. */
static pid_t
start_migration(const struct scene *scene)
{
	const struct traffic_options *options = scene->options;
	char log[4200], state[4200];
	pid_t pid;

	snprintf(log, sizeof(log), "%s/apply.log", options->folder);
	snprintf(state, sizeof(state), "--state-dir=%s/state", options->folder);
	pid = fork();
	if (pid < 0)
		program_give_up("%s cannot be started", options->program);
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		program_bind();
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execl(options->program, options->program, "--kubeconfig", scene->kubeconfig,
		      "apply", "-A", "--yes", state, "--drain", options->drain, "--ramp",
		      options->ramp, "--hold", options->hold, (char *)NULL);
		_exit(127);
	}
	return pid;
}

/* One round: waits for answers, the watch and the program's end, not beyond `due`. */
static bool
round_of(struct scene *scene, int ended, int64_t due)
{
	struct pollfd fds[LOAD_CONNECTIONS + 2];
	size_t count = load_fds(scene->load, fds), first = count;
	int64_t left = due - program_now();
	struct timespec wait = { 0 };

	fds[count++] = (struct pollfd){ .fd = scene->watch, .events = POLLIN };
	fds[count++] = (struct pollfd){ .fd = ended, .events = POLLIN };
	if (left > 0)
		wait = (struct timespec){ .tv_sec = left / SECOND, .tv_nsec = left % SECOND };
	if (ppoll(fds, count, &wait, NULL) <= 0)
		return false;
	if (fds[first].revents != 0)
		take_watch(scene);
	return fds[first + 1].revents != 0;
}

static void
drive(struct scene *scene, int64_t start)
{
	int64_t begun = start + LEAD, end = NEVER, now = program_now(), due;
	pid_t pid = 0;
	int ended = -1, status = -1;

	while (now < end || !load_is_idle(scene->load)) {
		due = load_step(scene->load, now, now < end);
		if (pid == 0 && now >= begun) {
			pid = start_migration(scene);
			ended = (int)syscall(SYS_pidfd_open, pid, 0);
		}
		if (round_of(scene, ended, due) && waitpid(pid, &status, 0) == pid) {
			close(ended);
			ended = -1;
			scene->traffic->time = program_now() - begun;
			end = program_now() + LEAD;
		}
		now = program_now();
		if (now > begun + LONGEST)
			program_give_up("the migration does not end");
	}
	scene->traffic->finished = WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static struct traffic_stage *
stage_at(struct traffic *traffic, int64_t time)
{
	struct traffic_stage *found = NULL;

	for (size_t i = 0; i < traffic->stage_count; i++)
		if (traffic->stages[i].begun <= time)
			found = &traffic->stages[i];
	return found != NULL && time >= found->begun + SETTLED ? found : NULL;
}

static void
evaluate(struct scene *scene, int64_t start)
{
	struct traffic *traffic = scene->traffic;
	const struct load_request *requests = load_requests(scene->load, &traffic->requests);
	size_t every = traffic->requests / SAMPLES_MAX + 1;

	for (size_t i = 0; i < traffic->requests; i++) {
		const struct load_request *request = &requests[i];
		struct traffic_stage *stage = stage_at(traffic, request->due);

		if (load_request_is_lost(request) && traffic->lost++ == 0)
			snprintf(traffic->first_lost, sizeof(traffic->first_lost),
				 "request %zu, %.1f s after the start: %s %d", i,
				 (double)(request->due - start) / (double)SECOND,
				 request->status == 0 ? "no answer" : "answered", request->status);
		if (stage != NULL) {
			stage->settled++;
			stage->served_ga += request->pool == LOAD_GA;
		}
		if (i % every == 0 && !load_request_is_lost(request))
			samples_add(&traffic->latency, request->answered - request->due);
	}
}

void
traffic_run(const struct traffic_options *options, struct traffic *traffic)
{
	struct scene scene = { .options = options, .traffic = traffic };
	int64_t start;

	*traffic = (struct traffic){ 0 };
	start_demo(&scene);
	wait_for_gateway(&scene);
	open_watch(&scene);
	start = program_now();
	scene.load = load_new(scene.gateway_port, options->rate, start);
	drive(&scene, start);
	evaluate(&scene, start);
	load_free(scene.load);
	close(scene.watch);
	buf_release(&scene.said);
	if (!program_stop(scene.demo))
		program_give_up("the demo cluster ended badly");
}
