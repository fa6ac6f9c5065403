/* table - what `kubectl get` shows: the columns of each kind and the cells of an object.
 *
 * Built-in kinds have rows of their own here, kinds of CRDs their additionalPrinterColumns,
 * everything else name and age. JSONPath is the part printer columns use: .a.b, ['a'], [0], [*],
 * [?(@.a=="b")]. Pure; any thread.
 */
#ifndef DEMO_TABLE_H
#define DEMO_TABLE_H

#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/kinds.h"

/* Arrays the caller frees. `wall` is now, in nanoseconds. */
struct json *table_columns(const struct kinds_row *row, const struct kinds_version *version);
struct json *table_cells(const struct kinds_row *row, const struct kinds_version *version,
			 const struct json *object, int64_t wall);
/* The first value a JSONPath finds, or all of them joined by commas when `all`; NULL when there is
 * none. Heap. */
char *table_path(const struct json *object, const char *path, bool all);

#endif
