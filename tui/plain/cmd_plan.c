#include <string.h>

#include "core/base/text.h"
#include "core/base/wrap.h"
#include "core/migrate/step.h"
#include "tui/plain/cmd.h"
#include "tui/plain/follow.h"
#include "tui/plain/losses_text.h"
#include "tui/plain/page.h"
#include "tui/plain/preview_text.h"
#include "tui/plain/status_json.h"

/* For a repository, or for whoever gives the rights. */
static int
manifests_text(struct buf *page, const struct snapshot *snapshot, enum output output, int code)
{
	if (output == OUTPUT_RBAC) {
		buf_puts(page, snapshot->rbac);
		return code;
	}
	if (*snapshot->files_trouble != '\0') {
		page_say("poolshift: %s", snapshot->files_trouble);
		return 3;
	}
	for (size_t i = 0; i < snapshot->file_count; i++) {
		buf_printf(page, "---\n# %s\n", snapshot->files[i].name);
		text_clean_lines(page, snapshot->files[i].yaml, strlen(snapshot->files[i].yaml));
	}
	return code;
}

static void
rights_json(struct jsonout *out, const struct snapshot *snapshot)
{
	static const char *const states[] = {
		[RIGHT_UNKNOWN] = "unknown", [RIGHT_ALLOWED] = "allowed", [RIGHT_DENIED] = "denied"
	};

	jsonout_open(out, "rights", '[');
	for (size_t i = 0; i < snapshot->right_count; i++) {
		const struct right_view *right = &snapshot->rights[i];

		jsonout_open(out, NULL, '{');
		jsonout_string(out, "verb", right->verb);
		jsonout_string(out, "group", right->group);
		jsonout_string(out, "resource", right->resource);
		jsonout_text(out, "namespace", right->ns);
		jsonout_text(out, "name", right->name);
		jsonout_string(out, "step",
			       right->step < STEP_COUNT ? step_name(right->step) : NULL);
		jsonout_bool(out, "undo", right->undo);
		jsonout_string(out, "state", states[right->state]);
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
}

/* Of rights that are all there one line is enough. */
static void
rights_text(struct buf *page, const struct snapshot *snapshot)
{
	size_t missing = 0;
	struct buf rows;

	for (size_t i = 0; i < snapshot->right_count; i++)
		missing += snapshot->rights[i].state != RIGHT_ALLOWED;
	if (snapshot->right_count == 0)
		return;
	if (missing == 0) {
		buf_printf(page, "\nUser %s has all %zu rights the plan needs.\n",
			   snapshot->link.user, snapshot->right_count);
		return;
	}
	buf_printf(page,
		   "\nUser %s lacks %zu of the %zu rights the plan needs; `poolshift plan -o rbac` "
		   "prints the Role:\n\n",
		   snapshot->link.user, missing, snapshot->right_count);
	buf_init(&rows, PAGE_CAP);
	for (size_t i = 0; i < snapshot->right_count; i++) {
		const struct right_view *right = &snapshot->rights[i];

		if (right->state == RIGHT_ALLOWED)
			continue;
		page_cell(&rows, "  %s", right->verb);
		page_cell(&rows, "%s%s%s", right->resource, *right->group != '\0' ? "." : "",
			  right->group);
		page_cell(&rows, "%s", *right->ns != '\0' ? right->ns : "the cluster");
		page_cell(&rows, "%s", right->name);
		page_cell(&rows, "%s%s%s", right->undo ? "undo " : "",
			  right->step < STEP_COUNT ? step_name(right->step) : "any write",
			  right->state == RIGHT_UNKNOWN ? " (could not be asked)" : "");
		page_end_row(&rows);
	}
	page_table(page, &rows);
	buf_release(&rows);
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
	jsonout_string(out, "dryRun", preview_text_dry_run(write));
	jsonout_close(out, '}');
}

static void
put_step(struct jsonout *out, const struct snapshot *snapshot, const struct step_view *view)
{
	const struct step *row = step_row(view->id);

	jsonout_open(out, NULL, '{');
	status_json_step(out, view);
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
astray_json(struct jsonout *out, const struct plan *plan)
{
	jsonout_open(out, "orphans", '[');
	for (size_t i = 0; i < plan->orphan_count; i++) {
		jsonout_open(out, NULL, '{');
		jsonout_string(out, "object", plan->orphans[i].title);
		jsonout_name(out, "name", plan->orphans[i].ns, plan->orphans[i].name);
		jsonout_bool(out, "named", plan->orphans[i].taken);
		jsonout_close(out, '}');
	}
	jsonout_close(out, ']');
	jsonout_open(out, "unlistedPolicies", '[');
	for (size_t i = 0; i < plan->unlisted_count; i++)
		jsonout_string(out, NULL, plan->unlisted[i]);
	jsonout_close(out, ']');
}

static void
plan_json(struct buf *page, const struct snapshot *snapshot, const struct settings *settings,
	  enum step_id through)
{
	struct jsonout out = { .buf = page };

	status_json_head(&out, "Plan", snapshot, settings);
	jsonout_open(&out, "steps", '[');
	for (size_t i = 0; i < snapshot->plan.step_count; i++) {
		put_step(&out, snapshot, &snapshot->plan.steps[i]);
		if (snapshot->plan.steps[i].id == through)
			break;
	}
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
		jsonout_string(&out, "yaml", loss->yaml);
		jsonout_bool(&out, "carried", loss->carried);
		jsonout_close(&out, '}');
	}
	jsonout_close(&out, ']');
	astray_json(&out, &snapshot->plan);
	rights_json(&out, snapshot);
	jsonout_close(&out, '}');
	buf_putc(page, '\n');
}

static size_t
count_writes(const struct snapshot *snapshot, enum step_id id)
{
	size_t count = 0;

	for (size_t p = 0; p < snapshot->preview_count; p++)
		if (snapshot->previews[p].step == id)
			count += snapshot->previews[p].write_count;
	return count;
}

/* What one line can say of every step, before the writes of each. */
static void
overview_text(struct buf *page, const struct snapshot *snapshot, enum step_id through)
{
	const struct plan *plan = &snapshot->plan;
	struct buf rows;

	buf_init(&rows, PAGE_CAP);
	buf_printf(page, "Plan for context %s, %s. Nothing but dry runs was sent.\n\n",
		   snapshot->link.context, snapshot->link.server);
	page_cell(&rows, "STEP");
	page_cell(&rows, "STATE");
	page_cell(&rows, "WRITES");
	page_cell(&rows, "WHAT IT DOES");
	page_end_row(&rows);
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *view = &plan->steps[i];

		page_cell(&rows, "%s", step_name(view->id));
		page_cell(&rows, "%s", step_state_name(view->status.state));
		size_t writes = count_writes(snapshot, view->id);
		if (writes > 0)
			page_cell(&rows, "%6zu", writes);
		else
			page_cell(&rows, "%6s", "-");
		page_cell(&rows, "%s", step_row(view->id)->title);
		page_end_row(&rows);
		if (view->id == through)
			break;
	}
	page_table(page, &rows);
	buf_release(&rows);
}

