/* dispatch - which request may go out when, and with whose credentials; the rules of http.c that
 * need no library.
 *
 * KUBERNETES §1.1, §2.2, §3.4, §3.9: requests wait for credentials and for their turn, a 401 is
 * replayed once, silence is cut, and what went wrong makes the kubeconfig be looked at again. The
 * owner begins what dispatch_next() gives it, and ends the library's part of a request when it is
 * asked to. Times mono ns. Not shared between threads.
 */
#ifndef KUBE_DISPATCH_H
#define KUBE_DISPATCH_H

#include "core/base/clock.h"
#include "core/kube/accessrenew.h"
#include "core/kube/address.h"
#include "core/kube/bucket.h"
#include "core/kube/signin.h"
#include "core/kube/transfer.h"

struct dispatch {
	const struct access *access; /* as of now */
	struct address server;
	struct clock clock;
	struct signin *signin;
	struct accessrenew *renew;  /* NULL: never read again */
	struct transfer *transfers; /* in the order they were started */
	struct bucket bucket;
	void (*end)(struct transfer *transfer); /* the library's part of it */
	int64_t next_id, fresh_until, bucket_due;
	uint64_t certificate_generation;
	uint64_t renewals;    /* how often the access was read again */
	bool doubt;           /* something went wrong, and nothing has gone well since */
	int64_t look_allowed; /* when the files may be looked at again */
};

/* `access` is borrowed. ERR_INPUT when its address cannot be used. */
bool dispatch_init(struct dispatch *dispatch, const struct access *access,
		   const struct clock *clock, void (*end)(struct transfer *), struct err *err);
void dispatch_release(struct dispatch *dispatch); /* ends everything */
/* From now on the files of `access` are looked at again when something went wrong. */
void dispatch_watch(struct dispatch *dispatch, const struct access_options *options);

/* A request to be sent; it waits for dispatch_next(). */
struct transfer *dispatch_add(struct dispatch *dispatch, const struct transport_request *request);
void dispatch_cancel(struct dispatch *dispatch, int64_t id);
/* The next one after `after` (NULL: from the first) that may begin now, with what it goes with;
 * NULL when none may. */
struct transfer *
dispatch_next(struct dispatch *dispatch, const struct transfer *after, struct signin_pass *pass);
/* May it go over a kept connection? */
bool dispatch_may_reuse(const struct dispatch *dispatch, const struct transfer *transfer);
/* It ended without a whole answer, `detail` being the library's words. */
void dispatch_broke(struct dispatch *dispatch, struct transfer *transfer, enum fault_kind kind,
		    const char *detail, int64_t after, enum transport_sent sent);
/* It was answered whole: done, or, after a first 401, to be sent once more. The library's part of
 * it is ended. */
void dispatch_answered(struct dispatch *dispatch, struct transfer *transfer);
/* Ends what may be sent again, not a write: kept connections are not to be trusted. */
void dispatch_drop(struct dispatch *dispatch);
/* The person or a waking machine wants it now. */
void dispatch_hurry(struct dispatch *dispatch);
/* Cuts what has been silent for too long; moves a plugin on. Returns when it wants to be called
 * again at the latest. */
int64_t dispatch_step(struct dispatch *dispatch);
/* What stands in the way of signing in, for the person; NULL when nothing does. */
const char *dispatch_problem(const struct dispatch *dispatch);

#endif
