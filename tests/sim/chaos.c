#include "tests/sim/chaos.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/diff.h"
#include "core/base/text.h"
#include "tests/sim/crew.h"
#include "tests/sim/folder.h"

#define TRIES   4              /* how often a person gives a command again */
#define SETTLE  (4 * SECOND)   /* for controllers, before the cluster is compared */
#define STORM   (300 * SECOND) /* then nothing goes wrong any more */
#define CALM    (90 * SECOND)  /* longer than a view waits for an answer */
#define FAULTS  8              /* most in one run */
#define SPREAD  600            /* requests among which they are */
#define ACTIONS 3              /* of the stranger, at most */

#define ROUTE "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/llm-route"
#define GA_POOL                                                                   \
	"/apis/inference.networking.k8s.io/v1/namespaces/default/inferencepools/" \
	"vllm-llama3-8b-instruct-ga"
#define ALPHA_POOLS "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/default/inferencepools"
#define ALPHA_POOL  ALPHA_POOLS "/vllm-llama3-8b-instruct"
#define ALPHA_BODY                                                                         \
	"{\"apiVersion\":\"inference.networking.x-k8s.io/v1alpha2\",\"kind\":"             \
	"\"InferencePool\",\"metadata\":{\"name\":\"vllm-llama3-8b-instruct\"},\"spec\":{" \
	"\"targetPortNumber\":8000,\"selector\":{\"app\":\"vllm-llama3-8b-instruct\"},"    \
	"\"extensionRef\":{\"name\":\"vllm-llama3-8b-instruct-epp\"}}}"

struct operator
{ /* somebody at a console */
	bool takes_part;
	struct command command;
	int64_t serial; /* 0: no command is under way */
	int64_t due;    /* mono ns of the next thing they do; NEVER: nothing more */
	int64_t dies;   /* mono ns when the program is killed; NEVER */
	int tries;
};

struct running {
	uint64_t seed, random;
	const struct sim_case *on;
	const char *end; /* of the cluster when nothing goes wrong */
	struct sim *sim;
	bool loud;
	int faults;            /* still to be put */
	int64_t acts[ACTIONS]; /* mono ns when the stranger does something */
	size_t act_count;
	bool annotated, moved, hurt; /* by the stranger: a note, the weights, the service */
	struct operator operators[SIM_CONSOLES];
	int64_t checks, asked_again, put;
};

static const struct command apply = { .kind = COMMAND_APPLY,
				      .step = STEP_COUNT,
				      .goal = PPM_UNKNOWN };
static const struct command back = {
	.kind = COMMAND_ROLLBACK, .step = STEP_COUNT, .goal = PPM_UNKNOWN, .extent = ROLLBACK_ALL
};

