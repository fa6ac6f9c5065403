/* plain_console - the console without a screen: the state as numbered lines, each change as a line
 * when it happens, commands line by line from stdin.
 *
 * For screen readers, dumb terminals and pipes. Runs on the main thread until `q`, the end of the
 * input, a signal, or until nobody reads its output. It stays up when the cluster does not answer.
 * What is said goes to stdout, the progress of a step to stderr.
 */
#ifndef PLAIN_PLAIN_CONSOLE_H
#define PLAIN_PLAIN_CONSOLE_H

#include "tui/options.h"

/* The exit code: 0, 1 when the input ended before the state could be read, 2 with a sentence on
 * stderr, 130 after SIGINT. */
int plain_console_run(struct options *options);

#endif
