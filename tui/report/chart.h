/* chart - a share over time as integers: the span it covers, its value at a moment, where ticks
 * stand. Drawn by the forms. Pure.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "core/base/buf.h"
#include "core/migrate/record.h"

struct chart_span {
	int64_t from, to; /* wall ns; to > from */
};

/* From a little before the first point to a little after the last, so that both levels are seen. */
struct chart_span chart_span(const struct record_share *share);
/* The share at a moment; before the first point what the first says. */
int64_t chart_at(const struct record_share *share, int64_t wall);
/* The same for the whole of a part of the time: PPM_UNKNOWN when there was no pool in any of it,
 * else the value at its end. */
int64_t chart_during(const struct record_share *share, int64_t from, int64_t to);
/* A round distance between ticks, ns, such that at most `most` fit. */
int64_t chart_tick(struct chart_span span, int most);
/* "14:02:11", "14:02" or "11-23" of UTC, as fine as ticks `every` ns apart need it. */
void chart_time(int64_t wall, int64_t every, char text[16]);
/* The drawing in block characters, `width` cells wide, each line after `indent` blanks. */
void chart_blocks(struct buf *out, const struct record_share *share, int width, int indent);

#endif
