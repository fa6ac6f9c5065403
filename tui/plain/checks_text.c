#include "tui/plain/checks_text.h"

#include "core/base/clock.h"
#include "tui/plain/page.h"

void
checks_text(struct buf *page, const struct verification *verification)
{
	const struct probe_view *probe = &verification->probe;
	struct buf rows;

	buf_init(&rows, PAGE_CAP);
	for (size_t i = 0; i < verification->check_count; i++) {
		const struct check *check = &verification->checks[i];
		page_cell(&rows, "%s", check->ok ? "ok" : "FAILED");
		page_cell(&rows, "%s", check->name);
		page_cell(&rows, "%s", check->object);
		page_cell(&rows, "%s", check->detail);
		page_end_row(&rows);
	}
	page_table(page, &rows);
	buf_release(&rows);
	if (verification->probed && *probe->error != '\0')
		buf_printf(page, "probe %s: %s\n", probe->url, probe->error);
	else if (verification->probed)
		buf_printf(page, "probe %s: HTTP %d in %d ms%s%s\n", probe->url, probe->status,
			   (int)(probe->latency / MILLISECOND),
			   *probe->served_by != '\0' ? ", served by " : "", probe->served_by);
}
