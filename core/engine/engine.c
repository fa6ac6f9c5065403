#include "core/engine/engine.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "core/base/die.h"
#include "core/engine/book.h"
#include "core/engine/choices.h"
#include "core/engine/derive.h"
#include "core/engine/discover.h"
#include "core/engine/events.h"
#include "core/engine/inbox.h"
#include "core/engine/inside.h"
#include "core/engine/inspect.h"
#include "core/engine/link.h"
#include "core/engine/named.h"
#include "core/engine/outbox.h"
#include "core/engine/outcome.h"
#include "core/engine/preflight.h"
#include "core/engine/publish.h"
#include "core/engine/run.h"
#include "core/engine/strangers.h"
#include "core/engine/tenure.h"
#include "core/engine/views.h"

#define EVENTS_A_TURN 2000         /* so that commands are heard in a flood of answers, too */
#define QUIT_WAIT     (3 * SECOND) /* for the write on its way */

struct thread {
	pthread_t id;
};

static const char *
text_of(struct engine *engine, const char *text)
{
	return arena_string(&engine->arena, text != NULL ? text : "");
}

struct engine *
engine_new(const struct engine_options *options)
{
	struct engine *engine = die_alloc(sizeof *engine);
	const struct engine_access *access = &options->access;

	engine->settings = options->settings;
	engine->transport = options->transport;
	engine->clock = options->clock;
	engine->seed = options->seed;
	arena_init(&engine->arena);
	engine->access = (struct engine_access){
		.context = text_of(engine, access->context),
		.server = text_of(engine, access->server),
		.user = text_of(engine, access->user),
		.ns = text_of(engine, access->ns),
		.insecure = access->insecure,
		.warnings = text_of(engine, access->warnings),
	};
	engine->self = options->self;
	engine->self.name = text_of(engine, options->self.name);
	engine->self.mark = text_of(engine, options->self.mark);
	engine->mono = clock_mono(&engine->clock);
	engine->wall = clock_wall(&engine->clock);
	engine->world = world_new();
	engine->inbox = inbox_new();
	engine->outbox = outbox_new();
	engine->events = events_new();
	engine->outcome = outcome_new();
	engine->link = link_new();
	engine->views = views_new();
	engine->named = named_new();
	engine->discover = discover_new();
	engine->strangers = strangers_new();
	engine->book = book_new();
	engine->tenure = tenure_new();
	engine->preflight = preflight_new();
	engine->choices = choices_new();
	engine->derive = derive_new();
	engine->run = run_new();
	engine->inspect = inspect_new();
	engine->publish = publish_new();
	return engine;
}

static void
end_thread(struct engine *engine)
{
	const struct command quit = { .kind = COMMAND_QUIT };

	if (engine->thread == NULL)
		return;
	engine_submit(engine, &quit);
	pthread_join(engine->thread->id, NULL);
	free(engine->thread);
	engine->thread = NULL;
}

void
engine_free(struct engine *engine)
{
	if (engine == NULL)
		return;
	end_thread(engine);
	run_free(engine, engine->run);
	book_free(engine, engine->book);
	tenure_free(engine, engine->tenure);
	preflight_free(engine, engine->preflight);
	views_free(engine->views);
	named_free(engine, engine->named);
	discover_free(engine, engine->discover);
	strangers_free(engine, engine->strangers);
	link_free(engine, engine->link);
	derive_free(engine->derive);
	choices_free(engine->choices);
	inspect_free(engine->inspect);
	publish_free(engine->publish);
	events_free(engine->events);
	outcome_free(engine->outcome);
	outbox_free(engine->outbox);
	inbox_free(engine->inbox);
	world_free(engine->world);
	arena_release(&engine->arena);
	free(engine);
}

/* Who asked gets the answer; what nobody waits for any more is dropped. */
static void
deliver(struct engine *engine, struct transport_event *event)
{
	link_saw(engine, event);
	if (run_take(engine, event) || views_take(engine, event) || link_take(engine, event) ||
	    named_take(engine, event) || tenure_take(engine, event) ||
	    preflight_take(engine, event) || strangers_take(engine, event))
		return;
	if (!book_take(engine, event))
		discover_take(engine, event);
}

/* In the simple procedure the plan knows pools that are gone, by the journal. */
static void
follow_plan(struct engine *engine)
{
	const struct plan *plan;

	if (engine->settings->path != PATH_SIMPLE)
		return;
	plan = derive_plan(engine);
	for (size_t i = 0; i < plan->pair_count; i++)
		views_follow(engine, plan->pairs[i].ns);
}

int64_t
engine_step(struct engine *engine)
{
	struct transport_event event;
	int64_t due;

	engine->mono = clock_mono(&engine->clock);
	engine->wall = clock_wall(&engine->clock);
	engine->world->mono = engine->mono;
	engine->world->wall = engine->wall;
	for (struct command *command; (command = inbox_take(engine->inbox)) != NULL;)
		run_command(engine, command);
	int taken = 0;
	for (; taken < EVENTS_A_TURN && engine->transport.collect(engine->transport.self, &event);
	     taken++) {
		deliver(engine, &event);
		transport_event_release(&event);
	}
	due = taken == EVENTS_A_TURN ? engine->mono : NEVER;
	due = inside_sooner(due, link_step(engine));
	follow_plan(engine);
	due = inside_sooner(due, views_step(engine));
	due = inside_sooner(due, named_step(engine));
	due = inside_sooner(due, discover_step(engine, views_in_question(engine)));
	due = inside_sooner(due, strangers_step(engine));
	due = inside_sooner(due, book_step(engine));
	due = inside_sooner(due, tenure_step(engine));
	due = inside_sooner(due, preflight_step(engine));
	due = inside_sooner(due, run_step(engine));
	return inside_sooner(due, publish_step(engine));
}

static void *
work(void *self)
{
	struct engine *engine = self;
	int64_t end = NEVER;

	for (;;) {
		int64_t due = engine_step(engine);

		if (engine->quit && end == NEVER)
			end = engine->mono + QUIT_WAIT;
		bool busy = run_in_flight(engine->run) || tenure_busy(engine);
		if (engine->quit && (!busy || engine->mono >= end))
			return NULL;
		engine->transport.wait(engine->transport.self, inside_sooner(due, end));
	}
}

bool
engine_start(struct engine *engine, struct err *err)
{
	sigset_t all, before;

	engine->thread = die_alloc(sizeof *engine->thread);
	sigfillset(&all);
	/* The new thread inherits the mask: signals are the caller's alone. */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&engine->thread->id, NULL, work, engine);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed == 0)
		return true;
	free(engine->thread);
	engine->thread = NULL;
	return err_set(err, ERR_SYSTEM,
		       "This system gives no thread: too many are running. End some programs and "
		       "try again.");
}

int
engine_fd(const struct engine *engine)
{
	return outbox_fd(engine->outbox);
}

int64_t
engine_submit(struct engine *engine, const struct command *command)
{
	int64_t serial = inbox_put(engine->inbox, command);

	engine->transport.wake(engine->transport.self);
	return serial;
}

struct snapshot *
engine_take(struct engine *engine)
{
	return outbox_take(engine->outbox);
}
