/* snapshot - the whole state at one moment, for the thread that draws or prints.
 *
 * Made by the engine in an arena of its own and handed over whole; its receiver frees it.
 * Nothing in it is shared with the engine. Times are mono or wall ns of the engine's clock, as
 * named.
 */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include "core/base/arena.h"
#include "core/model/object.h"
#include "core/model/plan.h"
#include "core/model/world.h"

enum link_state {
	LINK_STARTING,
	LINK_LIVE,
	LINK_POLLING, /* it answers, but somewhere watching is not possible */
	LINK_NO_ANSWER,
	LINK_SIGN_IN,       /* credentials are wanted */
	LINK_FORBIDDEN,     /* something that must be read may not be */
	LINK_OTHER_CLUSTER, /* another cluster answers at this address */
	LINK_TLS,
	LINK_NOT_KUBERNETES,
};

struct link { /* the connection as a whole: the first line of the screen */
	enum link_state state;
	const char *text;                         /* for the person, clean; "" when live */
	int64_t fresh;                            /* mono ns of the last answer */
	int64_t since;                            /* mono ns since this state stands */
	int64_t retry;                            /* mono ns of the next try, NEVER for none */
	const char *context, *server, *user, *ns; /* pinned at start */
	bool insecure;
	bool may_log_in;      /* COMMAND_SIGN_IN would let a credential plugin ask */
	int64_t signed_in;    /* serial of the last such command that has ended; 0 */
	const char *warnings; /* of the kubeconfig, LF between; "" for none */
};

enum run_phase {
	RUN_IDLE,
	RUN_CHECKING,
	RUN_DRY_RUN,
	RUN_WRITING,
	RUN_SETTLING,
	RUN_VERIFYING,
	RUN_HOLDING,
	RUN_DRAINING,
	RUN_RESOLVING /* a write's outcome is being found out */
};

struct run_view { /* what the engine is doing for the person */
	enum run_phase phase;
	enum step_id step;
	const char *pair; /* "" for a cluster step */
	const char *text; /* "waiting for Deployment default/x-epp to become available" */
	int done, total;  /* writes */
	int64_t since;    /* mono ns */
	int64_t until;    /* mono ns when the patience ends, NEVER for none */
	bool undo;
	bool stopping; /* after the write in flight: it was told to stop */
};

/* The end of the last command; `serial` is the command's own (command.h). */
struct outcome {
	int64_t serial; /* 0: none ended yet */
	bool ok;
	enum err_code code;
	int exit;         /* what CLI §4 says a script gets */
	const char *text; /* one or a few sentences, clean */
};

#define JOURNAL_LINES 500

struct journal_line { /* one write as the journal pane shows it */
	int64_t wall;
	const char *text; /* "shift 10 → 25 % on 2 routes, 31 ms" */
	const char *kubectl;
	bool ok, undone, dry_run;
	const char *reason; /* the person's, of the run that wrote it; "" for none */
};

struct detail { /* of the object the person looks at (COMMAND_INSPECT) */
	enum kind kind;
	const char *ns, *name;
	bool found;
	const char *title, *describe, *yaml; /* clean, LF between lines */
};

struct event_line { /* progress of a command, for stderr and the message line; newest last, numbered */
	int64_t number, wall;
	enum step_id step; /* STEP_COUNT when of none */
	const char *pair, *text;
	enum { EVENT_INFO, EVENT_DONE, EVENT_WARNING, EVENT_ERROR } level;
};

enum right_state { RIGHT_UNKNOWN, RIGHT_ALLOWED, RIGHT_DENIED };

/* One right the plan needs, and whether the server grants it. */
struct right_view {
	const char *verb, *group, *resource;
	const char *ns, *name; /* "" for any */
	enum step_id step;     /* the first that wants it; STEP_COUNT: none, but the program */
	bool undo;             /* only to take something back */
	enum right_state state;
};

struct manifest_file {           /* of the target state, for a repository */
	const char *name, *yaml; /* as it is, not clean */
};

/* The Lease by which consoles keep out of each other's way. */
enum lease_state {
	LEASE_VIEW_UNKNOWN, /* not looked at yet */
	LEASE_VIEW_FREE,
	LEASE_VIEW_OURS,
	LEASE_VIEW_HELD,   /* by somebody else */
	LEASE_VIEW_LAPSED, /* by somebody else, who has not renewed it in its time */
	LEASE_VIEW_DENIED, /* it may not be read or written */
};

struct lease_view {
	enum lease_state state;
	const char *name;   /* "default/poolshift" */
	const char *holder; /* "user@host, pid 4711"; "" for none */
	int64_t since;      /* wall ns; 0: not said */
	bool frozen;        /* nobody writes */
	const char *frozen_by, *frozen_reason;
	int64_t frozen_since; /* wall ns; 0: not said */
	const char *trouble;  /* "" when it could be read and written */
};

struct choices_view { /* what a person has chosen, at the start or since */
	bool carry[CARRY_COUNT];
	bool delete_routes, force_managed;
	const char *options; /* of a command that would choose the same; "" for none */
};

struct snapshot {
	struct arena arena;
	int64_t number; /* rising */
	int64_t mono, wall;
	struct link link;
	struct server_facts server;
	struct view view[KIND_COUNT];
	const struct object *const
		*objects[KIND_COUNT]; /* the kinds the screen shows; by ns and name */
	size_t count[KIND_COUNT];
	struct plan plan;
	struct preview preview;
	const struct preview *previews; /* of COMMAND_PLAN: all steps, all pairs */
	size_t preview_count;
	struct verification verification;
	struct run_view run;
	struct outcome outcome;
	const struct journal_line
		*journal; /* newest last, at most JOURNAL_LINES: for all of them, record.h */
	size_t journal_count;
	const char *journal_path;
	const char *journal_trouble;     /* "" when the journal is whole */
	const struct event_line *events; /* at most 200 */
	size_t event_count;
	struct detail detail;
	struct lease_view lease;
	struct choices_view choices;
	const struct right_view *rights; /* as last asked */
	size_t right_count;
	/* of COMMAND_PLAN */
	const char *rbac; /* Roles and bindings with every right of the plan, YAML; "" before */
	const struct manifest_file *files; /* the target state */
	size_t file_count;
	const char *files_trouble; /* why there are none; "" */
	bool locked;               /* nothing may be written now */
	const char *locked_why;    /* "" when not locked */
	/* Why no step may be begun, though an abort may: a write of before may still be done; "". */
	const char *pending;
	bool read_only, dry_run;
};

struct snapshot *snapshot_new(void);           /* zeroed, with an empty arena */
void snapshot_free(struct snapshot *snapshot); /* with everything in its arena */

#endif
