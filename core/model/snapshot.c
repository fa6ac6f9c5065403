#include "core/model/snapshot.h"

#include <stdlib.h>

#include "core/base/die.h"

struct snapshot *
snapshot_new(void)
{
	struct snapshot *snapshot = die_alloc(sizeof(*snapshot));

	arena_init(&snapshot->arena);
	return snapshot;
}

void
snapshot_free(struct snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	arena_release(&snapshot->arena);
	free(snapshot);
}
