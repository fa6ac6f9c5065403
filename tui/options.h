/* options - the command line and the configuration file, one row an option, help in the row (CLI
 * §2).
 *
 * Read once in main into plain values: first the words, then, when it is known which command they
 * are for, what they mean. Strings are borrowed from argv or owned by `arena`.
 */
#ifndef TUI_OPTIONS_H
#define TUI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/engine/session.h"
#include "core/model/plan.h"
#include "core/model/settings.h"

enum output { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_MARKDOWN, OUTPUT_HTML, OUTPUT_YAML, OUTPUT_RBAC };
enum extent { EXTENT_LAST, EXTENT_TO, EXTENT_ALL };

/* Who an option is for; the console is one of them. */
enum option_for {
	FOR_CONSOLE = 1 << 0,
	FOR_STATUS = 1 << 1,
	FOR_PLAN = 1 << 2,
	FOR_APPLY = 1 << 3,
	FOR_SHIFT = 1 << 4,
	FOR_VERIFY = 1 << 5,
	FOR_ROLLBACK = 1 << 6,
	FOR_REPORT = 1 << 7,
	FOR_JOURNAL = 1 << 8,
	FOR_DEMO = 1 << 9,
	FOR_FREEZE = 1 << 11, /* and unfreeze */
	FOR_WORDS = 1 << 10,  /* completion, version, help: no cluster, no configuration */

	FOR_WRITES = FOR_CONSOLE | FOR_APPLY | FOR_SHIFT | FOR_ROLLBACK,
	FOR_PLANS = FOR_CONSOLE | FOR_PLAN | FOR_APPLY,
	FOR_CHECKS = FOR_CONSOLE | FOR_APPLY | FOR_VERIFY,
	FOR_CLUSTER = FOR_WRITES | FOR_STATUS | FOR_PLAN | FOR_VERIFY | FOR_REPORT | FOR_JOURNAL |
		      FOR_FREEZE,
	FOR_ALL = FOR_CLUSTER | FOR_DEMO | FOR_WORDS,
};

enum option_many {
	OPTION_ONCE, /* the last one counts */
	OPTION_MANY, /* repeatable; a list in the configuration */
	OPTION_LIST, /* one value with commas; a list in the configuration */
};

struct option_given {
	size_t row;
	const char *value; /* NULL for a switch alone */
};

struct options {
	struct arena arena;
	struct option_given *given; /* on the command line, in its order */
	size_t given_count;
	struct session_options session;
	struct settings settings;
	const char *command;          /* NULL: the console */
	const char *const *arguments; /* after the command, NULL-terminated */
	size_t argument_count;
	enum output output;
	bool all_namespaces; /* -A */
	bool scope_given;    /* one of -A, -n, --pool */
	bool yes, help;
	enum step_id through; /* --through, STEP_COUNT when not given */
	enum extent extent;   /* of rollback: --to, --all */
	enum step_id to;
	bool kubectl, verify_journal; /* of journal: --kubectl, --verify */
	bool demo;                    /* --demo[=SCENARIO] */
	const char *scenario, *listen, *write_kubeconfig, *gke_version, *serves; /* of demo */
	int64_t seed; /* -1: another one each time */
	double speed;
	bool list, manifests; /* of demo */
	const char *theme;
	bool no_color, ascii, no_mouse, plain;
	const char *keys_text; /* `keys` of the configuration, lines "ACTION: KEY KEY"; NULL */
};

/* Reads the words: `command`, `arguments`, `help` and `given`. ERR_INPUT names a word that is no
 * option, and the nearest that is one. Release it whatever is returned. */
bool options_parse(struct options *options, int argc, const char *const *argv, struct err *err);
/* Takes the secret values of --set out of our own argument list, which whoever is on this
 * machine may read; the options keep copies. `argv` is what was parsed. */
void options_hide(struct options *options, int argc, char **argv);
/* Settles what they mean to a command (one of FOR_*): the configuration file first, the command
 * line wins, then what must be read or found out (--bundle, --state-dir). ERR_INPUT names the
 * option, or the file, line and key, and what it takes. */
bool options_settle(struct options *options, unsigned command, struct err *err);
void options_release(struct options *options);

/* One row an option, for the manual, completion and `help`; NULL past the end. */
struct option_row {
	const char *name;  /* long, without dashes */
	char letter;       /* 0 for none */
	const char *value; /* "NAME"; "[=NAME]": may be left out; NULL: a switch */
	const char *help;
	const char *group; /* "kubectl", "migration", "screen", "demo" */
	unsigned commands; /* FOR_* */
	enum option_many many;
};
const struct option_row *options_row(size_t index);

#endif
