#include "tui/plain/writing.h"

#include <stdio.h>
#include <unistd.h>

#include "tui/plain/follow.h"
#include "tui/plain/page.h"
#include "tui/plain/status_json.h"

static bool
scope_is_clear(const struct options *options, const struct snapshot *snapshot)
{
	size_t count = snapshot->count[KIND_ALPHA_POOL];

	if (options->scope_given || count < 2)
		return true;
	page_say("poolshift: There are %zu α pools, and none was chosen. Nothing was written; "
		 "give --pool, -n or -A:",
		 count);
	for (size_t i = 0; i < count; i++) {
		const struct meta *meta = &snapshot->objects[KIND_ALPHA_POOL][i]->meta;
		page_say("    %s/%s", meta->ns, meta->name);
	}
	return false;
}

/* The titles of what would be written; an exit code when the plan could not be made. */
static int
show_plan(struct follow *follow)
{
	const struct command plan = { .kind = COMMAND_PLAN,
				      .step = STEP_COUNT,
				      .goal = PPM_UNKNOWN };
	int code = follow_command(follow, &plan);

	if (code == 130 || code == 1)
		return code;
	for (size_t i = 0; i < follow->snapshot->preview_count; i++) {
		const struct preview *preview = &follow->snapshot->previews[i];
		if (preview->write_count == 0)
			continue;
		page_say("%s %s: %s", step_name(preview->step), preview->pair, preview->title);
		for (size_t w = 0; w < preview->write_count; w++)
			page_say("    %s %s", preview->writes[w].verb, preview->writes[w].title);
	}
	return 0;
}

static int
consent(struct follow *follow, const struct options *options, const struct command *command,
	const char *title)
{
	if (options->yes || options->settings.dry_run)
		return 0;
	if (command->kind == COMMAND_APPLY) {
		int code = show_plan(follow);
		if (code != 0)
			return code;
	}
	if (follow_ask(follow, title))
		return 0;
	page_say("Nothing was written.");
	return follow->interrupted ? 130 : 2;
}

static int
print_end(const struct follow *follow, const struct options *options, int code)
{
	struct buf page;

	if (options->output != OUTPUT_JSON)
		return code;
	buf_init(&page, PAGE_CAP);
	status_json_print(&page, follow->snapshot, &options->settings);
	int printed = page_print(&page, stdout);
	buf_release(&page);
	return code != 0 ? code : printed;
}

int
writing_run(struct options *options, const struct command *command, const char *title)
{
	struct follow follow;
	bool asks = !options->yes && !options->settings.dry_run;

	if (asks && !(isatty(STDIN_FILENO) && isatty(STDERR_FILENO))) {
		page_say("poolshift: %s is not done without --yes where there is no terminal to "
			 "ask on. Nothing was written.",
			 options->command);
		return 2;
	}
	int code = follow_open(&follow, options);
	if (code != 0)
		goto out;
	const struct plan *plan = &follow.snapshot->plan;
	code = 4;
	if (plan->nothing_to_migrate && !plan->ever_migrated) {
		page_say("There is nothing to migrate.");
		goto out;
	}
	code = 2;
	if (!scope_is_clear(options, follow.snapshot))
		goto out;
	code = consent(&follow, options, command, title);
	if (code != 0)
		goto out;
	code = follow_command(&follow, command);
	code = print_end(&follow, options, code);
out:
	follow_close(&follow);
	return code;
}
