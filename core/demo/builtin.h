/* builtin - the kinds every API server has, one row each, with as much of a schema as applying and
 * defaulting need.
 *
 * The schemas name merge keys, defaults and what is required; fields they leave out are kept as
 * they come. Constant data.
 */
#ifndef DEMO_BUILTIN_H
#define DEMO_BUILTIN_H

#include <stdbool.h>
#include <stddef.h>

struct builtin {
	const char *group, *version, *resource, *singular, *kind, *list_kind;
	const char *short_names[2];
	const char *schema; /* JSON, or NULL */
	bool namespaced;
	bool status, scale; /* subresources */
	bool in_all;        /* shown by "kubectl get all" */
	bool review;        /* answered, never stored */
};

const struct builtin *builtin_list(size_t *count);

#endif
