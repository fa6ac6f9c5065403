#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/demo/store.h"

static int64_t
put(struct store *store, const char *namespace, const char *name, const char *value)
{
	struct json *object = json_new_object();
	struct json *metadata = json_set_object(object, "metadata");

	json_set_string(metadata, "namespace", namespace);
	json_set_string(metadata, "name", name);
	json_set_string(object, "value", value);
	return store_put(store, "g", "things", object)->version;
}

static const char *
value_of(struct store *store, const struct store_object *object)
{
	return json_string_at(store_value(store, object), "value");
}

/* "a/x=1 a/y=2": all objects as they stood at a version. */
static const char *
listed(struct store *store, const char *namespace, int64_t version, char text[200])
{
	size_t count;
	const struct store_object **objects =
		store_at(store, "g", "things", namespace, version, &count);

	text[0] = '\0';
	for (size_t i = 0; i < count; i++)
		snprintf(text + strlen(text), 200 - strlen(text), "%s%s/%s=%s", i ? " " : "",
			 objects[i]->namespace, objects[i]->name, value_of(store, objects[i]));
	free(objects);
	return text;
}

static void
every_change_has_the_next_number(void **state)
{
	struct store *store = store_new();
	int64_t first = put(store, "a", "x", "1");

	(void)state;
	assert_int_equal(put(store, "a", "x", "2"), first + 1);
	assert_int_equal(put(store, "b", "x", "3"), first + 2);
	assert_true(store_remove(store, "g", "things", "a", "x"));
	assert_int_equal(store_version(store), first + 3);
	assert_false(store_remove(store, "g", "things", "a", "x"));
	assert_int_equal(store_version(store), first + 3);
	store_free(store);
}

static void
an_object_carries_its_version_in_its_text(void **state)
{
	struct store *store = store_new();
	char wanted[100];

	(void)state;
	put(store, "a", "x", "1");
	snprintf(wanted, sizeof(wanted), "\"resourceVersion\":\"%lld\"",
		 (long long)store_version(store));
	assert_non_null(strstr(store_get(store, "g", "things", "a", "x")->text, wanted));
	assert_null(store_get(store, "g", "things", "", "x"));
	assert_null(store_get(store, "g", "others", "a", "x"));
	store_free(store);
}

static void
objects_come_by_namespace_and_name_while_they_change(void **state)
{
	struct store *store = store_new();
	const struct store_object *object;

	(void)state;
	put(store, "b", "x", "3");
	put(store, "a", "y", "2");
	put(store, "a", "x", "1");
	object = store_next(store, "g", "things", NULL, NULL);
	assert_string_equal(value_of(store, object), "1");
	store_remove(store, "g", "things", "a", "x");
	object = store_next(store, "g", "things", NULL, object);
	assert_string_equal(value_of(store, object), "2");
	put(store, "a", "y", "2b");
	object = store_next(store, "g", "things", NULL, object);
	assert_string_equal(value_of(store, object), "3");
	assert_null(store_next(store, "g", "things", NULL, object));
	assert_null(
		store_next(store, "g", "things", "a", store_get(store, "g", "things", "a", "y")));
	store_free(store);
}

static void
a_list_shows_an_earlier_time(void **state)
{
	struct store *store = store_new();
	int64_t then;
	char text[200];

	(void)state;
	put(store, "a", "x", "1");
	put(store, "b", "y", "2");
	then = store_version(store);
	put(store, "a", "x", "1b");
	put(store, "a", "w", "0");
	store_remove(store, "g", "things", "b", "y");
	put(store, "b", "y", "again");
	assert_string_equal(listed(store, NULL, then, text), "a/x=1 b/y=2");
	assert_string_equal(listed(store, "b", then, text), "b/y=2");
	assert_string_equal(listed(store, NULL, then - 1, text), "a/x=1");
	assert_string_equal(listed(store, NULL, store_version(store), text),
			    "a/w=0 a/x=1b b/y=again");
	assert_string_equal(listed(store, NULL, store_version(store) - 1, text), "a/w=0 a/x=1b");
	store_free(store);
}

static void
history_tells_what_was_before(void **state)
{
	struct store *store = store_new();
	int64_t start = store_version(store);
	const struct store_event *event;

	(void)state;
	put(store, "a", "x", "1");
	put(store, "a", "x", "2");
	store_remove(store, "g", "things", "a", "x");
	event = store_after(store, start, "g", "things");
	assert_int_equal(event->change, STORE_ADDED);
	assert_null(event->before);
	event = store_after(store, event->version, NULL, NULL);
	assert_int_equal(event->change, STORE_MODIFIED);
	assert_string_equal(value_of(store, event->before), "1");
	assert_string_equal(value_of(store, event->now), "2");
	event = store_after(store, event->version, "g", "things");
	assert_int_equal(event->change, STORE_DELETED);
	assert_null(event->now);
	assert_string_equal(value_of(store, event->last), "2");
	assert_int_equal(event->last->version, store_version(store));
	assert_null(store_after(store, event->version, "g", "things"));
	assert_null(store_after(store, start, "g", "others"));
	store_free(store);
}

static void
compacted_history_is_gone_and_objects_stay(void **state)
{
	struct store *store = store_new();

	(void)state;
	put(store, "a", "x", "1");
	put(store, "a", "x", "2");
	store_compact(store);
	assert_int_equal(store_oldest(store), store_version(store));
	store_settle(store);
	assert_string_equal(value_of(store, store_get(store, "g", "things", "a", "x")), "2");
	store_free(store);
}

static void
history_is_bounded(void **state)
{
	struct store *store = store_new();
	int64_t start = store_version(store);
	char name[20];

	(void)state;
	for (int i = 0; i < 10050; i++) {
		snprintf(name, sizeof(name), "n%d", i % 7);
		put(store, "a", name, "v");
		store_settle(store);
	}
	assert_int_equal(store_oldest(store), start + 50);
	assert_int_equal(store_after(store, start, "g", "things")->version, start + 51);
	assert_int_equal(store_count(store, "g", "things"), 7);
	store_free(store);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_has_the_next_number),
		cmocka_unit_test(an_object_carries_its_version_in_its_text),
		cmocka_unit_test(objects_come_by_namespace_and_name_while_they_change),
		cmocka_unit_test(a_list_shows_an_earlier_time),
		cmocka_unit_test(history_tells_what_was_before),
		cmocka_unit_test(compacted_history_is_gone_and_objects_stay),
		cmocka_unit_test(history_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
