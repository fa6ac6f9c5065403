#include "tests/bench/console.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/relay.h"
#include "tests/bench/table.h"

#define ABORTS 20
#define OUTAGE (20 * SECOND)
#define KINDS  64 /* paths that are asked for */

/* The console through the relay. */
static void
start_console(struct program *program, const struct bench *bench, const struct relay *relay)
{
	char server[64];
	const char *const argv[] = { bench->poolshift, "--kubeconfig", bench->classic,
				     "--server",       server,         NULL };

	snprintf(server, sizeof(server), "http://127.0.0.1:%d", relay->port);
	program_start(program, argv);
	program_wait_text(program, "inference-gateway");
}

/* It takes no key before it has stood for a moment. */
static void
open_dialog(struct program *program, const char *text)
{
	program_wait_text(program, text);
	program_read_until(program, program_now() + 500 * MILLISECOND);
}

/* When the weights were sent, of the requests from `first` on. */
static int64_t
patched(const struct relay *relay, int first, struct program *program)
{
	int64_t end = program_now() + 5 * SECOND;

	while (program_now() < end) {
		const struct relay_request *request = relay_request(relay, first);

		if (request == NULL)
			program_read_until(program, program_now() + MILLISECOND);
		else if (strncmp(request->line, "PATCH ", 6) == 0 &&
			 strstr(request->line, "/httproutes/") != NULL &&
			 strstr(request->line, "dryRun") == NULL)
			return request->time;
		else
			first++;
	}
	program_give_up("abort sends no patch");
}

static void
measure_abort(const struct bench *bench, struct relay *relay)
{
	struct samples times = { 0 };
	struct program program;
	char ours[TABLE_CELL];

	program_run((const char *const[]){ bench->poolshift, "apply", "--through", "attach",
					   "--yes", "--kubeconfig", bench->classic, NULL });
	start_console(&program, bench, relay);
	for (int i = 0; i < ABORTS; i++) {
		int first;
		int64_t pressed;

		program_send(&program, "=50\r");
		open_dialog(&program, "accepted it as a dry run");
		program_send(&program, "y");
		program_wait_text(&program, "written 50 %");
		program_send(&program, "A");
		open_dialog(&program, "weights back now");
		first = relay_count(relay);
		pressed = program_now();
		program_send(&program, "y");
		samples_add(&times, patched(relay, first, &program) - pressed);
		program_wait_text(&program, "written 0 %");
	}
	program_end(&program);
	table_tail(ours, &times);
	table_row(&(struct table_row){ .what = "abort confirmed → patch on the wire",
				       .goal = "≤ 50 ms",
				       .met = samples_quantile(&times, 1) <= 50 * MILLISECOND,
				       .ours = ours,
				       .others = "" });
}

/* The most requests for one path, all methods and queries of it together. */
static int
most_of_one(const struct relay *relay, int first, char path[200])
{
	static char paths[KINDS][200];
	int counts[KINDS] = { 0 }, most = 0;
	const struct relay_request *request;

	memset(paths, 0, sizeof(paths));
	for (; (request = relay_request(relay, first)) != NULL; first++) {
		const char *from = strchr(request->line, ' ');
		int length = from != NULL ? (int)strcspn(++from, "? ") : 0, i = 0;

		while (i < KINDS - 1 && paths[i][0] != '\0' &&
		       (strncmp(paths[i], from, (size_t)length) != 0 || paths[i][length] != '\0'))
			i++;
		if (length > 0)
			snprintf(paths[i], sizeof(paths[i]), "%.*s", length, from);
		if (++counts[i] > most) {
			most = counts[i];
			memcpy(path, paths[i], 200);
		}
	}
	return most;
}

static void
measure_outage(const struct bench *bench, struct relay *relay, enum relay_mode mode,
	       const char *what)
{
	struct program program;
	double seconds = (double)OUTAGE / 1e9;
	char ours[TABLE_CELL + 200], path[200] = "";
	int first, most, all;

	start_console(&program, bench, relay);
	program_read_until(&program, program_now() + SECOND);
	first = relay_count(relay);
	relay_set(relay, mode);
	program_read_until(&program, program_now() + OUTAGE);
	all = relay_count(relay) - first;
	most = most_of_one(relay, first, path);
	relay_set(relay, RELAY_PASSES);
	program_end(&program);
	snprintf(ours, sizeof(ours), "%.2f/s for %s, %.2f/s in all", most / seconds,
		 *path != '\0' ? path : "any", all / seconds);
	table_row(&(struct table_row){ .what = what,
				       .goal = "≤ 1/s per kind",
				       .met = most / seconds <= 1,
				       .ours = ours,
				       .others = "" });
}

void
console_outage(const struct bench *bench)
{
	struct relay relay;

	relay_start(&relay, bench->classic_port);
	measure_outage(bench, &relay, RELAY_FREEZES, "requests in an outage, no answer");
	measure_outage(bench, &relay, RELAY_DROPS, "requests in an outage, connections dropped");
	measure_abort(bench, &relay);
	relay_stop(&relay);
}
