/* write_inside - what write.c and write_helm.c share. Nobody else includes it. */
#ifndef ENGINE_WRITE_INSIDE_H
#define ENGINE_WRITE_INSIDE_H

#include "core/engine/write.h"

void write_close(struct write_run *write, enum write_end how);
/* The outcome into the journal; `object` NULL when the server gave none. */
void write_note(struct engine *engine, struct write_run *write, enum journal_end how,
		const struct json *object);
void write_fail(struct engine *engine, struct write_run *write, enum journal_end how);
/* Sent, or sent again, after `after` ns. */
void write_again(struct engine *engine, struct write_run *write, int64_t after);
/* Nothing is known yet and nothing was done: the guard is passed once more after `wait` ns. */
void write_hold(struct engine *engine, struct write_run *write, int64_t wait);
/* How its object stands is asked, after `after` ns. */
void write_look(struct engine *engine, struct write_run *write, int64_t after);
/* The event of a run of helm's. */
void write_take_helm(struct engine *engine, struct write_run *write,
		     const struct transport_event *event);

#endif
