/* kv - labels, selectors and annotations: pairs of texts in the order they were read.
 *
 * Borrowed from whoever decoded them. Any thread; pure.
 */
#ifndef MODEL_KV_H
#define MODEL_KV_H

#include <stdbool.h>
#include <stddef.h>

struct kv { /* a label, selector entry or annotation */
	const char *key, *value;
};

struct kv_list {
	const struct kv *items;
	size_t count;
};

const char *kv_find(const struct kv_list *list, const char *key); /* NULL when absent */
bool kv_covers(const struct kv_list *labels,
	       const struct kv_list *selector); /* an empty selector covers nothing */
bool kv_equal(const struct kv_list *a, const struct kv_list *b);

#endif
