/* events - what happened, line by line, for the message line and stderr. The newest 200 are kept.
 * Engine's thread. */
#ifndef ENGINE_EVENTS_H
#define ENGINE_EVENTS_H

#include "core/engine/inside.h"

struct events *events_new(void);
void events_free(struct events *events);
/* `pair` "" and `step` STEP_COUNT where it is about none. The text is made clean for a terminal. */
void events_add(struct engine *engine, int level, enum step_id step, const char *pair,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
/* A warning that is told once, however often it comes: of `length` bytes, not yet clean. */
void events_warn_once(struct engine *engine, enum step_id step, const char *pair, const char *text,
		      size_t length);
int64_t events_number(const struct events *events); /* of the newest; 0 when there is none */
/* Copies them, oldest first. */
const struct event_line *
events_copy(const struct events *events, struct arena *arena, size_t *count);

#endif
