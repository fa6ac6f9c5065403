#include "tests/bench/console.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/table.h"

#define STARTS      20
#define BIG_STARTS  7
#define IDLE_BEFORE (5 * SECOND)
#define IDLE        (30 * SECOND)
#define KEYS        200

/* The words of a kubectl command on one cluster, for program_start() and program_run(). */
#define KUBECTL(bench, config, ...)                                           \
	(const char *const[])                                                 \
	{                                                                     \
		(bench)->kubectl, "--kubeconfig", (config), __VA_ARGS__, NULL \
	}

static void
start_console(struct program *program, const struct bench *bench, const char *kubeconfig)
{
	const char *const argv[] = { bench->poolshift, "--kubeconfig", kubeconfig, NULL };

	program_start(program, argv);
}

/* From its start until it shows the text. */
static void
measure_start(struct samples *times, const char *const argv[], const char *text)
{
	struct program program;

	program_start(&program, argv);
	samples_add(times, program_wait_text(&program, text) - program.started);
	program_end(&program);
}

/* A kubeconfig of a server that takes connections and never says a word. */
static void
write_silent(const struct bench *bench, char path[4200], int *silent)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	FILE *file;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*silent = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(*silent, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(*silent, STARTS + 1) < 0 ||
	    getsockname(*silent, (struct sockaddr *)&address, &size) < 0)
		program_give_up("no port for a silent server");
	snprintf(path, 4200, "%.4000s/silent.kubeconfig", bench->folder);
	file = fopen(path, "we");
	if (file == NULL)
		program_give_up("%s cannot be written", path);
	fprintf(file,
		"apiVersion: v1\nkind: Config\ncurrent-context: silent\n"
		"clusters: [{name: silent, cluster: {server: 'http://127.0.0.1:%d'}}]\n"
		"users: [{name: nobody, user: {}}]\n"
		"contexts: [{name: silent, context: {cluster: silent, user: nobody}}]\n",
		ntohs(address.sin_port));
	fclose(file);
}

/* "htop 41.0 ms (…)"; what is not installed says so. */
static void
other_start(char cell[TABLE_CELL], const char *const argv[], const char *text)
{
	struct samples times = { 0 };
	char time[TABLE_CELL];

	if (!program_is_installed(argv[0])) {
		snprintf(cell, TABLE_CELL, "%s not installed", argv[0]);
		return;
	}
	for (int i = 0; i < STARTS; i++)
		measure_start(&times, argv, text);
	table_time(time, &times);
	snprintf(cell, TABLE_CELL, "%s %.140s", argv[0], time);
}

void
console_first_frame(const struct bench *bench)
{
	struct samples times = { 0 };
	char path[4200], ours[TABLE_CELL], htop[TABLE_CELL], tig[TABLE_CELL], others[400];
	int silent;

	write_silent(bench, path, &silent);
	for (int i = 0; i < STARTS; i++) {
		const char *const argv[] = { bench->poolshift, "--kubeconfig", path, NULL };

		/* The last line of the frame. */
		measure_start(&times, argv, "q quit");
	}
	close(silent);
	table_time(ours, &times);
	other_start(htop, (const char *const[]){ "htop", NULL }, "F10");
	other_start(tig, (const char *const[]){ "tig", NULL }, "[main]");
	snprintf(others, sizeof(others), "%s; %s", htop, tig);
	table_row(&(struct table_row){ .what = "start → first frame, a server that never answers",
				       .goal = "≤ 30 ms",
				       .met = samples_quantile(&times, 0.5) <= 30 * MILLISECOND,
				       .ours = ours,
				       .others = others });
}

/* Pools, routes, models, the gateway and the steps: all of them are there. */
static bool
has_data(const struct screen *screen, const void *self)
{
	(void)self;
	return screen_has_after(screen, "Routes of", "live") &&
	       screen_has_after(screen, "Gateway", "live") && screen_has(screen, "food-review") &&
	       screen_has(screen, "llm-") && screen_has(screen, "inference-gateway") &&
	       screen_has(screen, "crds ready");
}

static void
measure_data(struct samples *times, const struct bench *bench, const char *kubeconfig)
{
	struct program program;

	start_console(&program, bench, kubeconfig);
	samples_add(times, program_wait(&program, has_data, NULL) - program.started);
	program_end(&program);
}

void
console_first_data(const struct bench *bench)
{
	static const char *const kinds[] = { "inferencepools.inference.networking.x-k8s.io",
					     "inferencemodels", "httproutes", "gateways",
					     "deployments" };
	struct samples times = { 0 }, gets = { 0 };
	char ours[TABLE_CELL], time[TABLE_CELL], others[TABLE_CELL + 40];

	for (int i = 0; i < STARTS; i++) {
		int64_t sum = 0;

		measure_data(&times, bench, bench->classic);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++)
			sum += program_run(KUBECTL(bench, bench->classic, "get", kinds[k], "-A"))
				       .time;
		samples_add(&gets, sum);
	}
	table_time(ours, &times);
	table_time(time, &gets);
	snprintf(others, sizeof(others), "five `kubectl get` %s", time);
	table_row(&(struct table_row){ .what = "start → first data, every kind, `classic`",
				       .goal = "≤ 100 ms",
				       .met = samples_quantile(&times, 0.5) <= 100 * MILLISECOND,
				       .ours = ours,
				       .others = others });
}

