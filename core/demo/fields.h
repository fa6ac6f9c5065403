/* fields - sets of field paths: who manages what, as metadata.managedFields keeps it (FieldsV1).
 *
 * A set is a tree; a node may be a member itself (".") and have children ("f:spec",
 * `k:{"name":"x"}`, `v:"a"`). Paths are compared by element text, as FieldsV1 writes them. Owned by
 * whoever made it; not shared between threads.
 */
#ifndef DEMO_FIELDS_H
#define DEMO_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/json.h"

struct fields;

struct fields *fields_new(void);
void fields_free(struct fields *set);
struct fields *fields_clone(const struct fields *set);
struct fields *fields_parse(const struct json *fields_v1); /* anything odd is left out */
struct json *fields_json(const struct fields *set);

/* The child for an element, made when absent. */
struct fields *fields_need(struct fields *set, const char *element);
const struct fields *fields_child(const struct fields *set, const char *element); /* or NULL */
void fields_insert(struct fields *set); /* this node becomes a member */
void
fields_forget(struct fields *set); /* this node is no member any more; what is below it stays */
void fields_cut(struct fields *set, const char *element); /* the child and all below it go */
/* Everything but the child of that element goes. */
void fields_keep_only(struct fields *set, const char *element);

bool fields_empty(const struct fields *set);
bool fields_equal(const struct fields *a, const struct fields *b);
void fields_add(struct fields *set, const struct fields *more);
void fields_subtract(struct fields *set, const struct fields *less); /* member by member */
void fields_tidy(struct fields *set); /* branches without a member go */
struct fields *fields_common(const struct fields *a, const struct fields *b);

/* Calls `visit` with the path of every member, ".spec.rules" or `.spec.ports[port=80].name`, in
 * order. */
void fields_each(const struct fields *set, void (*visit)(void *self, const char *path), void *self);

/* Element texts; `out` is cleared first. */
void fields_element_field(struct buf *out, const char *name);
void fields_element_value(struct buf *out, const struct json *value);
/* `keys` names the members of `item` that identify it. */
void fields_element_keys(struct buf *out, const struct json *keys, const struct json *item,
			 const struct json *item_schema);

#endif
