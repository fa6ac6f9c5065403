#include "tests/unit/demo_ask.h"

#define POOL_URL POOLS_GA "/pool"
#define GA_CRD   CRDS "/inferencepools.inference.networking.k8s.io"

static struct world *
world_with_pool(void)
{
	struct world *world = world_of("bare", bare);

	world_create(world, POOLS_GA, A_POOL);
	return world;
}

static struct demo_watch *
watch(struct world *world, const char *target)
{
	struct demo_request request = { .method = "GET", .target = target, .user = "viewer" };
	struct demo_response response;
	struct demo_watch *opened;

	demo_response_init(&response);
	demo_handle(world->demo, &request, &response);
	assert_int_equal(response.status, 200);
	opened = response.watch;
	response.watch = NULL;
	demo_response_release(&response);
	assert_non_null(opened);
	return opened;
}

/* "ADDED map, BOOKMARK, ERROR Expired" and ", end" when the stream ended. */
static const char *
said(struct demo_watch *stream, char text[400])
{
	struct buf out;
	char *rest = NULL;
	bool open;

	buf_init(&out, BUF_MIB);
	open = demo_watch_read(stream, &out);
	text[0] = '\0';
	for (char *line = strtok_r(out.bytes, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		struct json *event = json_parse(line, strlen(line), NULL);
		const char *name = json_string_at(event, "object.metadata.name");
		const char *reason = json_string_at(event, "object.reason");

		snprintf(text + strlen(text), 400 - strlen(text), "%s%s%s%s", *text ? ", " : "",
			 json_string_at(event, "type"), name || reason ? " " : "",
			 reason ? reason
			 : name ? name
				: "");
		json_free(event);
	}
	if (!open)
		snprintf(text + strlen(text), 400 - strlen(text), "%send", *text ? ", " : "");
	buf_release(&out);
	return text;
}

#define assert_said(stream, expected)                               \
	do {                                                        \
		char said_[400];                                    \
		assert_string_equal(said(stream, said_), expected); \
	} while (0)

static void
a_watch_says_what_happens_and_only_of_its_kind(void **state)
{
	struct world *world = world_with_pool();
	struct demo_watch *stream = watch(world, MAPS "?watch=1&timeoutSeconds=300");

	(void)state;
	assert_said(stream, "");
	assert_false(demo_watch_ready(stream));
	world_merge(world, POOL_URL, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
	assert_false(demo_watch_ready(stream));
	world_create(world, MAPS, A_MAP);
	assert_true(demo_watch_ready(stream));
	world_merge(world, MAPS "/map", "{\"data\":{\"a\":\"2\"}}");
	world_delete(world, MAPS "/map");
	assert_said(stream, "ADDED map, MODIFIED map, DELETED map");
	world_pass(world, 301 * SECOND);
	assert_said(stream, "end");
	demo_watch_free(stream);
	world_free(world);
}

static void
bookmarks_come_every_minute_and_before_the_end(void **state)
{
	struct world *world = world_with_pool();
	struct demo_watch *stream =
		watch(world, MAPS "?watch=1&timeoutSeconds=90&allowWatchBookmarks=true");

	(void)state;
	assert_said(stream, "");
	world_pass(world, 60 * SECOND);
	assert_said(stream, "BOOKMARK");
	world_pass(world, 27 * SECOND);
	assert_said(stream, "");
	world_pass(world, SECOND);
	assert_said(stream, "BOOKMARK");
	world_pass(world, 2 * SECOND);
	assert_said(stream, "end");
	demo_watch_free(stream);
	world_free(world);
}

static void
an_object_that_no_longer_matches_is_deleted_for_the_watch(void **state)
{
	struct world *world = world_with_pool();
	struct demo_watch *stream = watch(world, POOLS_GA "?watch=1&labelSelector=a%3Db");

	(void)state;
	world_merge(world, POOL_URL, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
	world_merge(world, POOL_URL, "{\"metadata\":{\"labels\":{\"a\":\"c\"}}}");
	assert_said(stream, "ADDED pool, DELETED pool");
	demo_watch_free(stream);
	world_free(world);
}

static void
a_forgotten_version_ends_a_watch_in_band(void **state)
{
	struct world *world = world_with_pool();
	struct demo_watch *stream;

	(void)state;
	demo_compact(world->demo);
	stream = watch(world, POOLS_GA "?watch=1&resourceVersion=5");
	assert_said(stream, "ERROR Expired, end");
	demo_watch_free(stream);
	stream = watch(world, POOLS_GA "?watch=1&resourceVersion=99999999");
	assert_said(stream, "");
	demo_watch_free(stream);
	world_free(world);
}

static void
a_watch_may_begin_with_the_list(void **state)
{
	struct world *world = world_with_pool();
	struct demo_watch *stream =
		watch(world, POOLS_GA "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true"
				      "&resourceVersionMatch=NotOlderThan");

	(void)state;
	assert_said(stream, "ADDED pool, BOOKMARK");
	demo_watch_free(stream);
	world_free(world);
}

/* KUBERNETES §4.9 */
static void
a_crd_that_goes_takes_its_objects_and_ends_their_watches(void **state)
{
	struct world *world = world_with_pool();
	struct demo_watch *stream = watch(world, POOLS_GA "?watch=1");

	(void)state;
	world_create(
		world, POOLS_GA,
		"{\"apiVersion\":\"inference.networking.k8s.io/"
		"v1\",\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"held\","
		"\"finalizers\":[\"example.com/"
		"hold\"]},\"spec\":{\"targetPorts\":[{\"number\":1}],\"selector\":{\"matchLabels\":"
		"{\"a\":\"b\"}},\"endpointPickerRef\":{\"name\":\"e\",\"port\":{\"number\":1}}}}");
	world_delete(world, GA_CRD);
	world_pass(world, SECOND);
	assert_said(stream, "ADDED pool, ADDED held, MODIFIED held, DELETED pool");
	assert_condition(world, GA_CRD, "status.conditions", "Terminating",
			 "True InstanceDeletionInProgress");
	assert_ask(world, "POST", POOLS_GA, JSON_TYPE, A_POOL,
		   "403 Forbidden: inferencepools.inference.networking.k8s.io \"pool\" is "
		   "forbidden: create not allowed while "
		   "custom resource definition is terminating");
	world_merge(world, POOLS_GA "/held", "{\"metadata\":{\"finalizers\":null}}");
	world_pass(world, 500 * MILLISECOND);
	assert_said(stream, "DELETED held");
	assert_int_equal(world_count(world, POOLS_GA), 0);
	world_pass(world, 600 * MILLISECOND);
	assert_said(stream, "end");
	assert_ask(world, "GET", POOLS_GA, NULL, NULL, "404 : ");
	demo_watch_free(stream);
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_watch_says_what_happens_and_only_of_its_kind),
		cmocka_unit_test(bookmarks_come_every_minute_and_before_the_end),
		cmocka_unit_test(an_object_that_no_longer_matches_is_deleted_for_the_watch),
		cmocka_unit_test(a_forgotten_version_ends_a_watch_in_band),
		cmocka_unit_test(a_watch_may_begin_with_the_list),
		cmocka_unit_test(a_crd_that_goes_takes_its_objects_and_ends_their_watches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
