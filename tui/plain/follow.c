#include "tui/plain/follow.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tui/plain/page.h"

#define VIEW_PATIENCE   (20 * SECOND)
#define STOP_PATIENCE   (60 * SECOND) /* for the write in flight after SIGINT */
#define ANSWER_PATIENCE (10 * MINUTE)
#define TURN            (1 * SECOND) /* longest time between two looks at the deadlines */

static int64_t
now(void)
{
	struct clock clock = clock_system();

	return clock_mono(&clock);
}

/* Waits for a snapshot or a signal, at most until `deadline`. */
static void
follow_turn(struct follow *follow, int64_t deadline)
{
	struct engine *engine = session_engine(follow->session);
	struct pollfd fds[2] = {
		{ .fd = engine_fd(engine), .events = POLLIN },
		{ .fd = follow->signals, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	int64_t left = deadline - now();

	if (left > TURN)
		left = TURN;
	if (left > 0)
		(void)poll(fds, 2, (int)(left / MILLISECOND) + 1);
	if ((fds[1].revents & POLLIN) != 0 &&
	    read(follow->signals, &info, sizeof info) == (ssize_t)sizeof info)
		follow->interrupted = true;
	struct snapshot *newer = engine_take(engine);
	if (newer == NULL)
		return;
	if (follow->snapshot != NULL)
		snapshot_free(follow->snapshot);
	follow->snapshot = newer;
}

/* Without pools there is no namespace to follow the kinds around them in. */
static bool
kind_wanted(const struct snapshot *snapshot, enum kind kind)
{
	switch (kind_row(kind)->follow) {
	case FOLLOW_WATCH:
	case FOLLOW_NAMED:
		return true;
	case FOLLOW_POOLS:
		return snapshot->count[KIND_ALPHA_POOL] + snapshot->count[KIND_GA_POOL] > 0;
	case FOLLOW_POLL_POOLS:
	case FOLLOW_POLL:
		break;
	}
	return false;
}

static bool
view_known(const struct view *view)
{
	return view->listed || view->state == VIEW_FORBIDDEN || view->state == VIEW_NOT_INSTALLED ||
	       view->state == VIEW_BROKEN;
}

/* The first kind that is not known yet; KIND_COUNT when the view is whole. */
static enum kind
missing_kind(const struct snapshot *snapshot)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (kind_wanted(snapshot, kind) && !view_known(&snapshot->view[kind]))
			return kind;
	return KIND_COUNT;
}

bool
follow_is_whole(const struct snapshot *snapshot)
{
	return snapshot->link.state != LINK_STARTING && missing_kind(snapshot) == KIND_COUNT;
}

static bool
link_refuses(enum link_state state)
{
	return state == LINK_SIGN_IN || state == LINK_OTHER_CLUSTER || state == LINK_TLS ||
	       state == LINK_NOT_KUBERNETES;
}

static int
say_incomplete(const struct follow *follow)
{
	const struct snapshot *snapshot = follow->snapshot;

	if (snapshot == NULL) {
		page_say("poolshift: The cluster did not answer in time. Nothing was written; see "
			 "--request-timeout.");
		return 1;
	}
	if (*snapshot->link.text != '\0') {
		page_say("poolshift: %s", snapshot->link.text);
		return 1;
	}
	enum kind kind = missing_kind(snapshot);
	if (kind == KIND_COUNT)
		return 0;
	const struct kind_row *row = kind_row(kind);
	page_say("poolshift: %s (%s) was not listed in time. Nothing was written; see "
		 "--request-timeout. %s",
		 row->resource, row->group, snapshot->view[kind].reason);
	return 1;
}

/* Where a person sits at the terminal, a credential plugin that could ask is offered it. False: it
 * was not wanted, or did not help. */
static bool
follow_sign_in(struct follow *follow)
{
	const struct command sign_in = { .kind = COMMAND_SIGN_IN, .goal = PPM_UNKNOWN };
	int64_t serial;

	if (follow->snapshot->link.state != LINK_SIGN_IN || !follow->snapshot->link.may_log_in ||
	    isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
		return false;
	page_say("%s", follow->snapshot->link.text);
	if (!follow_ask(follow, "Sign in at this terminal"))
		return false;
	serial = engine_submit(session_engine(follow->session), &sign_in);
	while (follow->snapshot->link.signed_in < serial && !follow->interrupted)
		follow_turn(follow, NEVER);
	return follow->snapshot->link.state != LINK_SIGN_IN;
}

static bool
lease_known(const struct lease_view *lease)
{
	return lease->state != LEASE_VIEW_UNKNOWN || *lease->trouble != '\0';
}

static int
follow_view(struct follow *follow, const struct options *options)
{
	int64_t timeout = options->settings.request_timeout;
	int64_t patience = timeout > 0 ? timeout : VIEW_PATIENCE, deadline = now() + patience;

	for (;;) {
		const struct snapshot *snapshot = follow->snapshot;
		if (follow->interrupted)
			return 130;
		if (snapshot != NULL && link_refuses(snapshot->link.state)) {
			if (!follow_sign_in(follow))
				return follow->interrupted ? 130 : say_incomplete(follow);
			deadline = now() + patience;
			continue;
		}
		if (snapshot != NULL && follow_is_whole(snapshot) && lease_known(&snapshot->lease))
			return 0;
		if (now() >= deadline)
			return say_incomplete(follow);
		follow_turn(follow, deadline);
	}
}

/* Before the engine's thread is there, so that the signals are blocked in every thread. */
static int
catch_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int
follow_open(struct follow *follow, struct options *options)
{
	struct err err = { .code = ERR_NONE };

	*follow = (struct follow){ .signals = -1 };
	progress_init(&follow->progress, options->ascii);
	follow->session = session_open(&options->session, &options->settings, &err);
	if (follow->session == NULL) {
		page_say("poolshift: %s", err.text);
		return err.code == ERR_INPUT || err.code == ERR_MISSING ? 2 : 1;
	}
	follow->signals = catch_signals();
	if (!session_start(follow->session, &err)) {
		page_say("poolshift: %s", err.text);
		return 1;
	}
	int code = follow_view(follow, options);
	if (code == 0 && *follow->snapshot->link.warnings != '\0')
		page_say("%s", follow->snapshot->link.warnings);
	return code;
}

int
follow_command(struct follow *follow, const struct command *command)
{
	struct engine *engine = session_engine(follow->session);
	bool stopping = false;
	int64_t deadline = NEVER;

	progress_begin(&follow->progress, follow->snapshot);
	int64_t serial = engine_submit(engine, command);
	for (;;) {
		follow_turn(follow, deadline);
		progress_tell(&follow->progress, follow->snapshot);
		const struct outcome *outcome = &follow->snapshot->outcome;
		if (outcome->serial == serial) {
			progress_end(&follow->progress, outcome);
			return stopping && !outcome->ok ? 130 : outcome->exit;
		}
		if (outcome->serial > serial || now() >= deadline)
			return stopping ? 130 : 1;
		if (follow->interrupted && !stopping) {
			const struct command stop = { .kind = COMMAND_STOP, .goal = PPM_UNKNOWN };
			engine_submit(engine, &stop);
			stopping = true;
			deadline = now() + STOP_PATIENCE;
			page_say("Stopping: the write in flight is finished first.");
		}
	}
}

bool
follow_ask(struct follow *follow, const char *question)
{
	char answer[16] = "";
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = follow->signals, .events = POLLIN },
	};

	page_say("%s? [y/N]", question);
	if (poll(fds, 2, (int)(ANSWER_PATIENCE / MILLISECOND)) <= 0)
		return false;
	if (fds[1].revents != 0) {
		follow->interrupted = true;
		return false;
	}
	ssize_t length = read(STDIN_FILENO, answer, sizeof answer - 1);
	return length > 0 && (strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0);
}

void
follow_close(struct follow *follow)
{
	if (follow->snapshot != NULL)
		snapshot_free(follow->snapshot);
	if (follow->session != NULL)
		session_close(follow->session);
	if (follow->signals >= 0)
		close(follow->signals);
	progress_release(&follow->progress);
	*follow = (struct follow){ .signals = -1 };
}