void
console_big(const struct bench *bench)
{
	struct samples times = { 0 }, gets = { 0 }, resident = { 0 }, own = { 0 }, theirs = { 0 };
	char ours[TABLE_CELL], time[TABLE_CELL], others[TABLE_CELL + 40];

	for (int i = 0; i < BIG_STARTS; i++) {
		struct program program;
		struct program_memory memory;
		struct program_run run;

		start_console(&program, bench, bench->big);
		samples_add(&times, program_wait(&program, has_data, NULL) - program.started);
		/* Its first pages are given back by now. */
		program_read_until(&program, program_now() + 2 * SECOND);
		memory = program_memory(program.pid);
		samples_add(&resident, memory.resident);
		samples_add(&own, memory.own);
		program_end(&program);
		run = program_run(KUBECTL(bench, bench->big, "get", "httproutes", "-A"));
		samples_add(&gets, run.time);
		samples_add(&theirs, run.resident);
	}
	table_time(ours, &times);
	table_time(time, &gets);
	snprintf(others, sizeof(others), "`kubectl get httproutes -A` %s", time);
	table_row(&(struct table_row){ .what = "start → 5,000 routes, `big`",
				       .goal = "≤ 400 ms",
				       .met = samples_quantile(&times, 0.5) <= 400 * MILLISECOND,
				       .ours = ours,
				       .others = others });
	snprintf(ours, sizeof(ours), "%.1f MiB RSS, %.1f private",
		 table_mib(samples_quantile(&resident, 0.5)),
		 table_mib(samples_quantile(&own, 0.5)));
	snprintf(others, sizeof(others), "`kubectl get httproutes -A` %.1f MiB RSS",
		 table_mib(samples_quantile(&theirs, 0.5)));
	table_row(&(struct table_row){ .what = "memory with 5,000 routes and all watches",
				       .goal = "≤ 40 MiB",
				       .met = samples_quantile(&resident, 0.5) <= 40 * 1024 * 1024,
				       .ours = ours,
				       .others = others });
}

struct idle {
	struct program program;
	const char *name;
	bool on;
	int64_t cpu; /* at the start, then of the time measured */
	uint64_t bytes;
	struct program_memory memory;
};

enum { IDLE_OURS, IDLE_HTOP, IDLE_WATCHING, IDLE_WATCH, IDLE_COUNT };

static void
read_all(struct idle *idles, int64_t end)
{
	/* In turns: what is not read fills the pty and would stop the program. */
	while (program_now() < end)
		for (size_t i = 0; i < IDLE_COUNT; i++)
			if (idles[i].on)
				program_read_until(&idles[i].program,
						   program_now() + 20 * MILLISECOND);
}

static void
start_idle(const struct bench *bench, struct idle *idles)
{
	idles[IDLE_OURS].name = "poolshift";
	start_console(&idles[IDLE_OURS].program, bench, bench->classic);
	program_wait(&idles[IDLE_OURS].program, has_data, NULL);
	idles[IDLE_HTOP].name = "htop";
	idles[IDLE_HTOP].on = program_is_installed("htop");
	if (idles[IDLE_HTOP].on)
		program_start(&idles[IDLE_HTOP].program, (const char *const[]){ "htop", NULL });
	idles[IDLE_WATCHING].name = "`kubectl get -w`, one kind";
	program_start(&idles[IDLE_WATCHING].program,
		      KUBECTL(bench, bench->classic, "get", "httproutes", "-A", "-w"));
	idles[IDLE_WATCH].name = "`watch kubectl get`";
	idles[IDLE_WATCH].on = program_is_installed("watch");
	if (idles[IDLE_WATCH].on)
		program_start(&idles[IDLE_WATCH].program,
			      (const char *const[]){ "watch", "-x", bench->kubectl, "--kubeconfig",
						     bench->classic, "get", "httproutes", "-A",
						     NULL });
	idles[IDLE_OURS].on = idles[IDLE_WATCHING].on = true;
}

