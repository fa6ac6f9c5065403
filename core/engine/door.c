#include "core/engine/door.h"

#include "core/engine/book.h"
#include "core/engine/link.h"

enum guard_answer
door_ask(const struct engine *engine, const struct intent *intent, struct err *err)
{
	const char *trouble = book_trouble(engine->book);
	struct guard_facts facts = {
		.world = engine->world,
		.settings = engine->settings,
		.link_live = link_live(engine->link),
		.other_cluster = link_other_cluster(engine->link),
		.journal_ok = book_journal(engine->book) != NULL && *trouble == '\0',
		.journal_trouble = *trouble != '\0' ? trouble : "The journal is not open yet.",
		.lease_holder = "",
	};

	return guard_ask(&facts, intent, err);
}
