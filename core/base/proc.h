/* proc - another program run without a shell and, unless it is asked for, without our terminal.
 *
 * stdin is /dev/null or a text, stdout and stderr are non-blocking pipes with caps, the child
 * leads a session of its own so that it cannot open /dev/tty, default signal dispositions, empty
 * mask, no descriptor of ours but the three and its texts (KUBERNETES §2.2). The owner polls
 * proc_fds() and calls proc_step(); nothing here blocks or sleeps.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

#define PROC_TEXTS ((size_t)3) /* the descriptor of the first of proc_spec.texts */

struct proc;

struct proc_spec {
	const char *const *argv; /* NULL-terminated; argv[0] is on PATH unless it has a '/' */
	const char *const *env;  /* NULL-terminated "NAME=value", added to ours; or NULL */
	size_t out_cap;          /* most bytes of stdout; more ends the program */
	size_t err_keep;         /* the last bytes of stderr that are kept */
	int64_t deadline;        /* mono ns; then SIGTERM to the group, 2 s later SIGKILL */
	const char *input;       /* its stdin, in memory that it can open as /dev/stdin as often
				      * as it likes and that never touches a disk; NULL: nothing */
	size_t input_length;
	const char *const *texts; /* NULL-terminated; or NULL: each at a descriptor of its own, in
				      * such memory: /dev/fd/3, /dev/fd/4 ... What is secret goes
				      * here, for every user of the machine may read the arguments.
				      * Ours are closed once it runs */
	bool terminal;            /* it may ask the person: stdin and stderr are /dev/tty, and it
				      * stays in our session and group; whoever drew there has left.
				      * Nothing of stderr is kept, and signals go to it alone. */
};

/* ERR_MISSING when the program is not found (empty and relative PATH elements are skipped). */
struct proc *proc_start(const struct proc_spec *spec, struct err *err);
void proc_fds(const struct proc *proc, int fds[2], size_t *count); /* to poll for reading */
/* Reads, reaps, enforces the deadline. True once it has ended and both pipes are at their end. */
bool proc_step(struct proc *proc, int64_t mono);
void proc_cancel(struct proc *proc);
/* After proc_step() was true: 0 to 255, or -signal; -1000 when the deadline ended it, -1001 when
 * stdout was too long. */
int proc_status(const struct proc *proc);
const char *proc_stdout(const struct proc *proc, size_t *length); /* borrowed */
const char *proc_stderr(const struct proc *proc, size_t *length); /* borrowed */
void proc_free(struct proc *proc);                                /* kills it when it still runs */

/* Where `name` is on PATH; false when nowhere. */
bool proc_find(const char *name, struct buf *path);

#endif
