#include "tests/sim/sim_inside.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "tests/sim/everything.h"
#include "tests/sim/folder.h"
#include "tests/sim/sim_helm.h"

#define TICK       (100 * 1000)        /* the least that time moves in a turn, ns */
#define LOOKS      (500 * MILLISECOND) /* until every kind was listed */
#define LOOKS_MOST (2 * MINUTE)
#define START_AT   (INT64_C(1000) * SECOND)
#define WALL_AT    (INT64_C(1769868131) * SECOND)

static const struct sim_case cases[] = {
	{ .name = "classic",
	  .scenario = "classic",
	  .path = PATH_ZERO_DOWNTIME,
	  .host = "",
	  .model = "food-review",
	  .whole = true,
	  .stride = 3 },
	{ .name = "simple",
	  .scenario = "classic",
	  .path = PATH_SIMPLE,
	  .host = "",
	  .model = "food-review",
	  .downtime = true,
	  .whole = true,
	  .stride = 3 },
	{ .name = "helm",
	  .scenario = "classic",
	  .path = PATH_ZERO_DOWNTIME,
	  .host = "",
	  .model = "food-review",
	  .helm = true,
	  .stride = 23 },
	{ .name = "helm-simple",
	  .scenario = "classic",
	  .path = PATH_SIMPLE,
	  .host = "",
	  .model = "food-review",
	  .downtime = true,
	  .helm = true,
	  .stride = 43 },
	{ .name = "helm-upgrade",
	  .scenario = "classic",
	  .path = PATH_ZERO_DOWNTIME,
	  .host = "",
	  .model = "food-review",
	  .helm = true,
	  .upgrade = true,
	  .stride = 23 },
	{ .name = "everything",
	  .scenario = "classic",
	  .path = PATH_ZERO_DOWNTIME,
	  .host = "",
	  .model = "food-review",
	  .everything = true,
	  .whole = true,
	  .stride = 97 },
	{ .name = "everything-simple",
	  .scenario = "classic",
	  .path = PATH_SIMPLE,
	  .host = "",
	  .model = "food-review",
	  .downtime = true,
	  .everything = true,
	  .whole = true,
	  .stride = 97 },
};

const struct sim_case *
sim_cases(size_t *count)
{
	*count = sizeof cases / sizeof *cases;
	return cases;
}

const struct sim_case *
sim_case_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (strcmp(cases[i].name, name) == 0)
			return &cases[i];
	return NULL;
}

static int64_t
mono_now(void *self)
{
	return ((struct sim *)self)->mono;
}

static int64_t
wall_now(void *self)
{
	return ((struct sim *)self)->mono - START_AT + WALL_AT;
}

static struct clock
clock_of(struct sim *sim)
{
	return (struct clock){ .self = sim, .mono = mono_now, .wall = wall_now, .boot = mono_now };
}

/* Few stops and short waits: what may go wrong at one stop may at all. */
static void
make_console(struct sim *sim, int index)
{
	static const int64_t ramp[] = { 500000, PPM_ALL };
	struct sim_console *console = &sim->consoles[index];

	console->sim = sim;
	console->index = index;
	snprintf(console->folder, sizeof console->folder, "state%d", index);
	console->settings = settings_default();
	console->settings.path = sim->on->path;
	console->settings.probe_model = sim->on->model;
	console->settings.ramp = ramp;
	console->settings.ramp_count = sizeof ramp / sizeof *ramp;
	console->settings.hold = 0;
	console->settings.drain = 2 * SECOND;
	console->settings.default_ns = "default";
	console->settings.state_folder = console->folder;
	if (sim->on->helm) {
		console->settings.helm = "/usr/bin/helm";
		console->settings.installer = INSTALLER_HELM;
	}
}

static void
add_everything(struct sim *sim)
{
	size_t count;
	const struct everything *all = everything_list(&count);

	for (size_t i = 0; i < count; i++)
		if (sim_send(sim, all[i].method, all[i].path, all[i].content_type, all[i].body) /
			    100 !=
		    2)
			die("%s %s was refused.", all[i].method, all[i].path);
}

struct sim *
sim_new(const struct sim_case *on, uint64_t seed)
{
	struct sim *sim = die_alloc(sizeof *sim);
	struct err err = { .code = ERR_NONE };

	setlocale(LC_CTYPE, "C.UTF-8");
	/* Copies of the process share memory as long as nobody gives it back. */
	mallopt(M_TRIM_THRESHOLD, 1 << 30);
	mallopt(M_TOP_PAD, 8 << 20);
	mallopt(M_MMAP_THRESHOLD, 1 << 30);
	mallopt(M_MXFAST, 0);     /* nor does any of it need to be gathered up */
	signal(SIGXFSZ, SIG_IGN); /* a full disk is an error, not the end */
	sim->on = on;
	sim->mono = START_AT;
	for (int i = 0; i < SIM_CONSOLES; i++)
		make_console(sim, i);
	sim->demo = demo_new(&(struct demo_options){ .scenario = on->scenario,
						     .seed = seed,
						     .speed = 1.0,
						     .clock = clock_of(sim) },
			     &err);
	if (sim->demo == NULL)
		die("%s", err.text);
	demo_set_gateway_address(sim->demo, "127.0.0.1", 8080);
	demo_step(sim->demo);
	if (on->everything)
		add_everything(sim);
	sim->helm = die_alloc(sizeof *sim->helm);
	if (on->helm)
		sim_helm_adopt(sim, "default", "vllm-llama3-8b-instruct",
			       "vllm-llama3-8b-instruct-epp");
	sim->world = sim_world_new(sim);
	return sim;
}

