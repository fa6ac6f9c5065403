#include "tui/screen/words.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/text.h"

static const struct state_row states[] = {
	[STATE_DONE] = { "✓", ROLE_GOOD, "done" },
	[STATE_READY] = { "▶", ROLE_KEY, "ready" },
	[STATE_WAITING] = { "·", ROLE_FAINT, "waiting" },
	[STATE_RUNNING] = { "◐", ROLE_WARN, "running" },
	[STATE_BLOCKED] = { "✗", ROLE_BAD, "blocked" },
	[STATE_FAILED] = { "✗", ROLE_BAD, "failed" },
	[STATE_UNKNOWN] = { "?", ROLE_STALE, "unknown" },
	[STATE_SKIPPED] = { "–", ROLE_FAINT, "skipped" },
};

static const struct link_row links[] = {
	[LINK_STARTING] = { "◐", "starting", ROLE_WARN, false, false },
	[LINK_LIVE] = { "●", "live", ROLE_GOOD, false, false },
	[LINK_POLLING] = { "◐", "polling", ROLE_WARN, true, false },
	[LINK_NO_ANSWER] = { "▲", "NO ANSWER", ROLE_BAD, false, true },
	[LINK_SIGN_IN] = { "▲", "SIGN-IN NEEDED (r)", ROLE_BAD, false, false },
	[LINK_FORBIDDEN] = { "▲", "FORBIDDEN:", ROLE_BAD, true, false },
	[LINK_OTHER_CLUSTER] = { "▲", "ANOTHER CLUSTER answers at this address", ROLE_BAD, false,
				 false },
	[LINK_TLS] = { "▲", "TLS:", ROLE_BAD, true, false },
	[LINK_NOT_KUBERNETES] = { "▲", "NOT KUBERNETES:", ROLE_BAD, true, false },
};

static const struct view_row views[] = {
	[VIEW_STARTING] = { "reading", ROLE_WARN, 3, false },
	[VIEW_LIVE] = { "live", ROLE_FAINT, 0, false },
	[VIEW_POLLING] = { "polled", ROLE_FAINT, 2, true },
	[VIEW_STALE] = { "stale", ROLE_BAD, 5, true },
	[VIEW_FORBIDDEN] = { "forbidden", ROLE_BAD, 6, false },
	[VIEW_NOT_INSTALLED] = { "not installed", ROLE_FAINT, 1, false },
	[VIEW_BROKEN] = { "not readable", ROLE_BAD, 4, true },
};

static const char *const phases[] = {
	[RUN_IDLE] = "",
	[RUN_CHECKING] = "checking",
	[RUN_DRY_RUN] = "dry run",
	[RUN_WRITING] = "writing",
	[RUN_SETTLING] = "settling",
	[RUN_VERIFYING] = "verifying",
	[RUN_HOLDING] = "holding",
	[RUN_DRAINING] = "draining",
	[RUN_RESOLVING] = "finding out what became of the write",
};

const struct state_row *
words_state(enum step_state state)
{
	return &states[state];
}

const struct link_row *
words_link(enum link_state state)
{
	return &links[state];
}

const struct view_row *
words_view(enum view_state state)
{
	return &views[state];
}

const char *
words_phase(enum run_phase phase)
{
	return phases[phase];
}

const char *
words_age(struct arena *arena, int64_t nanoseconds)
{
	struct buf text;
	const char *kept;

	buf_init(&text, 64);
	text_age(&text, nanoseconds < 0 ? 0 : nanoseconds);
	kept = arena_string(arena, text.bytes);
	buf_release(&text);
	return kept;
}

const char *
words_seconds(struct arena *arena, int64_t nanoseconds)
{
	if (nanoseconds < 0)
		nanoseconds = 0;
	if (nanoseconds < 100 * SECOND)
		return arena_printf(arena, "%d s", (int)(nanoseconds / SECOND));
	if (nanoseconds < 10 * MINUTE)
		return arena_printf(arena, "%dm%02ds", (int)(nanoseconds / MINUTE),
				    (int)(nanoseconds / SECOND % 60));
	return words_age(arena, nanoseconds);
}

const char *
words_until(struct arena *arena, int64_t until, int64_t wall)
{
	if (until <= 0)
		return "";
	return arena_printf(arena, ", %s to go", words_seconds(arena, until - wall));
}

const char *
words_one_line(struct arena *arena, const char *text)
{
	const char *kept;
	struct buf line;

	if (strchr(text, '\n') == NULL)
		return text;
	buf_init(&line, 64 * BUF_KIB);
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		buf_add(&line, text, length);
		text += length;
		text += strspn(text, "\n");
		if (length > 0 && *text != '\0')
			buf_puts(&line, strchr(":;,", line.bytes[line.length - 1]) ? " " : "; ");
	}
	kept = arena_string(arena, line.bytes);
	buf_release(&line);
	return kept;
}

const char *
words_bare(struct arena *arena, int64_t ppm)
{
	const char *text = words_ppm(arena, ppm);
	size_t length = strlen(text);

	if (length > 2 && text[length - 1] == '%')
		return arena_bytes(arena, text, length - 2);
	return text;
}

const char *
words_ppm(struct arena *arena, int64_t ppm)
{
	struct buf text;
	const char *kept;

	if (ppm == PPM_APART)
		return "apart";
	if (ppm < 0)
		return "–";
	buf_init(&text, 64);
	text_ppm(&text, ppm);
	kept = arena_string(arena, text.bytes);
	buf_release(&text);
	return kept;
}

const char *
words_split(struct arena *arena, int64_t ppm)
{
	if (ppm < 0)
		return words_ppm(arena, ppm);
	return arena_printf(arena, "α %s  GA %s", words_bare(arena, PPM_ALL - ppm),
			    words_bare(arena, ppm));
}

const char *
words_advice(struct arena *arena, const char *advice)
{
	static const struct {
		const char *option, *here;
	} rows[] = {
		{ "--force-managed", "e" },
		{ "--orphan", "e" },
		{ "--priority", "e" },
		{ "--delete-routes", "e" },
		{ "--accept-unproven", ":accept-unproven" },
		{ "rollback --to", "A puts the weights back, u takes steps back" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strstr(advice, rows[i].option) != NULL)
			return arena_printf(arena, "%s (in this console: %s)", advice,
					    rows[i].here);
	return advice;
}

const char *
words_frozen(struct arena *arena, const struct lease_view *lease, int64_t wall)
{
	const char *who =
		lease->frozen_by[0] == '\0' ? "" : arena_printf(arena, " by %s", lease->frozen_by);
	const char *since =
		lease->frozen_since == 0
			? ""
			: arena_printf(arena, " for %s",
				       words_seconds(arena, wall - lease->frozen_since));

	return arena_printf(arena, "Frozen%s%s%s%s", who, since,
			    lease->frozen_reason[0] == '\0' ? "" : ": ", lease->frozen_reason);
}
