/* plan - where the migration stands, as plain data: pairs, steps, blockers, previews, checks,
 * losses.
 *
 * Derived from a world and a journal by core/migrate, carried in a snapshot, drawn by the
 * screen, printed as JSON. Holds no function and no connection. Everything points into the arena
 * it was made in; strings are never NULL unless said and are clean for a terminal. Any thread
 * may read.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/model/kind.h"
#include "core/model/settings.h"

#define PPM_ALL     INT64_C(1000000) /* 100 % */
#define PPM_UNKNOWN INT64_C(-1)
#define PPM_APART   INT64_C(-2) /* rules of one pair stand at different percents */

enum step_id {
	STEP_CRDS,
	STEP_POOL,
	STEP_OBJECTIVES,
	STEP_ATTACH,
	STEP_SHIFT,
	STEP_VERIFY,
	STEP_FINALIZE,
	STEP_CLEANUP,
	STEP_CHECK,
	STEP_REMOVE_CRDS,
	STEP_DETACH, /* of the simple procedure alone */
	STEP_COUNT
};

enum step_scope { SCOPE_CLUSTER, SCOPE_POOL };
enum step_state {
	STATE_DONE,
	STATE_READY,
	STATE_WAITING, /* for another step, for time, or for a controller */
	STATE_RUNNING,
	STATE_BLOCKED,
	STATE_FAILED,
	STATE_UNKNOWN,
	STATE_SKIPPED,
};
const char *step_state_name(enum step_state state);

/* One thing that says why a step is not done. */
struct step_status {
	enum step_state state;
	const char *reason; /* "" when done or ready; one sentence */
	const char *object; /* title of the object it speaks of, with group; "" for none */
	const char *advice; /* what to do next; "" for none */
	int64_t until;      /* wall ns when time alone will end the waiting (drain); 0 otherwise */
};
/* The parts in one line, as far as they are there: "OBJECT: reason", and "OBJECT: reason;
 * advice". Whoever has the room shows the parts by themselves; nobody else joins them. Returns
 * `text`, cut to `size`. */
const char *step_status_why(const struct step_status *status, char *text, size_t size);
const char *step_status_text(const struct step_status *status, char *text, size_t size);

/* One place where a route names the pair's alpha or GA pool. */
struct place {
	const char *route_ns, *route; /* HTTPRoute */
	int rule;
	const char *match;
	int64_t alpha_weight, ga_weight; /* -1 when that side is not referenced here */
	int64_t other_weight;            /* the sum of the others */
	int64_t ppm; /* GA's share of what the pair has here; PPM_UNKNOWN when the pair has weight 0 altogether */
	bool mirror; /* a RequestMirror filter, no share */
	bool accepted, resolved, pending;
	const char *trouble; /* reason and message of a False condition, "" otherwise */
	int64_t since;       /* wall ns of the Accepted condition */
};

struct plan_model {
	const char *name, *model_name, *criticality;
	const char *objective; /* name of its objective; it may not be there yet */
	int64_t priority;      /* wanted */
	bool asked;            /* the person's own, and not what the criticality means */
	bool carried;          /* the objective is there, with this priority and pool */
};

struct picker_view {
	const char *name; /* Service; "" when there is none */
	const char *deployment;
	int64_t ready, desired;
};

/* Something of the old picker's Deployment that the new one could get. */
struct offer {
	enum carry what;
	const char *value;
	bool taken; /* it was asked for */
};

struct pair {
	const char *ns, *alpha,
		*ga; /* alpha: its name even after it is gone; ga: its name even before it is there */
	const char *alpha_uid, *ga_uid; /* "" when it is not there */
	bool selected;                  /* in the scope of the options */
	int64_t pods_ready, pods;
	struct picker_view alpha_picker, ga_picker;
	const char *helm_release;   /* of the alpha pool; "" for none */
	int64_t wanted, written;    /* ppm; written may be PPM_UNKNOWN or PPM_APART */
	int64_t observed;           /* ppm, or PPM_UNKNOWN: not measured */
	const struct offer *offers; /* until the GA pool is there */
	size_t offer_count;
	const struct place *places;
	size_t place_count;
	const struct plan_model *models;
	size_t model_count;
	struct step_status
		steps[STEP_COUNT]; /* cluster-scoped ones too, as they concern this pair */
};

