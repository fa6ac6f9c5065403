/* json - JSON values: parse strictly, look up, build, print as a Kubernetes server wants it.
 *
 * A thin face over cJSON, the only file that includes it. `struct json` is a node; a root is owned
 * by whoever got it from parse, new or clone and freed with json_free(); looked-up nodes are
 * borrowed. Adding a node to a parent moves it. All look-ups are case-sensitive. Not shared between
 * threads.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

struct json;

/* Strict: depth <= 200, no trailing bytes, no \u0000, no duplicate keys in one object (KUBERNETES
 * §7.5). */
struct json *json_parse(const char *text, size_t length, struct err *err);
void json_free(struct json *json); /* NULL is fine */
struct json *json_clone(const struct json *json);
/* Object key order does not matter, array order does; 1 equals 1.0. NULL equals only NULL. */
bool json_equal(const struct json *a, const struct json *b);

/* Compact; raw UTF-8, '/' never escaped, 0x7F to 0x9F as \u00XX (KUBERNETES §0.8). Integers up to
 * 2^53 exact. */
bool json_print(const struct json *json, struct buf *out);
bool json_print_pretty(const struct json *json, struct buf *out); /* indented by two spaces */
char *json_text(const struct json *json); /* json_print() into memory the caller frees */

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_type json_type(const struct json *json); /* NULL is JSON_NULL */

/* Look-ups take NULL and wrong types and answer NULL, the fallback or 0. */
const struct json *json_get(const struct json *object, const char *key);
struct json *json_get_mutable(struct json *object, const char *key);
/* "spec.template.metadata.labels": dots part keys, [N] an index: "rules[0].backendRefs". Keys with
 * dots: json_get(). */
const struct json *json_at(const struct json *json, const char *path);
struct json *json_at_mutable(struct json *json, const char *path);
const char *json_string(const struct json *json); /* NULL unless a string */
const char *json_string_at(const struct json *json, const char *path);
int64_t json_integer(const struct json *json, int64_t fallback);
int64_t json_integer_at(const struct json *json, const char *path, int64_t fallback);
double json_number(const struct json *json, double fallback);
bool json_bool(const struct json *json, bool fallback);
bool json_bool_at(const struct json *json, const char *path, bool fallback);

/* Members of an object or elements of an array, in order:
 * for (c = json_first(j); c != NULL; c = json_next(c)). */
size_t json_count(const struct json *json);
const struct json *json_item(const struct json *array, size_t index);
const struct json *json_first(const struct json *json);
const struct json *json_next(const struct json *json);
struct json *json_first_mutable(struct json *json);
struct json *json_next_mutable(struct json *json);
const char *json_key(const struct json *member); /* of an object's member */
/* The members of an object sorted by the bytes of their keys; the caller frees the array. NULL when
 * count is 0. */
const struct json **json_sorted(const struct json *object, size_t *count);
/* A key that stands twice in this object (not below it), or NULL. */
const char *json_duplicate(const struct json *object);

struct json *json_new_object(void);
struct json *json_new_array(void);
struct json *json_new_string(const char *text);
struct json *json_new_integer(int64_t number);
struct json *json_new_number(double number);
struct json *json_new_bool(bool value);
struct json *json_new_null(void);

/* Setting replaces a member of that name in its place and moves `value`; returns it. NULL value is
 * ignored; a value for a parent of the wrong type is freed and NULL returned. */
struct json *json_set(struct json *object, const char *key, struct json *value);
/* As json_set() for a key known to be new: building a large object stays linear. */
struct json *json_add(struct json *object, const char *key, struct json *value);
/* NULL text: nothing. */
struct json *json_set_string(struct json *object, const char *key, const char *text);
struct json *json_set_integer(struct json *object, const char *key, int64_t number);
struct json *json_set_bool(struct json *object, const char *key, bool value);
/* A new empty one, or the one that is there. */
struct json *json_set_object(struct json *object, const char *key);
struct json *json_set_array(struct json *object, const char *key);
struct json *json_append(struct json *array, struct json *value);
/* At the count of elements or beyond: appends. */
struct json *json_insert(struct json *array, size_t index, struct json *value);
struct json *json_replace(struct json *array, size_t index, struct json *value);
bool json_remove(struct json *object, const char *key); /* false when it was not there */
bool json_remove_item(struct json *array, size_t index);
/* Out of its parent, owned by the caller; or NULL. */
struct json *json_detach(struct json *object, const char *key);

#endif