void
sim_prepare(struct sim *sim)
{
	static const char *const sets[] = { "inferenceExtension.replicas=2", NULL };
	const struct command attach = { .kind = COMMAND_APPLY,
					.step = STEP_ATTACH,
					.goal = PPM_UNKNOWN };
	const struct command half = { .kind = COMMAND_SHIFT, .goal = PPM_ALL / 2 };

	if (!sim->on->upgrade)
		return;
	sim_do(sim, 0, &attach);
	sim_do(sim, 0, &half);
	sim_kill(sim, 0);
	for (int i = 0; i < SIM_CONSOLES; i++)
		sim->consoles[i].settings.sets = sets;
}

void
sim_free(struct sim *sim)
{
	if (sim == NULL)
		return;
	for (int i = 0; i < SIM_CONSOLES; i++) {
		sim_kill(sim, i);
		sim_journal_forget(sim, i);
		folder_drop(
			sim->consoles[i].folder); /* the copies, too: the next world is another */
	}
	sim_drop_orphans(sim);
	sim_world_free(sim->world);
	sim_helm_release(sim->helm);
	free(sim->helm);
	demo_free(sim->demo);
	for (size_t i = 0; i < sim->executed_count; i++)
		free(sim->executed[i].what);
	free(sim->executed);
	free(sim);
}

const struct sim_case *
sim_on(const struct sim *sim)
{
	return sim->on;
}

struct demo *
sim_demo(struct sim *sim)
{
	return sim->demo;
}

struct settings *
sim_settings(struct sim *sim, int console)
{
	return &sim->consoles[console].settings;
}

void
sim_watch(struct sim *sim, sim_watcher *watcher, void *self)
{
	sim->watcher = watcher;
	sim->watcher_self = self;
}

void
sim_fault_at(struct sim *sim, int request, size_t fault)
{
	if (sim->fault_count == SIM_FAULTS)
		return;
	sim->faults[sim->fault_count].request = request;
	sim->faults[sim->fault_count++].fault = fault;
}

void
sim_stop_when_heard(struct sim *sim)
{
	sim->stop_when_heard = true;
}

void
sim_strangers(struct sim *sim)
{
	sim->strangers = true;
}

void
sim_kill(struct sim *sim, int index)
{
	struct sim_console *console = &sim->consoles[index];

	console->killed = true;
	snapshot_free(console->snapshot);
	console->snapshot = NULL;
	engine_free(console->engine);
	console->engine = NULL;
	sim_drop_calls(sim, index);
	console->killed = false;
	sim->stop_when_heard = false;
	sim->program_failed = false;
}

bool
sim_killed(const struct sim *sim, int console)
{
	return sim->consoles[console].killed;
}

void
sim_let_late_ones_come(struct sim *sim)
{
	while (sim_has_late(sim))
		sim_pass(sim, SECOND);
}

