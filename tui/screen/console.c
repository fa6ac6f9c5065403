#include "tui/screen/console.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "tui/screen/term.h"
#include "tui/screen/ui.h"

#define TICK (1 * SECOND) /* ages are drawn again */

struct console {
	struct engine *engine;
	const struct console_options *options;
	struct term *term;
	struct ui *ui;
	struct snapshot *snapshot;
	struct clock clock;
	int signals;
	bool changed, whole, end;
	int exit;
	int64_t drawn;     /* mono ns */
	char folder[4096]; /* of the person's themes */
	struct theme_list themes;
	const char *names[THEMES_MAX + 1];
};

static bool
use_theme(struct console *console, const char *name, struct err *err)
{
	struct theme theme;

	if (!theme_load(&theme, name, console->folder, err))
		return false;
	term_use(console->term, &theme);
	console->changed = console->whole = true;
	return true;
}

static void
draw(struct console *console)
{
	struct grid grid;
	int columns, rows;

	term_size(console->term, &columns, &rows);
	ui_resize(console->ui, columns, rows);
	grid_init(&grid, columns, rows, term_is_ascii(console->term));
	ui_draw(console->ui, console->snapshot, &grid);
	term_show(console->term, &grid, console->whole);
	grid_release(&grid);
	console->changed = console->whole = false;
	console->drawn = clock_mono(&console->clock);
}

static void
tick(struct console *console)
{
	ui_tick(console->ui, clock_mono(&console->clock), clock_wall(&console->clock));
}

static void
take_snapshot(struct console *console)
{
	struct snapshot *snapshot = engine_take(console->engine);

	if (snapshot == NULL)
		return;
	snapshot_free(console->snapshot);
	console->snapshot = snapshot;
	tick(console);
	ui_see(console->ui, snapshot);
	console->changed = true;
}

/* The terminal is the plugin's until the engine says that it has ended. Ctrl-C there is for the
 * plugin; it ends nothing here. */
static void
sign_in(struct console *console, const struct command *command)
{
	struct pollfd fds[] = {
		{ .fd = engine_fd(console->engine), .events = POLLIN },
		{ .fd = console->signals, .events = POLLIN },
	};
	const struct link *link = &console->snapshot->link;
	struct signalfd_siginfo info;
	struct buf text;
	int64_t serial;

	term_lend(console->term);
	buf_init(&text, 4 * BUF_KIB);
	text_clean(&text, link->context, strlen(link->context));
	printf("Signing in to %s. Ctrl-C gives up.\n", text.bytes);
	fflush(stdout);
	buf_release(&text);
	serial = engine_submit(console->engine, command);
	ui_sent(console->ui, serial);
	while (!console->end && console->snapshot->link.signed_in < serial) {
		poll(fds, sizeof(fds) / sizeof(fds[0]), -1);
		take_snapshot(console);
		if (read(console->signals, &info, sizeof(info)) == (ssize_t)sizeof(info) &&
		    info.ssi_signo != SIGINT && info.ssi_signo != SIGWINCH)
			console->end = true;
	}
	term_reclaim(console->term);
	console->whole = true;
	if (console->snapshot->outcome.serial == serial && console->snapshot->outcome.ok)
		ui_say(console->ui, false, console->snapshot->outcome.text);
}

/* Asks for nothing: two files of the person's own are no change of anything. */
static void
show_report(struct console *console)
{
	struct buf text, path;
	struct err err = { .code = ERR_NONE };
	char note[1100];
	int columns, rows;
	bool saved;

	term_size(console->term, &columns, &rows);
	buf_init(&text, 64 * BUF_MIB);
	buf_init(&path, 4 * BUF_KIB);
	saved = console->options->report(console->snapshot, console->options->settings,
					 columns > 24 ? columns - 4 : 20, &text, &path, &err);
	if (saved)
		snprintf(note, sizeof(note), "Saved as %s and .md, for nobody's eyes but yours.",
			 path.bytes);
	else
		snprintf(note, sizeof(note), "Not saved: %s", err.text);
	ui_show_report(console->ui, text.bytes, saved, note);
	buf_release(&text);
	buf_release(&path);
}

static void
answer(struct console *console, enum answer what, const struct command *command)
{
	struct err err;

	switch (what) {
	case ANSWER_COMMAND:
		ui_sent(console->ui, engine_submit(console->engine, command));
		break;
	case ANSWER_SIGN_IN:
		sign_in(console, command);
		break;
	case ANSWER_QUIT:
		console->end = true;
		break;
	case ANSWER_SUSPEND:
		term_suspend(console->term);
		console->whole = true;
		break;
	case ANSWER_REDRAW:
		console->whole = true;
		break;
	case ANSWER_THEME:
		if (!use_theme(console, ui_theme(console->ui), &err))
			ui_say(console->ui, true, err.text);
		break;
	case ANSWER_REPORT:
		show_report(console);
		break;
	case ANSWER_NOTHING:
		break;
	}
	console->changed = true;
}

