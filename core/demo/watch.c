#include "core/demo/watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/selector.h"

#define BOOKMARK_EVERY  (60 * SECOND)
#define BOOKMARK_BEFORE (2 * SECOND) /* the end */
#define WATCH_LONGEST \
	(60 * MINUTE) /* when the client names no timeoutSeconds; 30 to 60 in a real server */
#define PENDING_CAP (256 * BUF_MIB)

struct demo_watch {
	struct demo *demo;
	struct demo_watch *next, *previous; /* of the demo */
	char *group, *resource, *version;
	char *namespace; /* NULL: all */
	uint64_t kind_id;
	struct view view;
	struct selector *selector;
	int64_t place; /* everything up to this version was said */
	bool bookmarks, columns_sent, ended;
	int64_t bookmark_at, last_bookmark_at, end_at; /* mono; NEVER when done */
	struct buf pending;
};

static void
put_frame(struct demo_watch *watch, const struct kinds_row *row, const char *type, const char *text,
	  size_t length)
{
	const struct kinds_version *version = kinds_version(row, watch->version);

	buf_printf(&watch->pending, "{\"type\":\"%s\",\"object\":", type);
	view_object(watch->demo,
		    &(struct view){ .form = watch->view.form, .include = watch->view.include }, row,
		    version, text, length, !watch->columns_sent, &watch->pending);
	buf_puts(&watch->pending, "}\n");
	watch->columns_sent = true;
}

static void
put_error(struct demo_watch *watch, const struct status *status)
{
	struct json *json = status_json(status);

	buf_puts(&watch->pending, "{\"type\":\"ERROR\",\"object\":");
	json_print(json, &watch->pending);
	buf_puts(&watch->pending, "}\n");
	json_free(json);
	watch->ended = true;
}

static void
put_bookmark(struct demo_watch *watch, const struct kinds_row *row, bool initial_end)
{
	const char *annotation =
		initial_end ? ",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}" : "";
	char api_version[300], text[900];
	int length;

	kinds_api_version(api_version, sizeof(api_version), row->group, watch->version);
	if (watch->view.form == VIEW_TABLE) {
		buf_printf(&watch->pending,
			   "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Table\",\"apiVersion\":"
			   "\"meta.k8s.io/v1\","
			   "\"metadata\":{\"resourceVersion\":\"%" PRId64
			   "\"},\"columnDefinitions\":[],\"rows\":[{\"cells\":[],"
			   "\"object\":{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta."
			   "k8s.io/v1\",\"metadata\":{"
			   "\"resourceVersion\":\"%" PRId64
			   "\",\"creationTimestamp\":null%s}}}]}}\n",
			   watch->place, watch->place, annotation);
		return;
	}
	length = snprintf(text, sizeof(text),
			  "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{"
			  "\"resourceVersion\":\"%" PRId64 "\"%s}}",
			  api_version, row->kind, watch->place, annotation);
	put_frame(watch, row, "BOOKMARK", text, (size_t)length);
}

static bool
concerns(const struct demo_watch *watch, const struct store_object *object)
{
	return object && (!watch->namespace || text_equal(watch->namespace, object->namespace)) &&
	       (selector_any(watch->selector) ||
		selector_matches(watch->selector, store_value(watch->demo->store, object)));
}

/* An object that stops matching is deleted as far as this watch is concerned. */
static void
put_event(struct demo_watch *watch, const struct kinds_row *row, const struct store_event *event)
{
	bool before = concerns(watch, event->before), now = concerns(watch, event->now);

	if (!before && !now)
		return;
	put_frame(watch, row,
		  !before ? "ADDED"
		  : now   ? "MODIFIED"
			  : "DELETED",
		  event->last->text, event->last->length);
}

static const struct kinds_row *
row_of(const struct demo_watch *watch)
{
	const struct kinds_row *row = kinds_find(watch->demo->kinds, watch->group, watch->resource);

	return row && row->id == watch->kind_id && kinds_version(row, watch->version) ? row : NULL;
}

