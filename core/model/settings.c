#include "core/model/settings.h"

#include "core/base/clock.h"
#include "core/model/plan.h"

/* CLI §2: --ramp 1,5,10,25,50,75,100. */
static const int64_t ramp[] = { 10000, 50000, 100000, 250000, 500000, 750000, PPM_ALL };

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
