#include "tui/scenario_file.h"

#include <string.h>

#include "core/base/file.h"

bool
scenario_file_options(const struct options *options, struct buf *text,
		      struct server_options *server, struct err *err)
{
	struct clock clock = clock_system();

	/* Another cluster each time has other uids: the journal of the last one is not its own. */
	*server = (struct server_options){
		.demo = { .scenario = options->scenario,
			  .gke_version = options->gke_version,
			  .serves = options->serves,
			  .seed = (uint64_t)(options->seed >= 0 ? options->seed
								: clock_wall(&clock)),
			  .speed = options->speed,
			  .clock = clock },
		.listen = options->listen != NULL ? options->listen : "127.0.0.1:0",
	};
	if (options->scenario == NULL || strpbrk(options->scenario, "/.") == NULL)
		return true;
	if (!file_read(options->scenario, 16 * BUF_MIB, text, err))
		return err_wrap(err, "--scenario");
	server->demo.scenario_yaml = text->bytes;
	return true;
}
