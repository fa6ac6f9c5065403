/* surgery - changes inside HTTPRoutes as JSON patches: only what the pair owns is named, all else
 * stays byte for byte.
 *
 * One intent for each route, guarded by what was seen of it (KUBERNETES §4.4). The patch under work
 * is on the heap between surgery_begin() and surgery_end(); intents and texts live in the stage's
 * arena. Pure.
 */
#ifndef MIGRATE_SURGERY_H
#define MIGRATE_SURGERY_H

#include "core/base/buf.h"
#include "core/migrate/split.h"
#include "core/migrate/step.h"

/* The routes of a pair, each once, in the order of its places: start with *at 0; NULL at the end.
 */
const struct object *surgery_route(const struct stage *stage, const struct pair *pair, size_t *at);
enum split_side surgery_side(const struct pair *pair, const struct ref *ref);
size_t surgery_count(const struct pair *pair, const struct rule *rule, enum split_side side);
/* A backendRef of the route names one of the pair's pools, and not only a mirror. */
bool surgery_carries(const struct pair *pair, const struct object *route);
/* ERR_INPUT when the rule has more backendRefs than the API allows. */
bool
surgery_split(const struct pair *pair, const struct rule *rule, struct split *out, struct err *err);

struct surgery {
	const struct stage *stage;
	const struct pair *pair;
	enum step_id step;
	bool undo;
	struct intent_list *out;
	const struct object *route; /* under work */
	struct json *operations;
	struct buf summary;
};

void surgery_begin(struct surgery *surgery, const struct object *route);
/* Places are by index: what is removed or inserted goes from the highest to the lowest within a
 * rule, or is counted. `value` is moved. */
void surgery_insert(struct surgery *surgery, int rule, int backend, struct json *value);
void surgery_remove(struct surgery *surgery, int rule, int backend);
/* A filter of the rule (backend -1) or of one of its backends; the same about indexes holds. */
void surgery_insert_filter(struct surgery *surgery, int rule, int backend, int filter,
			   struct json *value);
void surgery_remove_filter(struct surgery *surgery, int rule, int backend, int filter);
/* A list of the rule, "backendRefs" or "filters", as it shall be: unlike removals by place, it
 * can be seen in the cluster afterwards whether that was done (intent_met). `value` is moved. */
void surgery_replace(struct surgery *surgery, int rule, const char *list, struct json *value);
/* A mirror goes to another pool from now on. */
void surgery_point_mirror(struct surgery *surgery, int rule, const struct mirror *mirror,
			  const char *group, const char *name);
/* Every weight of the rule that differs. */
void surgery_weights(struct surgery *surgery, const struct rule *rule, const struct split *from,
		     const struct split *to);
/* The weight field itself goes: it was not written before. */
void surgery_forget_weight(struct surgery *surgery, int rule, int backend);
void surgery_line(struct surgery *surgery, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Adds the intent when anything was changed; the patch is released either way. */
void surgery_end(struct surgery *surgery);

#endif
