/* copy - objects copied deeply into another arena, for a snapshot. For object.c alone. Any thread.
 */
#ifndef MODEL_COPY_H
#define MODEL_COPY_H

#include "core/base/arena.h"
#include "core/model/object.h"

/* Each takes an object that was copied flat and makes what it points to its own. */
void copy_meta(struct arena *arena, struct meta *meta);
void copy_pool(struct arena *arena, struct object *object);
void copy_model(struct arena *arena, struct object *object);
void copy_objective(struct arena *arena, struct object *object);
void copy_rewrite(struct arena *arena, struct object *object);
void copy_route(struct arena *arena, struct object *object);
void copy_gateway(struct arena *arena, struct object *object);
void copy_gateway_class(struct arena *arena, struct object *object);
void copy_grant(struct arena *arena, struct object *object);
void copy_policy(struct arena *arena, struct object *object);
void copy_deployment(struct arena *arena, struct object *object);
void copy_service(struct arena *arena, struct object *object);
void copy_pod(struct arena *arena, struct object *object);
void copy_binding(struct arena *arena, struct object *object);
void copy_crd(struct arena *arena, struct object *object);

#endif
