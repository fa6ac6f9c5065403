/* What can happen to a request: one row, one fault (ARCHITECTURE §8, KUBERNETES §4.10). */
#include <string.h>

#include "tests/sim/sim_inside.h"

#define HTML "<html><head><title>Sign in</title></head><body>Welcome</body></html>"

/* Who only asks cannot tell some of them apart: done or not done, not sent or perhaps, 500 or 503.
 * Such a row is for writes, and for what asks there is its like. */
static const struct sim_fault_row rows[] = {
	{ .name = "refused", .help = "the connection is refused", .sent = SENT_NO },
	{ .name = "reset",
	  .help = "the connection breaks before it is done",
	  .sent = SENT_MAYBE,
	  .writes_only = true },
	{ .name = "lost",
	  .help = "it is done, and the answer is lost",
	  .executed = true,
	  .sent = SENT_MAYBE,
	  .writes_only = true },
	{ .name = "cut",
	  .help = "it is done, and the answer breaks off in the middle",
	  .executed = true,
	  .sent = SENT_MAYBE,
	  .half = true,
	  .stream = STREAM_CUT },
	{ .name = "timeout",
	  .programs = OF_BOTH,
	  .help = "nothing happens until the client gives up",
	  .silent = true,
	  .sent = SENT_MAYBE },
	{ .name = "timeout-done",
	  .programs = OF_BOTH,
	  .help = "it is done at once, and nothing is said until the client gives up",
	  .silent = true,
	  .executed = true,
	  .sent = SENT_MAYBE,
	  .writes_only = true },
	{ .name = "late",
	  .help = "it is done seconds after the client has given up",
	  .silent = true,
	  .late = true,
	  .sent = SENT_MAYBE,
	  .writes_only = true },
	{ .name = "slow",
	  .programs = OF_BOTH,
	  .help = "the answer takes 20 s",
	  .executed = true,
	  .delay = 20 * SECOND },
	{ .name = "401",
	  .help = "refused: the token is not known",
	  .status = 401,
	  .may_stop = true },
	{ .name = "403", .help = "refused: not allowed", .status = 403, .may_stop = true },
	{ .name = "409", .help = "refused: conflict", .status = 409 },
	{ .name = "410",
	  .help = "refused: expired",
	  .status = 410,
	  .stream = STREAM_GONE,
	  .may_stop = true },
	{ .name = "429",
	  .help = "refused: busy, to be tried in a second",
	  .status = 429,
	  .retry_after = 1 },
	{ .name = "500", .help = "an error, and it is not done", .status = 500 },
	{ .name = "500-done",
	  .help = "an error, and it is done",
	  .executed = true,
	  .status = 500,
	  .writes_only = true },
	{ .name = "503",
	  .help = "an error, and it is not done",
	  .status = 503,
	  .writes_only = true },
	{ .name = "504-done",
	  .help = "a timeout within the server, and it is done",
	  .executed = true,
	  .status = 504,
	  .writes_only = true },
	{ .name = "malformed",
	  .programs = OF_BOTH,
	  .help = "it is done, and the answer is not whole JSON",
	  .executed = true,
	  .garbled = true,
	  .stream = STREAM_GARBLED },
	{ .name = "page",
	  .help = "a captive portal answers",
	  .status = 200,
	  .content_type = "text/html",
	  .body = HTML },
	{ .name = "page-502",
	  .help = "a proxy answers for the server",
	  .status = 502,
	  .content_type = "text/html",
	  .body = HTML,
	  .writes_only = true },
	{ .name = "stale",
	  .help = "the watch stands and says nothing more",
	  .executed = true,
	  .stream = STREAM_STALE,
	  .streams_only = true },
	{ .name = "full",
	  .programs = OF_BOTH,
	  .help = "the disk under the journal is full",
	  .executed = true,
	  .full = true,
	  .may_stop = true },
	{ .name = "kill-before",
	  .programs = OF_BOTH,
	  .help = "the program ends before it is sent",
	  .kill_before = true },
	{ .name = "kill-after",
	  .programs = OF_BOTH,
	  .help = "the program ends before it hears that it is done",
	  .executed = true,
	  .kill_after = true,
	  .writes_only = true },
	{ .name = "helm-missing",
	  .help = "there is no such program",
	  .programs = OF_PROGRAMS,
	  .err = ERR_MISSING },
	{ .name = "helm-refuses",
	  .help = "it ends with an error before it does anything",
	  .programs = OF_PROGRAMS,
	  .err = ERR_REJECTED },
	{ .name = "helm-half",
	  .help = "it ends with an error in the middle, half of the objects done",
	  .programs = OF_PROGRAMS,
	  .begun = true,
	  .err = ERR_REJECTED,
	  .writes_only = true },
	{ .name = "helm-hangs",
	  .help = "it hangs in the middle until its time is over",
	  .programs = OF_PROGRAMS,
	  .begun = true,
	  .silent = true,
	  .writes_only = true },
	{ .name = "helm-killed",
	  .help = "it is killed with the program in the middle, half of the objects done",
	  .programs = OF_PROGRAMS,
	  .begun = true,
	  .kill_before = true,
	  .writes_only = true },
	{ .name = "helm-goes-on",
	  .help = "the program is killed in the middle of it, and it ends its work seconds later",
	  .programs = OF_PROGRAMS,
	  .begun = true,
	  .late = true,
	  .kill_before = true,
	  .writes_only = true },
};

size_t
sim_fault_count(void)
{
	return sizeof rows / sizeof *rows;
}

const struct sim_fault_row *
sim_fault_row(size_t fault)
{
	return &rows[fault];
}

const char *
sim_fault_name(size_t fault)
{
	return rows[fault].name;
}

size_t
sim_fault_by_name(const char *name)
{
	size_t at = 0;

	while (at < sim_fault_count() && strcmp(rows[at].name, name) != 0)
		at++;
	return at;
}

bool
sim_fault_kills(size_t fault)
{
	return rows[fault].kill_before || rows[fault].kill_after;
}

bool
sim_fault_is_slow(size_t fault)
{
	return rows[fault].delay > 0;
}

bool
sim_fault_may_stop(size_t fault)
{
	return rows[fault].may_stop;
}

bool
sim_fault_applies(size_t fault, const struct sim_request *request)
{
	const struct sim_fault_row *row = &rows[fault];

	if (row->streams_only && !request->stream)
		return false;
	if (request->program ? row->programs == OF_REQUESTS : row->programs == OF_PROGRAMS)
		return false;
	/* Who only asks gives up before it comes, as with "timeout". */
	if (!request->write && row->delay >= request->timeout)
		return false;
	/* The answer to a client outside is nobody's sign-in, and a disk matters to who writes. */
	if (request->outside && (row->status == 401 || row->status == 409 || row->status == 410))
		return false;
	/* Who may not know which cluster it is has a journal of another name, and rightly. */
	if (row->status == 403 && strstr(request->path, "/namespaces/kube-system") != NULL)
		return false;
	return !(row->writes_only || row->full) || request->write;
}
