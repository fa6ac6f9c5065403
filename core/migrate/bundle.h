/* bundle - the v1 CRDs as one value, from the built-in copy or from what the person gave.
 *
 * Owns its JSON; released by whoever parsed it. Only CRDs whose names are expected are taken;
 * anything else in a bundle is an error that names it, since nothing foreign may reach a cluster
 * this way (DOMAIN §3.1 step 1). Any thread; no I/O.
 */
#ifndef MIGRATE_BUNDLE_H
#define MIGRATE_BUNDLE_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/model/kind.h"
#include "core/model/settings.h"

#define BUNDLE_VERSION_KEY "inference.networking.k8s.io/bundle-version"
#define BUNDLE_MAX         ((size_t)8 * 1024 * 1024) /* bytes of YAML */

struct bundle_crd {
	const char *name; /* of the CRD: "inferencepools.inference.networking.k8s.io" */
	enum kind
		kind; /* what it makes known; KIND_COUNT for one that is expected but not needed */
	struct json *json; /* as it is applied: without status and the fields a server fills in;
			      NULL: not in the bundle */
};

#define BUNDLE_CRDS 5

struct bundle {
	struct bundle_crd crds[BUNDLE_CRDS]; /* every name that may stand in one, in the order they
						are applied */
	char version[64]; /* annotation bundle-version of the GA pools or objectives */
};

/* All YAML documents of `text`; `name` leads the messages. */
bool bundle_parse(const char *text, size_t length, const char *name, struct bundle *out,
		  struct err *err);
/* What --bundle gave, or the built-in one. */
bool bundle_load(const struct settings *settings, struct bundle *out, struct err *err);
void bundle_release(struct bundle *bundle);
/* NULL when the bundle does not hold it. */
const struct bundle_crd *bundle_find(const struct bundle *bundle, enum kind kind);
/* "inferencepools.inference.networking.k8s.io": the CRD that makes a kind of a bundle known; NULL
 * for other kinds. */
const char *bundle_crd_name(enum kind kind);

#endif
