#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/plain/command_row.h"
#include "tui/plain/follow.h"
#include "tui/plain/page.h"
#include "tui/plain/status_json.h"

static const char *
dry_run_word(const struct write_view *write)
{
	static const char *const words[] = {
		[DRY_NOT_RUN] = "not run",
		[DRY_OK] = "ok",
		[DRY_UNSUPPORTED] = "unsupported",
		[DRY_REFUSED] = "refused",
	};

	if (write->dry_run == DRY_REFUSED && *write->dry_run_text != '\0')
		return write->dry_run_text;
	return words[write->dry_run];
}

static void
put_write(struct jsonout *out, const struct write_view *write)
{
	jsonout_open(out, NULL, '{');
	jsonout_string(out, "verb", write->verb);
	jsonout_string(out, "group", write->group);
	jsonout_string(out, "version", write->version);
	jsonout_string(out, "resource", write->resource);
	jsonout_name(out, "name", write->ns, write->name);
	jsonout_string(out, "contentType", write->content_type);
	jsonout_string(out, "body", write->body);
	jsonout_string(out, "diff", write->diff);
	jsonout_string(out, "kubectl", write->kubectl);
	jsonout_string(out, "dryRun", dry_run_word(write));
	jsonout_close(out, '}');
}

static void
put_step(struct jsonout *out, const struct snapshot *snapshot, const struct step_view *view)
{
	const struct step *row = step_row(view->id);

	jsonout_open(out, NULL, '{');
	jsonout_string(out, "name", row->name);
	jsonout_string(out, "scope", row->scope == SCOPE_POOL ? "pool" : "cluster");
	jsonout_string(out, "state", step_state_name(view->status.state));
	jsonout_string(out, "reason", view->status.reason);
	jsonout_string(out, "object", view->status.object);
	jsonout_string(out, "advice", view->status.advice);
	jsonout_string(out, "undo", row->undo);
	jsonout_open(out, "writes", '[');
	for (size_t p = 0; p < snapshot->preview_count; p++) {
		const struct preview *preview = &snapshot->previews[p];
		for (size_t w = 0; w < preview->write_count && preview->step == view->id; w++)
			put_write(out, &preview->writes[w]);
	}
	jsonout_close(out, ']');
	jsonout_close(out, '}');
}

static void
plan_json(struct buf *page, const struct snapshot *snapshot, const struct settings *settings)
{
	struct jsonout out = { .buf = page };

	status_json_head(&out, "Plan", snapshot, settings);
	jsonout_open(&out, "steps", '[');
	for (size_t i = 0; i < snapshot->plan.step_count; i++)
		put_step(&out, snapshot, &snapshot->plan.steps[i]);
	jsonout_close(&out, ']');
	jsonout_open(&out, "losses", '[');
	for (size_t i = 0; i < snapshot->plan.loss_count; i++) {
		const struct loss *loss = &snapshot->plan.losses[i];
		jsonout_open(&out, NULL, '{');
		jsonout_string(&out, "object", loss->object);
		jsonout_string(&out, "field", loss->field);
		jsonout_string(&out, "value", loss->value);
		jsonout_string(&out, "why", loss->why);
		jsonout_string(&out, "instead", loss->instead);
		jsonout_close(&out, '}');
	}
	jsonout_close(&out, ']');
	jsonout_close(&out, '}');
	buf_putc(page, '\n');
}

static void
preview_text(struct buf *page, const struct preview *preview)
{
	buf_printf(page, "  %s%s%s\n", preview->pair, *preview->pair != '\0' ? ": " : "",
		   preview->title);
	for (size_t w = 0; w < preview->write_count; w++) {
		const struct write_view *write = &preview->writes[w];
		buf_printf(page, "    %s %s  (dry run: %s)\n", write->verb, write->title,
			   dry_run_word(write));
		page_indent(page, *write->diff != '\0' ? write->diff : write->summary, 6);
	}
}

static void
plan_text(struct buf *page, const struct snapshot *snapshot)
{
	const struct plan *plan = &snapshot->plan;
	char why[ERR_TEXT_MAX];

	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *view = &plan->steps[i];
		const struct step      *row = step_row(view->id);
		buf_printf(page, "%s  %s  %s\n", row->name, step_state_name(view->status.state),
			   row->title);
		page_indent(page, step_status_why(&view->status, why, sizeof why), 2);
		page_indent(page, view->status.advice, 2);
		for (size_t p = 0; p < snapshot->preview_count; p++)
			if (snapshot->previews[p].step == view->id)
				preview_text(page, &snapshot->previews[p]);
		buf_printf(page, "  undo: %s\n\n", row->undo);
	}
	if (plan->loss_count > 0)
		buf_puts(page, "What is not carried over:\n");
	for (size_t i = 0; i < plan->loss_count; i++) {
		const struct loss *loss = &plan->losses[i];
		buf_printf(page, "  %s %s = %s: %s %s\n", loss->object, loss->field, loss->value,
			   loss->why, loss->instead);
	}
}

int
cmd_plan(struct options *options)
{
	const struct command command = { .kind = COMMAND_PLAN,
					 .step = STEP_COUNT,
					 .goal = PPM_UNKNOWN };
	struct follow	     follow;
	struct buf	     page;
	int		     code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	bool nothing = follow.snapshot->plan.nothing_to_migrate &&
		       !follow.snapshot->plan.ever_migrated;
	if (!nothing)
		code = follow_command(&follow, &command);
	/* A blocked step is part of the plan; a failed dry run stands beside its write. */
	if (code == 3)
		code = 0;
	if (code != 0 && (code != 1 || follow.snapshot->preview_count == 0))
		goto out;
	if (options->output == OUTPUT_JSON)
		plan_json(&page, follow.snapshot, &options->settings);
	else if (nothing)
		buf_puts(&page, "There is nothing to migrate.\n");
	else
		plan_text(&page, follow.snapshot);
	int printed = page_print(&page, stdout);
	if (code == 0)
		code = printed != 0 ? printed : nothing ? 4 : 0;
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
