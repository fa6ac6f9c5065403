#include "core/engine/prober.h"

#include <string.h>

#include "core/base/text.h"

#define PROBE_TIMEOUT (15 * SECOND)
#define PROBE_CAP     (256 * BUF_KIB)

void
prober_init(struct prober *prober)
{
	*prober = (struct prober){ .view = { .url = "", .served_by = "", .error = "" } };
	arena_init(&prober->arena);
}

void
prober_release(struct engine *engine, struct prober *prober)
{
	if (prober->request != 0)
		engine->transport.cancel(engine->transport.self, prober->request);
	arena_release(&prober->arena);
	prober->request = 0;
}

static const char *
clean(struct arena *arena, const char *text)
{
	struct buf out;
	const char *copy;

	buf_init(&out, 4 * BUF_KIB);
	text_clean(&out, text, strlen(text));
	copy = arena_string(arena, out.bytes);
	buf_release(&out);
	return copy;
}

void
prober_start(struct engine *engine, struct prober *prober, const char *url, const char *host,
	     const char *body)
{
	struct transport_request request = {
		.where = TRANSPORT_OUTSIDE,
		.mode = TRANSPORT_WRITE,
		.method = "POST",
		.path = url,
		.host = *host != '\0' ? host : NULL,
		.content_type = "application/json",
		.body = body,
		.body_length = strlen(body),
		.cap = PROBE_CAP,
		.timeout = PROBE_TIMEOUT,
	};

	prober_release(engine, prober);
	prober_init(prober);
	prober->view.url = clean(&prober->arena, url);
	prober->request = engine->transport.start(engine->transport.self, &request);
}

bool
prober_take(struct prober *prober, struct transport_event *event)
{
	if (prober->request == 0 || event->id != prober->request)
		return false;
	if (event->kind != TRANSPORT_DONE)
		return true;
	prober->request = 0;
	prober->view.status = event->status;
	prober->view.latency = event->latency;
	prober->view.served_by = clean(&prober->arena, event->served_by);
	/* A status says enough, even when the answer behind it was cut. */
	if (event->status == 0)
		prober->view.error = clean(&prober->arena, event->err.text);
	return true;
}
