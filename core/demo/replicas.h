/* replicas - the ReplicaSets and Pods of a Deployment, as the Deployment's controller keeps them.
 *
 * One ReplicaSet for each template the Deployment has had, named after the template's hash; those
 * of older templates stay, empty, as on a real cluster. Used by control_deployment.c. Not shared
 * between threads without the demo's lock.
 */
#ifndef DEMO_REPLICAS_H
#define DEMO_REPLICAS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/inside.h"

#define REPLICAS_HASH_MAX 11

/* Of a Pod template: ten letters, the same for the same template. */
void replicas_hash(const struct json *template, char hash[REPLICAS_HASH_MAX]);
/* The Deployment that a Pod or a ReplicaSet belongs to, borrowed; NULL for none. */
const char *replicas_deployment(struct demo *demo, const struct store_object *object);
bool replicas_has(struct demo *demo, const struct json *deployment, const struct store_object *pod);
bool replicas_is_ready(const struct json *pod);
bool replicas_is_fresh(const struct json *pod, const char *hash); /* of that template */

/* The ReplicaSet of the present template is there and wants `want` Pods; the older ones want
 * none. */
void replicas_set(struct demo *demo, const struct json *deployment, const char *hash, int64_t want);
void replicas_add_pod(struct demo *demo, const struct json *deployment, const char *hash);
/* Takes away `count` Pods, of the present template or of older ones; those that are not ready
 * first. */
void replicas_drop_pods(struct demo *demo, const struct json *deployment, const char *hash,
			bool fresh, int64_t count);
/* Writes the status of the Deployment's ReplicaSets. */
void replicas_report(struct demo *demo, const struct json *deployment);

#endif
