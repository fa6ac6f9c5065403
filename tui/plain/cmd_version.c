#include <stdio.h>

#include "tui/plain/cmd.h"

int
cmd_version(struct options *options)
{
	printf("poolshift %s\nlibcurl %s\n", PACKAGE_VERSION, session_library());
	return 0;
}
