/* prober - one request to the models through the Gateway, as a client would send it: does the new
 * stack serve?
 *
 * It goes outside the API server, without credentials. Engine's thread.
 */
#ifndef ENGINE_PROBER_H
#define ENGINE_PROBER_H

#include "core/engine/inside.h"

struct prober {
	int64_t request;    /* 0: none under way */
	struct arena arena; /* holds `view` */
	struct probe_view view;
};

void prober_init(struct prober *prober);
void prober_release(struct engine *engine, struct prober *prober); /* cancels what is under way */
void prober_start(struct engine *engine, struct prober *prober, const char *url, const char *host,
		  const char *body);
bool prober_take(struct prober *prober,
		 struct transport_event *event); /* true once it is answered, well or not */

#endif
