#include "tests/unit/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/clock.h"

struct desk *
desk_of(struct snapshot *(*make)(const struct settings *settings))
{
	static struct desk desk;
	struct ui_options options = { .settings = &desk.settings };

	desk = (struct desk){ .settings = settings_default(), .now = SCENE_MONO };
	desk.ui = ui_new(&options, NULL);
	desk.snapshot = make(&desk.settings);
	ui_resize(desk.ui, 80, 24);
	ui_tick(desk.ui, desk.now, SCENE_WALL);
	ui_see(desk.ui, desk.snapshot);
	return &desk;
}

void
desk_clear(struct desk *desk)
{
	ui_free(desk->ui);
	snapshot_free(desk->snapshot);
}

void
desk_pass(struct desk *desk, int64_t milliseconds)
{
	desk->now += milliseconds * MILLISECOND;
	ui_tick(desk->ui, desk->now, SCENE_WALL);
}

enum answer
desk_press(struct desk *desk, const char *keys)
{
	enum answer answer = ANSWER_NOTHING;
	char name[32];

	while (*keys != '\0') {
		int length = (int)strcspn(keys, " ");
		struct press key;

		snprintf(name, sizeof(name), "%.*s", length, keys);
		assert_true(press_parse(name, &key));
		keys += length + (keys[length] == ' ');
		desk_pass(desk, 1);
		answer = ui_handle(desk->ui, desk->snapshot, &key, &desk->command);
		if (answer == ANSWER_COMMAND)
			ui_sent(desk->ui, 5);
	}
	return answer;
}

enum answer
desk_mouse(struct desk *desk, enum press_mouse what, int x, int y)
{
	struct press key = { .code = PRESS_MOUSE, .mouse = what, .x = x, .y = y };

	return ui_handle(desk->ui, desk->snapshot, &key, &desk->command);
}

/* What was drawn is told only when it is not as wanted: TAP is read from the same stream. */
static bool
finds(struct desk *desk, const char *text, bool wanted)
{
	struct grid grid;
	struct buf screen;
	bool found;

	grid_init(&grid, 80, 24, false);
	buf_init(&screen, BUF_MIB);
	ui_draw(desk->ui, desk->snapshot, &grid);
	grid_text(&grid, &screen);
	found = strstr(screen.bytes, text) != NULL;
	if (found != wanted)
		fprintf(stderr, "%s is%s on:\n%s\n", text, found ? "" : " not", screen.bytes);
	buf_release(&screen);
	grid_release(&grid);
	return found;
}

bool
desk_shows(struct desk *desk, const char *text)
{
	return finds(desk, text, true);
}

bool
desk_hides(struct desk *desk, const char *text)
{
	return !finds(desk, text, false);
}

struct snapshot *
desk_at_25(const struct settings *settings)
{
	return scene_classic(settings, STEP_SHIFT, 250000);
}
