#include "core/demo/demo.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/author.h"
#include "core/demo/authz.h"
#include "core/demo/controller.h"
#include "core/demo/crd.h"
#include "core/demo/gateway.h"
#include "core/demo/inside.h"
#include "core/demo/kinds.h"
#include "core/demo/scenario.h"
#include "core/demo/watch.h"
#include "core/model/kind.h"

#define GIT_VERSION "v1.34.4" /* when neither the user nor the scenario names one */
#define ROUNDS_MAX  100       /* of controllers answering each other within one step */

static void
make_namespaces(struct demo *demo)
{
	static const char *const names[] = { "default", "kube-node-lease", "kube-public",
					     "kube-system" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct json *object = json_new_object();

		json_set_string(object, "apiVersion", "v1");
		json_set_string(object, "kind", "Namespace");
		json_set_string(json_set_object(object, "metadata"), "name", names[i]);
		author_create(demo, "kube-apiserver", object, NULL);
	}
}

struct demo *
demo_new(const struct demo_options *options, struct err *err)
{
	struct demo *demo = die_alloc(sizeof(*demo));

	*demo = (struct demo){
		.store = store_new(),
		.clock = options->clock,
		.random = options->seed,
		.speed = options->speed,
		.loading = true,
		.git_version =
			die_strdup(options->gke_version ? options->gke_version : GIT_VERSION),
		.gateway_address = die_strdup(""),
		.kinds = kinds_new(),
		.crds = crd_new(),
	};
	demo->controller = controller_new(demo);
	demo->gateway = gateway_new(demo);
	make_namespaces(demo);
	if (!scenario_load(demo, options, err)) {
		demo_free(demo);
		return NULL;
	}
	crd_step(demo);
	demo->loading = false;
	/* Nobody has seen how the world came to be. */
	store_compact(demo->store);
	store_settle(demo->store);
	malloc_trim(0); /* loading needs several times what stays */
	return demo;
}

void
demo_free(struct demo *demo)
{
	if (!demo)
		return;
	gateway_free(demo->gateway);
	controller_free(demo->controller);
	crd_free(demo->crds);
	kinds_free(demo->kinds);
	store_free(demo->store);
	free(demo->git_version);
	free(demo->gateway_address);
	free(demo);
}

int64_t
demo_step(struct demo *demo)
{
	int64_t next = NEVER, version;
	int rounds = 0;

	do {
		int64_t due;

		version = store_version(demo->store);
		next = crd_step(demo);
		due = controller_step(demo->controller);
		if (due < next)
			next = due;
		store_settle(demo->store);
	} while (store_version(demo->store) != version && ++rounds < ROUNDS_MAX);
	version = watch_step(demo);
	return version < next ? version : next;
}

struct known_user {
	const char *name;
	const char *const *groups;
};

static const char *const admin_groups[] = { "system:masters", "system:authenticated", NULL };
static const char *const user_groups[] = { "system:authenticated", NULL };

static const struct known_user known_users[] = {
	{ "admin", admin_groups },
	{ "viewer", user_groups },
};

/* The name as the store holds it, when a binding gives somebody of that name rights; borrowed until
 * the next change. */
static bool
bound_user(struct demo *demo, const char *resource, const char *name)
{
	const struct store_object *binding = NULL;

	while ((binding = store_next(demo->store, GROUP_RBAC, resource, NULL, binding))) {
		const struct json *subjects =
			json_get(store_value(demo->store, binding), "subjects");

		for (const struct json *s = json_first(subjects); s; s = json_next(s)) {
			if (text_equal(json_string_at(s, "kind"), "User") &&
			    text_equal(json_string_at(s, "name"), name))
				return true;
		}
	}
	return false;
}

bool
demo_authenticate(struct demo *demo, const char *token, const char **user,
		  const char *const **groups)
{
	for (size_t i = 0; i < sizeof(known_users) / sizeof(known_users[0]); i++) {
		if (text_equal(known_users[i].name, token)) {
			*user = known_users[i].name;
			*groups = known_users[i].groups;
			return true;
		}
	}
	if (!bound_user(demo, "clusterrolebindings", token) &&
	    !bound_user(demo, "rolebindings", token))
		return false;
	*user = token;
	*groups = user_groups;
	return true;
}

void
demo_set_gateway_address(struct demo *demo, const char *address, int port)
{
	free(demo->gateway_address);
	demo->gateway_address = die_strdup(address);
	demo->gateway_port = port;
	controller_look_again(demo->controller);
}

void
demo_set_saturated(struct demo *demo, bool saturated)
{
	demo->saturated = saturated;
}

void
demo_set_serves(struct demo *demo, enum demo_serves serves)
{
	demo->serves = serves;
	controller_look_again(demo->controller);
}

void
demo_compact(struct demo *demo)
{
	store_compact(demo->store);
	store_settle(demo->store);
}

int64_t
demo_version(const struct demo *demo)
{
	return store_version(demo->store);
}
