#include "core/model/kv.h"

#include <string.h>

const char *
kv_find(const struct kv_list *list, const char *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].key, key) == 0)
			return list->items[i].value;
	return NULL;
}

bool
kv_covers(const struct kv_list *labels, const struct kv_list *selector)
{
	for (size_t i = 0; i < selector->count; i++) {
		const char *value = kv_find(labels, selector->items[i].key);

		if (value == NULL || strcmp(value, selector->items[i].value) != 0)
			return false;
	}
	return selector->count > 0;
}

bool
kv_equal(const struct kv_list *a, const struct kv_list *b)
{
	if (a->count != b->count)
		return false;
	return a->count == 0 || kv_covers(a, b);
}
