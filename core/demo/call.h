/* call - one request on its way through the API: what it named, what it may have, where its answer
 * goes.
 *
 * Shared by the files that answer requests (rest, list, write, review, discovery). Lives as long as
 * one demo_handle().
 */
#ifndef DEMO_CALL_H
#define DEMO_CALL_H

#include "core/demo/change.h"
#include "core/demo/kinds.h"
#include "core/demo/request.h"
#include "core/demo/status.h"
#include "core/demo/view.h"

#define CALL_JSON "application/json"
#define CALL_YAML "application/yaml"

#define CALL_OBJECT_CAP (16 * BUF_MIB)
#define CALL_LIST_CAP   (256 * BUF_MIB)

struct call {
	struct demo *demo;
	const struct request *request;
	const struct kinds_row *row;
	const struct kinds_version *version;
	struct view view;
	struct status *status;
	struct demo_response *response;
};

/* Each false with the status filled. */
bool list_answer(struct call *call);   /* list.c: GET of a collection */
bool write_create(struct call *call);  /* write.c: POST */
bool write_update(struct call *call);  /* PUT */
bool write_patch(struct call *call);   /* PATCH but for apply */
bool write_delete(struct call *call);  /* DELETE of one object */
bool apply_answer(struct call *call);  /* apply.c: server-side apply */
bool scale_answer(struct call *call);  /* scale.c: /scale of a Deployment or ReplicaSet, any verb */
bool review_answer(struct call *call); /* review.c: POST of a SelfSubject...Review */
/* discovery.c: everything that is no resource. */
bool discovery_answer(struct demo *demo, const struct request *request, struct status *status,
		      struct demo_response *response);

/* Answers `object` (taken) in the call's form. */
bool call_reply(struct call *call, int code, struct json *object);
/* What a change by this call needs; dry run and field validation are read from the query. False
 * with the status filled. */
bool call_change(struct call *call, struct change *change, char manager[129]);
/* The stored object the call names; NULL with 404. */
const struct store_object *call_object(struct call *call);
/* A clone of it, in the call's version. */
struct json *call_value(struct call *call, const struct store_object *object);

#endif
