/* execcred - credentials from an exec plugin: one run at a time, renewed before they end, slower
 * after failures.
 *
 * KUBERNETES §2. The plugin gets no terminal, 60 s, and its output never reaches the screen but
 * redacted and cleaned; when the person asks for it, it gets the terminal and ten minutes. The
 * owner polls execcred_fds(), calls execcred_step(), and asks with execcred_want() before each
 * request. Times: mono ns for deadlines, wall ns for expiry. Not shared between threads.
 */
#ifndef KUBE_EXECCRED_H
#define KUBE_EXECCRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/kube/kubeconfig.h"

struct execcred;

/* What a plugin answered. Buffers are empty for what it did not give; PEM text as it came. */
struct execcred_pass {
	struct buf token, certificate, key;
	int64_t expires;     /* wall; NEVER when not said */
	uint64_t generation; /* of the run it came from, from 1 */
};

enum execcred_state {
	EXECCRED_READY,   /* execcred_pass() is good */
	EXECCRED_RUNNING, /* the plugin was asked; wait */
	EXECCRED_FAILED,  /* and is not asked again before its backoff is over */
};

/* access->exec is not NULL; borrowed for its life. */
struct execcred *execcred_new(const struct access *access, const struct clock *clock);
void execcred_free(struct execcred *execcred);
/* Starts a run when one is due. err is filled for EXECCRED_FAILED. */
enum execcred_state execcred_want(struct execcred *execcred, struct err *err);
/* Borrowed until the next call. */
const struct execcred_pass *execcred_pass(const struct execcred *execcred);
/* The server refused what came from run `generation`: it is used no more, and the plugin is asked
 * again; false when it is too early for that. A newer one stays. */
bool execcred_invalidate(struct execcred *execcred, uint64_t generation);
/* The server refused a new one, too: the plugin rests, longer each time. Accepting one ends that.
 */
void execcred_rejected(struct execcred *execcred);
void execcred_accepted(struct execcred *execcred);
/* Forgets the backoff, and renews what is about to expire: the user, or a resume from sleep, wants
 * it now. */
void execcred_hurry(struct execcred *execcred);
/* Runs the plugin at the terminal, so that it can ask the person; a run in the background is given
 * up for it. ERR_INPUT when its interactiveMode is Never. Only when the person wants it (§2.2). */
bool execcred_ask_person(struct execcred *execcred, struct err *err);
bool execcred_is_asking(const struct execcred *execcred);
void execcred_fds(const struct execcred *execcred, int fds[2], size_t *count);
/* Moves a run on; renews in the background. Returns when (mono) it wants to be called again. */
int64_t execcred_step(struct execcred *execcred);
/* Why the last run gave nothing, or what is odd about what it gave; NULL when all is well. */
const char *execcred_problem(const struct execcred *execcred);

/* Reads an ExecCredential (§2.1); `api_version` must be exactly the configured one. Fills `pass`
 * but its generation. */
bool execcred_parse(struct execcred_pass *pass, const char *text, size_t length,
		    const char *api_version, struct err *err);
void execcred_pass_init(struct execcred_pass *pass);
void execcred_pass_release(struct execcred_pass *pass); /* wipes */
/* KUBERNETES_EXEC_INFO=...: what the plugin is told about the cluster, and whether it may ask. */
bool execcred_info(struct buf *out, const struct access *access, bool interactive);

#endif
