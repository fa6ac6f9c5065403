/* words - ages, shares and states in the words of the screen, in an arena. Pure. */
#ifndef SCREEN_WORDS_H
#define SCREEN_WORDS_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/model/snapshot.h"
#include "tui/screen/role.h"

const char *words_age(struct arena *arena, int64_t nanoseconds); /* "14s", "0.4s" */
/* In whole seconds and more, for what is read again and again: "14 s", "12m". */
const char *words_seconds(struct arena *arena, int64_t nanoseconds);
const char *words_ppm(struct arena *arena, int64_t ppm);   /* "25 %", "–" when unknown, "apart" */
const char *words_bare(struct arena *arena, int64_t ppm);  /* "25", "–" */
const char *words_split(struct arena *arena, int64_t ppm); /* "α 75  GA 25" */

struct state_row { /* of a step */
	const char *symbol;
	enum role role;
	const char *word;
};
const struct state_row *words_state(enum step_state state);

struct link_row { /* of the connection; `text` of the snapshot follows where `more` says so */
	const char *symbol, *word;
	enum role role;
	bool more, silent; /* silent: "for 14 s, trying again in 4 s" */
};
const struct link_row *words_link(enum link_state state);

/* Who froze, for how long now and why. */
const char *words_frozen(struct arena *arena, const struct lease_view *lease, int64_t wall);

struct view_row { /* of one kind's view */
	const char *word;
	enum role role;
	int rank;  /* the worst has the highest */
	bool aged; /* its age is said at once; otherwise only when it is more than some seconds */
};
const struct view_row *words_view(enum view_state state);

/* ", 2m05s to go" until a wall time in ns; "" when there is none. */
const char *words_until(struct arena *arena, int64_t until, int64_t wall);
/* Lines joined by "; ", for a place with one row. */
const char *words_one_line(struct arena *arena, const char *text);
/* What to do, and where this console has it when it speaks of an option: after a key of its own. */
const char *words_advice(struct arena *arena, const char *advice);
const char *words_phase(enum run_phase phase);

#endif
