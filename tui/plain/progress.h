/* progress - what a command is doing, on stderr: a line an event, and on a terminal a bar below
 * them.
 *
 * The bar says how much of the migration is done, not of the command: rolling back empties it. Main
 * thread.
 */
#ifndef PLAIN_PROGRESS_H
#define PLAIN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/model/snapshot.h"

struct progress {
	bool bar, ascii;
	bool drawn;      /* the bar stands on the last line */
	int64_t printed; /* number of the newest event that was told */
	struct buf last; /* its text */
};

/* With a bar when stderr is a terminal that can go back on a line. */
void progress_init(struct progress *progress, bool ascii);
void progress_release(struct progress *progress);
/* What happened up to this snapshot is not told. */
void progress_begin(struct progress *progress, const struct snapshot *snapshot);
/* Tells what is new, but for what the outcome says anyway, and draws the bar. */
void progress_tell(struct progress *progress, const struct snapshot *snapshot);
/* Takes the bar away and says how it ended: when it failed, and when no event said it already. */
void progress_end(struct progress *progress, const struct outcome *outcome);
/* The bar as text, `cells` wide, without going to the line's beginning. */
void progress_bar(struct buf *out, const struct snapshot *snapshot, int cells, bool ascii);

#endif
