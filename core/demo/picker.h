/* picker - how a pool answers one request: its endpoint picker's manners, its Pods, and the words
 * of a model server.
 *
 * What differs between the pickers of the two generations is DOMAIN §7. Not shared between threads
 * without the demo's lock.
 */
#ifndef DEMO_PICKER_H
#define DEMO_PICKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/demo/backend.h"
#include "core/demo/demo.h"

struct picker_call {
	bool chat;               /* /v1/chat/completions, else /v1/completions */
	const struct json *body; /* what the client sent */
	const char *rewrite;     /* value of x-gateway-model-name-rewrite, or NULL */
	const char *objective;   /* value of x-gateway-inference-objective, or NULL */
	int64_t forgotten;       /* models older than this version are unknown (gateway.h) */
};

/* The HTTP status; appends the body. `served` tells whether a Pod answered. */
int picker_answer(struct demo *demo, const struct backend *pool, const struct picker_call *call,
		  struct buf *answer, bool *served);
/* The same for a plain Service: any ready Pod behind it answers. */
int picker_answer_service(struct demo *demo, const struct backend *service,
			  const struct picker_call *call, struct buf *answer);
/* An error body as OpenAI's API words it; returns `status`. */
int picker_error(int status, const char *message, struct buf *answer);

#endif
