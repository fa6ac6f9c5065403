/* book - the engine's journal: opened once it is known whose it is, and writes that another run
 * left unresolved looked up.
 *
 * A record without an outcome means: the program ended between sending and hearing. The cluster
 * is asked and the answer written down (KUBERNETES §4.10) before anything else is written. What is
 * not done may yet be: a server carries out what it was sent up to a minute ago, so that it counts
 * as not done only after BOOK_LATE, or once its object has moved and the server refuses it. When
 * another cluster answers it is closed for good. Engine's thread.
 */
#ifndef ENGINE_BOOK_H
#define ENGINE_BOOK_H

#include "core/engine/inside.h"

/* From when a write may have been sent for the last time: --request-timeout of the API server, a
 * minute unless it is told otherwise, and what is on the way. ns */
#define BOOK_LATE (65 * SECOND)

struct book *book_new(void);
void book_free(struct engine *engine, struct book *book);
int64_t book_step(struct engine *engine); /* mono ns of its next turn */
bool book_take(struct engine *engine, struct transport_event *event);
/* Open, or known not to be openable, and nothing unresolved. */
bool book_settled(const struct engine *engine);
bool book_looks(const struct engine *engine); /* at what was left open, for up to BOOK_LATE */
/* Something that was sent may still be done; not for longer than BOOK_LATE. */
bool book_may_come(const struct engine *engine);
/* While it looks, why nothing is begun, in `text`; otherwise "". */
const char *book_pending(const struct engine *engine, char *text, size_t size);
void book_tell_again(struct engine *engine); /* what it waits for: somebody new waits with it */
struct journal *book_journal(const struct book *book); /* NULL before it is open */
const char *book_trouble(const struct book *book);     /* "" or why nothing can be recorded */
/* The journal's file, one that is damaged included; "" while it is not known. */
const char *book_path(const struct book *book);
/* Before the first write of this process: what runs, and what the plan knows to be lost, for the
 * record. */
bool book_begin(struct engine *engine, const struct plan *plan, struct err *err);
/* What a verification found, for the record, once there is one. */
void book_note_checks(struct engine *engine, const struct verification *verification);
/* How this write ended could not be written down: nothing more is written before the cluster was
 * asked and the answer is on disk. */
void book_unwritten(struct engine *engine, int64_t record, const struct err *err);
/* How this write ended is not known: it is looked at as those of an earlier run are. */
void book_leave_open(struct engine *engine, int64_t record);
/* This write was done, and an earlier try of it may be done, too: no other command begins for a
 * while. */
void book_repeats(struct engine *engine, int64_t record);
struct journal_where book_where(const struct engine *engine); /* whose journal and copies */
/* The newest record that stands on the object of an undoing intent: what it takes back; 0 for none.
 */
int64_t book_undoes(const struct book *book, const struct intent *intent);
/* A copy of what each of these deletions takes away, on disk when it returns true. */
bool book_keep(struct engine *engine, const struct intent *intents, size_t count, struct err *err);

#endif
