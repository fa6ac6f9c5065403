/* helm - runs of helm for an intent of a release, through the transport, and what they answered.
 *
 * A run is a request like any other: it has an id, is polled with the sockets and comes back as an
 * event. Engine's thread.
 */
#ifndef ENGINE_HELM_H
#define ENGINE_HELM_H

#include "core/engine/inside.h"
#include "core/migrate/release.h"

/* The transport's id, or 0 with err where no program can be run. */
int64_t
helm_run(struct engine *engine, const struct intent *intent, enum release_run run, struct err *err);
/* Reads the event of a run that ended. True when helm did as it was told: *answer then is what
 * release_manifests() or release_found() says, NULL after RELEASE_DO; the caller frees. Else err is
 * a sentence with helm's own last words. Neither has a secret value that it was given. */
bool helm_read(const struct engine *engine, const struct intent *intent, enum release_run run,
	       const struct transport_event *event, struct json **answer, struct err *err);

#endif
