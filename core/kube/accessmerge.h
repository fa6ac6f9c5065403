/* accessmerge - the kubeconfig files found, read and merged into one, as kubectl does it.
 *
 * KUBERNETES §1.1, §1.2: the first file that defines a name wins, whole; every entry remembers the
 * file it came from. No field is interpreted here. Any thread; reads files and the environment.
 */
#ifndef KUBE_ACCESSMERGE_H
#define KUBE_ACCESSMERGE_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/kube/kubeconfig.h"

enum access_list { ACCESS_CLUSTERS, ACCESS_USERS, ACCESS_CONTEXTS, ACCESS_LISTS };

struct accessmerge {
	struct json *entries[ACCESS_LISTS]; /* objects: name to what stands under "cluster", "user"
					       or "context" */
	struct json *origins[ACCESS_LISTS]; /* objects: name to the path of its file, "" for text */
	char *current;                      /* current-context, "" when none */
	bool explicit;       /* one file or text was asked for: never in-cluster instead */
	struct buf warnings; /* one a line, for the person */
	struct buf files;    /* what was looked at, for messages: "a, b" */
	struct json *paths;  /* and the same as an object's keys */
};

bool
accessmerge_load(struct accessmerge *merge, const struct access_options *options, struct err *err);
void accessmerge_release(struct accessmerge *merge);
bool accessmerge_is_empty(const struct accessmerge *merge);
/* NULL when there is none of that name. */
const struct json *
accessmerge_find(const struct accessmerge *merge, enum access_list list, const char *name);
const char *
accessmerge_origin(const struct accessmerge *merge, enum access_list list, const char *name);
/* "clusters"/"cluster", ...: how a file calls the list and what stands in an entry. */
const char *accessmerge_list_name(enum access_list list);
const char *accessmerge_entry_name(enum access_list list);

#endif
