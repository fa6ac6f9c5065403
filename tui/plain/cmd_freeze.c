#include "tui/plain/cmd.h"
#include "tui/plain/follow.h"
#include "tui/plain/page.h"

static int
run(struct options *options, enum command_kind kind)
{
	const struct command command = { .kind = kind, .step = STEP_COUNT, .goal = PPM_UNKNOWN };
	struct follow follow;
	int code = follow_open(&follow, options);

	if (code == 0)
		code = follow_command(&follow, &command);
	follow_close(&follow);
	return code;
}

int
cmd_freeze(struct options *options)
{
	return run(options, COMMAND_FREEZE);
}

int
cmd_unfreeze(struct options *options)
{
	return run(options, COMMAND_UNFREEZE);
}