static void
step_text(struct buf *page, const struct snapshot *snapshot, const struct step_view *view)
{
	char why[ERR_TEXT_MAX];
	struct buf undo;

	buf_init(&undo, 64 * BUF_KIB);
	buf_printf(page, "\n%s: %s, %s\n", step_name(view->id), step_row(view->id)->title,
		   step_state_name(view->status.state));
	if (*step_status_text(&view->status, why, sizeof why) != '\0') {
		buf_puts(page, "  ");
		wrap_words(page, why, 2, 2, page_width());
	}
	buf_printf(&undo, "undo: %s", step_row(view->id)->undo);
	buf_puts(page, "  ");
	wrap_words(page, undo.bytes, 2, 8, page_width());
	for (size_t p = 0; p < snapshot->preview_count; p++)
		if (snapshot->previews[p].step == view->id)
			preview_text_writes(page, &snapshot->previews[p], PREVIEW_DIFF);
	buf_release(&undo);
}

/* What of the old pickers the new ones could get, too, and what was asked for of it. */
static void
offers_text(struct buf *page, const struct plan *plan)
{
	bool named = false;
	struct buf rows;

	buf_init(&rows, PAGE_CAP);
	for (size_t i = 0; i < plan->pair_count; i++)
		for (size_t k = 0; k < plan->pairs[i].offer_count; k++) {
			const struct offer *offer = &plan->pairs[i].offers[k];

			named = true;
			page_cell(&rows, "  %s/%s", plan->pairs[i].ns, plan->pairs[i].alpha);
			page_cell(&rows, "--carry %s", carry_name(offer->what));
			page_cell(&rows, "%s", offer->taken ? "yes" : "no");
			page_cell(&rows, "%s", offer->value);
			page_end_row(&rows);
		}
	if (named)
		buf_puts(page, "\nWhat of the old picker the new one could get, too:\n\n");
	page_table(page, &rows);
	buf_release(&rows);
}

