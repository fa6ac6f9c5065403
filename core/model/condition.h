/* condition - what a controller says of an object in its status, and of which generation it says
 * it.
 *
 * Borrowed from the object. Any thread; pure.
 */
#ifndef MODEL_CONDITION_H
#define MODEL_CONDITION_H

#include <stddef.h>
#include <stdint.h>

struct condition {
	const char *type, *status, *reason, *message;
	int64_t generation; /* observedGeneration, 0 when absent */
	int64_t since;      /* wall ns of lastTransitionTime */
};

struct condition_list {
	const struct condition *items;
	size_t count;
};

const struct condition *condition_find(const struct condition_list *list, const char *type);
/* A condition that speaks of `generation` or later: an older one is pending, one without a
 * generation counts only when the object says nothing newer (DOMAIN §6). */
enum condition_answer { CONDITION_TRUE, CONDITION_FALSE, CONDITION_PENDING };
enum condition_answer
condition_answer(const struct condition_list *list, const char *type, int64_t generation);

#endif
