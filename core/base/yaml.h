/* yaml - YAML read into json values and printed as kubectl prints it.
 *
 * The only file that includes libyaml. Caps: 4 MiB a document, depth 64, 1 MiB or 100 aliases
 * expanded (KUBERNETES §7.5). JSON is YAML. Scalars follow YAML 1.2 core plus what sigs.k8s.io/yaml
 * does: true/false, null, ints, floats; quoted ones are strings. Messages carry file, line and
 * column. Any thread.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"

/* One document; an empty one gives JSON null. `name` (a path) leads the messages. Duplicate keys
 * are an error. `strings`: every plain scalar but null, true and false is kept as the string that
 * stands there (kubeconfig: KUBERNETES §1.3). */
enum yaml_scalars { YAML_TYPED, YAML_STRINGS };
struct json *yaml_parse(const char *text, size_t length, const char *name,
			enum yaml_scalars scalars, struct err *err);
/* All documents of a stream as an array; empty ones are left out. At most `cap` bytes of input. */
struct json *
yaml_parse_all(const char *text, size_t length, const char *name, size_t cap, struct err *err);
/* Block style, two spaces, keys in the order of the value, strings quoted where YAML would read
 * something else, multi-line ones as "|": what `kubectl get -o yaml` looks like, but without
 * sorting. */
bool yaml_print(const struct json *json, struct buf *out);
/* The same with the keys of every object sorted, so that two values compare line by line. */
bool yaml_print_sorted(const struct json *json, struct buf *out);

#endif
