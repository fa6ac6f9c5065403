/* frame - what stands around the panes: first line, message line, key bar. Pure. */
#ifndef SCREEN_FRAME_H
#define SCREEN_FRAME_H

#include "tui/screen/state.h"

/* The action under a screen position of the bar; ACTION_NONE when there is none. */
enum action frame_bar_hit(const struct ui *ui, const struct snapshot *snapshot, struct arena *arena,
			  int x, int y);
void frame_draw_head(const struct canvas *canvas);
void frame_draw_bar(const struct canvas *canvas);
void frame_draw_message(const struct canvas *canvas);

#endif
