#include "core/model/condition.h"

#include <stdbool.h>
#include <string.h>

const struct condition *
condition_find(const struct condition_list *list, const char *type)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].type, type) == 0)
			return &list->items[i];
	return NULL;
}

/* A controller that says a generation anywhere says it everywhere it has looked. */
static bool
speaks_of_generations(const struct condition_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].generation > 0)
			return true;
	return false;
}

enum condition_answer
condition_answer(const struct condition_list *list, const char *type, int64_t generation)
{
	const struct condition *found = condition_find(list, type);

	if (found == NULL)
		return CONDITION_PENDING;
	if (found->generation > 0 && found->generation < generation)
		return CONDITION_PENDING;
	if (found->generation == 0 && speaks_of_generations(list))
		return CONDITION_PENDING;
	if (strcmp(found->status, "True") == 0)
		return CONDITION_TRUE;
	return strcmp(found->status, "False") == 0 ? CONDITION_FALSE : CONDITION_PENDING;
}
