/* accessrenew - an access read again when the files it came from have changed underneath.
 *
 * KUBERNETES §1.1: `gcloud container clusters get-credentials` and its like rewrite a kubeconfig
 * while it is in use; a CA file is replaced when it is rotated. The files are looked at when
 * something went wrong, never in between. Context and namespace stay those of the start. Nothing is
 * written. Not shared between threads.
 */
#ifndef KUBE_ACCESSRENEW_H
#define KUBE_ACCESSRENEW_H

#include "core/base/err.h"
#include "core/kube/kubeconfig.h"

struct accessrenew;

/* `first` was just loaded with `options`; both are borrowed for its life, `options` copied but for
 * its strings. */
struct accessrenew *
accessrenew_new(const struct access *first, const struct access_options *options);
void accessrenew_free(struct accessrenew *renew);
/* The access as the files say it now; NULL when none of them changed since the last look, or when
 * what they say cannot be used. It belongs to `renew`; the one before it is gone with the call
 * after the next. */
const struct access *accessrenew_look(struct accessrenew *renew);
/* Why what the files say now cannot be used, for the person; NULL when it can. Borrowed until the
 * next call. */
const char *accessrenew_problem(const struct accessrenew *renew);

#endif
