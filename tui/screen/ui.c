#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/screen/pane.h"

struct ui *
ui_new(const struct ui_options *options, struct err *err)
{
	struct ui *ui = die_alloc(sizeof(*ui));

	*ui = (struct ui){
		.settings = options->settings,
		.themes = options->themes,
		.columns = 80,
		.rows = 24,
		.dialog = { .armed = NEVER },
	};
	snprintf(ui->theme, sizeof(ui->theme), "%s", options->theme == NULL ? "" : options->theme);
	keymap_init(&ui->keymap);
	if (keymap_configure(&ui->keymap, options->keys_text, err))
		return ui;
	free(ui);
	return NULL;
}

void
ui_free(struct ui *ui)
{
	if (ui != NULL)
		free(ui->report);
	free(ui);
}

void
ui_show_report(struct ui *ui, const char *text, bool saved, const char *where)
{
	free(ui->report);
	ui->report = die_strdup(text);
	ui->report_saved = saved;
	snprintf(ui->report_note, sizeof(ui->report_note), "%s", where);
}

void
ui_resize(struct ui *ui, int columns, int rows)
{
	ui->columns = columns < 1 ? 1 : columns;
	ui->rows = rows < 1 ? 1 : rows;
}

void
ui_tick(struct ui *ui, int64_t mono, int64_t wall)
{
	ui->mono = mono;
	ui->wall = wall;
}

const char *
ui_theme(const struct ui *ui)
{
	return ui->theme;
}

void
ui_use_theme(struct ui *ui, const char *name)
{
	snprintf(ui->theme, sizeof(ui->theme), "%s", name);
}

void
ui_sent(struct ui *ui, int64_t serial)
{
	ui->sent = serial;
	if (ui->tells)
		ui->telling = serial;
	ui->tells = false;
	if (ui->dialog.kind == DIALOG_PREVIEW && ui->dialog.serial == 0)
		ui->dialog.serial = serial;
}

void
ui_say(struct ui *ui, bool bad, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->notice.text, sizeof(ui->notice.text), format, args);
	va_end(args);
	ui->notice.bad = bad;
	ui->notice.until = ui->mono + NOTICE_TIME;
}

char *
ui_pair_name(const struct pair *pair, struct arena *arena)
{
	return arena_printf(arena, "%s/%s", pair->ns, pair->alpha);
}

static bool
is_named(const struct pair *pair, const char *name)
{
	size_t length = strlen(pair->ns);

	return strncmp(name, pair->ns, length) == 0 && name[length] == '/' &&
	       strcmp(name + length + 1, pair->alpha) == 0;
}

/* The one selected by name; when it is gone, the one that stands in its row. A filter hides rows,
 * not the selection. */
const struct pair *
ui_pair(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct list_state *list = &ui->list[PANE_POOLS];
	const struct plan *plan = &snapshot->plan;

	for (size_t i = 0; i < plan->pair_count; i++)
		if (is_named(&plan->pairs[i], list->selected))
			return &plan->pairs[i];
	if (plan->pair_count == 0)
		return NULL;
	if (list->selected[0] != '\0')
		return &plan->pairs[list->row < plan->pair_count ? list->row
								 : plan->pair_count - 1];
	for (size_t i = 0; i < plan->pair_count; i++)
		if (plan->pairs[i].selected)
			return &plan->pairs[i];
	return &plan->pairs[0];
}

size_t
ui_steps(const struct ui *ui, const struct snapshot *snapshot, struct step_view steps[STEP_COUNT])
{
	const struct pair *pair = ui_pair(ui, snapshot);
	const enum step_id *order;
	size_t count = snapshot->plan.step_count;
	static const struct step_status unread = {
		.state = STATE_UNKNOWN, .reason = "", .object = "", .advice = ""
	};

	order = step_order(ui->settings->path, &count);
	if (snapshot->plan.step_count > 0)
		count = snapshot->plan.step_count;
	for (size_t i = 0; i < count; i++) {
		steps[i].id = snapshot->plan.step_count > 0 ? snapshot->plan.steps[i].id : order[i];
		steps[i].status = pair != NULL                    ? pair->steps[steps[i].id]
				  : snapshot->plan.step_count > 0 ? snapshot->plan.steps[i].status
								  : unread;
	}
	return count;
}

enum step_id
ui_next_step(const struct ui *ui, const struct snapshot *snapshot)
{
	struct step_view steps[STEP_COUNT];
	size_t count = ui_steps(ui, snapshot, steps);

	return step_next_of(steps, count);
}

