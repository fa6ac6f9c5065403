#include "tui/plain/losses_text.h"

#include <string.h>

#include "core/base/wrap.h"
#include "tui/plain/page.h"

/* Of one kind, by object: those that are lost, or those that are carried after all. */
static void
put_losses(struct buf *out, const struct plan *plan, bool carried, const char *title)
{
	const char *object = "";
	bool titled = false;
	struct buf why;

	for (size_t i = 0; i < plan->loss_count; i++) {
		const struct loss *loss = &plan->losses[i];

		if (loss->carried != carried)
			continue;
		if (!titled)
			buf_printf(out, "\n%s:\n", title);
		titled = true;
		if (strcmp(object, loss->object) != 0)
			buf_printf(out, "\n  %s\n", loss->object);
		object = loss->object;
		buf_printf(out, "    %s = %s\n      ", loss->field, loss->value);
		buf_init(&why, 64 * BUF_KIB);
		buf_printf(&why, "%s %s", loss->why, loss->instead);
		wrap_words(out, why.bytes, 6, 6, page_width());
		buf_release(&why);
		if (*loss->yaml == '\0')
			continue;
		buf_puts(out, "      to paste into the rule of the HTTPRoute:\n");
		for (const char *line = loss->yaml; *line != '\0';) {
			int length = (int)strcspn(line, "\n");

			buf_printf(out, "        %.*s\n", length, line);
			line += length + (line[length] == '\n');
		}
	}
}

void
losses_text(struct buf *out, const struct plan *plan)
{
	put_losses(out, plan, false, "What is not carried over");
	put_losses(out, plan, true,
		   "What is carried over where an InferenceObjective has no place");
}
