/* console - the loop of the full-screen program: keys, the engine's snapshots and signals in,
 * frames and commands out.
 *
 * Runs on the main thread until the person quits or a signal ends it. The first frame stands before
 * the engine has been asked for anything; no key ever waits for the network. The engine is borrowed
 * and must run already.
 */
#ifndef SCREEN_CONSOLE_H
#define SCREEN_CONSOLE_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/engine/engine.h"
#include "core/model/settings.h"

/* Fills `text` with the change record, set for lines of `width` cells, and saves it; `path` gets
 * the name of the page. False with err when it could not be saved: the text stands all the same. */
typedef bool console_report(const struct snapshot *snapshot, const struct settings *settings,
			    int width, struct buf *text, struct buf *path, struct err *err);

struct console_options {
	const char *theme; /* name or path; NULL: found out */
	bool no_color, ascii, no_mouse;
	const struct settings *settings;
	const char *keys_text;        /* lines of the configuration's `keys:`; NULL for none */
	const char *context, *server; /* for the first frame */
	console_report *report;
};

/* The exit code: 0, 2 with a sentence on stderr when theme, keys or terminal are not usable, 130
 * after SIGINT. Blocks SIGWINCH, SIGTERM, SIGHUP and SIGINT in the calling thread; start the
 * engine's thread with them blocked, too. */
int console_run(struct engine *engine, const struct console_options *options);

#endif
