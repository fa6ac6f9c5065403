/* options - the command line, one row an option, help in the row (CLI §2).
 *
 * Parsed once in main into plain values.
 * Strings are borrowed from argv or owned by `arena`.
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

enum output { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_MARKDOWN, OUTPUT_HTML };
enum extent { EXTENT_LAST, EXTENT_TO, EXTENT_ALL };

struct options {
	struct arena	       arena;
	struct session_options session;
	struct settings	       settings;
	const char	      *command;	     /* NULL: the console */
	const char *const     *arguments;    /* after the command, NULL-terminated */
	size_t		       argument_count;
	enum output	       output;
	bool		       all_namespaces; /* -A */
	bool		       scope_given;    /* one of -A, -n, --pool */
	bool		       yes, help;
	enum step_id	       through; /* --through, STEP_COUNT when not given */
	enum extent	       extent;	/* of rollback: --to, --all */
	enum step_id	       to;
	bool		       kubectl, verify_journal; /* of journal: --kubectl, --verify */
	bool		       demo;			/* --demo[=SCENARIO] */
	const char	      *scenario, *listen, *write_kubeconfig, *gke_version, *serves; /* of demo */
	int64_t		       seed;
	double		       speed;
	bool		       list, manifests; /* of demo */
	const char	      *theme;
	bool		       no_color, ascii, no_mouse, plain;
	const char	      *keys_text; /* the `keys` section of the configuration, lines "ACTION: KEY KEY"; NULL */
};

/* ERR_INPUT names the option and what it takes. The bundle (--bundle) is read here. */
bool options_parse(struct options *options, int argc, char **argv, struct err *err);
void options_release(struct options *options);

/* One row an option, for the manual, completion and `help`; NULL past the end. */
struct option_row {
	const char *name;  /* long, without dashes */
	char	    letter; /* 0 for none */
	const char *value; /* "NAME"; NULL: a switch */
	const char *help;
	const char *group; /* "kubectl", "migration", "screen", "demo" */
};
const struct option_row *options_row(size_t index);

#endif