enum step_id
ui_last_step(const struct ui *ui, const struct snapshot *snapshot)
{
	struct step_view steps[STEP_COUNT];
	size_t count = ui_steps(ui, snapshot, steps);

	return step_last_of(steps, count, ui_pair(ui, snapshot));
}

int64_t
ui_unheard(const struct ui *ui, const struct snapshot *snapshot)
{
	const struct link *link = &snapshot->link;
	int64_t silence = ui->mono - link->fresh;

	if ((link->state != LINK_LIVE && link->state != LINK_POLLING) || link->fresh <= 0)
		return 0;
	return silence > UNHEARD ? silence : 0;
}

const char *
ui_locked(const struct ui *ui, const struct snapshot *snapshot)
{
	if (snapshot->read_only)
		return "this console was started with --read-only: it writes nothing";
	if (snapshot->locked)
		return snapshot->locked_why;
	return ui_unheard(ui, snapshot) > 0
		       ? "nothing has been heard of the cluster for some seconds"
		       : NULL;
}

void
ui_follow_slider(struct ui *ui, const struct snapshot *snapshot)
{
	const struct pair *pair = ui_pair(ui, snapshot);
	char name[NAME_ROOM] = "";

	if (pair != NULL)
		snprintf(name, sizeof(name), "%s/%s", pair->ns, pair->alpha);
	if (strcmp(name, ui->slider_pair) != 0) {
		memcpy(ui->slider_pair, name, sizeof(name));
		slider_reset(&ui->slider, pair == NULL ? 0 : pair->written);
	}
	if (pair != NULL)
		slider_follow(&ui->slider, pair->written);
}

void
ui_see(struct ui *ui, const struct snapshot *snapshot)
{
	ui_follow_slider(ui, snapshot);
	dialog_see(ui, snapshot);
	if (snapshot->outcome.serial != 0 && snapshot->outcome.serial != ui->outcome_seen) {
		ui->outcome_seen = snapshot->outcome.serial;
		/* The page of the checks says it itself. */
		if (!snapshot->outcome.ok && ui->page.id == PAGE_CHECKS &&
		    snapshot->verification.ran && !snapshot->verification.ok)
			ui_say(ui, true, "%s", snapshot->outcome.text);
		else if (!snapshot->outcome.ok && snapshot->outcome.serial <= ui->sent &&
			 ui->dialog.kind == DIALOG_NONE)
			dialog_fail(ui, snapshot);
		else if (snapshot->outcome.ok && snapshot->outcome.serial == ui->telling)
			ui_say(ui, false, "%s", snapshot->outcome.text);
	}
}

struct snapshot *
ui_first_snapshot(const char *context, const char *server, const struct settings *settings)
{
	static const struct step_status nothing = {
		.state = STATE_UNKNOWN, .reason = "", .object = "", .advice = ""
	};
	struct snapshot *snapshot = die_alloc(sizeof(*snapshot));
	struct arena *arena = &snapshot->arena;

	arena_init(arena);
	snapshot->link = (struct link){ .state = LINK_STARTING,
					.text = "",
					.retry = NEVER,
					.user = "",
					.ns = "",
					.warnings = "" };
	snapshot->link.context = arena_string(arena, context);
	snapshot->link.server = arena_string(arena, server);
	snapshot->plan.next = STEP_COUNT;
	snapshot->preview.status = nothing;
	snapshot->preview.pair = snapshot->preview.title = snapshot->preview.undo_text =
		snapshot->preview.type_this = "";
	snapshot->verification.pair = "";
	snapshot->verification.probe =
		(struct probe_view){ .url = "", .served_by = "", .error = "" };
	snapshot->run = (struct run_view){ .pair = "", .text = "", .until = NEVER };
	snapshot->outcome.text = "";
	snapshot->journal_path = snapshot->journal_trouble = "";
	snapshot->detail =
		(struct detail){ .ns = "", .name = "", .title = "", .describe = "", .yaml = "" };
	snapshot->choices.options = "";
	snapshot->lease = (struct lease_view){
		.name = "", .holder = "", .frozen_by = "", .frozen_reason = "", .trouble = ""
	};
	snapshot->rbac = snapshot->files_trouble = "";
	snapshot->locked = true;
	snapshot->locked_why = "the cluster is still being read";
	snapshot->read_only = settings->read_only;
	snapshot->dry_run = settings->dry_run;
	return snapshot;
}
