/* models - what a picker makes of the model a client asks for, and how much the request matters.
 *
 * A v0.3.0 picker reads InferenceModels; later ones read InferenceObjectives, and from v1.2.0 to
 * v1.5.x InferenceModelRewrites (DOMAIN §2, §7). Names are borrowed until the store changes. Not
 * shared between threads without the demo's lock.
 */
#ifndef DEMO_MODELS_H
#define DEMO_MODELS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/demo/backend.h"
#include "core/demo/demo.h"

/* The name as the pool's InferenceModel of `model` renames it; NULL when there is none. Models
 * older than version `forgotten` are unknown (gateway.h). `sheddable`: its criticality is that. */
const char *models_of_model(struct demo *demo, const struct backend *pool, const char *model,
			    int64_t forgotten, bool *sheddable);
/* The name as an InferenceModelRewrite of the pool has it, else `model`. */
const char *models_rewritten(struct demo *demo, const struct backend *pool, const char *model);
/* Of the pool's InferenceObjective of that name; 0 without a name, an objective or a priority. */
int64_t models_priority(struct demo *demo, const struct backend *pool, const char *objective,
			int64_t forgotten);

#endif
