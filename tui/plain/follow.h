/* follow - an engine watched without a screen: the first whole view, one command, its events on
 * stderr.
 *
 * Main thread only. Values named exit are those of CLI §4; what went wrong is already on stderr
 * when they are not 0.
 */
#ifndef PLAIN_FOLLOW_H
#define PLAIN_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/engine/session.h"
#include "core/model/snapshot.h"
#include "tui/options.h"
#include "tui/plain/progress.h"

struct follow {
	struct session *session;
	struct snapshot *snapshot; /* the newest, owned; NULL before the first */
	int signals;               /* signalfd of SIGINT and SIGTERM, -1 for none */
	struct progress progress;
	bool interrupted;
};

/* Starts the engine and waits until every kind is known, at most --request-timeout (20 s by
 * default). Close it whatever is returned. */
int follow_open(struct follow *follow, struct options *options);
/* Every kind that can be read at the start is known. */
bool follow_is_whole(const struct snapshot *snapshot);
/* Submits and waits for the outcome, telling events; SIGINT stops it: 130. */
int follow_command(struct follow *follow, const struct command *command);
/* Asks for y or n on the terminal; false as well after SIGINT, an end of input or ten minutes. */
bool follow_ask(struct follow *follow, const char *question);
void follow_close(struct follow *follow);

#endif
