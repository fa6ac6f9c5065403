/* past - what the journal knows of a step: which of its writes stand, and what was there before the
 * first of them.
 *
 * A write stands when it was done for real and nothing later took it back. All records are borrowed
 * from the journal until its next write. `journal` may be NULL everywhere: then nothing is known.
 * Pure.
 */
#ifndef MIGRATE_PAST_H
#define MIGRATE_PAST_H

#include "core/migrate/journal.h"

struct past_of { /* whose writes */
	enum step_id step;
	const char *pair; /* "ns/alpha"; "" for a cluster step; NULL: whichever */
};

/* Does any write of the step stand? */
bool past_stands(const struct journal *journal, struct past_of of);
/* The oldest standing write on one object: its `before` is what was there when the step began. NULL
 * when there is none. */
const struct journal_record *past_first(const struct journal *journal, struct past_of of,
					enum kind kind, const char *ns, const char *name);
/* That object as it was then, parsed; the caller frees. NULL when nothing is known. */
struct json *past_before(const struct journal *journal, struct past_of of, enum kind kind,
			 const char *ns, const char *name);
/* The standing deletions of the step, oldest first; `out` holds as many as journal_records() counts
 * at most. */
size_t
past_deleted(const struct journal *journal, struct past_of of, const struct journal_record **out);

/* Everything of the step that stands, each object once with its oldest write; `out` as above. */
size_t
past_standing(const struct journal *journal, struct past_of of, const struct journal_record **out);

#endif
