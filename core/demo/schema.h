/* schema - what an OpenAPI v3 structural schema says of an object: its fields, its defaults, how
 * its lists merge.
 *
 * A schema is the JSON of a CRD's openAPIV3Schema; all functions take NULL for "nothing is known
 * here". Rules of x-kubernetes-validations (CEL) are not evaluated; a real server would. Pure; any
 * thread.
 */
#ifndef DEMO_SCHEMA_H
#define DEMO_SCHEMA_H

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/demo/patterns.h"
#include "core/demo/status.h"

enum schema_merge {
	SCHEMA_ATOMIC, /* replaced whole: scalars, lists without keys, maps that say so */
	SCHEMA_MAP,    /* an object, field by field */
	SCHEMA_SET,    /* a list of scalars, each by its value */
	SCHEMA_KEYED,  /* a list of objects, each by its keys */
};

/* How `value` under `schema` is owned and merged. */
enum schema_merge schema_merge(const struct json *schema, const struct json *value);
/* The schema of member `key`, of the elements of a list; NULL when nothing is known. */
const struct json *schema_member(const struct json *schema, const char *key);
const struct json *schema_items(const struct json *schema);
const struct json *
schema_keys(const struct json *schema); /* names of the merge keys, an array, or NULL */
/* True when `key` may stand under `schema`. */
bool schema_declares(const struct json *schema, const char *key);
bool schema_has_rules(const struct json *schema); /* CEL anywhere in it */

/* The schema every object's metadata has: the caller frees. */
struct json *schema_metadata(void);

/* Puts in what is missing and has a default. */
void schema_default(const struct json *schema, struct json *value);
/* Takes out members that are null, which built-in kinds read as not being there. */
void schema_drop_nulls(struct json *value);
/* Takes out what is not declared. A line `unknown field "spec.x"` for each is added to `unknown`,
 * which may be NULL. */
void schema_prune(const struct json *schema, struct json *value, struct buf *unknown);
/* Adds a cause to `errors` for everything the schema forbids. */
void schema_validate(struct patterns *patterns, const struct json *schema, const struct json *value,
		     struct status *errors);

#endif
