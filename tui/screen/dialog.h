/* dialog - the preview of a write, the confirmation of an abort or a ramp, and the typed name of
 * what is final.
 *
 * Nothing is confirmed by Enter, by the key that opened the dialog, or by a key that comes before
 * the dialog has stood on the screen for a moment: a key held down or typed ahead cannot write.
 * What is final wants its name typed first. Pure; time is the ui's.
 */
#ifndef SCREEN_DIALOG_H
#define SCREEN_DIALOG_H

#include <stdbool.h>

#include "core/base/clock.h"
#include "tui/screen/answer.h"

#define DIALOG_PREVIEW_ARM (350 * MILLISECOND) /* after it is ready and unchanged */
#define DIALOG_ABORT_ARM   (150 * MILLISECOND)

struct canvas;
struct doing;
struct page_lines;
struct preview;
struct snapshot;
struct ui;

/* The preview it stands for, or NULL while that has not come. */
const struct preview *dialog_preview(const struct ui *ui, const struct snapshot *snapshot);
/* Follows a new snapshot: shows the preview that came, and starts the waiting time again when it
 * changed. */
void dialog_see(struct ui *ui, const struct snapshot *snapshot);
void dialog_draw(const struct canvas *canvas);
/* Why it cannot be confirmed now, as a sentence; "" when it can. In the snapshot, the dialog or
 * constant. */
const char *dialog_refusal(const struct ui *ui, const struct snapshot *snapshot);
/* The command of the person has failed: its sentences stay until they are left. */
void dialog_fail(struct ui *ui, const struct snapshot *snapshot);
/* A key for the dialog. */
enum answer dialog_handle(struct doing *doing);

/* Of a freeze (dialog_freeze.c): the dialog that stops everybody's writes, or lets them go on
 * again; why it cannot be done, "" when it can; what stands in the dialog; and a key for its
 * reason, true when it was one. */
void dialog_freeze_open(struct doing *doing);
const char *dialog_freeze_refusal(const struct snapshot *snapshot);
void dialog_freeze_build(const struct canvas *canvas, struct page_lines *lines);
bool dialog_freeze_type(struct doing *doing);

#endif
