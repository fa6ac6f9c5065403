/* nearest - which of some names a mistyped one most likely meant.
 *
 * Counts letters that are missing, too many, wrong or exchanged with their neighbour. Any thread;
 * no allocation; names are borrowed.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word;
	size_t length;    /* of the word */
	const char *name; /* the best so far, NULL for none */
	int slips;        /* between the word and it */
};

/* The first `length` bytes of `word`. */
void nearest_init(struct nearest *nearest, const char *word, size_t length);
/* Offers a name; of equally near ones the first stays. */
void nearest_try(struct nearest *nearest, const char *name);
/* The best name; NULL when none is near enough to have been meant: one slip, with six letters or
 * more one for every three, or any beginning of it. */
const char *nearest_name(const struct nearest *nearest);

#endif
