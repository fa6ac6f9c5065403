/* Freezing and thawing: the annotation on the Lease that stops everybody's writes. */
#include <stdio.h>

#include "core/engine/events.h"
#include "core/engine/outcome.h"
#include "core/engine/tenure_inside.h"

#define TRIES 5

static void
ended(struct engine *engine, enum err_code code, const char *text)
{
	struct tenure *tenure = engine->tenure;

	outcome_tell(engine, tenure->freeze_serial, code, text);
	events_add(engine, code == ERR_NONE ? EVENT_DONE : EVENT_ERROR, STEP_COUNT, "", "%s", text);
	tenure->freeze_serial = 0;
	tenure->moves++;
}

static void
tell_done(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;
	bool changed = tenure->freeze_tries > 0;
	char text[1200], said[1000];

	if (tenure->freeze_on)
		snprintf(text, sizeof text, "%s%s.", changed ? "" : "Already so: ",
			 lease_say_freeze(&tenure->lease, said, sizeof said));
	else
		snprintf(text, sizeof text, "%s",
			 changed ? "Writing to this cluster is allowed again."
				 : "Nothing to do: writing to this cluster is not frozen.");
	ended(engine, ERR_NONE, text);
}

void
tenure_freeze_step(struct engine *engine)
{
	struct tenure *tenure = engine->tenure;
	bool read = tenure->looked >= tenure->freeze_began;

	if (read && tenure->denied)
		ended(engine, ERR_DENIED, tenure->trouble);
	else if (read && !tenure->unsure && tenure->lease.frozen == tenure->freeze_on)
		tell_done(engine);
	else if (engine->mono - tenure->freeze_began >= TENURE_PATIENCE)
		ended(engine, ERR_NETWORK,
		      tenure->trouble[0] != '\0' ? tenure->trouble
						 : LEASE_TITLE " could not be read.");
	else if (read && !tenure->unsure && tenure->freeze_tries >= TRIES)
		ended(engine, ERR_CONFLICT,
		      LEASE_TITLE " is changed by others again and again. Try again.");
	else if (read && !tenure->unsure) {
		tenure->freeze_tries++;
		tenure_start(engine, tenure->freeze_on ? TENURE_FREEZE : TENURE_THAW);
	}
}

void
tenure_freeze(struct engine *engine, const struct command *command)
{
	struct tenure *tenure = engine->tenure;
	const struct settings *settings = engine->settings;
	const char *reason = command->text != NULL ? command->text : settings->reason;

	if (settings->read_only || settings->dry_run) {
		outcome_tell(engine, command->serial, ERR_DENIED,
			     settings->read_only ? "Read-only: nothing is written."
						 : "Dry run: nothing was changed.");
		return;
	}
	if (tenure->freeze_serial != 0)
		ended(engine, ERR_CANCELLED, "Given up for another.");
	tenure->freeze_serial = command->serial;
	tenure->freeze_on = command->kind == COMMAND_FREEZE;
	inside_copy(tenure->freeze_reason, sizeof tenure->freeze_reason,
		    reason != NULL ? reason : "");
	tenure->freeze_tries = 0;
	tenure->freeze_began = engine->mono;
	tenure->due = engine->mono;
}
