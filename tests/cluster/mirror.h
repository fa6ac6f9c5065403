/* mirror - what a controller knows of a cluster, kept in step by list and watch, and its writes.
 *
 * One thread. Objects are borrowed until mirror_wait(). Writes go out at once and are answered
 * in mirror_wait(); while one is on its way nothing is to be looked at, so that a controller
 * never judges what it has just changed itself.
 */
#ifndef TESTS_CLUSTER_MIRROR_H
#define TESTS_CLUSTER_MIRROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/kube/api.h"

#define GATEWAY_GROUP "gateway.networking.k8s.io"
#define ALPHA_GROUP   "inference.networking.x-k8s.io"
#define GA_GROUP      "inference.networking.k8s.io"

enum { CLASSES, GATEWAYS, ROUTES, ALPHA_POOLS, GA_POOLS, SERVICES, DEPLOYMENTS, PODS, CRDS, KINDS };

struct mirror;

/* NULL with a sentence when the kubeconfig (KUBECONFIG) cannot be used. */
struct mirror *mirror_new(struct err *err);
/* Waits until something changed and everything written was answered, however long that takes. */
void mirror_wait(struct mirror *mirror);
const char *mirror_now(const struct mirror *mirror); /* RFC 3339, of the last mirror_wait() */

bool mirror_serves(const struct mirror *mirror, int kind); /* the cluster has this kind */
size_t mirror_count(const struct mirror *mirror, int kind);
const struct json *mirror_object(const struct mirror *mirror, int kind, size_t index);
const struct json *
mirror_find(const struct mirror *mirror, int kind, const char *namespace, const char *name);

/* Writes the keys of `status` (taken) when one differs from what is there; a key that is null is
 * taken away. */
void mirror_say(struct mirror *mirror, int kind, const struct json *object, struct json *status);
void mirror_create(struct mirror *mirror, int kind, struct json *object); /* taken */
void mirror_delete(struct mirror *mirror, int kind, const struct json *object);

/* "" for an object of the cluster. */
const char *mirror_namespace(const struct json *object);
const char *mirror_name(const struct json *object);

#endif
