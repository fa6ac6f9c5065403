/* reflector_inside - what the files of the reflector share: its state, and the few ways it moves.
 *
 * reflector.c holds its life and its moves, reflector_list.c reads lists, reflector_watch.c reads
 * watches. Only they include this. At any time one of three things is true: it waits for `due`, a
 * list's page is asked for, a watch stands.
 */
#ifndef KUBE_REFLECTOR_INSIDE_H
#define KUBE_REFLECTOR_INSIDE_H

#include "core/base/clock.h"
#include "core/kube/backoff.h"
#include "core/kube/reflector.h"
#include "core/kube/watch.h"

#define REFLECTOR_PAGE        500 /* objects */
#define REFLECTOR_PAGE_LEAST  50
#define REFLECTOR_BROKEN_WAIT (60 * SECOND)

enum reflector_phase { PHASE_WAIT, PHASE_LIST, PHASE_WATCH };
enum reflector_next { NEXT_LIST, NEXT_WATCH };

struct reflector {
	struct api_resource resource;
	char *ns;
	enum reflector_how how;
	int64_t interval;
	struct transport transport;
	struct reflector_sink sink;
	struct backoff backoff;
	bool ready;
	bool held_back; /* a verdict was not made because the server was not ready */

	enum reflector_phase phase;
	enum reflector_next next; /* after the wait */
	int64_t due;              /* PHASE_WAIT: when to go on */
	int64_t tried;            /* mono of the last request for a list */
	int64_t id;               /* of the request under way, 0 for none */
	bool again;               /* poked while a list was under way */

	struct buf token; /* the next page's; empty: the first page */
	int limit;
	bool in_list; /* BEGIN was handed over, END not yet */
	int64_t list_began;

	struct watch watch;
	struct buf version; /* to resume from */
	int64_t watch_began, watch_deadline;
	int64_t silence; /* mono when to list if nothing came; NEVER when not watched for */
	size_t watch_events;
	bool resumed;           /* the watch did not follow a list at once */
	int64_t watch_refused;  /* mono; 0: not */
	int64_t internal_since; /* mono of the first InternalError in a row; 0: none */
	int malformed;          /* answers in a row that could not be read */

	struct reflector_status status;
	char reason[ERR_TEXT_MAX];
};

void
reflector_move(struct reflector *r, enum reflector_state state, const char *reason, int64_t mono);
/* What is known stands as of its last proof; or nothing is known yet. */
void reflector_stale(struct reflector *r, const char *reason, int64_t mono);
/* Ends what is under way; `next` begins at `due`. */
void reflector_wait(struct reflector *r, enum reflector_next next, int64_t due);
/* Stale, and again after the backoff. */
void
reflector_fail(struct reflector *r, enum reflector_next next, const char *reason, int64_t mono);
/* The server said when it wants to be asked again (§3.9). */
void reflector_busy(struct reflector *r, enum reflector_next next, const struct api_reply *reply,
		    const char *reason, int64_t mono);
/* An answer that cannot be read: list again, and from the third in a row on BROKEN. */
void reflector_malformed(struct reflector *r, const char *why, int64_t mono);
/* The version expired: list at once, quietly unless it goes on like that. */
void reflector_relist(struct reflector *r, const char *reason, int64_t mono);
void
reflector_hand(const struct reflector *r, enum reflector_change change, const struct json *object);
/* "httproutes.gateway.networking.k8s.io in namespace default". */
void reflector_describe(const struct reflector *r, char *what, size_t size);
bool reflector_keep_version(struct reflector *r, const char *version);

void reflector_start_list(struct reflector *r, int64_t mono);
void
reflector_list_answered(struct reflector *r, const struct transport_event *event, int64_t mono);
void reflector_start_watch(struct reflector *r, int64_t mono);
void reflector_take_data(struct reflector *r, struct transport_event *event, int64_t mono);
void reflector_watch_ended(struct reflector *r, const struct transport_event *event, int64_t mono);

#endif
