#include "tui/report/chart.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"

#define DAY (24 * HOUR)

enum { ROWS = 6, EIGHTHS = 8, LABEL = 8 /* cells of "  100 % " */, MOST_COLUMNS = 120 };

struct chart_span
chart_span(const struct record_share *share)
{
	int64_t first = share->points[0].wall, last = share->points[share->count - 1].wall;
	int64_t pad = (last - first) / 16;

	if (pad < SECOND)
		pad = SECOND;
	return (struct chart_span){ .from = first - pad, .to = last + pad };
}

int64_t
chart_at(const struct record_share *share, int64_t wall)
{
	int64_t ppm = share->points[0].ppm;

	for (size_t i = 0; i < share->count && share->points[i].wall <= wall; i++)
		ppm = share->points[i].ppm;
	return ppm;
}

int64_t
chart_during(const struct record_share *share, int64_t from, int64_t to)
{
	if (chart_at(share, from) == PPM_UNKNOWN)
		return PPM_UNKNOWN;
	for (size_t i = 0; i < share->count; i++)
		if (share->points[i].wall > from && share->points[i].wall <= to &&
		    share->points[i].ppm == PPM_UNKNOWN)
			return PPM_UNKNOWN;
	return chart_at(share, to);
}

int64_t
chart_tick(struct chart_span span, int most)
{
	static const int64_t round[] = {
		1 * SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
		1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
		1 * HOUR,   2 * HOUR,   3 * HOUR,   6 * HOUR,    12 * HOUR,   1 * DAY,
		2 * DAY,    7 * DAY,    30 * DAY,
	};
	size_t count = sizeof(round) / sizeof(round[0]);

	for (size_t i = 0; i < count; i++)
		if ((span.to - span.from) / round[i] < most)
			return round[i];
	return (span.to - span.from) / most + 1;
}

void
chart_time(int64_t wall, int64_t every, char text[16])
{
	char full[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, false, full);
	if (every >= DAY)
		snprintf(text, 16, "%.5s", full + 5);
	else
		snprintf(text, 16, "%.*s", every >= MINUTE ? 5 : 8, full + 11);
}

static void
row_label(struct buf *out, int row)
{
	if (row == 0)
		buf_puts(out, "100 % ┤ ");
	else if (row == ROWS / 2)
		buf_puts(out, " 50 % ┤ ");
	else
		buf_puts(out, "      │ ");
}

/* The part of a column that lies in a row, from the bottom, in eighths. */
static void
put_cell(struct buf *out, int64_t ppm, int row)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	int64_t height = (ppm * ROWS * EIGHTHS + PPM_ALL / 2) / PPM_ALL;
	int64_t here = height - (int64_t)(ROWS - 1 - row) * EIGHTHS;

	if (ppm == PPM_UNKNOWN) {
		buf_puts(out, "×");
		return;
	}
	/* The smallest share is still seen. */
	if (ppm > 0 && row == ROWS - 1 && here < 1)
		here = 1;
	buf_puts(out, blocks[here < 0 ? 0 : here > EIGHTHS ? EIGHTHS : here]);
}

void
chart_blocks(struct buf *out, const struct record_share *share, int width, int indent)
{
	struct chart_span span = chart_span(share);
	int columns = width - indent - LABEL;
	int64_t values[MOST_COLUMNS], length = span.to - span.from;
	char from[CLOCK_RFC3339_MAX], to[CLOCK_RFC3339_MAX];
	bool gap = false;

	columns = columns > MOST_COLUMNS ? MOST_COLUMNS : columns < 44 ? 44 : columns;
	for (int i = 0; i < columns; i++) {
		values[i] = chart_during(share, span.from + length * i / columns,
					 span.from + length * (i + 1) / columns);
		gap |= values[i] == PPM_UNKNOWN;
	}
	for (int row = 0; row < ROWS; row++) {
		buf_printf(out, "%*s", indent, "");
		row_label(out, row);
		for (int i = 0; i < columns; i++)
			put_cell(out, values[i], row);
		while (out->length > 0 && out->bytes[out->length - 1] == ' ')
			out->bytes[--out->length] = '\0';
		buf_putc(out, '\n');
	}
	buf_printf(out, "%*s  0 %% ┼─", indent, "");
	for (int i = 0; i < columns; i++)
		buf_puts(out, "─");
	clock_rfc3339(span.from, false, from);
	clock_rfc3339(span.to, false, to);
	buf_printf(out, "\n%*s%s%*s%s\n", indent + LABEL, "", from,
		   columns - (int)strlen(from) - (int)strlen(to), "", to);
	if (gap)
		buf_printf(out, "%*s× no pool of the pair behind any rule\n", indent + LABEL, "");
}
