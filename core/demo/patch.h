/* patch - the three patches of the API: JSON patch (RFC 6902), merge patch (RFC 7386), strategic
 * merge.
 *
 * Each makes a new value and leaves the old one alone; the caller frees it. Pure; any thread.
 */
#ifndef DEMO_PATCH_H
#define DEMO_PATCH_H

#include "core/base/json.h"

enum patch_outcome {
	PATCH_DONE,
	PATCH_UNREADABLE, /* not a patch at all: 400 */
	PATCH_FAILED, /* a test failed or a path is missing: the anonymous 422 (KUBERNETES §0.7) */
	PATCH_TOO_LARGE, /* more than 10,000 operations: 413 */
};

enum patch_outcome
patch_json(const struct json *value, const struct json *operations, struct json **result);
struct json *patch_merge(const struct json *value, const struct json *patch);
/* Lists with keys merge by the first key their schema names; $patch, $deleteFromPrimitiveList,
 * $setElementOrder and $retainKeys are understood. */
struct json *
patch_strategic(const struct json *schema, const struct json *value, const struct json *patch);

#endif
