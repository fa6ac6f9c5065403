/* status - what the API server says when it refuses: code, reason, words, details and causes, as
 * the real one writes them.
 *
 * A status is filled by the first thing that goes wrong; the functions that fill it return false so
 * that a caller can end in `return status_...`. Field errors are gathered as causes first and made
 * one refusal by status_invalid(). Words are those of apimachinery's api/errors and
 * util/validation/field (KUBERNETES §4.2). Not shared between threads.
 */
#ifndef DEMO_STATUS_H
#define DEMO_STATUS_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"

struct status {
	int code;           /* HTTP; 0 while nothing is wrong */
	const char *reason; /* "NotFound", or "" */
	struct buf message;
	struct json *details; /* or NULL: then none are sent */
	struct json *causes;  /* array, or NULL */
	const char *more;     /* metadata.continue of a 410 (heap), or NULL */
	int retry;            /* seconds, 0 for none */
	bool plain;           /* answered as text/plain, the message alone */
};

void status_init(struct status *status);
void status_release(struct status *status);
bool status_set(struct status *status, int code, const char *reason, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Fills details; `kind` is a plural or a kind, as the real server does by case; any may be NULL or
 * "". */
void status_about(struct status *status, const char *name, const char *group, const char *kind);
void status_cause(struct status *status, const char *reason, const char *field, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

bool status_bad_request(struct status *status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool
status_not_found(struct status *status, const char *group, const char *resource, const char *name);
bool status_no_such_path(struct status *status); /* 404 page not found */
bool status_exists(struct status *status, const char *group, const char *resource, const char *name,
		   bool deleting);
bool
status_conflict(struct status *status, const char *group, const char *resource, const char *name,
		const char *format, ...) __attribute__((format(printf, 5, 6)));
bool status_not_allowed(struct status *status);
bool status_expired(struct status *status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* "the object has been modified ...", the answer to a stale resourceVersion. */
bool status_stale(struct status *status, const char *group, const char *resource, const char *name);

/* True when causes were gathered: then the status is 422 with all of them in its message. */
bool status_invalid(struct status *status, const char *group, const char *kind, const char *name);
/* "pools.example.io": plural and group as messages name them; `text` holds `size` bytes. */
const char *status_qualified(char *text, size_t size, const char *resource, const char *group);

struct json *status_json(const struct status *status);
/* For callers inside the program. Always false. */
bool status_err(const struct status *status, struct err *err);

#endif
