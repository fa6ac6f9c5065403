#include "core/engine/shown.h"

#include <string.h>

#include "core/base/text.h"
#include "core/engine/derive.h"
#include "core/engine/preflight.h"
#include "core/migrate/kubectl.h"
#include "core/migrate/release.h"

static const struct step_status ready = {
	.state = STATE_READY, .reason = "", .object = "", .advice = ""
};

void
shown_init(struct shown *shown)
{
	*shown = (struct shown){
		.preview = { .pair = "",
			     .title = "",
			     .undo_text = "",
			     .type_this = "",
			     .from = PPM_UNKNOWN,
			     .to = PPM_UNKNOWN,
			     .status = ready },
	};
	arena_init(&shown->arena);
}

void
shown_release(struct shown *shown)
{
	arena_release(&shown->arena);
	shown_init(shown);
}

static const char *
title_of(struct shown *shown, const struct step *step, const char *pair, bool undo, int64_t from,
	 int64_t to)
{
	struct buf text;
	const char *title;

	buf_init(&text, 4 * BUF_KIB);
	buf_printf(&text, "%s%s%s", undo ? "undo " : "", step->name, *pair != '\0' ? " " : "");
	text_clean(&text, pair, strlen(pair));
	if (step->id == STEP_SHIFT && to >= 0) {
		buf_puts(&text, "  ");
		if (from >= 0)
			text_ppm(&text, from);
		else
			buf_puts(&text, "?");
		buf_puts(&text, " → ");
		text_ppm(&text, to);
	}
	title = arena_string(&shown->arena, text.bytes);
	buf_release(&text);
	return title;
}

/* How the step is undone, and whether this person could. */
static const char *
undo_text_of(struct engine *engine, struct shown *shown, const struct step *step, const char *title)
{
	struct stage stage = derive_stage(engine, title, PPM_UNKNOWN, &shown->arena);
	const struct pair *pair = *title == '\0' ? NULL : assess_pair(stage.plan, title);
	const char *text = access_no_return(&stage, preflight_access(engine), pair, step->id);

	return text == NULL ? step->undo
			    : arena_printf(&shown->arena, "%s. Now %s", step->undo, text);
}

void
shown_begin(struct engine *engine, struct shown *shown, int64_t id, const struct step *step,
	    const char *pair, bool undo, int64_t from, int64_t to)
{
	const char *context = engine->access.context;
	bool final = step->risk == RISK_FINAL && !undo;

	shown_release(shown);
	shown->preview = (struct preview){
		.id = id,
		.step = step->id,
		.pair = arena_string(&shown->arena, pair),
		.undo = undo,
		.from = from,
		.to = to,
		.risk = step->risk,
		.title = title_of(shown, step, pair, undo, from, to),
		.undo_text = undo ? "the step can be done again"
				  : undo_text_of(engine, shown, step, pair),
		.type_this = !final             ? ""
			     : *context != '\0' ? arena_string(&shown->arena, context)
						: step->name,
		.status = ready,
	};
}

void
shown_intents(struct shown *shown, const struct intent_list *intents)
{
	shown->intents = *intents;
	shown->views = arena_array(&shown->arena, intents->count + 1, sizeof *shown->views);
	shown->preview.writes = shown->views;
	shown->preview.write_count = 0;
}

static const char *
body_text(const struct intent *intent, struct arena *arena)
{
	struct buf clean;
	const char *text;

	if (*intent->body == '\0')
		return "";
	buf_init(&clean, 16 * BUF_MIB);
	text_clean_lines(&clean, intent->body, strlen(intent->body));
	text = arena_string(arena, clean.bytes);
	buf_release(&clean);
	return text;
}

/* A dry run that did not happen still has something to show: what an apply or create asks for. */
static const char *
diff_of(struct engine *engine, const struct intent *intent, const struct write_run *write,
	struct arena *arena)
{
	const struct object *known =
		intent->kind == KIND_COUNT
			? NULL
			: world_find(engine->world, intent->kind, intent->ns, intent->name);
	struct json *live = known == NULL ? NULL : object_json(known), *wanted = NULL;
	bool whole = intent->verb == VERB_CREATE || intent->verb == VERB_APPLY;
	const char *diff = "";

	if (intent->verb == VERB_UPGRADE)
		return write->before == NULL || write->result == NULL
			       ? ""
			       : release_change(write->before, write->result, arena);
	if (release_is(intent))
		return write->result == NULL
			       ? ""
			       : release_diff(intent, engine->world, write->result, arena);
	if (write->result == NULL && whole)
		wanted = json_parse(intent->body, strlen(intent->body), NULL);
	if (write->result != NULL || wanted != NULL || intent->verb == VERB_DELETE)
		diff = intent_diff(intent, live, write->result != NULL ? write->result : wanted,
				   arena);
	json_free(wanted);
	json_free(live);
	return diff;
}

void
shown_add(struct engine *engine, struct shown *shown, const struct intent *intent,
	  const struct write_run *write)
{
	struct arena *arena = &shown->arena;

	shown->views[shown->preview.write_count++] = (struct write_view){
		.verb = verb_name(intent->verb),
		.kind = intent->kind,
		.group = intent->group,
		.version = intent->version,
		.resource = intent->resource,
		.ns = intent->ns,
		.name = intent->name,
		.uid = intent->uid,
		.version_seen = intent->version_seen,
		.content_type = intent_content_type(intent),
		.body = body_text(intent, arena),
		.title = intent->title,
		.summary = intent->summary,
		.diff = diff_of(engine, intent, write, arena),
		.kubectl = kubectl_command(intent, engine->access.context, arena),
		.dry_run = write->verdict,
		.dry_run_text =
			write->verdict == DRY_OK ? "" : arena_string(arena, write->err.text),
	};
}

void
shown_status(struct shown *shown, const struct step_status *status)
{
	shown->preview.status = (struct step_status){
		.state = status->state,
		.reason = arena_string(&shown->arena, status->reason),
		.object = arena_string(&shown->arena, status->object),
		.advice = arena_string(&shown->arena, status->advice),
		.until = status->until,
	};
}

static void
copy_write(struct write_view *to, const struct write_view *from, struct arena *arena)
{
	*to = *from;
	to->group = arena_string(arena, from->group);
	to->version = arena_string(arena, from->version);
	to->resource = arena_string(arena, from->resource);
	to->ns = arena_string(arena, from->ns);
	to->name = arena_string(arena, from->name);
	to->uid = arena_string(arena, from->uid);
	to->version_seen = arena_string(arena, from->version_seen);
	to->body = arena_string(arena, from->body);
	to->title = arena_string(arena, from->title);
	to->summary = arena_string(arena, from->summary);
	to->diff = arena_string(arena, from->diff);
	to->kubectl = arena_string(arena, from->kubectl);
	to->dry_run_text = arena_string(arena, from->dry_run_text);
}

struct preview
shown_copy(const struct preview *preview, struct arena *arena)
{
	struct preview copy = *preview;
	struct write_view *writes = arena_array(arena, preview->write_count + 1, sizeof *writes);

	for (size_t i = 0; i < preview->write_count; i++)
		copy_write(&writes[i], &preview->writes[i], arena);
	copy.writes = writes;
	copy.pair = arena_string(arena, preview->pair);
	copy.title = arena_string(arena, preview->title);
	copy.type_this = arena_string(arena, preview->type_this);
	copy.status.reason = arena_string(arena, preview->status.reason);
	copy.status.object = arena_string(arena, preview->status.object);
	copy.status.advice = arena_string(arena, preview->status.advice);
	return copy;
}
