#include "core/migrate/say.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/text.h"

#define SENTENCE_MAX (4 * BUF_KIB)
#define LINES_MAX    (8 * BUF_MIB)

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

const char *
say_text(struct arena *arena, const char *text)
{
	struct buf clean;
	const char *copy;

	if (text == NULL)
		return "";
	if (is_plain(text))
		return arena_string(arena, text);
	buf_init(&clean, SENTENCE_MAX);
	text_clean(&clean, text, strnlen(text, SENTENCE_MAX / 4));
	copy = arena_string(arena, clean.bytes);
	buf_release(&clean);
	return copy;
}

const char *
say_lines(struct arena *arena, const char *text)
{
	struct buf clean;
	const char *copy;

	buf_init(&clean, LINES_MAX);
	text_clean_lines(&clean, text, strlen(text));
	copy = arena_string(arena, clean.bytes);
	buf_release(&clean);
	return copy;
}

const char *
say_name(struct arena *arena, const char *ns, const char *name)
{
	if (ns == NULL || *ns == '\0')
		return say_text(arena, name);
	return say_text(arena, arena_printf(arena, "%s/%s", ns, name));
}

const char *
say_title(struct arena *arena, enum kind kind, const char *ns, const char *name)
{
	const struct kind_row *row = kind_row(kind);
	const char *full = say_name(arena, ns, name);

	if (row->group[0] == '\0')
		return arena_printf(arena, "%s %s", row->object, full);
	return arena_printf(arena, "%s %s (%s)", row->object, full, row->group);
}

void
say_status(struct step_status *status, struct arena *arena, enum step_state state,
	   const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*status = (struct step_status){
		.state = state,
		.reason = say_text(arena, arena_vprintf(arena, format, args)),
		.object = "",
		.advice = "",
	};
	va_end(args);
}

/* What is wrong with a view, after "list <kinds>: ". */
static const char *
view_trouble(const struct world *world, const struct view *view, struct arena *arena)
{
	switch (view->state) {
	case VIEW_FORBIDDEN:
		return "you may not";
	case VIEW_STARTING:
		return "not answered yet";
	case VIEW_NOT_INSTALLED:
		return "not installed";
	case VIEW_STALE:
		return arena_printf(arena, "the last answer is %lld s old",
				    (long long)((world->mono - view->fresh) / SECOND));
	case VIEW_LIVE:
	case VIEW_POLLING:
	case VIEW_BROKEN:
		break;
	}
	return view->listed ? "the answers cannot be trusted" : "not complete yet";
}

bool
say_unknown(struct step_status *status, struct arena *arena, const struct world *world,
	    const enum kind *kinds)
{
	for (; *kinds != KIND_COUNT; kinds++) {
		const struct kind_row *row = kind_row(*kinds);
		const struct view *view = &world->view[*kinds];
		const char *dot = row->group[0] == '\0' ? "" : ".";

		if (world_knows(world, *kinds))
			continue;
		say_status(status, arena, STATE_UNKNOWN, "list %s%s%s: %s%s%s", row->resource, dot,
			   row->group, view_trouble(world, view, arena),
			   view->reason[0] == '\0' ? "" : ": ", view->reason);
		if (view->state == VIEW_FORBIDDEN)
			status->advice = arena_printf(
				arena, "ask for a role that may list and watch %s%s%s%s",
				row->resource, dot, row->group,
				row->namespaced ? " in all namespaces" : "");
		return true;
	}
	return false;
}
