/* everything - what can hang on an alpha pool besides the documentation's example, as requests that
 * make it in the scenario `classic`, one after the other. For tests.
 */
#ifndef TESTS_EVERYTHING_H
#define TESTS_EVERYTHING_H

#include <stddef.h>

struct everything {
	const char *method, *path, *content_type, *body;
};
const struct everything *everything_list(size_t *count);

#endif
