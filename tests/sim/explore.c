#include "tests/sim/explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/diff.h"
#include "core/base/die.h"
#include "tests/sim/crew.h"
#include "tests/sim/folder.h"

#define TRIES  3            /* how often a person gives a command again */
#define SETTLE (4 * SECOND) /* for controllers, before the cluster is compared */

static const char *const way_names[] = { [WAY_FORTH] = "forth", [WAY_BACK] = "back" };
static const char *const after_names[] = { [AFTER_SAME] = "same",
					   [AFTER_FRESH] = "fresh",
					   [AFTER_LOST] = "lost",
					   [AFTER_OTHER] = "other" };

struct exploring {
	const struct sim_case *on;
	enum explore_way way;
	struct sim *sim;
	struct crew *crew;
	char *start, *end; /* of the run without a fault */
	uint64_t start_print, end_print;
	int begun;   /* requests before the way */
	int request; /* of the fault, counted from the way's first */
	size_t fault;
	enum explore_after after;
	bool afters[AFTER_COUNT]; /* which of them are wanted */
	bool all;
	int stride;  /* only every so many requests */
	size_t turn; /* of requests with faults */
	bool copy;   /* of the process: the fault has been put */
	bool loud;   /* tells what happens */
	struct explore_tally tally;
};

static const struct command apply = { .kind = COMMAND_APPLY,
				      .step = STEP_COUNT,
				      .goal = PPM_UNKNOWN };
static const struct command back = {
	.kind = COMMAND_ROLLBACK, .step = STEP_COUNT, .goal = PPM_UNKNOWN, .extent = ROLLBACK_ALL
};

static void
tell(const struct exploring *x, const char *what, const struct outcome *outcome)
{
	const struct snapshot *snapshot = sim_snapshot(x->sim, 0);

	if (!x->loud)
		return;
	for (size_t i = 0; snapshot != NULL && i < snapshot->event_count; i++)
		printf("  %s\n", snapshot->events[i].text);
	printf("%s at %.3f s: %s\n", what, (double)sim_mono(x->sim) / 1e9 - 1000,
	       outcome == NULL ? "no end" : outcome->text);
}

static void
make_title(const struct exploring *x, const char *after, char *title, size_t size)
{
	snprintf(title, size, "%s %s %d %s %s", x->on->name, way_names[x->way], x->request,
		 sim_fault_name(x->fault), after);
}

/* As often as a person would. The first time it must go well, unless `may_stop`. */
static void
give(struct exploring *x, const struct command *command, bool may_stop)
{
	const struct outcome *outcome = NULL;
	char why[600] = "";

	for (int i = 0; i < TRIES && !sim_killed(x->sim, 0); i++) {
		outcome = sim_do(x->sim, 0, command);
		tell(x, command->kind == COMMAND_APPLY ? "apply" : "rollback", outcome);
		if (outcome != NULL && outcome->ok)
			return;
		snprintf(why, sizeof why, "%s", outcome == NULL ? "no end" : outcome->text);
		if (!may_stop)
			break;
		x->tally.asked_again++;
	}
	sim_say_wrong(x->sim, "%s did not come to its end: %s",
		      command->kind == COMMAND_APPLY ? "the migration" : "the way back", why);
}

static bool
stops_for_a_route(const struct outcome *outcome)
{
	return outcome != NULL && !outcome->ok &&
	       strstr(outcome->text, "is not in this journal") != NULL;
}

/* What was detached is known to the lost journal alone: the simple procedure may stop for a
 * route left empty with that sentence, with a copy of everything that is gone; never does it end
 * well over one. When routes and grants were put right by hand, it goes on to the end. */
static void
give_without_journal(struct exploring *x)
{
	const struct outcome *outcome = sim_do(x->sim, 0, &apply);

	tell(x, "apply without the journal", outcome);
	if (!x->on->downtime) {
		if (outcome == NULL || !outcome->ok)
			sim_say_wrong(x->sim,
				      "the migration did not come to its end without its journal: "
				      "%s",
				      outcome == NULL ? "no end" : outcome->text);
		return;
	}
	for (int i = 0; i < TRIES && stops_for_a_route(outcome); i++) {
		sim_check_copies(x->sim, 0);
		x->tally.mended++;
		sim_mend_by_hand(x->sim);
		sim_pass(x->sim, SETTLE);
		outcome = sim_do(x->sim, 0, &apply);
		tell(x, "apply, mended", outcome);
	}
	if (outcome == NULL || !outcome->ok)
		sim_say_wrong(x->sim, "it did not come to its end without its journal: %s",
			      outcome == NULL ? "no end" : outcome->text);
	else if (sim_route_is_empty(x->sim))
		sim_say_wrong(x->sim, "it ended well, and a route has no backend");
	/* A rule that has another backend left shows nothing. */
	if (x->on->everything) {
		sim_mend_by_hand(x->sim);
		sim_pass(x->sim, SETTLE);
		give(x, &apply, false);
	}
}

