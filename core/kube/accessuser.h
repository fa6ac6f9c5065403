/* accessuser - a kubeconfig user resolved: token, certificate, password, plugin, impersonation.
 *
 * KUBERNETES §1.3, §1.4: what is refused is refused by kubectl, too; static credentials win over a
 * plugin. Reads files, runs nothing. Any thread.
 */
#ifndef KUBE_ACCESSUSER_H
#define KUBE_ACCESSUSER_H

#include "core/kube/accessfield.h"
#include "core/kube/kubeconfig.h"

#define ACCESSUSER_TOKEN_CAP (64 * BUF_KIB)

/* `at->entry` may be NULL: nobody, but what the options say. `cluster` is where the plugin's
 * cluster.config stands. */
bool accessuser_resolve(struct access *access, const struct accessfield_place *at,
			const struct json *cluster, const struct access_options *options,
			struct err *err);
/* The file's token without white space around it; ERR_INPUT when unreadable, empty, or not fit for
 * a header. */
bool accessuser_read_token(const char *path, struct buf *token, struct err *err);

#endif
