#include "tests/flow/flow_inside.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"

#define TICK     (100 * 1000) /* the least that time moves in a turn, ns */
#define START_AT (INT64_C(1000) * SECOND)
#define WALL_AT  (INT64_C(1769868131) * SECOND)

static int64_t
mono_now(void *self)
{
	return ((struct flow *)self)->mono;
}

static int64_t
wall_now(void *self)
{
	return ((struct flow *)self)->mono + ((struct flow *)self)->wall_base;
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
	flow->wall_base = WALL_AT - START_AT;
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
	flow_drop_calls(flow);
}

void
flow_lose_journal(struct flow *flow)
{
	char **names, path[600];
	size_t count;

	if (!file_list(flow_folder(flow), ".jsonl", &names, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%s/%s", flow_folder(flow), names[i]);
		file_remove(path, NULL);
	}
	file_list_free(names, count);
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
			if (file_is_folder(path))
				remove_folder(path);
			else
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

/* Of all the story's consoles only the last one runs. */
static bool
is_gone(void *self, const char *mark)
{
	const struct flow *flow = self;

	return strncmp(mark, "console-", 8) == 0 && atoi(mark + 8) != flow->consoles;
}

struct engine *
flow_engine(struct flow *flow)
{
	char name[40], mark[40];

	if (flow->engine != NULL)
		return flow->engine;
	snprintf(name, sizeof name, "operator@console, pid %d", 100 + ++flow->consoles);
	snprintf(mark, sizeof mark, "console-%d", flow->consoles);
	flow->options.settings.state_folder = flow->folder;
	flow->engine = engine_new(&(struct engine_options){
		.settings = &flow->options.settings,
		.access = { .context = "demo",
			    .server = "http://127.0.0.1",
			    .user = flow->options.user,
			    .ns = "default" },
		.self = { .name = name, .mark = mark, .self = flow, .is_gone = is_gone },
		.transport = flow_transport(flow),
		.clock = clock_of(flow),
		.seed = 1,
	});
	return flow->engine;
}

int64_t
flow_wall(const struct flow *flow)
{
	return flow->mono + flow->wall_base;
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

static void
end_streams(struct flow *flow)
{
	for (struct call *call = flow->calls; call != NULL; call = call->next) {
		demo_watch_free(call->watch);
		call->watch = NULL;
		call->due = flow->mono;
	}
}

void
flow_renew(struct flow *flow, bool other)
{
	flow->renewals++;
	if (!other)
		return;
	end_streams(flow);
	demo_free(flow->demo);
	make_cluster(flow, 2);
}

void
flow_replace_cluster(struct flow *flow)
{
	flow_cut(flow, 1);
	end_streams(flow);
	flow_pass(flow, 5 * SECOND);
	demo_free(flow->demo);
	make_cluster(flow, 2);
	flow_cut(flow, 0);
}

void
flow_warn(struct flow *flow, const char *warning)
{
	flow->warning = warning;
}

void
flow_skew(struct flow *flow, int64_t by)
{
	flow->date_off = by;
}

void
flow_old_discovery(struct flow *flow)
{
	flow->old_discovery = true;
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

/* One turn; time moves to whatever comes next, at most to `end`. */
static void
turn(struct flow *flow, int64_t end)
{
	int64_t next = engine_step(flow_engine(flow)), due;

	due = demo_step(flow->demo);
	next = due < next ? due : next;
	due = flow_next_call(flow);
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

void
flow_freeze(struct flow *flow, int64_t nanoseconds)
{
	flow->mono += nanoseconds;
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

int
flow_writes(const struct flow *flow)
{
	return flow->writes;
}

int
flow_lease_writes(const struct flow *flow)
{
	return flow->lease_writes;
}

const char *
flow_folder(const struct flow *flow)
{
	return flow->folder;
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
