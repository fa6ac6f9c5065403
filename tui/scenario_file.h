/* scenario_file - what --scenario names: one that is built in, or the user's own file, for the
 * demo cluster.
 *
 * Main thread. `text` holds the file and must outlive the demo's birth.
 */
#ifndef TUI_SCENARIO_FILE_H
#define TUI_SCENARIO_FILE_H

#include "core/demo/server.h"
#include "tui/options.h"

/* Fills everything of `server` from the options. ERR_INPUT names the file. */
bool scenario_file_options(const struct options *options, struct buf *text,
			   struct server_options *server, struct err *err);

#endif
