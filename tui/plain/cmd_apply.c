#include <stdio.h>

#include "tui/plain/cmd.h"
#include "tui/plain/writing.h"

int
cmd_apply(struct options *options)
{
	const struct command command = {
		.kind = COMMAND_APPLY,
		.step = options->through,
		.goal = PPM_UNKNOWN,
		.accept_unproven = options->settings.accept_unproven,
	};
	char title[80] = "Apply the plan to its end";

	if (options->through < STEP_COUNT)
		snprintf(title, sizeof title, "Apply the plan through %s",
			 step_name(options->through));
	return writing_run(options, &command, title);
}
