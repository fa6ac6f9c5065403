/* selector - label and field selectors, parsed once and asked of many objects.
 *
 * Labels: "a=b", "a==b", "a!=b", "a in (b,c)", "a notin (b)", "a", "!a". Fields: any path of the
 * object that is a string, with = and !=; the real server knows metadata.name, metadata.namespace
 * and a few of each kind. Not shared.
 */
#ifndef DEMO_SELECTOR_H
#define DEMO_SELECTOR_H

#include <stdbool.h>

#include "core/base/json.h"
#include "core/demo/status.h"

struct selector;

/* Either text may be NULL or empty. NULL with `status` filled (400) when one cannot be read. */
struct selector *
selector_new(const char *labels, const char *fields, bool any_field, struct status *status);
void selector_free(struct selector *selector);      /* NULL is fine */
bool selector_any(const struct selector *selector); /* matches everything */
bool selector_matches(const struct selector *selector, const struct json *object);
/* Every label of `labels` (an object; empty matches nothing) stands in the object's
 * metadata.labels. */
bool selector_covers(const struct json *labels, const struct json *object);
/* The object's name a field selector asks for, or NULL. */
const char *selector_name(const struct selector *selector);

#endif
