/* verdict - how the migration ended, or where it stands, in a sentence. Pure. */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "tui/report/report.h"
#include "tui/report/sheet.h"

struct verdict {
	enum tone tone;
	const char *headline, *detail; /* in the arena, or constant */
};

/* The simple procedure ends with its checks, of which the cluster keeps no trace: those that the
 * journal has, made after the last write, passed for every pair that is left to verify. */
bool verdict_verified(const struct report_input *input, struct arena *arena);
struct verdict verdict_of(const struct report_input *input, struct arena *arena);

#endif
