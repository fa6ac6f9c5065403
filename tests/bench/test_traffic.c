/* The promise of the whole program, in short: a migration under traffic loses no request. TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/traffic.h"

static int
claim(int number, bool holds, const char *text)
{
	printf("%sok %d - %s\n", holds ? "" : "not ", number, text);
	return holds ? 0 : 1;
}

static void
show_log(const char *folder)
{
	char path[4200], line[1000];
	FILE *file;

	snprintf(path, sizeof(path), "%s/apply.log", folder);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		printf("# %s", line);
	if (file != NULL)
		fclose(file);
}

static bool
went_from_alpha_to_ga(const struct traffic *traffic)
{
	const struct traffic_stage *first = traffic->stages;
	const struct traffic_stage *last = &traffic->stages[traffic->stage_count - 1];

	return traffic->stage_count > 2 && first->ga < 0 && last->alpha < 0 && last->ga > 0;
}

int
main(int argc, char **argv)
{
	static struct traffic traffic;
	struct traffic_options options = {
		.rate = 100,
		.ramp = "10,50,100",
		.hold = "100ms",
		.drain = "200ms",
	};
	int failed = 0;

	if (argc != 3)
		return 99;
	options.program = argv[1];
	options.folder = argv[2];
	traffic_run(&options, &traffic);
	failed += claim(1, traffic.finished, "a migration under traffic ends well");
	failed += claim(2, went_from_alpha_to_ga(&traffic), "the route went from alpha to GA");
	failed += claim(3, traffic.requests >= 200 && traffic.lost == 0, "no request was lost");
	printf("# %zu requests, %zu lost %s\n", traffic.requests, traffic.lost, traffic.first_lost);
	if (failed > 0)
		show_log(options.folder);
	printf("1..3\n");
	return failed > 0;
}
