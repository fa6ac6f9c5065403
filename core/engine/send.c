#include "core/engine/send.h"

#include <string.h>

#include "core/engine/helm.h"

static const char *
ns_of(const struct intent *intent)
{
	return *intent->ns == '\0' ? NULL : intent->ns;
}

struct api_resource
send_resource(const struct intent *intent)
{
	return (struct api_resource){ intent->group, intent->version, intent->resource };
}

int64_t
send_start(struct engine *engine, struct api_request *request)
{
	if (request->request.timeout == 0 && request->request.mode != TRANSPORT_STREAM)
		request->request.timeout = engine->settings->request_timeout;
	int64_t id = engine->transport.start(engine->transport.self, &request->request);
	api_request_release(request);
	return id;
}

static bool
make_request(struct api_request *request, const struct intent *intent, enum api_dry_run dry_run,
	     struct err *err)
{
	struct api_resource resource = send_resource(intent);
	size_t length = strlen(intent->body);
	bool there = *intent->uid != '\0';

	switch (intent->verb) {
	case VERB_CREATE:
		return api_create(request, resource, ns_of(intent), intent->body, length, dry_run,
				  err);
	case VERB_APPLY:
		return api_apply(request, resource, ns_of(intent), intent->name, intent->body,
				 length, there ? intent->uid : NULL,
				 there ? intent->version_seen : NULL, intent->force, dry_run, err);
	case VERB_PATCH:
		return api_patch(request, resource, ns_of(intent), intent->name, intent->body,
				 length, intent->uid, intent->version_seen, dry_run, err);
	default:
		break;
	}
	return api_delete(request, resource, ns_of(intent), intent->name, intent->uid,
			  *intent->version_seen != '\0' ? intent->version_seen : NULL, dry_run,
			  err);
}

int64_t
send_intent(struct engine *engine, const struct intent *intent, enum api_dry_run dry_run,
	    struct err *err)
{
	struct api_request request;

	if (release_is(intent))
		return helm_run(engine, intent, dry_run == API_DRY_RUN ? RELEASE_TRY : RELEASE_DO,
				err);
	return make_request(&request, intent, dry_run, err) ? send_start(engine, &request) : 0;
}

int64_t
send_look(struct engine *engine, const struct intent *intent, struct err *err)
{
	struct api_request request;

	if (release_is(intent))
		return helm_run(engine, intent, RELEASE_LOOK, err);
	if (!api_get(&request, send_resource(intent), ns_of(intent), intent->name, API_WHOLE, err))
		return 0;
	return send_start(engine, &request);
}

int64_t
send_count(struct engine *engine, const struct object *crd, struct err *err)
{
	struct api_request request;
	struct api_resource resource = {
		.group = crd->crd.group,
		.version = crd->crd.served.count > 0 ? crd->crd.served.items[0] : "v1",
		.resource = crd->crd.plural,
	};

	if (!api_list(&request, resource, NULL, API_METADATA, 1, NULL, err))
		return 0;
	return send_start(engine, &request);
}

void
send_feed(struct engine *engine, const struct intent *intent, const struct json *live)
{
	if (intent->kind == KIND_COUNT)
		return;
	if (live == NULL) {
		world_remove(engine->world, intent->kind, intent->ns, intent->name, NULL);
		return;
	}
	struct object *object = object_decode(intent->kind, live, NULL);
	if (object != NULL)
		world_put(engine->world, object);
}
