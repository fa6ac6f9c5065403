#include "tui/plain/preview_text.h"

#include <string.h>

#include "core/base/wrap.h"
#include "tui/plain/page.h"

#define DIFF_LONG  100
#define DIFF_SHOWN 20

const char *
preview_text_dry_run(const struct write_view *write)
{
	static const char *const words[] = {
		[DRY_NOT_RUN] = "not run",
		[DRY_OK] = "ok",
		[DRY_UNSUPPORTED] = "unsupported",
		[DRY_REFUSED] = "refused",
	};

	if (write->dry_run == DRY_REFUSED && *write->dry_run_text != '\0')
		return write->dry_run_text;
	return words[write->dry_run];
}

/* A diff longer than DIFF_LONG shows its first DIFF_SHOWN lines: the schema of a CRD that is built
 * in is not read line by line, and JSON has the whole of it. */
static void
diff_text(struct buf *page, const char *diff)
{
	const char *end = diff;
	size_t lines = 0;
	struct buf shown;

	for (const char *at = diff; (at = strchr(at, '\n')) != NULL; at++)
		if (++lines == DIFF_SHOWN)
			end = at + 1;
	if (lines <= DIFF_LONG) {
		page_indent(page, diff, 6);
		return;
	}
	buf_init(&shown, PAGE_CAP);
	buf_add(&shown, diff, (size_t)(end - diff));
	page_indent(page, shown.bytes, 6);
	buf_printf(page, "      ... %zu more lines; `poolshift plan -o json` has all of them\n",
		   lines - DIFF_SHOWN);
	buf_release(&shown);
}

void
preview_text_writes(struct buf *page, const struct preview *preview, enum preview_form form)
{
	if (*preview->pair != '\0' && preview->write_count > 0)
		buf_printf(page, "\n  %s\n", preview->pair);
	for (size_t w = 0; w < preview->write_count; w++) {
		const struct write_view *write = &preview->writes[w];
		struct buf title;

		buf_init(&title, 64 * BUF_KIB);
		buf_printf(&title, "%s %s, dry run %s", write->verb, write->title,
			   preview_text_dry_run(write));
		buf_puts(page, "\n    ");
		wrap_words(page, title.bytes, 4, 6, page_width());
		buf_release(&title);
		if (form == PREVIEW_DIFF && *write->diff != '\0')
			diff_text(page, write->diff);
		else
			page_indent(page, write->summary, 6);
	}
}