/* splitmix64: below `range`. */
static uint64_t
any(struct running *r, uint64_t range)
{
	uint64_t z = (r->random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % range;
}

static int64_t
later(struct running *r, int64_t most)
{
	return sim_mono(r->sim) + (int64_t)any(r, (uint64_t)most);
}

__attribute__((format(printf, 2, 3))) static void
tell(const struct running *r, const char *format, ...)
{
	va_list args;

	if (!r->loud)
		return;
	printf("%9.3f s  ", (double)sim_mono(r->sim) / 1e9 - 1000);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static void
on_request(void *self, const struct sim_request *request)
{
	struct running *r = self;
	size_t fault;

	if (request->write)
		tell(r, "console %d sends %s %s", request->console, request->method, request->path);
	/* A write is worth more than what only asks. */
	if (r->faults == 0 || any(r, request->write ? 8 : SPREAD / FAULTS) != 0)
		return;
	fault = any(r, sim_fault_count());
	if (!sim_fault_applies(fault, request))
		return;
	r->faults--;
	r->put++;
	tell(r, "request %d of console %d, %s %s: %s", request->number, request->console,
	     request->method, request->path, sim_fault_name(fault));
	sim_fault_now(r->sim, fault);
}

static void
annotate(struct running *r)
{
	r->annotated =
		sim_send(r->sim, "PATCH", ROUTE, "application/merge-patch+json",
			 "{\"metadata\":{\"annotations\":{\"example.com/note\":\"seen\"}}}") ==
			200 ||
		r->annotated;
}

/* Of one that has traffic: to give some to a pool that cannot serve would be theirs to answer
 * for. */
static void
move_weight(struct running *r)
{
	int weight = 1 + (int)any(r, 100), place = sim_first_weighted(r->sim);
	char body[200];

	snprintf(body, sizeof body,
		 "[{\"op\":\"add\",\"path\":\"/spec/rules/0/backendRefs/%d/weight\",\"value\":%d}]",
		 place, weight);
	r->moved = sim_send(r->sim, "PATCH", ROUTE, "application/json-patch+json", body) == 200 ||
		   r->moved;
}

static void
delete_ga(struct running *r)
{
	sim_strangers(r->sim);
	r->hurt = sim_send(r->sim, "DELETE", GA_POOL, NULL, NULL) / 100 == 2 || r->hurt;
}

static void
recreate_alpha(struct running *r)
{
	sim_strangers(r->sim);
	if (sim_send(r->sim, "DELETE", ALPHA_POOL, NULL, NULL) / 100 != 2)
		return;
	r->hurt = true;
	sim_send(r->sim, "POST", ALPHA_POOLS, "application/json", ALPHA_BODY);
}

/* What somebody with kubectl does in the middle of it. */
static const struct {
	const char *name;
	void (*act)(struct running *r);
} actions[] = {
	{ "annotates the route", annotate },
	{ "moves a weight", move_weight },
	{ "deletes the GA pool", delete_ga },
	{ "makes the alpha pool anew", recreate_alpha },
};

static void
strange(struct running *r)
{
	for (size_t i = 0; i < r->act_count; i++) {
		size_t action;

		if (r->acts[i] > sim_mono(r->sim))
			continue;
		r->acts[i] = NEVER;
		action = any(r, sizeof actions / sizeof *actions);
		tell(r, "somebody %s", actions[action].name);
		actions[action].act(r);
	}
}

static void
told(struct running *r, int console, const struct outcome *outcome)
{
	const struct snapshot *snapshot = sim_snapshot(r->sim, console);

	for (size_t i = 0; r->loud && snapshot != NULL && i < snapshot->event_count; i++)
		printf("    %s\n", snapshot->events[i].text);
	tell(r, "console %d: %s", console, outcome == NULL ? "no end" : outcome->text);
}

/* They give their command, hear how it ended, give it again, change their mind. */
static void
work(struct running *r, int console)
{
	struct operator* who = & r->operators[console];
	const struct snapshot *snapshot = sim_snapshot(r->sim, console);

	if (sim_killed(r->sim, console) || sim_mono(r->sim) >= who->dies) {
		tell(r, "console %d is killed", console);
		who->dies = NEVER;
		sim_kill(r->sim, console);
		who->serial = 0;
		who->due = later(r, 5 * SECOND);
		return;
	}
	if (who->serial != 0 && snapshot != NULL && snapshot->outcome.serial == who->serial) {
		told(r, console, &snapshot->outcome);
		who->serial = 0;
		who->due =
			who->tries < TRIES && !snapshot->outcome.ok ? later(r, 20 * SECOND) : NEVER;
	}
	if (who->serial == 0 && sim_mono(r->sim) >= who->due) {
		who->tries++;
		tell(r, "console %d gives %s", console,
		     who->command.kind == COMMAND_APPLY ? "apply" : "rollback --all");
		who->serial = sim_submit(r->sim, console, &who->command);
	}
}

static bool
is_over(const struct running *r)
{
	for (int i = 0; i < SIM_CONSOLES; i++)
		if (r->operators[i].serial != 0 || r->operators[i].due != NEVER)
			return false;
	return true;
}

static void
storm(struct running *r)
{
	int64_t end = sim_mono(r->sim) + STORM;

	sim_watch(r->sim, on_request, r);
	while (sim_mono(r->sim) < end && !is_over(r) && *sim_wrong(r->sim) == '\0') {
		strange(r);
		for (int i = 0; i < SIM_CONSOLES; i++)
			if (r->operators[i].takes_part)
				work(r, i);
		sim_turn(r->sim);
	}
	sim_watch(r->sim, NULL, NULL);
}

/* One fresh console, to the end, as often as a person would. */
static bool
end_with(struct running *r, const struct command *command)
{
	const struct outcome *outcome = NULL;
	bool stops = r->hurt; /* what a stranger has broken may be theirs to mend */

	for (int i = 0; i < TRIES && *sim_wrong(r->sim) == '\0'; i++) {
		tell(r, "at the end, console 0 gives %s",
		     command->kind == COMMAND_APPLY ? "apply" : "rollback --all");
		outcome = sim_do(r->sim, 0, command);
		told(r, 0, outcome);
		if (outcome == NULL)
			break;
		if (outcome->ok)
			return true;
		if (i > 0)
			r->asked_again++;
		/* The other operator emptied a route, and has the journal that knows of what. */
		if (sim_has_written(r->sim, 1) &&
		    strstr(outcome->text, "is not in this journal") != NULL)
			sim_mend_by_hand(r->sim);
		sim_pass(r->sim, SETTLE);
	}
	if (outcome == NULL || !stops)
		sim_say_wrong(r->sim, "%s did not come to its end: %s",
			      command->kind == COMMAND_APPLY ? "the migration" : "the way back",
			      outcome == NULL ? "no answer" : outcome->text);
	return false;
}

static void
compare(struct running *r, const char *what, const char *wanted)
{
	struct buf diff;
	char *state;

	if (r->annotated)
		sim_send(r->sim, "PATCH", ROUTE, "application/merge-patch+json",
			 "{\"metadata\":{\"annotations\":null}}");
	sim_pass(r->sim, SETTLE);
	state = sim_state(r->sim);
	r->checks++;
	if (strcmp(state, wanted) != 0) {
		buf_init(&diff, 1 * BUF_MIB);
		diff_unified(&diff, what, wanted, "now", state);
		sim_say_wrong(r->sim, "the cluster is not as it should be:\n%s", diff.bytes);
		buf_release(&diff);
	}
	free(state);
}

/* Who else has written has a journal of their own: a way back needs both, and only both know what
 * a way back that was broken off has left. */
static void
calm(struct running *r, const char *start)
{
	bool alone = !sim_has_written(r->sim, 1), returns = any(r, 2) == 0 && alone;

	for (int i = 0; i < SIM_CONSOLES; i++)
		sim_kill(r->sim, i);
	sim_make_room(r->sim);
	sim_pass(r->sim, CALM);
	if (end_with(r, returns ? &back : &apply) && alone && !r->moved && !r->hurt)
		compare(r, returns ? "at the start" : "without a fault", returns ? start : r->end);
	for (int i = 0; i < SIM_CONSOLES; i++)
		if (sim_snapshot(r->sim, i) != NULL)
			sim_check_journal(r->sim, i);
}

static void
plan(struct running *r)
{
	r->faults = (int)any(r, FAULTS + 1);
	r->act_count = any(r, 2) == 0 ? 0 : 1 + any(r, ACTIONS);
	for (size_t i = 0; i < r->act_count; i++)
		r->acts[i] = later(r, 40 * SECOND);
	for (int i = 0; i < SIM_CONSOLES; i++) {
		struct operator* who = & r->operators[i];

		who->takes_part = i == 0 || any(r, 2) == 0;
		who->command = i == 0 || any(r, 2) == 0 ? apply : back;
		who->due = !who->takes_part ? NEVER : i == 0 ? 0 : later(r, 40 * SECOND);
		who->dies = any(r, 3) == 0 ? later(r, 40 * SECOND) : NEVER;
	}
}

static const struct sim_case *
case_of(uint64_t seed)
{
	size_t count;
	const struct sim_case *cases = sim_cases(&count);

	return &cases[seed % count];
}

/* The cluster at the end of a migration without a fault; the caller frees. */
static char *
look_ahead(const struct sim_case *on)
{
	struct sim *sim = sim_new(on, 1);
	char *end;

	sim_prepare(sim);
	sim_do(sim, 0, &apply);
	sim_pass(sim, SETTLE);
	end = sim_state(sim);
	sim_free(sim);
	return end;
}

static void
run(struct running *r)
{
	char *start;

	r->random = r->seed;
	r->on = case_of(r->seed);
	r->sim = sim_new(r->on, 1);
	sim_pass(r->sim, SETTLE);
	start = sim_state(r->sim);
	sim_prepare(r->sim);
	plan(r);
	storm(r);
	if (*sim_wrong(r->sim) == '\0')
		calm(r, start);
	free(start);
}

bool
chaos(uint64_t first, uint64_t count, struct explore_tally *tally)
{
	struct crew *crew;
	size_t cases;
	bool well;
	char **ends;

	sim_cases(&cases);
	ends = die_alloc(cases * sizeof *ends);
	if (!folder_enter())
		die("No folder for the journals can be made.");
	crew = crew_new();
	for (uint64_t seed = first; seed < first + count; seed++) {
		size_t at = (size_t)(case_of(seed) - sim_cases(&cases));
		struct running r = { .seed = seed };
		char title[100];

		if (ends[at] == NULL)
			ends[at] = look_ahead(case_of(seed));
		r.end = ends[at];
		snprintf(title, sizeof title, "seed %llu (repeat: tests/sim/test_sim_random %llu)",
			 (unsigned long long)seed, (unsigned long long)seed);
		if (!crew_fork(crew, title))
			continue;
		run(&r);
		if (*sim_wrong(r.sim) != '\0')
			crew_fail(crew, title, sim_wrong(r.sim));
		crew_add(crew, &(struct explore_tally){ .runs = 1,
							.faults = r.put,
							.sent = sim_requests(r.sim),
							.checks = r.checks + sim_checks(r.sim),
							.asked_again = r.asked_again });
		crew_exit(crew);
	}
	crew_wait(crew);
	crew_tell(crew);
	*tally = crew_tally(crew);
	well = tally->failures == 0;
	crew_free(crew);
	for (size_t i = 0; i < cases; i++)
		free(ends[i]);
	free(ends);
	folder_leave();
	return well;
}

bool
chaos_repeat(uint64_t seed)
{
	struct running r = { .seed = seed, .loud = true };
	char *end;
	bool well;

	if (!folder_enter())
		return false;
	r.end = end = look_ahead(case_of(seed));
	run(&r);
	free(end);
	well = *sim_wrong(r.sim) == '\0';
	printf("%s: %s\n", r.on->name, well ? "nothing was wrong" : sim_wrong(r.sim));
	sim_free(r.sim);
	folder_leave();
	return well;
}
