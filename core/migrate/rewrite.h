/* rewrite - an InferenceModelRewrite for each InferenceModel that renames or splits, where the
 * cluster serves that kind: then nothing of the model is lost (DOMAIN §2).
 *
 * Part of the step objectives. Pure; intents live in the stage's arena.
 */
#ifndef MIGRATE_REWRITE_H
#define MIGRATE_REWRITE_H

#include "core/migrate/step.h"

/* Somebody else has one of that name. */
bool
rewrite_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* Those that are still to be made. Counts them; `out` NULL: only that. */
size_t rewrite_carry(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* What this program made for the GA pool goes again. */
void rewrite_uncarry(const struct stage *stage, const struct pair *pair, struct intent_list *out);

#endif
