/* still - the console on a snapshot that stands still, for looking at the terminal's own part:
 * start, resize, suspend, kill, colours. Takes the name of a theme, and of a scene: shift or
 * silent. Commands go nowhere. */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tests/golden/scene.h"
#include "tui/screen/console.h"

struct engine {
	int fd;
	struct settings settings;
	struct snapshot *waiting;
};

int
engine_fd(const struct engine *engine)
{
	return engine->fd;
}

int64_t
engine_submit(struct engine *engine, const struct command *command)
{
	(void)engine;
	(void)command;
	return 1;
}

struct snapshot *
engine_take(struct engine *engine)
{
	struct snapshot *snapshot = engine->waiting;
	uint64_t count;

	if (read(engine->fd, &count, sizeof(count)) != (ssize_t)sizeof(count))
		return NULL;
	engine->waiting = NULL;
	return snapshot;
}

int
main(int argc, char **argv)
{
	struct engine engine = { .fd = eventfd(1, EFD_NONBLOCK), .settings = settings_default() };
	struct console_options options = { .theme = argc > 1 && argv[1][0] != '\0' ? argv[1] : NULL,
					   .settings = &engine.settings,
					   .context = "gke_prod_us-central1_inf",
					   .server = "https://10.0.0.1" };

	setlocale(LC_ALL, "");
	engine.waiting = scene_classic(&engine.settings, STEP_SHIFT, 250000);
	scene_journal(engine.waiting);
	if (argc > 2 && strcmp(argv[2], "silent") == 0)
		scene_silence(engine.waiting, 14);
	return console_run(&engine, &options);
}
