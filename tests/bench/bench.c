/* bench - the figures of the program, measured from outside on the real binary: Markdown on stdout.
 * bench POOLSHIFT KUBECTL FOLDER
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/bench/console.h"
#include "tests/bench/program.h"
#include "tests/bench/table.h"
#include "tests/bench/traffic.h"

static pid_t
start_cluster(const struct bench *bench, const char *scenario, char kubeconfig[4096], int *port)
{
	const char *const argv[] = { bench->poolshift,     "demo",     "--scenario", scenario,
				     "--write-kubeconfig", kubeconfig, NULL };
	char line[4200];
	pid_t pid;

	snprintf(kubeconfig, 4096, "%.3900s/%s.kubeconfig", bench->folder, scenario);
	pid = program_serve(argv, line, sizeof(line));
	if (sscanf(line, "demo cluster at http://127.0.0.1:%d", port) != 1)
		program_give_up("the demo cluster said: %s", line);
	return pid;
}

/* Its controllers have said their word on every object when one change more is the last one: the
 * console shows no "pending" for some time. */
static void
let_settle(const struct bench *bench, const char *kubeconfig)
{
	const char *const argv[] = { bench->poolshift, "--kubeconfig", kubeconfig, NULL };
	struct program program;

	program_start(&program, argv);
	program_wait_text(&program, "crds ready");
	program_wait_text(&program, "programmed");
	program_wait_text(&program, "accepted");
	program_read_until(&program, program_now() + 5 * SECOND);
	program_end(&program);
}

static void
first_line_of(const char *path, const char *key, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	char line[512];

	snprintf(out, size, "unknown");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, key, strlen(key)) == 0) {
			const char *value = line + strlen(key);

			value += strspn(value, " \t:\"");
			snprintf(out, size, "%.*s", (int)strcspn(value, "\"\n"), value);
			break;
		}
	if (file != NULL)
		fclose(file);
}

static void
say_machine(void)
{
	struct utsname system = { 0 };
	char processor[256], distribution[256], load[64], day[32];
	time_t now = time(NULL);
	struct tm date;

	uname(&system);
	gmtime_r(&now, &date);
	strftime(day, sizeof(day), "%Y-%m-%d", &date);
	first_line_of("/proc/cpuinfo", "model name", processor, sizeof(processor));
	first_line_of("/etc/os-release", "PRETTY_NAME=", distribution, sizeof(distribution));
	first_line_of("/proc/loadavg", "", load, sizeof(load));
	printf("%s. %s, %ld processors, %ld MiB, %s, Linux %s; load before: %.14s.\n\n", day,
	       processor, sysconf(_SC_NPROCESSORS_ONLN),
	       sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGESIZE) / 1024, distribution,
	       system.release, load);
}

static void
say_weight(char cell[24], int64_t weight)
{
	if (weight < 0)
		snprintf(cell, 24, "–");
	else
		snprintf(cell, 24, "%lld", (long long)weight);
}

static void
say_stages(const struct traffic *traffic)
{
	printf("\n| s | written α | written GA | written share of GA | requests | served by GA |\n"
	       "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < traffic->stage_count; i++) {
		const struct traffic_stage *stage = &traffic->stages[i];
		int64_t alpha = stage->alpha < 0 ? 0 : stage->alpha;
		int64_t ga = stage->ga < 0 ? 0 : stage->ga;
		char left[24], right[24];

		say_weight(left, stage->alpha);
		say_weight(right, stage->ga);
		printf("| %.1f | %s | %s | %.1f %% | %zu | ",
		       (double)(stage->begun - traffic->stages[0].begun) / 1e9, left, right,
		       alpha + ga > 0 ? 100.0 * (double)ga / (double)(alpha + ga) : 0.0,
		       stage->settled);
		if (stage->settled > 0)
			printf("%.1f %% |\n",
			       100.0 * (double)stage->served_ga / (double)stage->settled);
		else
			printf("– |\n");
	}
}

static void
say_traffic(const struct bench *bench)
{
	static struct traffic traffic;
	const struct traffic_options options = {
		.program = bench->poolshift,
		.folder = bench->folder,
		.rate = 200,
		.ramp = "1,5,10,25,50,75,100",
		.hold = "1s",
		.drain = "1s",
	};
	char ours[2 * TABLE_CELL + 80], latency[TABLE_CELL];

	traffic_run(&options, &traffic);
	table_tail(latency, &traffic.latency);
	snprintf(ours, sizeof(ours), "%zu of %zu%s %s", traffic.lost, traffic.requests,
		 traffic.finished ? "" : ", and the migration did not end well",
		 traffic.first_lost);
	table_row(&(struct table_row){
		.what = "requests lost, `classic` migrated under 200 requests/s",
		.goal = "0",
		.met = traffic.lost == 0 && traffic.finished,
		.ours = ours,
		.others = latency });
	printf("\nThe migration under traffic took %.1f s.\n", (double)traffic.time / 1e9);
	say_stages(&traffic);
}

int
main(int argc, char **argv)
{
	static struct bench bench;

	if (argc != 4) {
		fprintf(stderr, "usage: bench POOLSHIFT KUBECTL FOLDER\n");
		return 2;
	}
	bench.poolshift = argv[1];
	bench.kubectl = argv[2];
	bench.folder = argv[3];
	setenv("TERM", "xterm-256color", 1);
	setenv("XDG_STATE_HOME", bench.folder, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	say_machine();
	table_begin();
	bench.classic_pid = start_cluster(&bench, "classic", bench.classic, &bench.classic_port);
	let_settle(&bench, bench.classic);
	console_first_frame(&bench);
	console_first_data(&bench);
	console_idle(&bench);
	bench.big_pid = start_cluster(&bench, "big", bench.big, &bench.big_port);
	let_settle(&bench, bench.big);
	console_big(&bench);
	console_keys(&bench);
	console_events(&bench);
	console_outage(&bench);
	if (!program_stop(bench.classic_pid) || !program_stop(bench.big_pid))
		program_give_up("a demo cluster ended badly");
	say_traffic(&bench);
	return 0;
}