static void
put_time(struct demo_watch *watch, const struct kinds_row *row)
{
	int64_t now = clock_mono(&watch->demo->clock);

	if (watch->bookmarks && (now >= watch->bookmark_at || now >= watch->last_bookmark_at)) {
		put_bookmark(watch, row, false);
		if (now >= watch->last_bookmark_at)
			watch->last_bookmark_at = NEVER;
		if (now >= watch->bookmark_at)
			watch->bookmark_at = now + BOOKMARK_EVERY;
	}
	if (now >= watch->end_at)
		watch->ended = true;
}

static void
pump(struct demo_watch *watch)
{
	struct store *store = watch->demo->store;
	const struct kinds_row *row = row_of(watch);
	const struct store_event *event;
	struct status status;

	if (watch->ended)
		return;
	if (!row) {
		watch->ended = true;
		return;
	}
	if (watch->place < store_oldest(store)) {
		status_init(&status);
		status_expired(&status, "too old resource version: %" PRId64 " (%" PRId64 ")",
			       watch->place, store_oldest(store));
		put_error(watch, &status);
		status_release(&status);
		return;
	}
	while ((event = store_after(store, watch->place, watch->group, watch->resource))) {
		watch->place = event->version;
		put_event(watch, row, event);
	}
	if (watch->place < store_version(store))
		watch->place = store_version(store);
	put_time(watch, row);
	if (watch->pending.full)
		watch->ended = true;
}

static void
put_present(struct demo_watch *watch, const struct kinds_row *row)
{
	const struct store_object *object = NULL;

	while ((object = store_next(watch->demo->store, watch->group, watch->resource,
				    watch->namespace, object))) {
		if (concerns(watch, object))
			put_frame(watch, row, "ADDED", object->text, object->length);
	}
	watch->place = store_version(watch->demo->store);
}

static bool
refuse_option(struct status *status, const char *field, const char *why)
{
	status_cause(status, "FieldValueForbidden", field, "Forbidden: %s", why);
	status_invalid(status, "meta.k8s.io", "ListOptions", "");
	return false;
}

/* A WatchList from the future is told so in the stream; an ordinary watch just waits (KUBERNETES
 * §0.5). */
static void
put_too_large(struct demo_watch *watch, int64_t wanted)
{
	struct status status;

	status_init(&status);
	status.retry = 1;
	status_cause(&status, "ResourceVersionTooLarge", "", "Too large resource version");
	status_set(&status, 504, "Timeout",
		   "Timeout: Too large resource version: %" PRId64 ", current: %" PRId64, wanted,
		   store_version(watch->demo->store));
	put_error(watch, &status);
	status_release(&status);
}

static bool
start(struct demo_watch *watch, const struct request *request, const struct kinds_row *row,
      struct status *status)
{
	const char *version = request_parameter(request, "resourceVersion");
	const char *match = request_parameter(request, "resourceVersionMatch");
	const char *initial = request_parameter(request, "sendInitialEvents");
	int64_t number = 0;

