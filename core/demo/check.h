/* check - what has to hold before a change is made, and the words when it does not.
 *
 * One function each; all false with change->status filled. Used by change.c alone.
 */
#ifndef DEMO_CHECK_H
#define DEMO_CHECK_H

#include "core/demo/change.h"

bool check_kind(const struct change *change, const struct json *object);
/* Name and namespace of the URL and of the object are one; what is missing is filled in. */
bool check_place(const struct change *change, struct json *object);
/* Fields the schema does not declare are taken out, and told of as fieldValidation says. */
bool check_fields(const struct change *change, struct json *object);
bool
check_values(const struct change *change, const struct json *before, const struct json *object);
bool check_namespace(const struct change *change);
bool check_absent(const struct change *change, const struct json *object);
bool check_uid(const struct change *change, const struct json *before, struct json *object);
bool
check_version(const struct change *change, const struct json *before, const struct json *object);
bool
check_finalizers(const struct change *change, const struct json *before, const struct json *object);
bool check_preconditions(const struct change *change, const struct json *before,
			 const struct change_preconditions *preconditions);

#endif
