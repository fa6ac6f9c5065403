/* scene - snapshots made in code, for the goldens and the screen's unit tests: the documentation's
 * example at each stage, and what can go wrong with it. Each is the caller's: snapshot_free(). */
#ifndef GOLDEN_SCENE_H
#define GOLDEN_SCENE_H

#include "core/model/settings.h"
#include "core/model/snapshot.h"

#define SCENE_MONO (1000 * INT64_C(1000000000))
#define SCENE_WALL (INT64_C(1790000000) * INT64_C(1000000000))

struct scene_pair; /* a pair that may still be changed */

struct snapshot *scene_new(const struct settings *settings); /* live, no pairs */
/* Stands before `next`; everything earlier is done. `ppm` is written. */
struct snapshot *scene_classic(const struct settings *settings, enum step_id next, int64_t ppm);
struct snapshot *scene_crowd(const struct settings *settings, int pairs);
struct snapshot *scene_fresh(const struct settings *settings);
/* Changes of one that is there. */
void scene_block(struct snapshot *snapshot, enum step_id step, const char *reason,
		 const char *object, const char *advice);
void scene_silence(struct snapshot *snapshot, int64_t seconds); /* no answer for so long */
void scene_preview_shift(struct snapshot *snapshot, int64_t to);
void scene_preview_final(struct snapshot *snapshot);
void scene_journal(struct snapshot *snapshot);
void scene_detail(struct snapshot *snapshot);
void scene_checks(struct snapshot *snapshot);
void scene_losses(struct snapshot *snapshot);
void
scene_run(struct snapshot *snapshot, enum step_id step, enum run_phase phase, const char *text);
void scene_frozen(struct snapshot *snapshot);
void scene_held(struct snapshot *snapshot);
void scene_pending(struct snapshot *snapshot); /* a write of before may still be done */
void scene_choices(struct snapshot *snapshot);
void scene_rights(struct snapshot *snapshot);
void scene_down(struct snapshot *snapshot, int64_t seconds); /* since the detach, no answer yet */
void scene_preview_detach(struct snapshot *snapshot);
struct pair *scene_pair(struct snapshot *snapshot, size_t place);

#endif
