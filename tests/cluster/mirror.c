#include "tests/cluster/mirror.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/kube/http.h"
#include "core/kube/reflector.h"

#define PROPAGATION (20 * MILLISECOND)  /* from a change to what is said of it */
#define AGAIN       (200 * MILLISECOND) /* after a write that was refused */
#define WRITES_MAX  64                  /* at a time; the rest comes with the next look */

static const struct api_resource resources[KINDS] = {
	[CLASSES] = { GATEWAY_GROUP, "v1", "gatewayclasses" },
	[GATEWAYS] = { GATEWAY_GROUP, "v1", "gateways" },
	[ROUTES] = { GATEWAY_GROUP, "v1", "httproutes" },
	[ALPHA_POOLS] = { ALPHA_GROUP, "v1alpha2", "inferencepools" },
	[GA_POOLS] = { GA_GROUP, "v1", "inferencepools" },
	[SERVICES] = { "", "v1", "services" },
	[DEPLOYMENTS] = { "apps", "v1", "deployments" },
	[PODS] = { "", "v1", "pods" },
	[CRDS] = { "apiextensions.k8s.io", "v1", "customresourcedefinitions" },
};

struct object {
	struct json *value;
	bool seen; /* in the list that is being read */
};

struct kind {
	struct mirror *mirror;
	int id;
	struct reflector *reflector;
	struct object *objects;
	size_t count;
};

struct write {
	int64_t id; /* of the request */
	int kind;
	bool patch; /* its answer is the object */
};

struct mirror {
	struct kind kinds[KINDS];
	struct access access;
	struct clock clock;
	struct transport transport;
	int64_t due; /* mono ns when it is to be looked at; NEVER when nothing changed */
	struct write writes[WRITES_MAX];
	size_t write_count;
	char now[CLOCK_RFC3339_MAX];
};

const char *
mirror_name(const struct json *object)
{
	return json_string_at(object, "metadata.name");
}

const char *
mirror_namespace(const struct json *object)
{
	const char *namespace = json_string_at(object, "metadata.namespace");

	return namespace != NULL ? namespace : "";
}

const char *
mirror_now(const struct mirror *mirror)
{
	return mirror->now;
}

bool
mirror_serves(const struct mirror *mirror, int kind)
{
	return reflector_status(mirror->kinds[kind].reflector).state != REFLECTOR_NOT_INSTALLED;
}

size_t
mirror_count(const struct mirror *mirror, int kind)
{
	return mirror->kinds[kind].count;
}

const struct json *
mirror_object(const struct mirror *mirror, int kind, size_t index)
{
	return mirror->kinds[kind].objects[index].value;
}

static struct object *
find_object(const struct kind *kind, const char *namespace, const char *name)
{
	for (size_t i = 0; i < kind->count; i++)
		if (text_equal(mirror_name(kind->objects[i].value), name) &&
		    text_equal(mirror_namespace(kind->objects[i].value), namespace))
			return &kind->objects[i];
	return NULL;
}

const struct json *
mirror_find(const struct mirror *mirror, int kind, const char *namespace, const char *name)
{
	const struct object *object = find_object(&mirror->kinds[kind], namespace, name);

	return object != NULL ? object->value : NULL;
}

/* Takes `value`. */
static void
put_object(struct kind *kind, struct json *value)
{
	struct object *object = find_object(kind, mirror_namespace(value), mirror_name(value));

	if (object == NULL) {
		kind->objects = die_realloc(kind->objects, (kind->count + 1) * sizeof(*object));
		object = &kind->objects[kind->count++];
		*object = (struct object){ 0 };
	}
	json_free(object->value);
	*object = (struct object){ .value = value, .seen = true };
}

static void
drop_object(struct kind *kind, struct object *object)
{
	if (object == NULL)
		return;
	json_free(object->value);
	*object = kind->objects[--kind->count];
}