static void
compare(struct exploring *x, bool forth)
{
	char *state;
	struct buf diff;

	sim_pass(x->sim, SETTLE);
	x->tally.checks++;
	if (sim_same(x->sim) == (forth ? x->end_print : x->start_print))
		return;
	state = sim_state(x->sim);
	buf_init(&diff, 1 * BUF_MIB);
	diff_unified(&diff, forth ? "without a fault" : "at the start", forth ? x->end : x->start,
		     "now", state);
	sim_say_wrong(x->sim, "the cluster is not as it should be:\n%s", diff.bytes);
	buf_release(&diff);
	free(state);
}

/* From the fault to the end, and what has come of it. */
static void
finish(struct exploring *x, enum explore_after after, const struct outcome *outcome)
{
	bool forth = x->way == WAY_FORTH;

	if (after == AFTER_OTHER)
		forth = !forth;
	if (after == AFTER_LOST) {
		/* Who has lost it has taken longer to find out. */
		sim_let_late_ones_come(x->sim);
		sim_lose_journal(x->sim, 0);
		sim_make_room(x->sim);
		give_without_journal(x);
	} else if (after != AFTER_SAME) {
		give(x, forth ? &apply : &back, false);
	} else if (outcome == NULL || !outcome->ok) {
		if (!sim_fault_may_stop(x->fault) && !sim_program_failed(x->sim))
			sim_say_wrong(x->sim, "it stopped: %s",
				      outcome == NULL ? "no end" : outcome->text);
		x->tally.asked_again++;
		sim_pass(x->sim, SETTLE);
		give(x, forth ? &apply : &back, true);
	}
	sim_make_room(x->sim);
	compare(x, forth);
	sim_check_journal(x->sim, 0);
}

static void
count_run(struct exploring *x, const char *after)
{
	char title[200];

	make_title(x, after, title, sizeof title);
	if (*sim_wrong(x->sim) != '\0')
		crew_fail(x->crew, title, sim_wrong(x->sim));
	x->tally.runs = 1;
	x->tally.faults = 1;
	x->tally.sent = sim_requests(x->sim);
	x->tally.checks += sim_checks(x->sim);
	crew_add(x->crew, &x->tally);
}

/* Without a journal there is no way back, nobody knows what of a release was there before helm was
 * broken off, nor what it was made of. */
static bool
is_wanted(const struct exploring *x, enum explore_after after)
{
	return x->afters[after] && (after != AFTER_LOST || !(x->way == WAY_BACK || x->on->upgrade ||
							     sim_release_is_half(x->sim)));
}

/* It is wanted, and nothing known goes on as that would. */
static bool
is_new(const struct exploring *x, enum explore_after after, uint64_t print)
{
	const struct explore_tally known = { .runs = 1, .faults = 1, .known = 1 };

	if (!is_wanted(x, after))
		return false;
	if (crew_first(x->crew, print * (AFTER_COUNT * 2) + (uint64_t)(after * 2 + x->way)))
		return true;
	crew_add(x->crew, &known);
	return false;
}

static void
branch(struct exploring *x, enum explore_after after)
{
	char title[200];

	make_title(x, after_names[after], title, sizeof title);
	if (!crew_fork_and_wait(x->crew, title))
		return;
	finish(x, after, NULL);
	count_run(x, after_names[after]);
	crew_exit(x->crew);
}

/* Another console where one was killed, which knows its journal, before it is told anything. */
static void
open_another(struct exploring *x)
{
	sim_make_room(x->sim);
	sim_look_around(x->sim, 0);
}

/* Killed where it stands: once for each way to go on, unless that is known. */
static void
killed(struct exploring *x)
{
	uint64_t print = sim_print(x->sim, 0);
	bool lost = is_new(x, AFTER_LOST, print), fresh = is_new(x, AFTER_FRESH, print),
	     other = is_new(x, AFTER_OTHER, print);

	if (!lost && !fresh && !other)
		return;
	sim_kill(x->sim, 0);
	if (lost)
		branch(x, AFTER_LOST);
	if (!fresh && !other)
		return;
	open_another(x);
	if (fresh)
		branch(x, AFTER_FRESH);
	if (other)
		branch(x, AFTER_OTHER);
}

