/* catalog - every kind of object the cluster serves, as its discovery tells: in one document where
 * that is aggregated, else group by group (before 1.26; KUBERNETES §5).
 *
 * Whoever needs it embeds one and turns it: ask, then step and take until it is READY or FAILED. A
 * group that does not answer, since its server is down, fails nothing else: whether it serves a
 * kind is not known. Texts live in the catalog until it is asked again. Engine's thread.
 */
#ifndef ENGINE_CATALOG_H
#define ENGINE_CATALOG_H

#include "core/engine/inside.h"

enum catalog_state { CATALOG_IDLE, CATALOG_ASKING, CATALOG_READY, CATALOG_FAILED };

struct catalog_kind {
	const char *group, *version, *resource, *kind;
	bool namespaced;
};

struct catalog_group {
	const char *group, *version;
	bool mute; /* it did not say what it serves */
};

struct catalog {
	enum catalog_state state;
	int64_t request; /* 0: none under way */
	bool whole;      /* the server aggregates */
	struct arena arena;
	struct catalog_kind *kinds; /* of each group the versions it prefers come first */
	size_t kind_count, kind_room;
	struct catalog_group *groups;
	size_t group_count, group_room, at; /* at: the next to be asked for */
};

void catalog_init(struct catalog *catalog);
void catalog_release(struct engine *engine, struct catalog *catalog);
/* Forgets what it knew, and asks anew. */
void catalog_ask(struct engine *engine, struct catalog *catalog);
/* `wanted`: the groups to ask for where the server does not aggregate. */
void
catalog_step(struct engine *engine, struct catalog *catalog, bool (*wanted)(const char *group));
/* True when the event was its own. */
bool catalog_take(struct catalog *catalog, struct transport_event *event);
/* False only when the cluster has said so. */
bool catalog_serves(const struct catalog *catalog, const char *group, const char *version,
		    const char *resource);

#endif
