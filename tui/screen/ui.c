#include "tui/screen/ui.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/die.h"
#include "tui/screen/dialog.h"
#include "tui/screen/state.h"

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
ui_say(struct ui *ui, bool bad, const char *text)
{
	state_say(ui, bad, "%s", text);
}

void
ui_see(struct ui *ui, const struct snapshot *snapshot)
{
	state_follow_slider(ui, snapshot);
	dialog_see(ui, snapshot);
	if (snapshot->outcome.serial != 0 && snapshot->outcome.serial != ui->outcome_seen) {
		ui->outcome_seen = snapshot->outcome.serial;
		/* The page of the checks says it itself. */
		if (!snapshot->outcome.ok && ui->page.id == PAGE_CHECKS &&
		    snapshot->verification.ran && !snapshot->verification.ok)
			state_say(ui, true, "%s", snapshot->outcome.text);
		else if (!snapshot->outcome.ok && snapshot->outcome.serial <= ui->sent &&
			 ui->dialog.kind == DIALOG_NONE)
			dialog_fail(ui, snapshot);
		else if (snapshot->outcome.ok && snapshot->outcome.serial == ui->telling)
			state_say(ui, false, "%s", snapshot->outcome.text);
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
	snapshot->pending = "";
	snapshot->read_only = settings->read_only;
	snapshot->dry_run = settings->dry_run;
	return snapshot;
}
