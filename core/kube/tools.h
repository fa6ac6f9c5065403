/* tools - other programs run on the same cluster as the same user: helm.
 *
 * Each is a process of its own without a shell or a terminal (core/base/proc). It gets a kubeconfig
 * of the access in use as its stdin, in memory: KUBECONFIG=/dev/stdin. Nothing of it stands on a
 * disk or in an argument, and nothing in our environment leads it to another cluster; HELM_* that
 * do not are kept. The owner polls tools_fds() and calls tools_step(). Not shared between threads.
 */
#ifndef KUBE_TOOLS_H
#define KUBE_TOOLS_H

#include "core/base/clock.h"
#include "core/kube/kubeconfig.h"
#include "core/kube/signin.h"
#include "core/kube/transport.h"

#define TOOLS_FDS 8 /* more programs than half as many are looked at every second */

struct tools;

struct tools *tools_new(const struct clock *clock);
void tools_free(struct tools *tools); /* ends those that still run */
/* As transport.run(): it starts as soon as there are credentials. */
int64_t tools_run(struct tools *tools, const struct transport_program *program);
/* Asks it to end, with SIGTERM; it is collected as ever. */
void tools_stop(struct tools *tools, int64_t id);
bool tools_cancel(struct tools *tools, int64_t id); /* false when it is none of these */
/* Starts, reads, reaps. Returns when (mono) it wants to be called again. */
int64_t tools_step(struct tools *tools, const struct access *access, struct signin *signin);
size_t tools_fds(const struct tools *tools, int *fds, size_t room);
bool tools_ended(const struct tools *tools); /* tools_collect() has something */
bool tools_collect(struct tools *tools, struct transport_event *event);

#endif
