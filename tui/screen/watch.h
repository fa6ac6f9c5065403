/* watch - the two shapes without panes: the pair's traffic across a room, and screens too small for
 * frames. Pure. */
#ifndef SCREEN_WATCH_H
#define SCREEN_WATCH_H

#include "tui/screen/state.h"

void watch_draw(const struct canvas *canvas);
void watch_draw_tiny(const struct canvas *canvas);

#endif
