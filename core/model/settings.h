/* settings - what the person asked for: the options that shape a migration, as plain values.
 *
 * Filled by the command line and the configuration file, read by the steps and the engine.
 * Strings are borrowed from whoever filled it and outlive it. Any thread.
 */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum path { PATH_ZERO_DOWNTIME, PATH_SIMPLE };
enum installer { INSTALLER_AUTO, INSTALLER_NATIVE, INSTALLER_HELM };

/* What of the old picker's Deployment the new one gets, too; everything off by default. */
enum carry {
	CARRY_RESOURCES,
	CARRY_SCHEDULING,
	CARRY_REPLICAS,
	CARRY_PULL_SECRETS,
	CARRY_REGISTRY,
	CARRY_COUNT
};
const char *carry_name(enum carry what); /* "pull-secrets", as in --carry */
const char *carry_help(enum carry what); /* a few words */

struct priority {
	const char *model; /* InferenceModel's name, or NS/NAME */
	int64_t value;
};

struct settings {
	enum path path;
	const char *const *pools; /* [NS/]NAME, NULL-terminated; NULL: every pool in scope */
	const char *ns;           /* reads and writes are limited to it; NULL: all */
	const char *default_ns;   /* of the context: completes a bare --pool NAME */
	const char *ga_name;      /* NULL: DOMAIN §3.1 step 2 */
	const struct priority *priorities;
	size_t priority_count;
	const char *bundle;      /* text of the CRDs, YAML, already read; NULL: built in */
	const char *bundle_name; /* where it came from, for messages */
	enum installer installer;
	const char *helm;          /* where it is on the PATH; NULL: nowhere */
	const char *chart;         /* reference, folder or file; NULL: DOMAIN §3.1 step 2 */
	const char *chart_version; /* NULL: the default chart's v1.0.0, else whatever helm takes */
	const char *const *sets;   /* KEY=VALUE for helm --set, NULL-terminated; NULL: none */
	const char *epp_image;     /* NULL: DOMAIN §5 */
	bool carry[CARRY_COUNT];
	const int64_t *ramp; /* ppm, rising, ends at 1000000 */
	size_t ramp_count;
	int64_t hold;                                     /* ns */
	int64_t drain;                                    /* ns */
	int64_t wait;                                     /* ns; 0: the step's own patience */
	bool probe;                                       /* false: --no-probe */
	const char *probe_url, *probe_model, *probe_path; /* NULL: found out */
	bool delete_routes; /* detach: a route left without backends is deleted with a copy kept; else it stays, empty */
	bool force_managed; /* write what Argo CD, Flux, Config Sync or Helm keep */
	const char *const *
		orphans; /* [NS/]NAME of models without a pool that the clean-up takes along, NULL-terminated; NULL: none */
	bool accept_unproven;
	bool accept_unlisted; /* go on without having seen policies of kinds that may not be listed */
	bool dry_run, read_only;
	bool no_lease; /* write without the cluster's Lease; another's, and a freeze, hold all the same */
	const char *reason; /* NULL for none */
	int64_t interval;   /* ns between polls */
	const char *state_folder;
	int64_t request_timeout; /* ns; 0: the defaults */
};

struct settings settings_default(void);

#endif
