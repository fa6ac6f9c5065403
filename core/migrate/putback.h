/* putback - references and mirrors that a rule had, put in again where they stood: as they were, or
 * with the GA pool in the place of the alpha one.
 *
 * Works on a route under a surgery (surgery_begin() to surgery_end()), from the copy that the
 * journal kept. A rule that holds them already is left alone. Pure.
 */
#ifndef MIGRATE_PUTBACK_H
#define MIGRATE_PUTBACK_H

#include "core/base/json.h"
#include "core/migrate/surgery.h"

/* `before`: the whole route as it was. `order`: as it was before anything was taken out of it, which
 * tells their places among what others have put back since; NULL: as `before`. ERR_MISSING when a
 * rule that had them is not there any more. */
bool putback_route(struct surgery *surgery, const struct json *before, const struct json *order,
		   bool as_ga, struct err *err);
/* Does the route hold as many of them as `before` had of the alpha pool? */
bool putback_done(const struct surgery *surgery, const struct json *before, bool as_ga);
/* Every alpha reference and mirror of the pair inside `route`, whole or a part, names the GA pool.
 */
void putback_rename(const struct surgery *surgery, struct json *route);
/* A reference of `route` names the pair's alpha pool; its namespace is the route's when it has
 * none. */
bool putback_names_alpha(const struct surgery *surgery, const struct json *ref);

/* How many mirrors the filters of a rule, or of a backendRef, send to it. */
size_t putback_mirrors(const struct surgery *surgery, const struct json *holder);

#endif
