#include "core/engine/discover.h"

#include <stdlib.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/engine/catalog.h"

#define ASK_EVERY (30 * SECOND) /* a CRD may be installed meanwhile */

struct discover {
	struct catalog catalog;
	int64_t due;
	bool missing[KIND_COUNT];
};

struct discover *
discover_new(void)
{
	struct discover *discover = die_alloc(sizeof *discover);

	catalog_init(&discover->catalog);
	return discover;
}

void
discover_free(struct engine *engine, struct discover *discover)
{
	if (discover == NULL)
		return;
	catalog_release(engine, &discover->catalog);
	free(discover);
}

static bool
is_of_table(const char *group)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (text_equal(kind_row(kind)->group, group))
			return true;
	return false;
}

static void
note(struct discover *discover)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_row *row = kind_row(kind);

		if (*row->group != '\0')
			discover->missing[kind] = !catalog_serves(&discover->catalog, row->group,
								  row->version, row->resource);
	}
}

int64_t
discover_step(struct engine *engine, bool wanted)
{
	struct discover *discover = engine->discover;
	struct catalog *catalog = &discover->catalog;

	if (catalog->state == CATALOG_ASKING) {
		catalog_step(engine, catalog, is_of_table);
		if (catalog->state == CATALOG_ASKING)
			return NEVER;
		note(discover);
		return engine->mono;
	}
	if (!wanted)
		return NEVER;
	if (engine->mono < discover->due)
		return discover->due;
	discover->due = engine->mono + ASK_EVERY;
	catalog_ask(engine, catalog);
	return discover->due;
}

bool
discover_take(struct engine *engine, struct transport_event *event)
{
	struct discover *discover = engine->discover;

	if (!catalog_take(&discover->catalog, event))
		return false;
	if (discover->catalog.state == CATALOG_READY)
		note(discover);
	return true;
}

bool
discover_serves(const struct discover *discover, enum kind kind)
{
	return !discover->missing[kind];
}