void
sim_lose_journal(struct sim *sim, int index)
{
	const char *folder = sim->consoles[index].folder;
	char **names;
	size_t count;

	for (size_t i = 0; i < sim->executed_count; i++)
		sim->executed[i].lost |= sim->executed[i].console == index;
	sim_journal_forget(sim, index);
	if (!file_is_folder(folder) || !file_list(folder, "", &names, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++) {
		char path[400];
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		file_remove(path, NULL);
	}
	file_list_free(names, count);
	remove(folder);
}

/* Of each console only the engine that was started last runs. */
static bool
is_gone(void *self, const char *mark)
{
	const struct sim *sim = ((const struct sim_console *)self)->sim;
	int index = -1, start = 0;

	if (sscanf(mark, "console-%d-%d", &index, &start) != 2 || index < 0 ||
	    index >= SIM_CONSOLES)
		return false;
	return sim->consoles[index].engine == NULL || sim->consoles[index].starts != start;
}

static struct engine *
engine_of(struct sim *sim, int index)
{
	struct sim_console *console = &sim->consoles[index];
	char name[64], mark[64];

	if (console->engine != NULL)
		return console->engine;
	console->starts++;
	snprintf(name, sizeof name, "operator-%d@console, pid %d", index, 100 + console->starts);
	snprintf(mark, sizeof mark, "console-%d-%d", index, console->starts);
	console->engine = engine_new(&(struct engine_options){
		.settings = &console->settings,
		.access = { .context = "demo",
			    .server = "http://127.0.0.1",
			    .user = "admin",
			    .ns = "default" },
		.self = { .name = name, .mark = mark, .self = console, .is_gone = is_gone },
		.transport = sim_transport(console),
		.clock = clock_of(sim),
		.seed = (uint64_t)index + 1,
	});
	return console->engine;
}

void
sim_look_around(struct sim *sim, int console)
{
	int64_t end = sim->mono + LOOKS_MOST;

	engine_of(sim, console);
	do
		sim_pass(sim, LOOKS);
	while (sim_journal_is_open(sim, console) && sim->mono < end);
}

int64_t
sim_submit(struct sim *sim, int console, const struct command *command)
{
	return engine_submit(engine_of(sim, console), command);
}

static int64_t
step_console(struct sim_console *console)
{
	int64_t next;
	struct snapshot *snapshot;

	if (console->engine == NULL || console->killed)
		return NEVER;
	next = engine_step(console->engine);
	snapshot = engine_take(console->engine);
	if (snapshot == NULL)
		return next;
	snapshot_free(console->snapshot);
	console->snapshot = snapshot;
	return next;
}

static void
turn(struct sim *sim, int64_t end)
{
	int64_t next = NEVER, due;

	sim_run_due(sim);
	for (int i = 0; i < SIM_CONSOLES; i++) {
		due = step_console(&sim->consoles[i]);
		next = due < next ? due : next;
	}
	due = demo_step(sim->demo);
	next = due < next ? due : next;
	sim_check_cluster(sim);
	due = sim_next_call(sim);
	next = due < next ? due : next;
	next = next < sim->mono + TICK ? sim->mono + TICK : next;
	sim->mono = next < end ? next : end;
	if (sim->full_until != 0 && sim->mono >= sim->full_until)
		sim_make_room(sim);
}

void
sim_turn(struct sim *sim)
{
	turn(sim, sim->mono + SECOND);
}

void
sim_pass(struct sim *sim, int64_t nanoseconds)
{
	int64_t end = sim->mono + nanoseconds;

	while (sim->mono < end)
		turn(sim, end);
}

const struct outcome *
sim_wait(struct sim *sim, int index, int64_t serial)
{
	const struct sim_console *console = &sim->consoles[index];
	int64_t end = sim->mono + SIM_WAIT * SECOND;

	while (sim->mono < end && !console->killed && !(sim->stop_when_heard && sim->heard)) {
		turn(sim, end);
		if (console->snapshot != NULL && console->snapshot->outcome.serial == serial)
			return &console->snapshot->outcome;
	}
	return NULL;
}

const struct outcome *
sim_do(struct sim *sim, int console, const struct command *command)
{
	return sim_wait(sim, console, sim_submit(sim, console, command));
}

const struct snapshot *
sim_snapshot(struct sim *sim, int console)
{
	return sim->consoles[console].snapshot;
}

int
sim_ask(struct sim *sim, const char *method, const char *path, const char *content_type,
	const char *client, const char *body)
{
	struct demo_request asked = { .method = method,
				      .target = path,
				      .content_type = content_type,
				      .user_agent = client,
				      .body = body,
				      .body_length = body != NULL ? strlen(body) : 0 };
	struct demo_response response;
	int status;

	demo_authenticate(sim->demo, "admin", &asked.user, &asked.groups);
	demo_response_init(&response);
	demo_handle(sim->demo, &asked, &response);
	status = response.status;
	demo_response_release(&response);
	return status;
}

int
sim_send(struct sim *sim, const char *method, const char *path, const char *content_type,
	 const char *body)
{
	int status = sim_ask(sim, method, path, content_type, "kubectl/v1.34", body);

	if (sim->world != NULL)
		sim_world_adopt(sim);
	return status;
}

bool
sim_program_failed(const struct sim *sim)
{
	return sim->program_failed;
}

bool
sim_has_written(const struct sim *sim, int console)
{
	for (size_t i = 0; i < sim->executed_count; i++)
		if (sim->executed[i].console == console)
			return true;
	return false;
}

int
sim_requests(const struct sim *sim)
{
	return sim->requests;
}

int
sim_writes(const struct sim *sim)
{
	return sim->writes;
}

int64_t
sim_checks(const struct sim *sim)
{
	return sim->checks;
}

int64_t
sim_mono(const struct sim *sim)
{
	return sim->mono;
}

const char *
sim_wrong(const struct sim *sim)
{
	return sim->wrong;
}

void
sim_say_wrong(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (*sim->wrong != '\0')
		return;
	va_start(args, format);
	vsnprintf(sim->wrong, sizeof sim->wrong, format, args);
	va_end(args);
}
