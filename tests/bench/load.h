/* load - requests to the demo's gateway on a schedule that does not wait for answers (open loop).
 *
 * Request n is due at start + n / rate, whatever became of those before; its latency counts from
 * then. A request that is not answered with 200, whole and in time, is lost: reset, refused, cut
 * off, too late or answered otherwise. Nothing is sent twice. One thread turns it.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOAD_CONNECTIONS 64

enum load_pool { LOAD_NONE, LOAD_ALPHA, LOAD_GA };

struct load_request {
	int64_t due, answered; /* mono ns; answered 0: on its way, or lost without an answer */
	int status;            /* of HTTP; 0: none came */
	enum load_pool pool;   /* that served it, by the gateway's header */
	bool over;
};

struct load;

struct load *load_new(int port, int rate, int64_t start); /* per second; mono ns */
void load_free(struct load *load);
/* Fills up to LOAD_CONNECTIONS entries; their count. */
size_t load_fds(const struct load *load, struct pollfd *fds);
/* Reads answers, gives up what is late, sends what is due while `on`. When to be called again. */
int64_t load_step(struct load *load, int64_t now, bool on);
bool load_is_idle(const struct load *load); /* nothing is on its way */

/* In the order they were due. */
const struct load_request *load_requests(const struct load *load, size_t *count);
bool load_request_is_lost(const struct load_request *request);

#endif