/* Models without a pool, and policies that nobody here can see. */
static void
astray_text(struct buf *page, const struct plan *plan)
{
	struct buf text;

	buf_init(&text, 64 * BUF_KIB);
	if (plan->orphan_count > 0)
		buf_puts(page, "\nModels whose pool is missing:\n");
	for (size_t i = 0; i < plan->orphan_count; i++) {
		buf_clear(&text);
		buf_printf(&text, "%s: %s", plan->orphans[i].title, plan->orphans[i].text);
		buf_puts(page, "  ");
		wrap_words(page, text.bytes, 2, 4, page_width());
	}
	if (plan->unlisted_count > 0)
		buf_puts(page, "\nOne of these policies may be for an α pool, and you may not list "
			       "them:\n");
	for (size_t i = 0; i < plan->unlisted_count; i++)
		buf_printf(page, "  %s\n", plan->unlisted[i]);
	buf_release(&text);
}

/* The one object that is written beside the plan's, and that stays. */
static void
lease_text(struct buf *page, const struct snapshot *snapshot, const struct settings *settings)
{
	struct buf text;

	buf_init(&text, 4 * BUF_KIB);
	if (settings->no_lease)
		buf_printf(&text, "Lease %s (coordination.k8s.io) is not taken: --no-lease.",
			   snapshot->lease.name);
	else
		buf_printf(&text,
			   "Beside all this, Lease %s (coordination.k8s.io) is taken before the "
			   "first write and given back after the last, so that two people do not "
			   "write at once. It stays, held by nobody.",
			   snapshot->lease.name);
	buf_putc(page, '\n');
	wrap_words(page, text.bytes, 0, 0, page_width());
	buf_release(&text);
}

static void
plan_text(struct buf *page, const struct snapshot *snapshot, const struct settings *settings,
	  enum step_id through)
{
	const struct plan *plan = &snapshot->plan;

	overview_text(page, snapshot, through);
	for (size_t i = 0; i < plan->step_count; i++) {
		step_text(page, snapshot, &plan->steps[i]);
		if (plan->steps[i].id == through)
			break;
	}
	losses_text(page, plan);
	offers_text(page, plan);
	astray_text(page, plan);
	lease_text(page, snapshot, settings);
	rights_text(page, snapshot);
}

int
cmd_plan(struct options *options)
{
	const struct command command = { .kind = COMMAND_PLAN,
					 .step = STEP_COUNT,
					 .goal = PPM_UNKNOWN };
	struct follow follow;
	struct buf page;
	int code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	bool nothing =
		follow.snapshot->plan.nothing_to_migrate && !follow.snapshot->plan.ever_migrated;
	if (!nothing)
		code = follow_command(&follow, &command);
	/* A blocked step is part of the plan; a failed dry run stands beside its write. */
	if (code == 3)
		code = 0;
	if (code != 0 && (code != 1 || follow.snapshot->preview_count == 0))
		goto out;
	if (options->output == OUTPUT_YAML || options->output == OUTPUT_RBAC)
		code = manifests_text(&page, follow.snapshot, options->output, code);
	else if (options->output == OUTPUT_JSON)
		plan_json(&page, follow.snapshot, &options->settings, options->through);
	else if (nothing)
		buf_puts(&page, "There is nothing to migrate: no α pool and no InferenceModel.\n");
	else
		plan_text(&page, follow.snapshot, &options->settings, options->through);
	int printed = page_print(&page, stdout);
	if (code == 0)
		code = printed != 0 ? printed : nothing ? 4 : 0;
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