static void
take_keys(struct console *console, bool late)
{
	struct press press;
	struct command command;

	while (!console->end && term_press(console->term, late, &press)) {
		tick(console);
		/* In raw mode Ctrl-C is a key; it means what SIGINT means. */
		if (press.code == PRESS_RUNE && press.rune == 'c' && press.mods == PRESS_CTRL) {
			console->end = true;
			console->exit = 130;
			return;
		}
		answer(console, ui_handle(console->ui, console->snapshot, &press, &command),
		       &command);
	}
}

static void
take_signal(struct console *console)
{
	struct signalfd_siginfo info;

	if (read(console->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	console->changed = true;
	if (info.ssi_signo == SIGWINCH)
		return;
	console->end = true;
	console->exit = info.ssi_signo == SIGINT ? 130 : 0;
}

static void
turn(struct console *console)
{
	struct pollfd fds[] = {
		{ .fd = term_fd(console->term), .events = POLLIN },
		{ .fd = engine_fd(console->engine), .events = POLLIN },
		{ .fd = console->signals, .events = POLLIN },
	};
	int64_t now = clock_mono(&console->clock), left = console->drawn + TICK - now;
	bool amid = term_is_amid(console->term);
	int wait = amid ? TERM_ESC_WAIT : left <= 0 ? 0 : (int)(left / MILLISECOND) + 1;
	int ready = poll(fds, sizeof(fds) / sizeof(fds[0]), wait);

	/* Before the keys: what is typed after the signal to end belongs to whoever has the
	 * terminal next. */
	if (ready > 0 && fds[2].revents != 0)
		take_signal(console);
	if (ready == 0 && amid)
		take_keys(console, true);
	if (ready > 0 && fds[0].revents != 0)
		take_keys(console, false);
	if (ready > 0 && fds[1].revents != 0)
		take_snapshot(console);
	if ((fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0 || term_is_gone(console->term))
		console->end = true;
	tick(console);
	if (!console->end &&
	    (console->changed || clock_mono(&console->clock) >= console->drawn + TICK))
		draw(console);
}

static bool
open_screen(struct console *console, const struct console_options *options, struct err *err)
{
	struct term_options term = { .mouse = !options->no_mouse, .ascii = options->ascii };
	struct ui_options ui = { .settings = options->settings,
				 .keys_text = options->keys_text,
				 .themes = console->names };
	struct theme theme;

	/* What may be refused is read before the terminal is taken. */
	if (options->theme != NULL && !theme_load(&theme, options->theme, console->folder, err))
		return false;
	ui.theme = options->theme;
	console->ui = ui_new(&ui, err);
	if (console->ui == NULL)
		return false;
	console->term = term_open(&term, err);
	if (console->term == NULL)
		return false;
	ui.theme = options->no_color || options->theme == NULL
			   ? theme_default(term_colours(console->term), options->no_color)
			   : options->theme;
	ui_use_theme(console->ui, ui.theme);
	return use_theme(console, ui.theme, err);
}

static void
find_themes(struct console *console)
{
	struct buf folder;

	buf_init(&folder, sizeof(console->folder) - 16);
	if (file_config_folder(&folder, NULL))
		snprintf(console->folder, sizeof(console->folder), "%s/themes", folder.bytes);
	buf_release(&folder);
	theme_names(&console->themes, console->folder);
	for (size_t i = 0; i < console->themes.count; i++)
		console->names[i] = console->themes.names[i];
}

int
console_run(struct engine *engine, const struct console_options *options)
{
	struct console console = { .engine = engine, .options = options, .clock = clock_system() };
	sigset_t signals, before;
	struct err err;

	sigemptyset(&signals);
	sigaddset(&signals, SIGWINCH);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, &before);
	console.signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	find_themes(&console);
	console.snapshot = ui_first_snapshot(options->context, options->server, options->settings);
	if (open_screen(&console, options, &err)) {
		tick(&console);
		draw(&console);
		while (!console.end)
			turn(&console);
	} else {
		console.exit = 2;
	}
	term_close(console.term);
	if (console.exit == 2)
		fprintf(stderr, "poolshift: %s\n", err.text);
	ui_free(console.ui);
	snapshot_free(console.snapshot);
	close(console.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return console.exit;
}
