/* config - a configuration file: a YAML mapping as entries that know their line.
 *
 *     theme: dark                  a value
 *     pool: [default/a, team/b]    a list
 *     keys:                        a section of them
 *       verify: V
 *
 * What the names mean is the reader's business. Everything lives in the arena given. Any thread.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"

struct config_entry {
	const char *section; /* NULL at the top */
	const char *name;
	const char *value; /* "true" or "false" of a switch; of a list its items, commas between */
	const char *const *items;
	size_t item_count;
	bool list;
	int line; /* from 1 */
};

struct config {
	const char *path;
	const struct config_entry *entries; /* in the order of the file */
	size_t count;
};

/* A file that is not there has no entries. ERR_INPUT names file, line and name. */
bool config_read(struct config *config, const char *path, struct arena *arena, struct err *err);
/* Puts file, line and name before what is wrong with an entry. Always false. */
bool config_blame(const struct config *config, const struct config_entry *entry, struct err *err);

#endif
