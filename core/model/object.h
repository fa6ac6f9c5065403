/* object - what the program understands of one Kubernetes object, decoded once and never changed
 * after.
 *
 * Every object owns an arena; all pointers below point into it and strings are never NULL unless
 * said. A decoded object is immutable: a change in the cluster is a new object. Text in it is as
 * the server sent it: hostile until text_clean(). Percent and weights as DOMAIN §4 says. Any
 * thread may read.
 */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/model/condition.h"
#include "core/model/kind.h"
#include "core/model/kv.h"

struct string_list {
	const char *const *items;
	size_t count;
};

struct manager { /* one entry of metadata.managedFields */
	const char *name;
	const char *operation; /* "Apply" or "Update" */
	int64_t wall;          /* ns since 1970 of its last write, 0 when unknown */
	bool status;           /* through the status subresource */
};

struct owner {
	const char *api_version, *kind, *name, *uid;
	bool controller;
};

struct meta {
	const char *ns;                   /* "" when cluster-scoped */
	const char *name, *uid, *version; /* resourceVersion */
	int64_t generation;
	int64_t created;  /* wall ns */
	int64_t deleting; /* wall ns of deletionTimestamp, 0 when it is not being deleted */
	struct string_list finalizers;
	struct kv_list labels, annotations; /* without last-applied-configuration */
	const struct manager *managers;
	size_t manager_count;
	const struct owner *owners;
	size_t owner_count;
};

/* Who names whom: an object by group, kind and name; ns already resolved ("" only for
 * cluster-scoped). */
struct ref {
	const char *group, *kind, *ns, *name;
};

struct pool_parent {        /* status.parents[] of GA, status.parent[] of alpha */
	struct ref gateway; /* parentRef; group as written */
	struct condition_list conditions;
};

struct pool { /* both groups */
	bool ga;
	struct kv_list selector; /* matchLabels */
	const int32_t *ports;
	size_t port_count;
	struct ref picker; /* group "", kind Service by default; ns is the pool's */
	int32_t picker_port;
	const char *failure_mode; /* "" when not set */
	const struct pool_parent *parents;
	size_t parent_count;
};

struct model_target {
	const char *name;
	int64_t weight; /* -1 when not set */
};

struct model {                                /* InferenceModel */
	const char *model_name, *criticality; /* criticality "" when unset */
	struct ref pool;
	const struct model_target *targets;
	size_t target_count;
};

struct objective {
	struct ref pool;
	int64_t priority;
	bool has_priority;
};

struct rewrite {
	struct ref pool;
};

struct backend {
	struct ref ref; /* group "" and kind Service by default; ns resolved to the route's */
	bool has_ns;    /* the namespace stands in the reference itself */
	int32_t port;   /* 0 when not set */
	int64_t weight; /* 1 when not set */
	bool has_weight;
	bool has_filters;
	int index; /* place in backendRefs */
};

struct mirror { /* a RequestMirror filter */
	struct ref ref;
	int filter;  /* place in filters */
	int backend; /* of a backend's own filters; -1 for the rule's */
};

struct rule {
	int index;
	const char *match; /* short, for people: "/v1/chat", "/ +2" */
	const struct backend *backends;
	size_t backend_count;
	const struct mirror *mirrors;
	size_t mirror_count;
};

struct route_parent { /* status.parents[] */
	struct ref gateway;
	const char *controller;
	struct condition_list conditions;
};

struct route {
	const struct ref *gateways; /* spec.parentRefs */
	size_t gateway_count;
	struct string_list hostnames;
	const struct rule *rules;
	size_t rule_count;
	const struct route_parent *parents;
	size_t parent_count;
};

struct listener {
	const char *name, *protocol, *hostname;
	int32_t port;
};

struct gateway {
	const char *class_name;
	const struct listener *listeners;
	size_t listener_count;
	struct string_list addresses; /* of status */
	struct condition_list conditions;
};

struct gateway_class {
	const char *controller;
	struct condition_list conditions;
};

struct grant {                       /* ReferenceGrant */
	const struct ref *from, *to; /* name "" in `to` means any; kind and group as written */
	size_t from_count, to_count;
};

struct policy { /* GCPBackendPolicy, HealthCheckPolicy */
	struct ref target;
};

struct deployment {
	int64_t desired, ready, available, observed_generation;
	struct kv_list selector, pod_labels;
	const char *service_account;    /* "default" when not set */
	const char *image;              /* of the first container */
	struct string_list args;        /* of the first container */
	struct string_list config_maps; /* named by volumes and envFrom */
	struct condition_list conditions;
};

struct service {
	struct kv_list selector;
	const int32_t *ports;
	size_t port_count;
};

struct pod {
	const char *phase, *ip;
	bool ready;
};

struct subject {
	const char *kind, *ns, *name;
};

struct binding { /* RoleBinding, ClusterRoleBinding */
	const char *role_kind, *role;
	const struct subject *subjects;
	size_t subject_count;
};

struct crd {
	const char *group, *plural, *object;
	struct string_list served, stored; /* versions */
	const char *bundle;                /* annotation bundle-version, "" when absent */
	bool established, names_accepted, terminating;
	struct condition_list conditions;
};

struct object {
	enum kind kind;
	struct meta meta;
	struct arena arena;
	/* The object as compact JSON without managedFields; NULL in a snapshot. Never shown as
	 * it is. */
	const char *raw;
	size_t raw_length;
	union {
		struct pool pool;
		struct model model;
		struct objective objective;
		struct rewrite rewrite;
		struct route route;
		struct gateway gateway;
		struct gateway_class gateway_class;
		struct grant grant;
		struct policy policy;
		struct deployment deployment;
		struct service service;
		struct pod pod;
		struct binding binding;
		struct crd crd;
	};
};

/* Decodes one object of `kind`. Missing and odd fields become their defaults: an object that the
 * server accepted is never refused, but one without name or uid is (ERR_INPUT). */
struct object *object_decode(enum kind kind, const struct json *json, struct err *err);
void object_free(struct object *object);
/* A deep copy without `raw`, in `arena` (its own arena stays empty: never object_free() it). */
const struct object *object_copy(const struct object *object, struct arena *arena);
/* The whole object parsed again; the caller frees. NULL when `raw` is NULL. */
struct json *object_json(const struct object *object);

/* "HTTPRoute default/llm-route (gateway.networking.k8s.io)": for messages, with text already
 * clean. */
const char *object_title(const struct object *object, struct arena *arena);
/* The same for an object that may not be there. The core group has no name: "Service
 * default/x-epp". */
const char *object_title_of(enum kind kind, const char *ns, const char *name, struct arena *arena);

#endif
