/* derive - the plan as of now, derived from the world when it changed, and what persons wanted that
 * no cluster shows.
 *
 * Engine's thread. What it returns is borrowed until the next call.
 */
#ifndef ENGINE_DERIVE_H
#define ENGINE_DERIVE_H

#include "core/engine/inside.h"
#include "core/migrate/access.h"
#include "core/migrate/assess.h"

struct derive *derive_new(void);
void derive_free(struct derive *derive);
const struct plan *derive_plan(struct engine *engine);
/* A plan of its own, all in `arena`. */
void derive_into(struct engine *engine, struct arena *arena, struct plan *plan);
struct stage
derive_stage(struct engine *engine, const char *pair, int64_t goal, struct arena *arena);

void derive_want(struct engine *engine, const char *pair,
		 int64_t ppm); /* PPM_UNKNOWN: nothing any more */
/* The settings as the running command has them; NULL: as given at the start. Borrowed. */
void derive_settings(struct engine *engine, const struct settings *settings);

/* What the API server said of the plan's rights; borrowed until the next call. */
void derive_allow(struct engine *engine, const struct access *access);

/* The last verification of a pair; copied. */
void derive_verified(struct engine *engine, const struct verification *verification);
/* The newest of all; ran is false when there was none. Copied into `arena`. */
struct verification derive_verification(const struct engine *engine, struct arena *arena);

#endif