struct loss { /* DOMAIN §2 */
	const char *object, *field, *value, *why, *instead;
	const char *yaml; /* to paste into the HTTPRoute's rule, LF between lines; "" for none */
	bool carried;     /* nothing is lost after all: why says where it went */
};

enum dry_run { DRY_NOT_RUN, DRY_OK, DRY_UNSUPPORTED, DRY_REFUSED };

/* One write as a person reads it. */
struct write_view {
	const char *verb; /* "create", "apply", "patch", "delete" */
	enum kind kind;
	const char *group, *version, *resource, *ns, *name;
	const char *uid, *version_seen;  /* the basis; "" for what is not there yet */
	const char *content_type, *body; /* as it goes over the wire; body may be "" */
	const char *title; /* "HTTPRoute default/llm-route (gateway.networking.k8s.io)" */
	const char *
		summary; /* lines like "rules[0].backendRefs[0].weight  75 → 50  α p"; LF between */
	const char *
		diff; /* unified diff of YAML, what is there against what the server made of the dry run */
	const char *kubectl; /* the equivalent command */
	enum dry_run dry_run;
	const char *dry_run_text; /* why not; "" when ok */
};

enum risk { RISK_NONE, RISK_LOW, RISK_TRAFFIC, RISK_DELETES, RISK_FINAL };

/* Everything one confirmation covers: what was shown is what is written (ARCHITECTURE §3). */
struct preview {
	int64_t id; /* 0: there is none */
	enum step_id step;
	const char *pair; /* "default/p"; "" for a cluster step */
	bool undo;        /* it takes the step back */
	int64_t from, to; /* ppm, for shift; PPM_UNKNOWN otherwise */
	bool ready;       /* every dry run has come back */
	enum risk risk;
	const char *title, *undo_text;
	const char *type_this; /* what must be typed to go on, for RISK_FINAL; "" otherwise */
	struct step_status
		status; /* BLOCKED with the reason when it cannot go on; READY otherwise */
	const struct write_view *writes;
	size_t write_count;
};

/* Why it may not be accepted as it stands; "" when it may. */
const char *preview_refusal(const struct preview *preview);

struct check {              /* of verify */
	const char *name;   /* "gateway-programmed" */
	const char *object; /* "default/inference-gateway" */
	bool ok;
	const char *detail;
};

struct probe_view {
	const char *url;
	int status;
	int64_t latency;       /* ns */
	const char *served_by; /* "" when the gateway does not say */
	const char *error;     /* "" when an answer came */
};

struct verification {
	bool ran, ok;
	int64_t wall;
	const char *pair;
	const struct check *checks;
	size_t check_count;
	struct probe_view probe;
	bool probed;
};

struct orphan { /* a model whose pool is missing */
	const char *title, *ns, *name;
	bool taken;       /* it was named: the clean-up takes it along */
	const char *text; /* which pool, and what becomes of it */
};

/* A step of a procedure over all pairs. */
struct step_view {
	enum step_id id;
	struct step_status status; /* the worst of the selected pairs, or the cluster's */
};

/* Of the simple procedure: how long clients get no answer from the pools it moves. Wall ns; 0:
 * not yet, or not known. */
struct downtime {
	int64_t began; /* of the first write that took a route's pool away */
	int64_t ended; /* of the first 200 after the GA pool was attached */
};

struct plan {
	const struct pair *pairs; /* by ns and alpha name */
	size_t pair_count;
	struct step_view steps[STEP_COUNT]; /* in the order of the procedure */
	size_t step_count;
	enum step_id next;       /* STEP_COUNT when all is done */
	bool nothing_to_migrate; /* no alpha object, and no trace of a migration */
	bool ever_migrated; /* GA pools that say which alpha pool they replaced, or a journal */
	const struct loss *losses;
	size_t loss_count;
	const struct orphan *orphans;
	size_t orphan_count;
	const char *const *
		unlisted; /* kinds of policies that may not be listed: "RateLimitPolicy (example.com)" */
	size_t unlisted_count;
	struct downtime downtime;
};

/* Where an id stands in CLI §3, and back; STEP_COUNT when unknown. */
const char *step_name(enum step_id id);
enum step_id step_by_name(const char *name);

#endif
