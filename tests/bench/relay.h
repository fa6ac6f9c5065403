/* relay - a process between the console and the API server: it sees every request with its time,
 * and can be the outage.
 *
 * What it saw lies in memory shared with it; times are program_now(). One relay at a time per
 * struct; one thread.
 */
#ifndef BENCH_RELAY_H
#define BENCH_RELAY_H

#include <stdint.h>
#include <sys/types.h>

enum relay_mode {
	RELAY_PASSES,
	RELAY_FREEZES, /* takes requests and answers nothing */
	RELAY_DROPS,   /* takes a request and closes the connection */
};

#define RELAY_SEEN 8192 /* requests kept; of more only the number */

struct relay_request {
	int64_t time;
	char line[200]; /* "PATCH /apis/... " as far as it fits */
};

struct relay_view; /* shared */

struct relay {
	pid_t pid;
	int port; /* of the loopback */
	struct relay_view *view;
};

void relay_start(struct relay *relay, int port);
void relay_set(struct relay *relay, enum relay_mode mode);
/* How many requests there were so far, and each of them; NULL past the end. */
int relay_count(const struct relay *relay);
const struct relay_request *relay_request(const struct relay *relay, int number);
void relay_stop(struct relay *relay);

#endif
