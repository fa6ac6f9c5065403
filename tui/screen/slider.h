/* slider - the share of GA that a person wants, before anything is asked of the cluster.
 *
 * Values are ppm, 0 to 1,000,000. Moving it sends nothing: the share goes out only when its preview
 * was accepted. Keys go in steps of 1 or 10 percent to the next whole one; digits give an exact
 * share with up to 4 decimals. Pure.
 */
#ifndef SCREEN_SLIDER_H
#define SCREEN_SLIDER_H

#include <stdbool.h>
#include <stdint.h>

#define SLIDER_TYPED_MAX 9 /* "100.0000" */
#define SLIDER_ONE       INT64_C(10000)

struct slider {
	int64_t ppm; /* what is wanted */
	bool moved;  /* the person has moved it: it stands apart from what is written */
	char typed[SLIDER_TYPED_MAX]; /* digits so far; "" when none are being typed */
};

/* Follows what the cluster says, unless the person has moved it. An unknown share counts as 0. */
void slider_follow(struct slider *slider, int64_t written);
void slider_reset(struct slider *slider, int64_t written);
/* By whole percents: from 12.5 one step up is 13, one down is 12. */
void slider_step(struct slider *slider, int percents);
void slider_set(struct slider *slider, int64_t ppm);
/* '0' to '9' or '.': false when it cannot stand there (a second point, more than 100, a fifth
 * decimal). */
bool slider_type(struct slider *slider, char c);
bool slider_backspace(struct slider *slider); /* false when nothing was being typed */
void slider_typed_end(struct slider *slider);
/* The share at column `x` of a bar of `w` cells, where the left end is all alpha; alpha shrinks to
 * the left. */
void slider_point(struct slider *slider, int x, int w);
/* Eighths of a cell that belong to alpha, of w * 8. */
int slider_alpha_eighths(int64_t ppm, int w);

#endif
