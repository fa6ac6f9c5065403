#include "core/migrate/past.h"

#include <string.h>

#include "core/base/text.h"

static bool
is_of(const struct journal_record *record, struct past_of of)
{
	return record->intent.step == of.step && record->end == JOURNAL_DONE && !record->dry_run &&
	       (of.pair == NULL || text_equal(record->intent.pair, of.pair));
}

static bool
same_object(const struct journal_record *a, const struct journal_record *b)
{
	return text_equal(a->intent.resource, b->intent.resource) &&
	       text_equal(a->intent.group, b->intent.group) &&
	       text_equal(a->intent.ns, b->intent.ns) && text_equal(a->intent.name, b->intent.name);
}

/* Looks for a later undo of the same object by the same step; journals hold hundreds of lines, not
 * millions. */
static bool
stands(const struct journal_record *records, size_t count, size_t at, struct past_of of)
{
	if (!is_of(&records[at], of) || records[at].intent.undo)
		return false;
	of.pair = records[at].intent.pair;
	for (size_t i = at + 1; i < count; i++)
		if (is_of(&records[i], of) && records[i].intent.undo &&
		    same_object(&records[i], &records[at]))
			return false;
	return true;
}

bool
past_stands(const struct journal *journal, struct past_of of)
{
	size_t count = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	for (size_t i = count; i-- > 0;)
		if (stands(records, count, i, of))
			return true;
	return false;
}

const struct journal_record *
past_first(const struct journal *journal, struct past_of of, enum kind kind, const char *ns,
	   const char *name)
{
	size_t count = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	for (size_t i = 0; i < count; i++)
		if (records[i].intent.kind == kind && text_equal(records[i].intent.ns, ns) &&
		    text_equal(records[i].intent.name, name) && stands(records, count, i, of))
			return &records[i];
	return NULL;
}

struct json *
past_before(const struct journal *journal, struct past_of of, enum kind kind, const char *ns,
	    const char *name)
{
	const struct journal_record *first = past_first(journal, of, kind, ns, name);

	return first == NULL ? NULL : json_parse(first->before, strlen(first->before), NULL);
}

size_t
past_deleted(const struct journal *journal, struct past_of of, const struct journal_record **out)
{
	size_t count = 0, found = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	for (size_t i = 0; i < count; i++)
		if (records[i].intent.verb == VERB_DELETE && stands(records, count, i, of))
			out[found++] = &records[i];
	return found;
}

size_t
past_standing(const struct journal *journal, struct past_of of, const struct journal_record **out)
{
	size_t count = 0, found = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	for (size_t i = 0; i < count; i++) {
		bool again = false;

		for (size_t j = 0; !again && j < found; j++)
			again = same_object(out[j], &records[i]);
		if (!again && stands(records, count, i, of))
			out[found++] = &records[i];
	}
	return found;
}