/* A write gets every fault, and the program is killed at every request. What only asks gets the
 * others in turn, each at every eighth place, unless all are wanted. */
static bool
is_left_out(const struct exploring *x, const struct sim_request *request, size_t fault)
{
	return !x->all && !request->write && !sim_fault_kills(fault) && (x->turn + fault) % 8 != 0;
}

/* To be killed over a slow answer is to be killed later. */
static bool
is_the_same(const struct sim_request *request, size_t fault, bool stop)
{
	return stop && !request->write && sim_fault_is_slow(fault);
}

static void
on_request(void *self, const struct sim_request *request)
{
	struct exploring *x = self;

	x->request = request->number - x->begun;
	if (x->request % x->stride != 0)
		return;
	x->turn++;
	sim_print(x->sim, 0); /* the copies need to read no more of the journal than what is new */
	for (size_t fault = 0; fault < sim_fault_count(); fault++)
		for (int stop = sim_fault_kills(fault) || !x->afters[AFTER_SAME]; stop < 2;
		     stop++) {
			char title[200];

			if (!sim_fault_applies(fault, request))
				continue;
			if (is_left_out(x, request, fault) || is_the_same(request, fault, stop))
				continue;
			x->fault = fault;
			make_title(x, stop ? "killed" : "same", title, sizeof title);
			if (!crew_fork(x->crew, title))
				continue;
			x->copy = true;
			x->after = stop ? AFTER_FRESH : AFTER_SAME;
			sim_watch(x->sim, NULL, NULL);
			sim_fault_now(x->sim, fault);
			if (stop)
				sim_stop_when_heard(x->sim);
			return;
		}
}

static void
run_copy(struct exploring *x, const struct outcome *outcome)
{
	if (x->after == AFTER_SAME) {
		finish(x, AFTER_SAME, outcome);
		count_run(x, "same");
	} else {
		killed(x);
	}
	crew_exit(x->crew);
}

/* Up to where the way begins. */
static void
begin(struct exploring *x)
{
	const struct outcome *outcome;

	x->sim = sim_new(x->on, 1);
	sim_pass(x->sim, SETTLE);
	x->start = sim_state(x->sim);
	x->start_print = sim_same(x->sim);
	sim_prepare(x->sim);
	x->begun = sim_requests(x->sim);
	if (x->way == WAY_FORTH)
		return;
	outcome = sim_do(x->sim, 0, &apply);
	if (outcome == NULL || !outcome->ok)
		sim_say_wrong(x->sim, "%s", outcome == NULL ? "no end" : outcome->text);
	x->end = sim_state(x->sim);
	x->end_print = sim_same(x->sim);
	x->begun = sim_requests(x->sim);
}

static void
release(struct exploring *x)
{
	sim_free(x->sim);
	free(x->start);
	free(x->end);
}

/* What it looks like at the end of the migration without a fault. */
static void
look_ahead(struct exploring *x)
{
	struct exploring ahead = { .on = x->on, .way = WAY_BACK, .crew = x->crew };

	begin(&ahead);
	x->end = die_strdup(ahead.end);
	x->end_print = ahead.end_print;
	if (*sim_wrong(ahead.sim) != '\0')
		crew_fail(x->crew, "without a fault", sim_wrong(ahead.sim));
	release(&ahead);
}

/* `make check` is run by three builds one after the other, and one of them sees it all. */
static int
stride_of(const struct exploring *x, enum explore_part part)
{
	const char *asked = getenv("SIM_STRIDE");
	int stride = asked != NULL ? atoi(asked) : 1;

	if (getenv("SIM_ALL") != NULL)
		return stride > 0 ? stride : 1;
#ifdef __SANITIZE_ADDRESS__
	stride = stride > 71 ? stride : 71;
#endif
	return part == PART_SHARE && x->on->stride > stride ? x->on->stride : stride;
}

