#include "core/model/plan.h"

#include <stdio.h>
#include <string.h>

static const char *const state_names[] = {
	[STATE_DONE] = "done",       [STATE_READY] = "ready",     [STATE_WAITING] = "waiting",
	[STATE_RUNNING] = "running", [STATE_BLOCKED] = "blocked", [STATE_FAILED] = "failed",
	[STATE_UNKNOWN] = "unknown", [STATE_SKIPPED] = "skipped",
};

static const char *const step_names[STEP_COUNT] = {
	[STEP_CRDS] = "crds",
	[STEP_POOL] = "pool",
	[STEP_OBJECTIVES] = "objectives",
	[STEP_ATTACH] = "attach",
	[STEP_SHIFT] = "shift",
	[STEP_VERIFY] = "verify",
	[STEP_FINALIZE] = "finalize",
	[STEP_CLEANUP] = "cleanup",
	[STEP_CHECK] = "check",
	[STEP_REMOVE_CRDS] = "remove-crds",
	[STEP_DETACH] = "detach",
};

const char *
step_state_name(enum step_state state)
{
	return state_names[state];
}

const char *
step_status_why(const struct step_status *status, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s", status->object,
		 status->object[0] != '\0' && status->reason[0] != '\0' ? ": " : "",
		 status->reason);
	return text;
}

const char *
step_status_text(const struct step_status *status, char *text, size_t size)
{
	size_t why = strlen(step_status_why(status, text, size));

	snprintf(text + why, size - why, "%s%s", why > 0 && status->advice[0] != '\0' ? "; " : "",
		 status->advice);
	return text;
}

const char *
step_name(enum step_id id)
{
	return id < STEP_COUNT ? step_names[id] : "";
}

enum step_id
step_by_name(const char *name)
{
	for (enum step_id id = 0; id < STEP_COUNT; id++)
		if (strcmp(step_names[id], name) == 0)
			return id;
	return STEP_COUNT;
}

const char *
preview_refusal(const struct preview *preview)
{
	if (!preview->ready)
		return "the server is still being asked";
	if (preview->status.state == STATE_BLOCKED || preview->status.state == STATE_FAILED)
		return preview->status.reason;
	for (size_t i = 0; i < preview->write_count; i++)
		if (preview->writes[i].dry_run == DRY_REFUSED)
			return "the server refused the dry run";
	if (preview->write_count == 0)
		return "there is nothing to write";
	return "";
}
