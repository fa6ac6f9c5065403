#include "core/engine/outcome.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"

struct outcome_book {
	struct outcome newest;
	char *text; /* of it; NULL before the first */
	int64_t urgent;
};

struct outcome_book *
outcome_new(void)
{
	return die_alloc(sizeof(struct outcome_book));
}

void
outcome_free(struct outcome_book *book)
{
	if (book == NULL)
		return;
	free(book->text);
	free(book);
}

const char *
outcome_set(struct engine *engine, const struct outcome *outcome, const char *text)
{
	struct outcome_book *book = engine->outcome;
	struct buf clean;

	buf_init(&clean, 64 * BUF_KIB);
	text_clean(&clean, text, strlen(text));
	book->newest = *outcome;
	free(book->text);
	book->text = buf_take(&clean);
	buf_release(&clean);
	book->urgent++;
	return book->text;
}

void
outcome_tell(struct engine *engine, int64_t serial, enum err_code code, const char *text)
{
	const struct outcome outcome = {
		.serial = serial, .ok = code == ERR_NONE, .exit = code != ERR_NONE, .code = code
	};

	outcome_set(engine, &outcome, text);
}

void
outcome_hurry(struct engine *engine)
{
	engine->outcome->urgent++;
}

struct outcome
outcome_view(const struct engine *engine, struct arena *arena)
{
	const struct outcome_book *book = engine->outcome;
	struct outcome outcome = book->newest;

	outcome.text = book->text != NULL ? arena_string(arena, book->text) : "";
	return outcome;
}

int64_t
outcome_urgent(const struct engine *engine)
{
	return engine->outcome->urgent;
}
