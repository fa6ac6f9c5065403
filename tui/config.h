/* config - the configuration file $XDG_CONFIG_HOME/poolshift/config.yaml, as entries (CLI §2).
 *
 * A mapping of long option names to a value or a list, and `keys:`, a mapping of the console's
 * actions to their keys. What the names mean is the options' business; the keys are checked here.
 * Main thread; everything lives in the arena given.
 */
#ifndef TUI_CONFIG_H
#define TUI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/err.h"

struct config_entry {
	const char *name;
	const char *value; /* of a list: its items with commas between */
	const char *const *items;
	size_t item_count;
	bool list;
	int line; /* from 1 */
};

struct config {
	const char *path;
	const struct config_entry *entries; /* in the order of the file, without `keys` */
	size_t count;
	const char *keys_text; /* for keymap_configure(); NULL for none */
};

/* Without a file, or without a home, there are no entries and nothing is wrong. ERR_INPUT names
 * file, line and key. */
bool config_read(struct arena *arena, struct config *config, struct err *err);
/* Puts file, line and name before what is wrong with an entry. Always false. */
bool config_blame(const struct config *config, const struct config_entry *entry, struct err *err);

#endif
