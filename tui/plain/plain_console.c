#include "tui/plain/plain_console.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/engine/session.h"
#include "tui/plain/follow.h"
#include "tui/plain/lines.h"
#include "tui/plain/page.h"
#include "tui/plain/progress.h"
#include "tui/plain/talk.h"
#include "tui/report/report.h"

#define VIEW_PATIENCE (5 * SECOND) /* before a state that is not whole is told as it is */

struct plain_console {
	struct engine *engine;
	const struct settings *settings;
	struct snapshot *snapshot; /* the newest, owned; NULL before the first */
	struct lines lines;        /* as they were told last */
	struct talk talk;
	struct progress progress;
	int signals;
	char typed[TALK_ROOM]; /* the line that has not ended yet */
	size_t length;
	int64_t deadline;  /* mono ns, for the first state */
	int64_t signed_in; /* serial that has the terminal; 0 for none */
	bool told, ended, end;
	int exit;
};

static int64_t
now(void)
{
	struct clock clock = clock_system();

	return clock_mono(&clock);
}

/* A reader that has gone is the end of a pipe, and no failure. */
static void
print(struct plain_console *console, const struct buf *page)
{
	if (page->length > 0 && page_print(page, stdout) != 0)
		console->end = true;
}

static void
tell(struct plain_console *console)
{
	struct lines lines;
	struct buf page;

	buf_init(&page, PAGE_CAP);
	lines_take(&lines, console->snapshot, &console->lines);
	if (console->told)
		lines_put_changes(&page, &lines, &console->lines);
	else
		lines_put(&page, &lines);
	lines_release(&console->lines);
	console->lines = lines;
	if (!console->told && console->talk.may_write)
		buf_puts(&page, "Type a line's number or a command; ? lists them.\n");
	console->told = true;
	talk_see(&console->talk, console->snapshot, &page);
	print(console, &page);
	buf_release(&page);
	progress_tell(&console->progress, console->snapshot);
}

static void
take_snapshot(struct plain_console *console)
{
	struct snapshot *newer = engine_take(console->engine);

	if (newer != NULL) {
		if (console->snapshot != NULL)
			snapshot_free(console->snapshot);
		else
			progress_begin(&console->progress, newer);
		console->snapshot = newer;
	}
	if (console->snapshot == NULL)
		return;
	if (console->snapshot->link.signed_in >= console->signed_in)
		console->signed_in = 0;
	/* Half a state would be told twice. */
	if (newer != NULL && console->told)
		tell(console);
	else if (!console->told &&
		 (follow_is_whole(console->snapshot) || now() >= console->deadline))
		tell(console);
}

/* What could not be saved is said all the same, and why. */
static void
put_report(struct plain_console *console, struct buf *page)
{
	struct buf text, path;
	struct err err = { .code = ERR_NONE };

	if (*console->snapshot->journal_path == '\0') {
		buf_puts(page, "There is no journal yet to tell it from.\n");
		return;
	}
	buf_init(&text, PAGE_CAP);
	buf_init(&path, 4 * BUF_KIB);
	if (report_show(console->snapshot, console->settings, page_width(), &text, &path, &err))
		buf_printf(page, "%s\nSaved as %s and .md, for nobody's eyes but yours.\n",
			   text.bytes, path.bytes);
	else
		buf_printf(page, "%s\nNot saved: %s\n", text.bytes, err.text);
	buf_release(&text);
	buf_release(&path);
}

static void
hear(struct plain_console *console, const char *line)
{
	struct command command;
	struct buf page;
	enum talk_answer answer;

	buf_init(&page, PAGE_CAP);
	answer = talk_hear(&console->talk, console->snapshot, &console->lines, line, &command,
			   &page);
	if (answer == TALK_COMMAND || answer == TALK_SIGN_IN)
		talk_sent(&console->talk, engine_submit(console->engine, &command));
	if (answer == TALK_SIGN_IN)
		console->signed_in = console->talk.sent;
	if (answer == TALK_REPORT)
		put_report(console, &page);
	if (answer == TALK_LIST)
		lines_put(&page, &console->lines);
	console->end |= answer == TALK_QUIT;
	print(console, &page);
	buf_release(&page);
}

/* Whole lines; one that is too long for any command is cut. */
static void
take_input(struct plain_console *console)
{
	char bytes[4096];
	ssize_t count = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	console->ended = count <= 0;
	for (ssize_t i = 0; i < count && !console->end; i++) {
		if (bytes[i] != '\n') {
			if (console->length + 1 < sizeof(console->typed))
				console->typed[console->length++] = bytes[i];
			continue;
		}
		console->typed[console->length] = '\0';
		console->length = 0;
		hear(console, console->typed);
	}
}

static void
take_signal(struct plain_console *console)
{
	struct signalfd_siginfo info;

	if (read(console->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGINT && console->signed_in != 0)
		return;
	console->end = true;
	console->exit = info.ssi_signo == SIGINT ? 130 : 0;
}

static void
turn(struct plain_console *console)
{
	/* Before the state was told there is nothing a line could mean. */
	bool listens = console->told && console->signed_in == 0 && !console->ended;
	struct pollfd fds[] = {
		{ .fd = console->signals, .events = POLLIN },
		{ .fd = engine_fd(console->engine), .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* whether anybody reads it */
		{ .fd = listens ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int64_t left = console->deadline - now();
	int wait = console->told ? -1 : left > 0 ? (int)(left / MILLISECOND) + 1 : 1000;

	if (poll(fds, sizeof(fds) / sizeof(fds[0]), wait) < 0)
		return;
	if (fds[0].revents != 0)
		take_signal(console);
	take_snapshot(console);
	if (listens && fds[3].revents != 0 && !console->end)
		take_input(console);
	console->end |= console->ended || (fds[2].revents & (POLLERR | POLLNVAL)) != 0;
}

/* Before the engine's thread is there, so that the signals are blocked in every thread. */
static int
catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int
run(struct plain_console *console, struct session *session)
{
	struct err err;

	if (!session_start(session, &err)) {
		page_say("poolshift: %s", err.text);
		return 2;
	}
	while (!console->end)
		turn(console);
	/* With its input at its end from the start it is a status, and fails as one. */
	if (console->ended && console->exit == 0 && !follow_is_whole(console->snapshot))
		return 1;
	return console->exit;
}

int
plain_console_run(struct options *options)
{
	struct plain_console console = { .settings = &options->settings,
					 .deadline = now() + VIEW_PATIENCE };
	struct session *session;
	struct err err;
	int code;

	session = session_open(&options->session, &options->settings, &err);
	if (session == NULL) {
		page_say("poolshift: %s", err.text);
		return err.code == ERR_INPUT || err.code == ERR_MISSING ? 2 : 1;
	}
	console.signals = catch_signals();
	console.engine = session_engine(session);
	lines_init(&console.lines);
	talk_init(&console.talk, isatty(STDIN_FILENO) != 0);
	progress_init(&console.progress, options->ascii);
	console.progress.bar = false;
	code = run(&console, session);
	if (console.snapshot != NULL)
		snapshot_free(console.snapshot);
	progress_release(&console.progress);
	lines_release(&console.lines);
	session_close(session);
	close(console.signals);
	return code;
}
