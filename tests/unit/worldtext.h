/* worldtext - a world from YAML that stands in the test: what a cluster would have answered.
 *
 * Objects may leave out what does not matter: namespace (default), uid (made from the name),
 * resourceVersion (1) and generation (1). Every kind's view is live and complete unless the test
 * says otherwise. For tests only; failures are assertions.
 */
#ifndef TESTS_WORLDTEXT_H
#define TESTS_WORLDTEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/yaml.h"
#include "core/model/world.h"

#define WORLDTEXT_NOW \
	(INT64_C(1790000000) * INT64_C(1000000000)) /* wall ns of a world's now: 2026-09-21 */

static inline void
worldtext_fill(struct json *object, enum kind kind)
{
	struct json *meta = json_set_object(object, "metadata");
	const char *name = json_string_at(object, "metadata.name");
	char uid[300];

	assert_non_null(name);
	if (kind_row(kind)->namespaced && json_get(meta, "namespace") == NULL)
		json_set_string(meta, "namespace", "default");
	snprintf(uid, sizeof(uid), "uid-%s-%s", kind_row(kind)->resource, name);
	if (json_get(meta, "uid") == NULL)
		json_set_string(meta, "uid", uid);
	if (json_get(meta, "resourceVersion") == NULL)
		json_set_string(meta, "resourceVersion", "1");
	if (json_get(meta, "generation") == NULL)
		json_set_integer(meta, "generation", 1);
}

/* Puts the objects of a YAML stream in, replacing those of the same name. */
static inline void
worldtext_put(struct world *world, const char *yaml)
{
	struct err err = { 0 };
	struct json *all = yaml_parse_all(yaml, strlen(yaml), "test", BUF_MIB, &err);

	if (all == NULL)
		fail_msg("%s", err.text);
	for (struct json *c = json_first_mutable(all); c != NULL; c = json_next_mutable(c)) {
		enum kind kind =
			kind_of_object(json_string_at(c, "apiVersion"), json_string_at(c, "kind"));
		struct object *object;

		if (kind == KIND_COUNT)
			fail_msg("no kind for %s %s", json_string_at(c, "apiVersion"),
				 json_string_at(c, "kind"));
		worldtext_fill(c, kind);
		object = object_decode(kind, c, &err);
		if (object == NULL)
			fail_msg("%s", err.text);
		world_remove(world, kind, object->meta.ns, object->meta.name, NULL);
		assert_true(world_put(world, object));
	}
	json_free(all);
}

static inline struct world *
worldtext_new(const char *yaml)
{
	struct world *world = world_new();

	world->wall = WORLDTEXT_NOW;
	world->mono = INT64_C(1000000000);
	for (size_t i = 0; i < KIND_COUNT; i++) {
		world->view[i].state = VIEW_LIVE;
		world->view[i].listed = true;
		world->view[i].fresh = world->mono;
	}
	worldtext_put(world, yaml);
	return world;
}

#endif
