#include "core/model/settings.h"

#include "core/base/clock.h"
#include "core/model/plan.h"

/* CLI §2: --ramp 1,5,10,25,50,75,100. */
static const int64_t ramp[] = { 10000, 50000, 100000, 250000, 500000, 750000, PPM_ALL };

static const struct {
	const char *name, *help;
} carries[CARRY_COUNT] = {
	[CARRY_RESOURCES] = { "resources", "requests and limits of its container" },
	[CARRY_SCHEDULING] = { "scheduling", "node selector, tolerations, affinity, priority" },
	[CARRY_REPLICAS] = { "replicas", "how many of it run" },
	[CARRY_PULL_SECRETS] = { "pull-secrets", "the secrets its image is pulled with, by name" },
	[CARRY_REGISTRY] = { "registry", "the registry its image comes from" },
};

const char *
carry_name(enum carry what)
{
	return carries[what].name;
}

const char *
carry_help(enum carry what)
{
	return carries[what].help;
}

struct settings
settings_default(void)
{
	return (struct settings){
		.path = PATH_ZERO_DOWNTIME,
		.default_ns = "default",
		.bundle_name = "",
		.installer = INSTALLER_AUTO,
		.ramp = ramp,
		.ramp_count = sizeof(ramp) / sizeof(ramp[0]),
		.hold = 30 * SECOND,
		.drain = 130 * SECOND, /* the longest answer a picker protects (DOMAIN §3.1) */
		.probe = true,
		.interval = 2 * SECOND,
	};
}
