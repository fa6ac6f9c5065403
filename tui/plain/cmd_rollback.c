#include <stdio.h>

#include "tui/plain/cmd.h"
#include "tui/plain/writing.h"

int
cmd_rollback(struct options *options)
{
	static const enum rollback_extent extents[] = {
		[EXTENT_LAST] = ROLLBACK_LAST,
		[EXTENT_TO] = ROLLBACK_TO,
		[EXTENT_ALL] = ROLLBACK_ALL,
	};
	const struct command command = {
		.kind = COMMAND_ROLLBACK,
		.step = options->extent == EXTENT_TO ? options->to : STEP_COUNT,
		.goal = PPM_UNKNOWN,
		.extent = extents[options->extent],
	};
	char title[80] = "Undo the last step";

	if (options->extent == EXTENT_ALL)
		snprintf(title, sizeof title, "Undo every step");
	if (options->extent == EXTENT_TO)
		snprintf(title, sizeof title, "Undo everything after %s", step_name(options->to));
	return writing_run(options, &command, title);
}
