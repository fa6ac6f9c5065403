#include "tui/plain/journal_file.h"

#include "core/base/file.h"
#include "tui/plain/page.h"

bool
journal_file_add(struct buf *page, const struct snapshot *snapshot, struct err *err)
{
	struct buf text;

	if (*snapshot->journal_path == '\0' || !file_exists(snapshot->journal_path))
		return true;
	buf_init(&text, PAGE_CAP);
	bool ok = file_read(snapshot->journal_path, PAGE_CAP, &text, err);
	if (ok)
		buf_add(page, text.bytes, text.length);
	buf_release(&text);
	return ok;
}