	if (match && *match && !initial)
		return refuse_option(status, "resourceVersionMatch",
				     "resourceVersionMatch is forbidden for watch unless "
				     "sendInitialEvents is provided");
	if (initial && !text_equal(match, "NotOlderThan"))
		return refuse_option(
			status, "resourceVersionMatch",
			"sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
	if (version && *version && !text_integer(version, 0, INT64_MAX, &number, NULL))
		return status_set(status, 500, "",
				  "resourceVersion: Invalid value: \"%.40s\": strconv.ParseUint: "
				  "parsing \"%.40s\": invalid syntax",
				  version, version);
	if (request_flag(request, "sendInitialEvents")) {
		if (number > store_version(watch->demo->store)) {
			put_too_large(watch, number);
			return true;
		}
		put_present(watch, row);
		if (watch->bookmarks)
			put_bookmark(watch, row, true);
	} else if (number == 0 && !initial) {
		put_present(watch, row);
	} else {
		watch->place = number ? number : store_version(watch->demo->store);
	}
	return true;
}

static void
set_times(struct demo_watch *watch, const struct request *request)
{
	const char *timeout = request_parameter(request, "timeoutSeconds");
	int64_t now = clock_mono(&watch->demo->clock), seconds = 0;

	if (timeout && text_integer(timeout, 1, 86400, &seconds, NULL))
		watch->end_at = now + seconds * SECOND;
	else
		watch->end_at = now + WATCH_LONGEST;
	watch->bookmark_at = watch->bookmarks ? now + BOOKMARK_EVERY : NEVER;
	watch->last_bookmark_at = watch->bookmarks && watch->end_at - now > BOOKMARK_BEFORE
					  ? watch->end_at - BOOKMARK_BEFORE
					  : NEVER;
}

static char *
field_selector(const struct request *request)
{
	const char *fields = request_parameter(request, "fieldSelector");
	struct buf text;
	char *all;

	/* A watch of one object by its URL is one of the collection by that name. */
	buf_init(&text, 8 * BUF_KIB);
	buf_puts(&text, fields ? fields : "");
	if (request->name)
		buf_printf(&text, "%smetadata.name=%s", text.length ? "," : "", request->name);
	all = buf_take(&text);
	buf_release(&text);
	return all;
}

struct demo_watch *
watch_open(struct demo *demo, const struct request *request, const struct kinds_row *row,
	   const struct kinds_version *version, const struct view *view, struct status *status)
{
	char *fields = field_selector(request);
	struct selector *selector = selector_new(request_parameter(request, "labelSelector"),
						 fields, row->builtin, status);
	struct demo_watch *watch;

	free(fields);
	if (!selector)
		return NULL;
	watch = die_alloc(sizeof(*watch));
	*watch = (struct demo_watch){
		.demo = demo,
		.next = demo->watches,
		.group = die_strdup(row->group),
		.resource = die_strdup(row->resource),
		.version = die_strdup(version->name),
		.namespace = die_strdup(request->namespace),
		.kind_id = row->id,
		.view = *view,
		.selector = selector,
		.bookmarks = request_flag(request, "allowWatchBookmarks"),
	};
	buf_init(&watch->pending, PENDING_CAP);
	if (demo->watches)
		demo->watches->previous = watch;
	demo->watches = watch;
	set_times(watch, request);
	if (start(watch, request, row, status))
		return watch;
	demo_watch_free(watch);
	return NULL;
}

bool
demo_watch_read(struct demo_watch *watch, struct buf *out)
{
	pump(watch);
	buf_add(out, watch->pending.bytes, watch->pending.length);
	buf_clear(&watch->pending);
	return !watch->ended;
}

bool
demo_watch_ready(struct demo_watch *watch)
{
	int64_t now = clock_mono(&watch->demo->clock);

	if (watch->pending.length > 0 || watch->ended || !row_of(watch) ||
	    watch->place < store_oldest(watch->demo->store))
		return true;
	if (now >= watch->end_at ||
	    (watch->bookmarks && (now >= watch->bookmark_at || now >= watch->last_bookmark_at)))
		return true;
	if (store_after(watch->demo->store, watch->place, watch->group, watch->resource) != NULL)
		return true;
	watch->place = store_version(watch->demo->store); /* nothing up to there is its own */
	return false;
}

void
demo_watch_free(struct demo_watch *watch)
{
	if (!watch)
		return;
	if (watch->previous)
		watch->previous->next = watch->next;
	else
		watch->demo->watches = watch->next;
	if (watch->next)
		watch->next->previous = watch->previous;
	free(watch->group);
	free(watch->resource);
	free(watch->version);
	free(watch->namespace);
	selector_free(watch->selector);
	buf_release(&watch->pending);
	free(watch);
}

/* The earlier of two times; one that has come makes the watch ready and is no deadline any more. */
static int64_t
earliest(int64_t a, int64_t b, int64_t now)
{
	return b > now && b < a ? b : a;
}

int64_t
watch_step(struct demo *demo)
{
	int64_t next = NEVER, newest = store_version(demo->store), now = clock_mono(&demo->clock);

	for (struct demo_watch *watch = demo->watches; watch; watch = watch->next) {
		if (watch->ended)
			continue;
		if (watch->place < newest && watch->place >= store_oldest(demo->store) &&
		    !store_after(demo->store, watch->place, watch->group, watch->resource))
			watch->place = newest;
		next = earliest(next, watch->end_at, now);
		next = earliest(next, watch->bookmark_at, now);
		next = earliest(next, watch->last_bookmark_at, now);
	}
	return next;
}
