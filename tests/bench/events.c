#include "tests/bench/console.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "tests/bench/program.h"
#include "tests/bench/table.h"
#include "tests/bench/wire.h"

#define EVENTS         200
#define WATCH_EVENTS   10
#define KUBECTL_EVENTS 20
#define MODEL          "food-review"

/* The event: a model's criticality, which the console and `kubectl get` both show in the model's
 * row. */
static const char *const words[] = { "Sheddable", "Critical" };

static bool
shows(const struct screen *screen, const void *word)
{
	return screen_has_after(screen, MODEL, word);
}

static void
change(int api, const char *namespace, const char *word, struct wire_reply *reply)
{
	char path[300], body[100];

	snprintf(path, sizeof(path),
		 "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/%s/inferencemodels/%s",
		 namespace, MODEL);
	snprintf(body, sizeof(body), "{\"spec\":{\"criticality\":\"%s\"}}", word);
	if (!wire_ask(api, "PATCH", path, "application/merge-patch+json", body, reply) ||
	    reply->status != 200)
		program_give_up("the demo cluster does not take a change of a model");
}

/* From just before the request is sent: the API server's own time is part of it. */
static void
measure_events(struct samples *times, struct program *program, int port, const char *namespace,
	       int count, int64_t pause)
{
	struct wire_reply *reply = die_alloc(sizeof(*reply));
	int api = wire_connect(port, false);

	for (int i = 0; i < count; i++) {
		const char *word = words[i % 2];
		int64_t sent = program_now();

		change(api, namespace, word, reply);
		samples_add(times, program_wait(program, shows, word) - sent);
		program_read_until(program, program_now() + pause + (i * 37 % 101) * MILLISECOND);
	}
	close(api);
	free(reply);
}

static void
start_console(struct program *program, const struct bench *bench, const char *kubeconfig)
{
	const char *const argv[] = { bench->poolshift, "--kubeconfig", kubeconfig, NULL };

	program_start(program, argv);
	program_wait_text(program, "crds ready");
}

static void
say_events(const char *what, const struct samples *times, const char *others)
{
	char ours[TABLE_CELL];

	table_tail(ours, times);
	table_row(&(struct table_row){ .what = what,
				       .goal = "p99 ≤ 100 ms",
				       .met = samples_quantile(times, 0.99) <= 100 * MILLISECOND,
				       .ours = ours,
				       .others = others });
}

/* What others show of the same event: `kubectl get -w`, and `watch` around `kubectl get`. */
static void
measure_others(const struct bench *bench, char *cell, size_t size)
{
	const char *const following[] = {
		bench->kubectl, "--kubeconfig", bench->classic, "get", "inferencemodels",
		"-n",           "default",      "-w",           NULL
	};
	const char *const watching[] = { "watch",        "-x",  bench->kubectl,    "--kubeconfig",
					 bench->classic, "get", "inferencemodels", "-n",
					 "default",      NULL };
	struct samples times = { 0 }, slow = { 0 };
	struct program program;
	char first[TABLE_CELL], second[TABLE_CELL] = "not installed";

	program_start(&program, following);
	program_wait_text(&program, MODEL);
	measure_events(&times, &program, bench->classic_port, "default", EVENTS / 2, 0);
	program_end(&program);
	table_tail(first, &times);
	if (program_is_installed("watch")) {
		program_start(&program, watching);
		program_wait_text(&program, MODEL);
		measure_events(&slow, &program, bench->classic_port, "default", WATCH_EVENTS,
			       100 * MILLISECOND);
		program_end(&program);
		table_tail(second, &slow);
	}
	snprintf(cell, size, "`kubectl get -w` %s; `watch kubectl get` %s", first, second);
}

/* A person's own way to change it; from the start of kubectl, whose own time is told beside. */
static void
say_kubectl(const struct bench *bench)
{
	struct samples times = { 0 }, own = { 0 };
	struct program program;
	char ours[TABLE_CELL], time[TABLE_CELL], others[TABLE_CELL + 40];

	start_console(&program, bench, bench->classic);
	for (int i = 0; i < KUBECTL_EVENTS; i++) {
		const char *patch = i % 2 == 0 ? "{\"spec\":{\"criticality\":\"Sheddable\"}}"
					       : "{\"spec\":{\"criticality\":\"Critical\"}}";
		const char *const argv[] = {
			bench->kubectl,   "--kubeconfig", bench->classic, "patch",
			"inferencemodel", MODEL,          "-n",           "default",
			"--type=merge",   "-p",           patch,          NULL
		};
		int64_t begun = program_now();

		samples_add(&own, program_run(argv).time);
		samples_add(&times, program_wait(&program, shows, words[i % 2]) - begun);
	}
	program_end(&program);
	table_time(ours, &times);
	table_time(time, &own);
	snprintf(others, sizeof(others), "of which `kubectl patch` itself %s", time);
	table_row(&(struct table_row){ .what = "`kubectl patch` started → screen, `classic`",
				       .goal = "",
				       .ours = ours,
				       .others = others });
}

void
console_events(const struct bench *bench)
{
	struct samples classic = { 0 }, big = { 0 };
	struct program program;
	char others[2 * TABLE_CELL + 80];

	measure_others(bench, others, sizeof(others));
	start_console(&program, bench, bench->classic);
	measure_events(&classic, &program, bench->classic_port, "default", EVENTS, 0);
	program_end(&program);
	say_events("event → screen, `classic`", &classic, others);
	start_console(&program, bench, bench->big);
	measure_events(&big, &program, bench->big_port, "team-01", EVENTS / 2, 0);
	program_end(&program);
	say_events("event → screen, `big`", &big, "");
	say_kubectl(bench);
}
