/* fault - why no whole answer came, in the person's words: what happened, to which address, what to
 * do.
 *
 * KUBERNETES §8. One row a kind of fault; http.c maps the library's codes to them. Names host and
 * port, never a path with credentials. Any thread; no I/O.
 */
#ifndef KUBE_FAULT_H
#define KUBE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

enum fault_kind {
	FAULT_NAME,
	FAULT_REFUSED,
	FAULT_CONNECT_SLOW,
	FAULT_SLOW,   /* the time for the whole request is over */
	FAULT_SILENT, /* not a byte came for too long */
	FAULT_PROXY,
	FAULT_PROXY_NAME,
	FAULT_UNKNOWN_CA,
	FAULT_EXPIRED,
	FAULT_NOT_YET_VALID,
	FAULT_NAME_MISMATCH,
	FAULT_TLS,
	FAULT_CLIENT_REJECTED,
	FAULT_CLIENT_CERTIFICATE, /* ours cannot be used at all */
	FAULT_CA_FILE,
	FAULT_NOT_HTTP,
	FAULT_CUT, /* the answer ended early */
	FAULT_RESET,
	FAULT_TOO_LARGE,
	FAULT_DROPPED, /* we closed it: after sleep, or because the certificate changed */
	FAULT_ADDRESS,
	FAULT_OTHER,
	FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	const char *host;   /* "host:port" */
	const char *proxy;  /* its URL, or NULL; the user and password in it are cut out here */
	const char *ca;     /* where the trusted CA came from */
	const char *detail; /* the library's words; "" for none */
	int64_t seconds;    /* of the deadline that passed */
	size_t cap;         /* bytes, for FAULT_TOO_LARGE */
};

/* What a certificate was refused for, by the number and the words of the TLS library. */
enum fault_kind fault_of_verification(long result, const char *detail);
/* Does the server refuse our certificate, by the words of the TLS library? */
bool fault_is_about_certificate(const char *detail);
void fault_explain(const struct fault *fault, struct err *err);

#endif
