/* typed - objects seen through their schema: what fields a value holds, what changed, merging and
 * taking out.
 *
 * The four operations that server-side apply is made of. Lists are matched by their keys, or by
 * value for sets; what the schema calls atomic, or does not know to be a map, is one field. Pure;
 * any thread.
 */
#ifndef DEMO_TYPED_H
#define DEMO_TYPED_H

#include "core/base/json.h"
#include "core/demo/fields.h"
#include "core/demo/schema.h"

/* The fields an applied configuration names: its leaves, and the items of keyed lists. */
struct fields *typed_fields(const struct json *schema, const struct json *value);
/* Adds to `changed` what `after` sets anew or otherwise, to `removed` what it lacks; either value
 * may be NULL. */
void typed_compare(const struct json *schema, const struct json *before, const struct json *after,
		   struct fields *changed, struct fields *removed);
/* `config` laid over `live`: a new value. */
struct json *
typed_merge(const struct json *schema, const struct json *live, const struct json *config);
/* Takes out of `value` all that is in `last` and of which nothing is in `keep`. */
void typed_remove(const struct json *schema, struct json *value, const struct fields *last,
		  const struct fields *keep);
/* Adds lines ".spec.x: field not declared in schema" and the like to `problems`. */
void typed_check(const struct json *schema, const struct json *value, struct buf *problems);

#endif
