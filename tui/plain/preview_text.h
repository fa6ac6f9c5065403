/* preview_text - the writes of a preview as text for people: each with its dry run, and with its
 * diff or with what changes in short. One thread. */
#ifndef PLAIN_PREVIEW_TEXT_H
#define PLAIN_PREVIEW_TEXT_H

#include "core/base/buf.h"
#include "core/model/plan.h"

enum preview_form { PREVIEW_DIFF, PREVIEW_SHORT };

void preview_text_writes(struct buf *page, const struct preview *preview, enum preview_form form);
/* What became of the dry run: a word, or the server's reason. */
const char *preview_text_dry_run(const struct write_view *write);

#endif
