/* lines - the state as numbered lines of text: each speaks of one thing and keeps that thing's
 * number, so that a later state can be told as the lines that changed.
 *
 * No line holds what changes by itself (ages, countdowns). Texts are not clean yet: page_print()
 * sees to that. Order: connection, pairs, routes, models, gateways, steps. One thread; pure.
 */
#ifndef PLAIN_LINES_H
#define PLAIN_LINES_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/model/snapshot.h"

#define LINES_MAX   512 /* of a state */
#define LINES_NAMED 24  /* most routes or gateways with a line each; of more, those in trouble */

enum line_subject { LINE_CLUSTER, LINE_PAIR, LINE_STEP, LINE_OBJECT };

struct line {
	int number;       /* 1 and up, the thing's own for the whole session */
	const char *name; /* of the thing; unique in a state */
	const char *text; /* what is said of it */
	enum line_subject subject;
	enum step_id step; /* of LINE_STEP */
	enum kind kind;    /* of LINE_OBJECT */
	const char *ns, *object;
};

struct lines {
	struct arena arena;
	struct line *line;
	size_t count;
	int last; /* the highest number given so far */
};

void lines_init(struct lines *lines);
void lines_release(struct lines *lines);
/* The state of `snapshot` in place of what was there; things that were there keep their numbers. */
void lines_take(struct lines *lines, const struct snapshot *snapshot, struct lines *before);
const struct line *lines_find(const struct lines *lines, int number); /* NULL: there is none */
/* All lines, or those that are new, other than or gone since `before`. */
void lines_put(struct buf *out, const struct lines *lines);
void lines_put_changes(struct buf *out, const struct lines *lines, const struct lines *before);

#endif