static void
drop_unseen(struct kind *kind)
{
	for (size_t i = kind->count; i > 0; i--)
		if (!kind->objects[i - 1].seen)
			drop_object(kind, &kind->objects[i - 1]);
}

static void
look_by(struct mirror *mirror, int64_t delay)
{
	int64_t due = clock_mono(&mirror->clock) + delay;

	if (due < mirror->due)
		mirror->due = due;
}

/* A kind may have come, or gone, with its CRD. */
static void
look_for_kinds(struct mirror *mirror)
{
	for (int i = 0; i < CRDS; i++)
		if (reflector_status(mirror->kinds[i].reflector).state != REFLECTOR_LIVE)
			reflector_poke(mirror->kinds[i].reflector, clock_mono(&mirror->clock));
}

static void
changed(void *self, enum reflector_change change, const struct json *value)
{
	struct kind *kind = self;

	switch (change) {
	case REFLECTOR_BEGIN:
	case REFLECTOR_CLEAR:
		for (size_t i = 0; i < kind->count; i++)
			kind->objects[i].seen = false;
		if (change == REFLECTOR_CLEAR)
			drop_unseen(kind);
		break;
	case REFLECTOR_UPSERT:
		put_object(kind, json_clone(value));
		break;
	case REFLECTOR_DELETE:
		drop_object(kind, find_object(kind, mirror_namespace(value), mirror_name(value)));
		break;
	case REFLECTOR_END:
		drop_unseen(kind);
		break;
	}
	look_by(kind->mirror, PROPAGATION);
	if (kind->id == CRDS)
		look_for_kinds(kind->mirror);
}

/* ---- writing ---- */

/* `suffix` stands behind the object's path; NULL means the collection. Takes `body`, which may
 * be NULL. */
static void
send(struct mirror *mirror, int kind, const struct json *object, const char *method,
     const char *suffix, const char *content_type, struct json *body)
{
	const struct api_resource *resource = &resources[kind];
	char *text = body != NULL ? json_text(body) : NULL;
	struct buf path;

	buf_init(&path, 4 * BUF_KIB);
	buf_printf(&path, resource->group[0] != '\0' ? "/apis/%s/%s" : "/api%s/%s", resource->group,
		   resource->version);
	if (mirror_namespace(object)[0] != '\0')
		buf_printf(&path, "/namespaces/%s", mirror_namespace(object));
	buf_printf(&path, "/%s", resource->resource);
	if (suffix != NULL)
		buf_printf(&path, "/%s%s", mirror_name(object), suffix);
	const struct transport_request request = {
		.mode = TRANSPORT_WRITE,
		.method = method,
		.path = path.bytes,
		.content_type = content_type,
		.body = text,
		.body_length = text != NULL ? strlen(text) : 0,
		.cap = 4 * BUF_MIB,
	};
	if (mirror->write_count < WRITES_MAX)
		mirror->writes[mirror->write_count++] = (struct write){
			.id = mirror->transport.start(mirror->transport.self, &request),
			.kind = kind,
			.patch = strcmp(method, "PATCH") == 0,
		};
	else
		look_by(mirror, PROPAGATION);
	buf_release(&path);
	free(text);
	json_free(body);
}

void
mirror_say(struct mirror *mirror, int kind, const struct json *object, struct json *status)
{
	const struct json *there = json_get(object, "status");
	struct json *patch = json_new_object();
	const struct json *one;

	json_set(patch, "status", status);
	for (one = json_first(status); one != NULL; one = json_next(one)) {
		const struct json *old = json_get(there, json_key(one));

		if (!json_equal(one, old) && (json_type(one) != JSON_NULL || old != NULL))
			break;
	}
	if (one != NULL)
		send(mirror, kind, object, "PATCH", "/status?fieldManager=test-controller",
		     "application/merge-patch+json", patch);
	else
		json_free(patch);
}

void
mirror_create(struct mirror *mirror, int kind, struct json *object)
{
	send(mirror, kind, object, "POST", NULL, "application/json", json_clone(object));
	json_free(object);
}

