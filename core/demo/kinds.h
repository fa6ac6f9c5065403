/* kinds - what the demo's API serves: the kinds that are always there, and those that stored CRDs
 * switch on.
 *
 * One row is one group and resource with its versions. Rows of CRDs come and go (kinds_learn(),
 * kinds_forget()): keep a row only within one call, and the pair of group, resource and `id` across
 * calls. Rows are owned here; everything they point to is borrowed. Not shared between threads
 * without the demo's lock.
 */
#ifndef DEMO_KINDS_H
#define DEMO_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/json.h"
#include "core/demo/patterns.h"

struct kinds;

struct kinds_version {
	const char *name; /* "v1alpha2" */
	bool served, storage, deprecated;
	const char *warning;        /* of a deprecated version, or NULL */
	const struct json *schema;  /* openAPIV3Schema; NULL: anything goes */
	const struct json *columns; /* additionalPrinterColumns, or NULL */
	bool status, scale;         /* subresources */
};

enum kinds_use {
	KINDS_STORED,
	KINDS_REVIEW, /* answered when created, never stored */
};

struct kinds_row {
	const char *group; /* "" is core */
	const char *resource, *singular, *kind, *list_kind;
	const char *short_names[8]; /* NULL-terminated */
	const char *categories[8];
	bool namespaced;
	enum kinds_use use;
	bool builtin; /* not from a CRD: unknown fields are kept, strategic merge is understood */
	bool terminating; /* its CRD is going away: nothing new may be created */
	int64_t ready;    /* mono time before which it answers 429 "storage is (re)initializing" */
	uint64_t id; /* of this life of the kind; a CRD deleted and created again has another */
	struct kinds_version *versions; /* most stable first */
	size_t version_count;
	struct patterns *patterns; /* of its schemas */
	struct json *source;       /* the CRD it was made from, or NULL */
	struct kinds_row *next;
};

struct kinds *kinds_new(void);
void kinds_free(struct kinds *kinds);

const struct kinds_row *kinds_first(const struct kinds *kinds);
const struct kinds_row *
kinds_find(const struct kinds *kinds, const char *group, const char *resource);
/* By the kind of an object; `group` "" is core. */
const struct kinds_row *kinds_of(const struct kinds *kinds, const char *group, const char *kind);
/* A served version of the row, or NULL. */
const struct kinds_version *kinds_version(const struct kinds_row *row, const char *name);
const struct kinds_version *kinds_storage(const struct kinds_row *row);
bool kinds_has_group(const struct kinds *kinds, const char *group, const char *version);

/* Serves, or serves anew, what a stored CRD says. `ready` as in the row. */
void kinds_learn(struct kinds *kinds, const struct json *crd, int64_t ready);
void kinds_forget(struct kinds *kinds, const char *group, const char *resource);
void kinds_terminate(struct kinds *kinds, const char *group, const char *resource);

/* Order of versions: v2, v1, v1beta1, v1alpha2, then others by name. */
int kinds_compare_versions(const char *a, const char *b);
/* "group/version", or "version" of the core group; `text` holds `size` bytes. */
const char *kinds_api_version(char *text, size_t size, const char *group, const char *version);
/* Parts an apiVersion; group gets "" for the core group. Both hold 256 bytes. */
void kinds_part(const char *api_version, char group[256], char version[256]);

#endif
