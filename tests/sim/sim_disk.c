/* The disk under the journals gets full, and has room again. */
#include <sys/resource.h>

#include "core/base/file.h"
#include "tests/sim/sim_inside.h"

#define FULL_FOR (5 * SECOND)
#define TORN     10 /* bytes that still fit */

static void
limit(rlim_t bytes)
{
	struct rlimit now;

	getrlimit(RLIMIT_FSIZE, &now);
	now.rlim_cur = bytes > now.rlim_max ? now.rlim_max : bytes;
	setrlimit(RLIMIT_FSIZE, &now);
}

/* A line no longer fits whole: from here on every append ends in the middle. */
void
sim_fill_disk(struct sim *sim, int console)
{
	struct file_stamp stamp;
	char path[400];

	if (sim_journal_path(sim, console, path, sizeof path) && file_stamp(path, &stamp))
		limit((rlim_t)stamp.size + TORN);
	sim->full_until = sim->mono + FULL_FOR;
}

void
sim_make_room(struct sim *sim)
{
	limit(RLIM_INFINITY);
	sim->full_until = 0;
}
