#include "tui/report/chart_svg.h"

#include <stdlib.h>

#include "core/base/text.h"
#include "tui/report/chart.h"

/* Of the drawing, whole numbers all: a hundredth of what a page shows at its usual width. */
enum { LEFT = 620, RIGHT = 9300, TOP = 180, BOTTOM = 1880, WIDTH = 9600, HEIGHT = 2120, TICKS = 9 };

struct frame {
	struct buf *out;
	const struct record_share *share;
	struct chart_span span;
};

static int
x_of(const struct frame *frame, int64_t wall)
{
	double part =
		(double)(wall - frame->span.from) / (double)(frame->span.to - frame->span.from);

	return LEFT + (int)(part * (RIGHT - LEFT));
}

static int
y_of(int64_t ppm)
{
	return BOTTOM - (int)(ppm * (BOTTOM - TOP) / PPM_ALL);
}

/* Where the level of point `i` ends: at the next, or at the edge. */
static int
end_of(const struct frame *frame, size_t i)
{
	const struct record_share *share = frame->share;

	return i + 1 < share->count ? x_of(frame, share->points[i + 1].wall) : RIGHT;
}

static int
start_of(const struct frame *frame, size_t i)
{
	return i == 0 ? LEFT : x_of(frame, frame->share->points[i].wall);
}

static void
put_rectangle(struct buf *out, const char *class, int x, int right, int y, int bottom)
{
	if (right > x && bottom > y)
		buf_printf(out,
			   "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
			   class, x, y, right - x, bottom - y);
}

static void
put_grid(const struct frame *frame)
{
	int64_t every = chart_tick(frame->span, TICKS);
	int64_t tick = (frame->span.from / every + 1) * every;
	char text[16];

	for (int percent = 0; percent <= 100; percent += 25) {
		int y = y_of(percent * (PPM_ALL / 100));

		buf_printf(frame->out,
			   "<path class=\"grid\" d=\"M%d %dH%d\"/><text x=\"%d\" y=\"%d\" "
			   "text-anchor=\"end\">%d %%</text>\n",
			   LEFT, y, RIGHT, LEFT - 80, y + 40, percent);
	}
	for (; tick < frame->span.to; tick += every) {
		chart_time(tick, every, text);
		buf_printf(frame->out,
			   "<path class=\"grid\" d=\"M%d %dv60\"/><text x=\"%d\" y=\"%d\" "
			   "text-anchor=\"middle\">%s</text>\n",
			   x_of(frame, tick), BOTTOM, x_of(frame, tick), BOTTOM + 190, text);
	}
}

static void
put_areas(const struct frame *frame)
{
	for (size_t i = 0; i < frame->share->count; i++) {
		int64_t ppm = frame->share->points[i].ppm;
		int x = start_of(frame, i), right = end_of(frame, i);

		if (ppm == PPM_UNKNOWN) {
			put_rectangle(frame->out, "gap", x, right > x + 20 ? right : x + 20, TOP,
				      BOTTOM);
			continue;
		}
		put_rectangle(frame->out, "alpha", x, right, TOP, y_of(ppm));
		put_rectangle(frame->out, "ga", x, right, y_of(ppm), BOTTOM);
	}
}

/* One stroke over the levels, lifted where there was no pool. */
static void
put_level(const struct frame *frame)
{
	bool down = false;

	buf_puts(frame->out, "<path class=\"level\" d=\"");
	for (size_t i = 0; i < frame->share->count; i++) {
		int64_t ppm = frame->share->points[i].ppm;

		if (ppm == PPM_UNKNOWN) {
			down = false;
			continue;
		}
		if (down)
			buf_printf(frame->out, "V%d", y_of(ppm));
		else
			buf_printf(frame->out, "M%d %d", start_of(frame, i), y_of(ppm));
		buf_printf(frame->out, "H%d", end_of(frame, i));
		down = true;
	}
	buf_puts(frame->out, "\"/>\n");
}

/* How much, over each level that has the room for it. */
static void
put_labels(const struct frame *frame)
{
	int free = LEFT;

	for (size_t i = 0; i < frame->share->count; i++) {
		int64_t ppm = frame->share->points[i].ppm;
		int x = start_of(frame, i), right = end_of(frame, i), y;

		if (ppm == PPM_UNKNOWN || right - x < 420 || x < free)
			continue;
		y = y_of(ppm) - 60 < TOP ? TOP - 60 : y_of(ppm) - 60;
		buf_printf(frame->out, "<text x=\"%d\" y=\"%d\">", x + 40, y);
		text_ppm(frame->out, ppm);
		buf_puts(frame->out, "</text>\n");
		free = x + 420;
	}
}

void
chart_svg(struct buf *out, const struct record_share *share)
{
	struct frame frame = { .out = out, .share = share, .span = chart_span(share) };

	buf_printf(out,
		   "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Share of the GA pool over "
		   "time\">\n",
		   WIDTH, HEIGHT);
	put_grid(&frame);
	put_areas(&frame);
	put_level(&frame);
	put_labels(&frame);
	buf_puts(out, "</svg>\n");
}
