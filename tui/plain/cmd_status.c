#include <string.h>

#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/plain/command_row.h"
#include "tui/plain/follow.h"
#include "tui/plain/page.h"
#include "tui/plain/status_json.h"

static void
put_percent(struct buf *rows, int64_t ppm)
{
	struct buf text;

	buf_init(&text, BUF_KIB);
	if (ppm == PPM_APART)
		buf_puts(&text, "apart");
	else if (ppm < 0)
		buf_puts(&text, "-");
	else
		text_ppm(&text, ppm);
	page_cell(rows, "%s", text.bytes);
	buf_release(&text);
}

/* What is α stands left, what is GA right. */
static void
pairs_text(struct buf *page, struct buf *rows, const struct plan *plan)
{
	page_cell(rows, "NAMESPACE");
	page_cell(rows, "POOL α");
	page_cell(rows, "PICKER α");
	page_cell(rows, "ON GA");
	page_cell(rows, "POOL GA");
	page_cell(rows, "PICKER GA");
	page_end_row(rows);
	for (size_t i = 0; i < plan->pair_count; i++) {
		const struct pair *pair = &plan->pairs[i];
		page_cell(rows, "%s", pair->ns);
		page_cell(rows, "%s%s", pair->alpha, *pair->alpha_uid == '\0' ? " (gone)" : "");
		page_cell(rows, "%d/%d", (int)pair->alpha_picker.ready,
			  (int)pair->alpha_picker.desired);
		put_percent(rows, pair->written);
		page_cell(rows, "%s%s", pair->ga, *pair->ga_uid == '\0' ? " (not yet)" : "");
		page_cell(rows, "%d/%d", (int)pair->ga_picker.ready, (int)pair->ga_picker.desired);
		page_end_row(rows);
	}
	page_table(page, rows);
}

static void
steps_text(struct buf *page, struct buf *rows, const struct plan *plan)
{
	char why[ERR_TEXT_MAX];

	page_cell(rows, "STEP");
	page_cell(rows, "STATE");
	page_cell(rows, "REASON");
	page_end_row(rows);
	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *view = &plan->steps[i];
		page_cell(rows, "%s", step_name(view->id));
		page_cell(rows, "%s", step_state_name(view->status.state));
		page_cell(rows, "%s", step_status_text(&view->status, why, sizeof why));
		page_end_row(rows);
	}
	page_table(page, rows);
}

static void
status_text(struct buf *page, const struct snapshot *snapshot)
{
	static const enum kind shown[] = { KIND_MODEL, KIND_OBJECTIVE, KIND_ROUTE, KIND_GATEWAY };
	const struct plan     *plan = &snapshot->plan;
	struct buf	       rows;

	buf_init(&rows, PAGE_CAP);
	buf_printf(page, "%s  %s  %s\n\n", snapshot->link.context, snapshot->link.server,
		   snapshot->server.version);
	if (plan->nothing_to_migrate)
		buf_puts(page, "There is nothing to migrate.\n\n");
	pairs_text(page, &rows, plan);
	buf_putc(page, '\n');
	page_cell(&rows, "KIND");
	page_cell(&rows, "NAME");
	page_end_row(&rows);
	for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
		for (size_t i = 0; i < snapshot->count[shown[k]]; i++) {
			const struct meta *meta = &snapshot->objects[shown[k]][i]->meta;
			page_cell(&rows, "%s", kind_row(shown[k])->label);
			page_cell(&rows, "%s/%s", meta->ns, meta->name);
			page_end_row(&rows);
		}
	page_table(page, &rows);
	buf_putc(page, '\n');
	steps_text(page, &rows, plan);
	buf_printf(page, "\nNext: %s\n",
		   plan->next < STEP_COUNT ? step_name(plan->next) : "nothing, all is done");
	buf_release(&rows);
}

int
cmd_status(struct options *options)
{
	struct follow follow;
	struct buf    page;
	int	      code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	if (options->output == OUTPUT_JSON)
		status_json_print(&page, follow.snapshot, &options->settings);
	else
		status_text(&page, follow.snapshot);
	code = page_print(&page, stdout);
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
