/* wire - what every transport over the demo cluster does alike: keep a request, have it
 * answered, and all that a cluster without credentials, plugins and sockets has no use for.
 *
 * When something is answered, and what goes wrong with it, is its owner's. For tests; one
 * thread.
 */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include "core/demo/demo.h"
#include "core/kube/transport.h"

/* Everything but start, run, cancel and collect: a virtual one never waits and never signs in. */
struct transport wire_transport(void *self);
/* A copy that owns its texts; wire_drop() frees them. */
struct transport_request wire_keep(const struct transport_request *request);
void wire_drop(struct transport_request *kept);
/* One that changes the cluster: no question, no dry run. */
bool wire_is_write(const struct transport_request *request);

void wire_event_init(struct transport_event *event, int64_t id, int64_t latency);
/* The demo cluster as `user` ("admin" when NULL), or its gateway, answers; the stream, if it is
 * one, is the caller's. */
struct demo_watch *wire_ask(struct demo *demo, const struct transport_request *request,
			    const char *user, struct transport_event *event);
/* An answer of that status instead, as an API server words it. */
void wire_say_status(struct transport_event *event, int status, int retry_after);

#endif
