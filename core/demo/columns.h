/* columns - the columns kubectl shows of the built-in kinds. Constant data; any thread. */
#ifndef DEMO_COLUMNS_H
#define DEMO_COLUMNS_H

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/demo/kinds.h"

struct column {
	const char *name; /* NULL ends a list */
	const char *type; /* NULL is "string" */
	const char *path; /* JSONPath, when there is no `cell` */
	void (*cell)(const struct json *object, struct buf *out);
	bool age; /* `path` (dotted) is a time, shown as what has passed since */
	int wide; /* 1: only with -o wide */
	const char *help;
};

/* NULL for kinds of CRDs. */
const struct column *columns_of(const struct kinds_row *row);

#endif