void
mirror_delete(struct mirror *mirror, int kind, const struct json *object)
{
	send(mirror, kind, object, "DELETE", "?gracePeriodSeconds=0", NULL, NULL);
}

/* Unless the watch was faster: it may have told of a newer one, or that it is gone. */
static void
put_answer(struct kind *kind, const struct transport_event *event)
{
	struct json *value = json_parse(event->body.bytes, event->body.length, NULL);
	const struct object *object =
		value != NULL ? find_object(kind, mirror_namespace(value), mirror_name(value))
			      : NULL;

	if (object != NULL &&
	    api_version_older(json_string_at(object->value, "metadata.resourceVersion"),
			      json_string_at(value, "metadata.resourceVersion")))
		put_object(kind, value);
	else
		json_free(value);
}

/* An object that came or went in the meantime is no trouble: the watch tells. */
static bool
is_trouble(int status)
{
	return status / 100 != 2 && status != 404 && status != 409;
}

static void
answered(struct mirror *mirror, const struct transport_event *event)
{
	for (size_t i = 0; i < mirror->write_count; i++) {
		const struct write *write = &mirror->writes[i];

		if (write->id != event->id)
			continue;
		if (is_trouble(event->status)) {
			fprintf(stderr, "%s: %d %s%s\n", resources[write->kind].resource,
				event->status, event->err.text, event->body.bytes);
			look_by(mirror, AGAIN);
		} else if (event->status / 100 == 2 && write->patch) {
			put_answer(&mirror->kinds[write->kind], event);
		}
		mirror->writes[i] = mirror->writes[--mirror->write_count];
		return;
	}
}

/* ---- the loop ---- */

static void
take(struct mirror *mirror, struct transport_event *event)
{
	int64_t mono = clock_mono(&mirror->clock);

	for (int i = 0; i < KINDS; i++)
		if (reflector_take(mirror->kinds[i].reflector, event, mono))
			return;
	answered(mirror, event);
	transport_event_release(event);
}

void
mirror_wait(struct mirror *mirror)
{
	struct transport_event event;

	for (;;) {
		int64_t mono = clock_mono(&mirror->clock), next = NEVER, due;

		for (int i = 0; i < KINDS; i++) {
			due = reflector_step(mirror->kinds[i].reflector, mono);
			next = due < next ? due : next;
		}
		if (mirror->write_count == 0 && mirror->due <= mono)
			break;
		if (mirror->write_count == 0 && mirror->due < next)
			next = mirror->due;
		mirror->transport.wait(mirror->transport.self, next);
		while (mirror->transport.collect(mirror->transport.self, &event))
			take(mirror, &event);
	}
	mirror->due = NEVER;
	clock_rfc3339(clock_wall(&mirror->clock), false, mirror->now);
}

struct mirror *
mirror_new(struct err *err)
{
	const struct access_options options = { 0 };
	struct mirror *mirror = die_alloc(sizeof(*mirror));
	struct http *http = NULL;

	*mirror = (struct mirror){ .clock = clock_system(), .due = NEVER };
	if (access_load(&mirror->access, &options, err))
		http = http_new(&mirror->access, &mirror->clock, "test-controller", err);
	if (http == NULL) {
		free(mirror);
		return NULL;
	}
	mirror->transport = http_transport(http);
	for (int i = 0; i < KINDS; i++) {
		struct kind *kind = &mirror->kinds[i];
		const struct reflector_sink sink = { .self = kind, .change = changed };
		const struct reflector_spec spec = { .resource = resources[i],
						     .how = REFLECTOR_WATCHES,
						     .interval = SECOND,
						     .seed = (uint64_t)i };

		*kind = (struct kind){ .mirror = mirror, .id = i };
		kind->reflector = reflector_new(&spec, &mirror->transport, sink);
		reflector_set_ready(kind->reflector, true);
	}
	return mirror;
}
