/* signin - what a request to the cluster carries to say who asks, kept fresh.
 *
 * KUBERNETES §1.4, §2.2: token, token file (read again every 50 s), password, client certificate
 * (files read again every 5 min) or exec plugin. Nothing at all over plain http, as kubectl does.
 * Knows no HTTP library. Not shared between threads.
 */
#ifndef KUBE_SIGNIN_H
#define KUBE_SIGNIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/kube/kubeconfig.h"
#include "core/kube/transport.h"

struct signin;

enum signin_state { SIGNIN_READY, SIGNIN_WAITING, SIGNIN_FAILED };

/* What to send now; borrowed until the next call. */
struct signin_pass {
	const char *authorization;           /* "Authorization: Bearer x", or NULL */
	const struct buf *certificate, *key; /* PEM; NULL for none */
	uint64_t generation;                 /* to tell signin_refused() what was refused */
	uint64_t certificate_generation;     /* grows when the certificate changes: connections made
						before must go */
};

/* `access` is borrowed for its life. */
struct signin *signin_new(const struct access *access, const struct clock *clock);
void signin_free(struct signin *signin);
enum signin_state signin_ask(struct signin *signin, struct signin_pass *pass, struct err *err);
/* The server answered 401 to `generation`. True when there may be something newer: ask again and
 * send once more. */
bool signin_refused(struct signin *signin, uint64_t generation);
void signin_rejected(struct signin *signin); /* 401 once more, or nothing newer: the person has to
						do something */
void signin_accepted(struct signin *signin); /* the server knew who asked */
void signin_hurry(struct signin *signin);
/* Whether the person can be asked, and letting the plugin ask (transport.h). */
enum transport_login signin_login(const struct signin *signin);
bool signin_log_in(struct signin *signin, struct err *err);
void signin_fds(const struct signin *signin, int fds[2], size_t *count);
int64_t signin_step(struct signin *signin); /* returns when (mono) it wants to be called again */
/* For the person; NULL when nothing stands in the way. Borrowed until the next call. */
const char *signin_problem(const struct signin *signin);

#endif
