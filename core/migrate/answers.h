/* answers - what the controllers say of a route and of a GA pool, for the generation that stands
 * now.
 *
 * A condition older than the object is pending, not true; a CRD default is no answer; silence is
 * not consent (DOMAIN §3.1 step 4, §6). Borrows from the objects it is asked about. Any thread;
 * pure.
 */
#ifndef MIGRATE_ANSWERS_H
#define MIGRATE_ANSWERS_H

#include "core/migrate/step.h"
#include "core/model/object.h"

struct answers {                 /* of all parents of a route together */
	bool accepted, resolved; /* True from every parent that answered */
	bool pending; /* some parent has not spoken of this generation, or none has at all */
	const struct condition
		*trouble;       /* a False Accepted or ResolvedRefs, the first; NULL for none */
	const char *controller; /* who says so; "" without trouble */
	int64_t since;          /* wall ns since which Accepted stands, 0 when unknown */
};
struct answers answers_route(const struct object *route);

/* The route's references are refused for `reason`, for its present generation; NULL when they are
 * not. */
const struct condition *answers_refusal(const struct object *route, const char *reason);
/* The GA pool lists every Gateway the route names as a parent that accepted it: the controller
 * serves the group. `ga` may be NULL. */
bool answers_proven(const struct object *ga, const struct object *route);
/* The verdict itself, after saying of the route why a step waits for it, or is blocked by it. */
enum verdict answers_say(const struct stage *stage, const struct object *route,
			 enum verdict verdict, struct step_status *why, const char *reason);
/* Wall ns of our own newest write of the object, to the second; 0 when there was none. */
int64_t answers_written(const struct object *object);
/* The same for anybody's newest write, status apart. */
int64_t answers_changed(const struct object *object);

#endif
