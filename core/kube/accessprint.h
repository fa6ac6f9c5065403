/* accessprint - the access in use written as a kubeconfig, for another program that is to reach the
 * same cluster as the same user, and nothing else.
 *
 * What it prints holds the credentials: it is for memory alone, never for a disk, an argument or a
 * screen; buf_wipe() it. Any thread; pure.
 */
#ifndef KUBE_ACCESSPRINT_H
#define KUBE_ACCESSPRINT_H

#include "core/kube/kubeconfig.h"
#include "core/kube/signin.h"

/* One cluster, one user, one context. What `pass` says now stands in it, so that no plugin is run a
 * second time; files that may change are read by us and stand in it as data. */
bool accessprint(const struct access *access, const struct signin_pass *pass, struct buf *out);

#endif
