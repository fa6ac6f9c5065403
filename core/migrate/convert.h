/* convert - the new objects made from the old ones, and what no new object can hold (DOMAIN §2,
 * §5).
 *
 * Pure: JSON out, owned by the caller; texts live in the arena given. Any thread.
 */
#ifndef MIGRATE_CONVERT_H
#define MIGRATE_CONVERT_H

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/model/plan.h"
#include "core/model/settings.h"
#include "core/model/world.h"

/* On a GA pool: the name of the alpha pool it took the place of, so that the pair is known after
 * that one is gone. */
#define CONVERT_ALPHA_POOL "poolshift/alpha-pool"
#define CONVERT_EPP_IMAGE  "registry.k8s.io/gateway-api-inference-extension/epp:v1.0.0"

/* "-preview" or "-alpha" at the end becomes "-ga", else it is added. */
const char *convert_ga_name(const char *alpha, struct arena *arena);
/* "<pool>-epp", the pool's name in lower case and cut at 40 bytes, as the chart does. */
const char *convert_picker_name(const char *ga, struct arena *arena);
/* By --priority (NS/NAME before NAME), else by criticality: 2, 1, -1, and 1 when unset. */
int64_t convert_priority(const struct settings *settings, const struct object *model);
/* Was it asked for, and is not what its criticality means? */
bool convert_priority_asked(const struct settings *settings, const struct object *model);

/* The GA pool over the same pods with the new picker, FailOpen kept. */
struct json *convert_pool(const struct object *alpha, const char *ga, const char *picker);
struct json *convert_objective(const char *ns, const char *name, const char *ga, int64_t priority);

/* The same settings for the GA pool; `alpha` must have its raw text. */
struct json *convert_policy(const struct object *alpha, const char *name, const char *ga);

/* An InferenceModelRewrite of the model's name; NULL when it neither renames nor splits. One
 * target called like the model renames nothing. */
struct json *convert_rewrite(const struct object *model, const char *ga);
bool convert_renames(const struct model *model);
/* The cluster serves InferenceModelRewrite: bundles v1.2 to v1.5 do. */
bool convert_rewrites(const struct world *world);

struct convert_picker {
	const char *ns, *ga; /* of the GA pool */
	const char *name;    /* of everything the picker consists of */
	const char *cluster; /* of its ClusterRole and ClusterRoleBinding */
	const char *image;   /* NULL: CONVERT_EPP_IMAGE */
};
/* One object of a picker, as chart v1.0.0 makes it. `kind` is one of convert_parts(). */
struct json *convert_part(const struct convert_picker *picker, enum kind kind);
/* The kinds a picker consists of besides its Deployment, in the order they are made; KIND_COUNT
 * ends. */
const enum kind *convert_parts(void);

/* Everything that is lost or answers differently, of every alpha object in the world (DOMAIN §2,
 * §7), in its order. */
const struct loss *convert_losses(const struct world *world, const struct pair *pairs,
				  size_t pair_count, struct arena *arena, size_t *count);

#endif
