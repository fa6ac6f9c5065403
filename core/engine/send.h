/* send - the requests the engine makes about an intent: the write itself, its dry run, and a look
 * at its object.
 *
 * Each returns the transport's id, or 0 with err when no such request can be made. Who gets what
 * answer is the caller's. Only write.c sends intents for real. Engine's thread.
 */
#ifndef ENGINE_SEND_H
#define ENGINE_SEND_H

#include "core/engine/inside.h"
#include "core/kube/api.h"
#include "core/migrate/intent.h"

struct api_resource send_resource(const struct intent *intent);
int64_t send_intent(struct engine *engine, const struct intent *intent, enum api_dry_run dry_run,
		    struct err *err);
int64_t send_look(struct engine *engine, const struct intent *intent, struct err *err);
/* At most one object of the kind a CRD makes, in all namespaces. */
int64_t send_count(struct engine *engine, const struct object *crd, struct err *err);
/* Starts a request that was made well, releasing it; the settings' time limit goes with it. */
int64_t send_start(struct engine *engine, struct api_request *request);
/* What the answer about an object says goes into the world: `live` NULL when it is not there. */
void send_feed(struct engine *engine, const struct intent *intent, const struct json *live);

#endif
