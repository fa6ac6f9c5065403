/* guard - the one door every write passes.
 *
 * Read-only, dry run, a stale view, another cluster, a foreign lease: each is a row with its
 * sentence. Pure.
 */
#ifndef MIGRATE_GUARD_H
#define MIGRATE_GUARD_H

#include "core/base/err.h"
#include "core/migrate/intent.h"
#include "core/model/settings.h"
#include "core/model/world.h"

struct guard_facts {
	const struct world *world;
	const struct settings *settings;
	bool link_live; /* the API server answered within the last seconds */
	bool other_cluster;
	bool journal_ok; /* the journal is open and whole */
	const char *journal_trouble;
	const char *lease_holder; /* somebody else's, "" when free or ours */
	const char *frozen;       /* who froze all writes, since when and why; "" when nobody did */
};

enum guard_answer {
	GUARD_SEND,    /* for real */
	GUARD_DRY_RUN, /* only with dryRun=All */
	GUARD_REFUSE,  /* err says why */
};
/* `intent` NULL asks in general: may anything be written now? */
enum guard_answer
guard_ask(const struct guard_facts *facts, const struct intent *intent, struct err *err);

#endif
