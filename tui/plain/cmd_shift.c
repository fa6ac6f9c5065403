#include <stdio.h>

#include "core/base/text.h"
#include "tui/plain/cmd.h"
#include "tui/plain/page.h"
#include "tui/plain/writing.h"

int
cmd_shift(struct options *options)
{
	struct command command = {
		.kind = COMMAND_SHIFT,
		.step = STEP_SHIFT,
		.accept_unproven = options->settings.accept_unproven,
	};
	struct err err = { .code = ERR_NONE };
	char title[80];

	if (!text_percent(options->arguments[0], &command.goal, &err)) {
		page_say("poolshift: %s", err.text);
		return 2;
	}
	snprintf(title, sizeof title, "Move the share on GA to %.12s %%", options->arguments[0]);
	return writing_run(options, &command, title);
}
