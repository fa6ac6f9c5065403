#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/file.h"
#include "tui/plain/cmd.h"
#include "tui/plain/page.h"
#include "tui/scenario_file.h"

static int
list_scenarios(void)
{
	size_t count;
	const struct demo_scenario *scenarios = demo_scenario_list(&count);

	for (size_t i = 0; i < count; i++)
		printf("%-10s %s\n", scenarios[i].name, scenarios[i].help);
	return 0;
}

/* The one line of stdout, for whoever waits for it. */
static void
say_ready(int port, const char *path)
{
	struct buf line;

	buf_init(&line, PAGE_CAP);
	buf_printf(&line, "demo cluster at http://127.0.0.1:%d, kubeconfig %s\n", port, path);
	(void)page_print(&line, stdout);
	buf_release(&line);
}

static int
refuse(const struct err *err)
{
	page_say("poolshift: demo: %s", err->text);
	return err->code == ERR_INPUT ? 2 : 1;
}

static int
print_manifests(const struct options *options)
{
	struct server_options world;
	struct demo *demo = NULL;
	struct buf text, manifests;
	struct err err;
	bool fine;

	buf_init(&text, 16 * BUF_MIB);
	buf_init(&manifests, 64 * BUF_MIB);
	fine = scenario_file_options(options, &text, &world, &err);
	world.demo.manifests = &manifests;
	fine = fine && (demo = demo_new(&world.demo, &err)) != NULL;
	if (fine && (fwrite(manifests.bytes, 1, manifests.length, stdout) != manifests.length ||
		     fflush(stdout) != 0))
		fine = err_set(&err, ERR_SYSTEM, "the manifests cannot be written");
	demo_free(demo);
	buf_release(&text);
	buf_release(&manifests);
	return fine ? 0 : refuse(&err);
}

int
cmd_demo(struct options *options)
{
	struct server_options demo;
	struct server *server;
	struct buf text;
	struct err err;
	const char *path = options->write_kubeconfig;
	char own[4096];
	sigset_t ends;
	int got;

	if (options->list)
		return list_scenarios();
	if (options->manifests)
		return print_manifests(options);
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	buf_init(&text, 16 * BUF_MIB);
	if (!scenario_file_options(options, &text, &demo, &err) ||
	    (server = server_start(&demo, &err)) == NULL) {
		buf_release(&text);
		return refuse(&err);
	}
	buf_release(&text);
	if (path == NULL) {
		snprintf(own, sizeof own, "%s/demo.kubeconfig", options->settings.state_folder);
		path = own;
	}
	if ((path == own && !file_make_folder(options->settings.state_folder, &err)) ||
	    !server_write_kubeconfig(server, path, &err)) {
		server_stop(server);
		return refuse(&err);
	}
	say_ready(server_port(server), path);
	sigwait(&ends, &got);
	server_stop(server);
	return 0;
}
