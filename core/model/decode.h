/* decode - reading the fields of a Kubernetes object out of JSON, and the decoders per kind.
 *
 * For object.c alone. Everything returned lives in the decoder's arena or is constant; strings are
 * never NULL. What is missing or of the wrong type becomes its default, since the server accepted
 * the object. Any thread.
 */
#ifndef MODEL_DECODE_H
#define MODEL_DECODE_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/json.h"
#include "core/model/object.h"

struct decode {
	struct arena *arena;
	const char *ns; /* of the object, for references that name none */
};

/* A copy; words that stand in almost every object are not copied again. NULL becomes "". */
const char *decode_string(struct decode *d, const char *text);
/* The string at a path of json.h, or `fallback`. */
const char *
decode_text(struct decode *d, const struct json *json, const char *path, const char *fallback);
int64_t
decode_time(const struct json *json, const char *path); /* wall ns, 0 when absent or not a time */
struct string_list decode_strings(struct decode *d, const struct json *array);
/* The string `key` of every element of an array of objects; elements without it are left out. */
struct string_list decode_strings_of(struct decode *d, const struct json *array, const char *key);
struct kv_list decode_pairs(struct decode *d, const struct json *object);
struct condition_list decode_conditions(struct decode *d, const struct json *array);
/* The numbers under `key` of every element. */
const int32_t *
decode_ports(struct decode *d, const struct json *array, const char *key, size_t *count);
/* {group, kind, namespace, name} with the defaults the API gives; ns is the object's own when none
 * is named. */
struct ref
decode_ref(struct decode *d, const struct json *json, const char *group, const char *kind);
void decode_meta(struct decode *d, const struct json *metadata, struct meta *meta);

/* decode_pool.c */
void decode_alpha_pool(struct decode *d, const struct json *json, struct object *object);
void decode_ga_pool(struct decode *d, const struct json *json, struct object *object);
void decode_model(struct decode *d, const struct json *json, struct object *object);
void decode_objective(struct decode *d, const struct json *json, struct object *object);
void decode_rewrite(struct decode *d, const struct json *json, struct object *object);
/* decode_route.c */
void decode_route(struct decode *d, const struct json *json, struct object *object);
void decode_gateway(struct decode *d, const struct json *json, struct object *object);
void decode_gateway_class(struct decode *d, const struct json *json, struct object *object);
void decode_grant(struct decode *d, const struct json *json, struct object *object);
void decode_policy(struct decode *d, const struct json *json, struct object *object);
/* decode_work.c */
void decode_deployment(struct decode *d, const struct json *json, struct object *object);
void decode_service(struct decode *d, const struct json *json, struct object *object);
void decode_pod(struct decode *d, const struct json *json, struct object *object);
void decode_binding(struct decode *d, const struct json *json, struct object *object);
void decode_crd(struct decode *d, const struct json *json, struct object *object);

#endif