static void
say_idle(const struct idle *idles, double seconds)
{
	const struct idle *our = &idles[IDLE_OURS];
	double part = 100.0 * (double)our->cpu / 1e9 / seconds, rate = (double)our->bytes / seconds;
	char memory[800] = "", cpu[800] = "", bytes[800] = "", cells[3][TABLE_CELL];
	size_t at[3] = { 0, 0, 0 };

	for (size_t i = 1; i < IDLE_COUNT; i++) {
		const struct idle *idle = &idles[i];
		const char *end = i + 1 < IDLE_COUNT ? "; " : "";

		if (!idle->on)
			continue;
		at[0] += (size_t)snprintf(memory + at[0], sizeof(memory) - at[0],
					  "%s %.1f MiB RSS, %.1f private%s", idle->name,
					  table_mib(idle->memory.resident),
					  table_mib(idle->memory.own), end);
		at[1] += (size_t)snprintf(cpu + at[1], sizeof(cpu) - at[1], "%s %.2f %%%s",
					  idle->name, 100.0 * (double)idle->cpu / 1e9 / seconds,
					  end);
		at[2] += (size_t)snprintf(bytes + at[2], sizeof(bytes) - at[2], "%s %.0f B/s%s",
					  idle->name, (double)idle->bytes / seconds, end);
	}
	snprintf(cells[0], TABLE_CELL, "%.1f MiB RSS, %.1f private",
		 table_mib(our->memory.resident), table_mib(our->memory.own));
	snprintf(cells[1], TABLE_CELL, "%.2f %%", part);
	snprintf(cells[2], TABLE_CELL, "%.0f B/s (%.0f a minute)", rate, rate * 60);
	table_row(&(struct table_row){ .what = "idle memory with all watches, `classic`",
				       .goal = "≤ 10 MiB",
				       .met = our->memory.resident <= 10 * 1024 * 1024,
				       .ours = cells[0],
				       .others = memory });
	table_row(&(struct table_row){ .what = "idle CPU",
				       .goal = "≤ 0.2 %",
				       .met = part <= 0.2,
				       .ours = cells[1],
				       .others = cpu });
	table_row(&(struct table_row){ .what = "idle bytes to the terminal",
				       .goal = "≤ 200 B/s",
				       .met = rate <= 200,
				       .ours = cells[2],
				       .others = bytes });
}

void
console_idle(const struct bench *bench)
{
	struct idle idles[IDLE_COUNT] = { 0 };
	int64_t begun;

	start_idle(bench, idles);
	read_all(idles, program_now() + IDLE_BEFORE);
	begun = program_now();
	for (size_t i = 0; i < IDLE_COUNT; i++) {
		if (!idles[i].on)
			continue;
		idles[i].cpu = program_cpu(idles[i].program.pid);
		idles[i].bytes = idles[i].program.bytes;
	}
	read_all(idles, begun + IDLE);
	for (size_t i = 0; i < IDLE_COUNT; i++) {
		if (!idles[i].on)
			continue;
		idles[i].cpu = program_cpu(idles[i].program.pid) - idles[i].cpu;
		idles[i].bytes = idles[i].program.bytes - idles[i].bytes;
		idles[i].memory = program_memory(idles[i].program.pid);
	}
	say_idle(idles, (double)(program_now() - begun) / 1e9);
	for (size_t i = 0; i < IDLE_COUNT; i++)
		if (idles[i].on)
			program_end(&idles[i].program);
}

/* One key opens a page, another one closes it: a whole screen each. */
static void
press_keys(struct samples *times, struct program *program, const char *open, const char *close,
	   const char *text)
{
	for (int i = 0; i < KEYS; i++) {
		int64_t pressed = program_now();

		program_send(program, i % 2 == 0 ? open : close);
		if (i % 2 == 0)
			samples_add(times, program_wait_text(program, text) - pressed);
		else
			samples_add(times, program_wait_no_text(program, text) - pressed);
		/* Keys come as they come: not in step with the program's own second. */
		program_read_until(program, program_now() + (i * 7 % 23) * MILLISECOND);
	}
}

static void
say_keys(const struct bench *bench, const char *what, const char *kubeconfig, int frozen,
	 const char *others)
{
	struct samples times = { 0 };
	struct program program;
	char ours[TABLE_CELL];

	start_console(&program, bench, kubeconfig);
	program_wait(&program, has_data, NULL);
	if (frozen > 0) {
		kill(frozen, SIGSTOP);
		program_wait_text(&program, "NO ANSWER");
	}
	press_keys(&times, &program, "?", "?", "Shift-Left");
	if (frozen > 0)
		kill(frozen, SIGCONT);
	program_end(&program);
	table_tail(ours, &times);
	table_row(&(struct table_row){ .what = what,
				       .goal = "p99 ≤ 16 ms",
				       .met = samples_quantile(&times, 0.99) <= 16 * MILLISECOND,
				       .ours = ours,
				       .others = others });
}

void
console_keys(const struct bench *bench)
{
	struct samples times = { 0 };
	struct program program;
	char time[TABLE_CELL], others[TABLE_CELL + 20] = "htop not installed";

	if (program_is_installed("htop")) {
		program_start(&program, (const char *const[]){ "htop", NULL });
		program_wait_text(&program, "F10");
		press_keys(&times, &program, "h", "x", "Released under");
		program_end(&program);
		table_tail(time, &times);
		snprintf(others, sizeof(others), "htop %s", time);
	}
	say_keys(bench, "key → frame, `classic`", bench->classic, 0, others);
	say_keys(bench, "key → frame, `big`", bench->big, 0, "");
	say_keys(bench, "key → frame, the API server frozen", bench->classic, bench->classic_pid,
		 "");
}
