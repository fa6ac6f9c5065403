/* cmd - the commands of the command line, one row each, help in the row (CLI §1); each is a file
 * cmd_NAME.c of this module.
 *
 * Data goes to stdout, everything else to stderr; the value returned is the exit code (CLI §4).
 */
#ifndef PLAIN_CMD_H
#define PLAIN_CMD_H

#include <stddef.h>

#include "tui/options.h"

struct cmd {
	const char *name;
	const char *synopsis; /* what stands after the name */
	size_t least, most;   /* words of it */
	unsigned bit;         /* its FOR_* of the options */
	int (*run)(struct options *options);
	const char *help;        /* one sentence */
	const char *example;     /* without the program's name */
	const char *example_why; /* what it does; "" where it is plain */
};

/* Ended by a row whose name is NULL. */
extern const struct cmd cmd_rows[];
const struct cmd *cmd_find(const char *name);
/* The same; ERR_INPUT names the nearest when there is none. */
const struct cmd *cmd_want(const char *name, struct err *err);
/* As many words stand behind it as it takes. */
bool cmd_check(const struct cmd *row, const struct options *options, struct err *err);

int cmd_status(struct options *options);
int cmd_plan(struct options *options);
int cmd_apply(struct options *options);
int cmd_shift(struct options *options);
int cmd_verify(struct options *options);
int cmd_rollback(struct options *options);
int cmd_report(struct options *options);
int cmd_journal(struct options *options);
int cmd_freeze(struct options *options);
int cmd_unfreeze(struct options *options);
int cmd_demo(struct options *options);
int cmd_completion(struct options *options);
int cmd_version(struct options *options);
int cmd_help(struct options *options);

#endif
