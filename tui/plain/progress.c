#include "tui/plain/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/migrate/step.h"
#include "tui/plain/page.h"

#define BAR_CELLS 20

void
progress_init(struct progress *progress, bool ascii)
{
	const char *term = getenv("TERM");

	*progress = (struct progress){
		.bar = isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0,
		.ascii = ascii,
	};
	buf_init(&progress->last, 64 * BUF_KIB);
}

void
progress_release(struct progress *progress)
{
	buf_release(&progress->last);
}

void
progress_begin(struct progress *progress, const struct snapshot *snapshot)
{
	if (snapshot->event_count > 0)
		progress->printed = snapshot->events[snapshot->event_count - 1].number;
}

/* How far one step of one pair is, in ppm: the shift by its share, the others all or nothing. */
static int64_t
part_done(const struct pair *pair, const struct step_status *status, enum step_id id)
{
	if (status->state == STATE_DONE || status->state == STATE_SKIPPED)
		return PPM_ALL;
	return pair != NULL && id == STEP_SHIFT && pair->written > 0 ? pair->written : 0;
}

static int64_t
all_done(const struct plan *plan)
{
	int64_t sum = 0, count = 0;

	for (size_t i = 0; i < plan->step_count; i++) {
		const struct step_view *view = &plan->steps[i];

		if (step_row(view->id)->scope == SCOPE_CLUSTER) {
			sum += part_done(NULL, &view->status, view->id);
			count++;
			continue;
		}
		for (size_t p = 0; p < plan->pair_count; p++) {
			const struct pair *pair = &plan->pairs[p];

			sum += pair->selected ? part_done(pair, &pair->steps[view->id], view->id)
					      : 0;
			count += pair->selected;
		}
	}
	return count > 0 ? sum / count : 0;
}

static bool
one_pair(const struct plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->pair_count; i++)
		count += plan->pairs[i].selected;
	return count < 2;
}

void
progress_bar(struct buf *out, const struct snapshot *snapshot, int cells, bool ascii)
{
	const struct run_view *run = &snapshot->run;
	int64_t ppm = all_done(&snapshot->plan);
	int full = (int)(ppm * BAR_CELLS / PPM_ALL);
	struct buf line;

	buf_init(&line, 64 * BUF_KIB);
	buf_putc(&line, '[');
	for (int i = 0; i < BAR_CELLS; i++)
		buf_puts(&line, i < full ? (ascii ? "#" : "█") : (ascii ? "-" : "░"));
	buf_printf(&line, "] %3d %%", (int)(ppm / (PPM_ALL / 100)));
	if (run->phase != RUN_IDLE && run->step < STEP_COUNT) {
		buf_printf(&line, "  %s", step_name(run->step));
		if (*run->pair != '\0' && !one_pair(&snapshot->plan))
			buf_printf(&line, " %s", run->pair);
		if (*run->text != '\0')
			buf_printf(&line, ": %s", run->text);
	}
	text_fit(out, line.bytes, cells, ascii);
	buf_release(&line);
}

static void
bar_off(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}

/* Redrawn whole: one write, so that it does not flicker. */
static void
bar_on(struct progress *progress, const struct snapshot *snapshot)
{
	struct winsize size;
	struct buf raw, clean;
	int cells = 79;

	if (!progress->bar)
		return;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
		cells = size.ws_col - 1;
	buf_init(&raw, 64 * BUF_KIB);
	buf_init(&clean, 64 * BUF_KIB);
	progress_bar(&raw, snapshot, cells, progress->ascii);
	text_clean(&clean, raw.bytes, raw.length);
	fprintf(stderr, "\r%s\033[K", clean.bytes);
	fflush(stderr);
	progress->drawn = true;
	buf_release(&raw);
	buf_release(&clean);
}

/* The same sentence, whether or not it ends with a full stop. */
static bool
same(const char *a, const char *b)
{
	size_t a_length = strlen(a), b_length = strlen(b);

	a_length -= a_length > 0 && a[a_length - 1] == '.';
	b_length -= b_length > 0 && b[b_length - 1] == '.';
	return a_length == b_length && strncmp(a, b, a_length) == 0;
}

static void
tell(struct progress *progress, const struct snapshot *snapshot, const struct event_line *event)
{
	static const char *const marks[] = {
		[EVENT_INFO] = "",
		[EVENT_DONE] = "",
		[EVENT_WARNING] = "warning: ",
		[EVENT_ERROR] = "error: ",
	};
	bool pair = *event->pair != '\0' && !one_pair(&snapshot->plan);
	char time[16];

	if (*event->text == '\0' || same(event->text, progress->last.bytes))
		return;
	buf_clear(&progress->last);
	buf_puts(&progress->last, event->text);
	bar_off(progress);
	clock_time_of_day(event->wall, time);
	page_say("%s %-11s %s%s%s%s", time, event->step < STEP_COUNT ? step_name(event->step) : "",
		 pair ? event->pair : "", pair ? ": " : "", marks[event->level], event->text);
}

void
progress_tell(struct progress *progress, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->event_count; i++) {
		const struct event_line *event = &snapshot->events[i];

		if (event->number <= progress->printed)
			continue;
		progress->printed = event->number;
		tell(progress, snapshot, event);
	}
	bar_on(progress, snapshot);
}

void
progress_end(struct progress *progress, const struct outcome *outcome)
{
	bar_off(progress);
	if (*outcome->text == '\0' || (outcome->ok && same(outcome->text, progress->last.bytes)))
		return;
	page_say("%s%s", outcome->ok ? "" : "poolshift: ", outcome->text);
}
