/* link - is the API server there, is it the one from the start, and who are we to it.
 *
 * Asks /readyz once a second and gives it 1.5 s, so that a dead or frozen server is known within 3
 * s; any other answer counts as a sign of life, too. After an outage the cluster's identity is
 * asked again (KUBERNETES §3.7, §8). Engine's thread.
 */
#ifndef ENGINE_LINK_H
#define ENGINE_LINK_H

#include "core/engine/inside.h"
#include "core/model/snapshot.h"

struct link_watch *link_new(void);
void link_free(struct engine *engine, struct link_watch *link);
int64_t link_step(struct engine *engine); /* mono ns of its next turn */
bool link_take(struct engine *engine, struct transport_event *event);
void link_saw(struct engine *engine,
	      const struct transport_event *event); /* every event, before it is taken */
void link_try_now(struct engine *engine);
/* Lets the person sign in at the terminal; the outcome of `serial` tells its end. */
void link_sign_in(struct engine *engine, int64_t serial);

bool link_live(const struct link_watch *link); /* it answered its last question in time */
bool link_other_cluster(const struct link_watch *link);
/* Cluster and user are known, or it is known that they cannot be. */
bool link_identified(const struct link_watch *link);
struct link link_view(const struct engine *engine, struct arena *arena);
uint64_t link_moves(const struct link_watch *link); /* counts changes of state */
/* How long this program stood still, suspended or stopped, all times together; mono ns. */
int64_t link_stood_still(const struct link_watch *link);

#endif
