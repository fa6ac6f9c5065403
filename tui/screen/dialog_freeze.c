/* The dialogs that stop everybody's writes and let them go on. The reason is typed and ended with
 * Enter, which confirms nothing; then y does. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "tui/screen/dialog.h"
#include "tui/screen/page.h"
#include "tui/screen/state.h"
#include "tui/screen/words.h"

const char *
dialog_freeze_refusal(const struct snapshot *snapshot)
{
	enum link_state link = snapshot->link.state;

	if (snapshot->read_only)
		return "this console was started with --read-only: it writes nothing";
	if (snapshot->dry_run)
		return "this console was started with --dry-run: it changes nothing";
	return link != LINK_LIVE && link != LINK_POLLING ? "the cluster does not answer" : "";
}

void
dialog_freeze_open(struct doing *doing)
{
	struct ui *ui = doing->ui;
	const struct snapshot *snapshot = doing->snapshot;
	bool frozen = snapshot->lease.frozen;
	const char *reason = ui->settings->reason;

	ui->dialog = (struct dialog){ .kind = frozen ? DIALOG_UNFREEZE : DIALOG_FREEZE,
				      .step = STEP_COUNT,
				      .goal = PPM_UNKNOWN,
				      .armed = frozen ? ui->mono + DIALOG_PREVIEW_ARM : NEVER,
				      .typing = !frozen,
				      .opener = *doing->press };
	snprintf(ui->dialog.typed, sizeof(ui->dialog.typed), "%s",
		 frozen || reason == NULL ? "" : reason);
}

void
dialog_freeze_build(const struct canvas *canvas, struct page_lines *lines)
{
	const struct lease_view *lease = &canvas->snapshot->lease;

	if (canvas->ui->dialog.kind == DIALOG_UNFREEZE) {
		page_add(lines, ROLE_WARN, words_frozen(canvas->arena, lease, canvas->ui->wall));
		page_add(
			lines, ROLE_TEXT,
			arena_printf(canvas->arena,
				     "Takes the freeze off Lease %s (coordination.k8s.io): whoever "
				     "holds the Lease may write again, at once.",
				     lease->name));
		return;
	}
	page_add(lines, ROLE_TEXT,
		 arena_printf(canvas->arena,
			      "Nobody writes to this cluster with this program any more, in any "
			      "console or command, until somebody unfreezes it: an annotation on "
			      "Lease %s (coordination.k8s.io). Every console says who, since when "
			      "and why.",
			      lease->name));
	page_add(lines, ROLE_FAINT,
		 "A step under way stops after the write in flight. Traffic goes on as it is.");
	page_add_lead(lines, ROLE_KEY, "Reason", 8, ROLE_INPUT,
		      arena_printf(canvas->arena, "%s%s", canvas->ui->dialog.typed,
				   canvas->ui->dialog.typing ? "▌" : ""));
}

bool
dialog_freeze_type(struct doing *doing)
{
	struct dialog *dialog = &doing->ui->dialog;
	size_t length = strlen(dialog->typed);
	struct buf rune;

	if (dialog->kind != DIALOG_FREEZE || doing->press->code == PRESS_ESC)
		return false;
	if (doing->press->code == PRESS_BACKSPACE) {
		dialog->typing = true;
		dialog->armed = NEVER;
		while (length > 0 && ((unsigned char)dialog->typed[--length] & 0xC0) == 0x80)
			;
		dialog->typed[length] = '\0';
		return true;
	}
	if (!dialog->typing)
		return false;
	if (doing->press->code == PRESS_ENTER) {
		dialog->typing = false;
		dialog->armed = doing->ui->mono + DIALOG_PREVIEW_ARM;
		return true;
	}
	if (doing->press->code != PRESS_RUNE || doing->press->mods != 0)
		return false;
	buf_init(&rune, 8);
	utf8_add(&rune, doing->press->rune);
	if (length + rune.length < sizeof(dialog->typed))
		memcpy(dialog->typed + length, rune.bytes, rune.length + 1);
	buf_release(&rune);
	return true;
}
