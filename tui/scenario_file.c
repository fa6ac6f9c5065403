#include "tui/scenario_file.h"

#include <string.h>

#include "core/base/file.h"

bool
scenario_file_options(const struct options *options, struct buf *text, struct server_options *server,
		      struct err *err)
{
	*server = (struct server_options){
		.demo = { .scenario = options->scenario,
			  .gke_version = options->gke_version,
			  .serves = options->serves,
			  .seed = (uint64_t)options->seed,
			  .speed = options->speed,
			  .clock = clock_system() },
		.listen = options->listen != NULL ? options->listen : "127.0.0.1:0",
	};
	if (options->scenario == NULL || strpbrk(options->scenario, "/.") == NULL)
		return true;
	if (!file_read(options->scenario, 16 * BUF_MIB, text, err))
		return err_wrap(err, "--scenario");
	server->demo.scenario_yaml = text->bytes;
	return true;
}
