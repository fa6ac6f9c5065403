#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/model/world.h"

static struct object *
service(const char *ns, const char *name, const char *uid, const char *version)
{
	char text[300];
	struct json *json;
	struct object *object;

	snprintf(text, sizeof(text),
		 "{\"metadata\":{\"namespace\":\"%s\",\"name\":\"%s\",\"uid\":\"%s\","
		 "\"resourceVersion\":\"%s\"}}",
		 ns, name, uid, version);
	json = json_parse(text, strlen(text), NULL);
	object = object_decode(KIND_SERVICE, json, NULL);
	json_free(json);
	return object;
}

/* "a/x:1 b/y:2": namespaces, names and resourceVersions in the order of the world. */
static void
assert_services(const struct world *world, const char *expected)
{
	struct buf out;

	buf_init(&out, BUF_KIB);
	for (size_t i = 0; i < world->count[KIND_SERVICE]; i++) {
		const struct meta *meta = &world->objects[KIND_SERVICE][i]->meta;

		buf_printf(&out, "%s%s/%s:%s", i > 0 ? " " : "", meta->ns, meta->name,
			   meta->version);
	}
	assert_string_equal(out.bytes, expected);
	buf_release(&out);
}

static void
objects_are_ordered_by_namespace_and_name(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("b", "x", "u1", "1"));
	world_put(world, service("a", "y", "u2", "1"));
	world_put(world, service("a-b", "x", "u3", "1"));
	world_put(world, service("a", "x", "u4", "1"));
	assert_services(world, "a/x:1 a/y:1 a-b/x:1 b/x:1");
	assert_string_equal(world_find(world, KIND_SERVICE, "a", "y")->meta.uid, "u2");
	assert_null(world_find(world, KIND_SERVICE, "a", "z"));
	world_free(world);
}

static void
an_older_version_of_the_same_object_is_dropped(void **state)
{
	struct world *world = world_new();
	uint64_t change;

	(void)state;
	assert_true(world_put(world, service("a", "x", "u1", "100")));
	change = world->change;
	assert_false(world_put(world, service("a", "x", "u1", "99")));
	assert_false(world_put(world, service("a", "x", "u1", "100")));
	assert_int_equal(world->change, change);
	assert_services(world, "a/x:100");
	assert_true(world_put(world, service("a", "x", "u1", "101")));
	assert_services(world, "a/x:101");
	world_free(world);
}

static void
a_recreated_object_replaces_the_old_whatever_its_version(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("a", "x", "u1", "100"));
	assert_true(world_put(world, service("a", "x", "u2", "5")));
	assert_services(world, "a/x:5");
	world_free(world);
}

static void
removing_with_another_uid_removes_nothing(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("a", "x", "u1", "1"));
	world_put(world, service("a", "y", "u2", "1"));
	assert_false(world_remove(world, KIND_SERVICE, "a", "x", "u9"));
	assert_true(world_remove(world, KIND_SERVICE, "a", "x", "u1"));
	assert_false(world_remove(world, KIND_SERVICE, "a", "x", NULL));
	assert_services(world, "a/y:1");
	world_free(world);
}

static void
a_list_removes_what_it_does_not_name(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("a", "x", "u1", "1"));
	world_put(world, service("a", "y", "u2", "1"));
	world_put(world, service("b", "z", "u3", "1"));
	world_list_begin(world, KIND_SERVICE, NULL);
	world_put(world, service("a", "w", "u4", "1"));
	world_put(world, service("b", "z", "u3", "1"));
	world_list_end(world, KIND_SERVICE, NULL);
	assert_services(world, "a/w:1 b/z:1");
	world_free(world);
}

static void
a_list_of_one_namespace_leaves_the_others(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("a", "x", "u1", "1"));
	world_put(world, service("b", "y", "u2", "1"));
	world_list_begin(world, KIND_SERVICE, "a");
	world_list_end(world, KIND_SERVICE, "a");
	assert_services(world, "b/y:1");
	world_free(world);
}

static void
two_lists_of_different_namespaces_may_overlap(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("a", "x", "u1", "1"));
	world_put(world, service("b", "y", "u2", "1"));
	world_list_begin(world, KIND_SERVICE, "a");
	world_list_begin(world, KIND_SERVICE, "b");
	world_put(world, service("a", "x", "u1", "1"));
	world_list_end(world, KIND_SERVICE, "a");
	assert_services(world, "a/x:1 b/y:1");
	world_put(world, service("b", "y", "u2", "1"));
	world_list_end(world, KIND_SERVICE, "b");
	assert_services(world, "a/x:1 b/y:1");
	world_free(world);
}

static void
absence_is_believed_only_of_a_complete_and_fresh_view(void **state)
{
	static const struct {
		enum view_state state;
		bool listed, knows;
	} rows[] = {
		{ VIEW_STARTING, false, false }, { VIEW_LIVE, false, false },
		{ VIEW_LIVE, true, true },       { VIEW_POLLING, true, true },
		{ VIEW_STALE, true, false },     { VIEW_FORBIDDEN, true, false },
		{ VIEW_BROKEN, true, false },    { VIEW_NOT_INSTALLED, false, true },
	};
	struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world->view[KIND_MODEL].state = rows[i].state;
		world->view[KIND_MODEL].listed = rows[i].listed;
		assert_int_equal(world_knows(world, KIND_MODEL), rows[i].knows);
	}
	assert_string_equal(view_state_name(VIEW_NOT_INSTALLED), "notInstalled");
	world_free(world);
}

static void
clearing_a_kind_leaves_the_others(void **state)
{
	struct world *world = world_new();

	(void)state;
	world_put(world, service("a", "x", "u1", "1"));
	world_clear(world, KIND_POD);
	assert_services(world, "a/x:1");
	world_clear(world, KIND_SERVICE);
	assert_services(world, "");
	world_put(world, service("a", "x", "u1", "1"));
	assert_services(world, "a/x:1");
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_ordered_by_namespace_and_name),
		cmocka_unit_test(an_older_version_of_the_same_object_is_dropped),
		cmocka_unit_test(a_recreated_object_replaces_the_old_whatever_its_version),
		cmocka_unit_test(removing_with_another_uid_removes_nothing),
		cmocka_unit_test(a_list_removes_what_it_does_not_name),
		cmocka_unit_test(a_list_of_one_namespace_leaves_the_others),
		cmocka_unit_test(two_lists_of_different_namespaces_may_overlap),
		cmocka_unit_test(absence_is_believed_only_of_a_complete_and_fresh_view),
		cmocka_unit_test(clearing_a_kind_leaves_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
