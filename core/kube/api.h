/* api - Kubernetes requests as values that cannot be wrong in the known ways, and answers as what
 * they mean.
 *
 * The traps of KUBERNETES §0 are closed here by what can be expressed: a delete has one place for
 * its options (the body) and always a uid; a patch of an existing object always carries uid and
 * resourceVersion; an apply is forced or not, never half; a path is made of validated segments
 * only. Knows groups and resources as words, no kind. Any thread; no I/O.
 */
#ifndef KUBE_API_H
#define KUBE_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/kube/transport.h"

#define API_FIELD_MANAGER "poolshift"

struct api_resource {
	const char *group; /* "" is core */
	const char *version;
	const char *resource;
};

/* A request ready for a transport. Owned: api_request_release(). */
struct api_request {
	struct transport_request request; /* points into the bufs below */
	struct buf path, body;
};
void api_request_release(struct api_request *request);

enum api_view {
	API_WHOLE,
	API_METADATA
}; /* API_METADATA: PartialObjectMetadata (KUBERNETES §3.6) */
enum api_dry_run { API_FOR_REAL, API_DRY_RUN };

/* All return ERR_INPUT for a segment that cannot stand in a path. ns NULL: all namespaces, or
 * cluster-scoped. */
bool api_get(struct api_request *out, struct api_resource resource, const char *ns,
	     const char *name, enum api_view view, struct err *err);
/* limit 0: no limit. continue_token NULL: the first page. resourceVersion is left unset: the most
 * recent (§3.2). */
bool api_list(struct api_request *out, struct api_resource resource, const char *ns,
	      enum api_view view, int limit, const char *continue_token, struct err *err);
bool
api_watch(struct api_request *out, struct api_resource resource, const char *ns, enum api_view view,
	  const char *resource_version, int timeout_seconds, struct err *err);
bool api_create(struct api_request *out, struct api_resource resource, const char *ns,
		const char *body, size_t length, enum api_dry_run dry_run, struct err *err);
/* Server-side apply. uid and resource_version NULL together: the object must be allowed to be
 * absent. Both are put into the body's metadata otherwise (§4.3). */
bool api_apply(struct api_request *out, struct api_resource resource, const char *ns,
	       const char *name, const char *body, size_t length, const char *uid,
	       const char *resource_version, bool force, enum api_dry_run dry_run, struct err *err);
/* `operations` is a JSON array of RFC 6902 operations; the guards for uid and resourceVersion, both
 * required, are put before them (§4.4). */
bool api_patch(struct api_request *out, struct api_resource resource, const char *ns,
	       const char *name, const char *operations, size_t length, const char *uid,
	       const char *resource_version, enum api_dry_run dry_run, struct err *err);
/* uid required; resource_version may be NULL. Background propagation (§4.7). */
bool api_delete(struct api_request *out, struct api_resource resource, const char *ns,
		const char *name, const char *uid, const char *resource_version,
		enum api_dry_run dry_run, struct err *err);
bool api_discovery(struct api_request *out, bool core,
		   struct err *err); /* /api or /apis, aggregated with fallback (§5) */
bool
api_group_version(struct api_request *out, const char *group, const char *version, struct err *err);
bool api_raw_get(struct api_request *out, const char *path,
		 struct err *err); /* "/version", "/readyz": constants of ours */
/* May the caller do this? The answer is read with api_access_allowed(). */
bool api_access_review(struct api_request *out, struct api_resource resource, const char *ns,
		       const char *name, const char *verb, struct err *err);
bool api_self_review(struct api_request *out, struct err *err); /* who am I (§5) */

/* What an answer means; the caller decides on this, never on a bare HTTP code. */
enum api_outcome {
	API_OK,            /* 2xx, and the body is what was asked for, or a Status Success */
	API_NOT_INSTALLED, /* 404 for the resource itself, not the object: the kind is not served */
	API_NOT_FOUND,     /* 404 for the object */
	API_CONFLICT,      /* 409 stale resourceVersion or uid */
	API_OWNED,         /* 409 with FieldManagerConflict causes */
	API_EXISTS,        /* 409 AlreadyExists */
	API_EXPIRED,       /* 410, in either form */
	API_INVALID, /* 400, 422, SSA's 500 "failed to create typed patch object": not executed */
	API_UNAUTHORIZED,   /* 401 */
	API_FORBIDDEN,      /* 403 */
	API_TERMINATING,    /* 403/405 create while the CRD is terminating */
	API_BUSY,           /* 429, or 503 with Retry-After on a read: wait retry_after */
	API_TOO_LARGE,      /* 413, or the answer passed its cap */
	API_FAILED,         /* 5xx and the rest: for a write the outcome is unknown */
	API_NO_ANSWER,      /* network; see transport_event.sent for what that means to a write */
	API_NOT_KUBERNETES, /* 3xx, HTML, a captive portal */
};

struct api_cause {
	const char *reason, *message, *field; /* never NULL */
};

struct api_reply {
	enum api_outcome outcome;
	int status;
	struct json *body;  /* parsed JSON, or NULL; owned: api_reply_release() */
	const char *reason; /* of a Status; "" otherwise; borrowed from body */
	char message[1536]; /* clean for a terminal, secrets cut out; "" when there is none */
	struct api_cause causes[16];
	size_t cause_count;
	int retry_after;     /* seconds */
	bool maybe_executed; /* a write that may have happened: look before doing anything (§4.10)
			      */
};

/* Reads a TRANSPORT_DONE event; the event keeps its body. */
void api_reply_init(struct api_reply *reply, const struct transport_event *event, bool was_write);
void api_reply_release(struct api_reply *reply);
/* Fills err with a sentence for `what` ("HTTPRoute default/llm-route (gateway.networking.k8s.io)")
 * and what to do next. */
bool api_reply_explain(const struct api_reply *reply, const struct transport_event *event,
		       const char *verb, const char *what, struct err *err);
bool api_access_allowed(const struct api_reply *reply, bool *allowed, bool *unknown);

/* Is resourceVersion a older than b? Same resource, same cluster only; false when either is not a
 * plain number. */
bool api_version_older(const char *a, const char *b);

/* gitVersion as numbers (KUBERNETES §5). gke < 0: not a GKE server. */
struct api_git_version {
	int64_t major, minor, patch, gke;
	bool prerelease;
};
bool api_git_version(const char *text, struct api_git_version *version);
/* Does a cluster of this version bring the GA pool's CRD itself: a GKE server
 * >= 1.34.0-gke.1626000? */
bool api_git_version_at_least(const struct api_git_version *version,
			      const struct api_git_version *wanted);

#endif