static bool
explore_case(struct exploring *x, struct explore_tally *tally)
{
	const struct outcome *outcome;
	bool well;

	if (!folder_enter())
		die("No folder for the journals can be made.");
	x->crew = crew_new();
	if (x->way == WAY_FORTH)
		look_ahead(x);
	begin(x);
	sim_watch(x->sim, on_request, x);
	outcome = sim_do(x->sim, 0, x->way == WAY_FORTH ? &apply : &back);
	if (x->copy)
		run_copy(x, outcome);
	sim_watch(x->sim, NULL, NULL);
	if (outcome == NULL || !outcome->ok)
		sim_say_wrong(x->sim, "%s", outcome == NULL ? "no end" : outcome->text);
	compare(x, x->way == WAY_FORTH);
	sim_check_journal(x->sim, 0);
	crew_wait(x->crew);
	if (*sim_wrong(x->sim) != '\0')
		crew_fail(x->crew, "without a fault", sim_wrong(x->sim));
	crew_tell(x->crew);
	*tally = crew_tally(x->crew);
	tally->requests = sim_requests(x->sim) - x->begun;
	well = tally->failures == 0;
	release(x);
	crew_free(x->crew);
	folder_leave();
	return well;
}

static void
tell_case(const struct exploring *x, const struct explore_tally *tally, double seconds)
{
	printf("# %s %s: %lld requests, %lld faults put, %lld runs (%lld of them killed where "
	       "another was), %lld requests sent, %lld invariants checked, %lld commands given "
	       "again, %lld routes mended by hand, %lld failures, %.1f s\n",
	       x->on->name, way_names[x->way], (long long)tally->requests, (long long)tally->faults,
	       (long long)tally->runs, (long long)tally->known, (long long)tally->sent,
	       (long long)tally->checks, (long long)tally->asked_again, (long long)tally->mended,
	       (long long)tally->failures, seconds);
}

bool
explore(enum explore_part part, enum explore_way way)
{
	struct clock real = clock_system();
	const char *only = getenv("SIM_CASE");
	size_t count;
	const struct sim_case *cases = sim_cases(&count);
	bool well = true;

	for (size_t i = 0; i < count; i++) {
		struct exploring x = { .on = &cases[i], .way = way };
		struct explore_tally tally = { 0 };
		int64_t began = clock_mono(&real);

		if ((only != NULL && *only != '\0' && strcmp(only, cases[i].name) != 0) ||
		    (part == PART_WHOLE && !cases[i].whole))
			continue;
		x.stride = stride_of(&x, part);
		x.all = part == PART_WHOLE || getenv("SIM_ALL") != NULL;
		x.afters[AFTER_FRESH] = x.afters[AFTER_OTHER] =
			cases[i].whole == (part == PART_WHOLE);
		x.afters[AFTER_SAME] = x.afters[AFTER_LOST] = part == PART_SHARE;
		well = explore_case(&x, &tally) && well;
		tell_case(&x, &tally, (double)(clock_mono(&real) - began) / 1e9);
	}
	return well;
}

static size_t
place_of(const char *const *names, size_t count, const char *name)
{
	size_t at = 0;

	while (at < count && strcmp(names[at], name) != 0)
		at++;
	return at;
}

bool
explore_repeat(char *const words[5])
{
	struct exploring x = { .on = sim_case_by_name(words[0]), .loud = true };
	size_t way = place_of(way_names, 2, words[1]),
	       after = place_of(after_names, AFTER_COUNT, words[4]);
	const struct outcome *outcome;
	bool well;

	x.fault = sim_fault_by_name(words[3]);
	x.request = atoi(words[2]);
	if (x.on == NULL || way == 2 || after == AFTER_COUNT || x.fault == sim_fault_count() ||
	    !folder_enter())
		return false;
	x.way = (enum explore_way)way;
	x.crew = crew_new();
	if (way == WAY_FORTH)
		look_ahead(&x);
	begin(&x);
	sim_fault_at(x.sim, x.begun + x.request, x.fault);
	if (after != AFTER_SAME)
		sim_stop_when_heard(x.sim);
	outcome = sim_do(x.sim, 0, way == WAY_FORTH ? &apply : &back);
	tell(&x, "up to the fault", outcome);
	if (after != AFTER_SAME)
		sim_kill(x.sim, 0);
	if (after == AFTER_FRESH || after == AFTER_OTHER)
		open_another(&x);
	finish(&x, (enum explore_after)after, outcome);
	well = *sim_wrong(x.sim) == '\0';
	printf("%s\n", well ? "nothing was wrong" : sim_wrong(x.sim));
	release(&x);
	crew_free(x.crew);
	folder_leave();
	return well;
}
