/* write_inside - what write.c, write_doubt.c and write_helm.c share. Nobody else includes it. */
#ifndef ENGINE_WRITE_INSIDE_H
#define ENGINE_WRITE_INSIDE_H

#include "core/engine/write.h"
#include "core/kube/api.h"

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
/* It was executed: into the journal, and into the world. */
void write_settle(struct engine *engine, struct write_run *write, const struct json *reply);
int64_t write_backoff(const struct write_run *write); /* ns before the next try */

/* write_doubt.c */
/* How its object stands, after an unknown outcome or a basis that moved. */
void write_looked(struct engine *engine, struct write_run *write, const struct api_reply *reply);
/* False when it is not sent once more, or not yet: what becomes of it is settled. */
bool write_may_go_again(struct engine *engine, struct write_run *write);
void write_leave_open(struct engine *engine, struct write_run *write);

/* The event of a run of helm's. */
void write_take_helm(struct engine *engine, struct write_run *write,
		     const struct transport_event *event);

#endif
