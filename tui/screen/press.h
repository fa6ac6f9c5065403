/* press - one key or mouse event: decoded from a terminal's bytes, and named as in the
 * configuration file.
 *
 * Understands UTF-8, xterm's CSI and SS3 sequences with modifiers, and SGR mouse reports (1006),
 * which every terminal in use and tmux send. Pure; the caller decides when a lone Esc is Esc and no
 * longer the start of a sequence.
 */
#ifndef SCREEN_PRESS_H
#define SCREEN_PRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum press_code {
	PRESS_NONE,
	PRESS_RUNE, /* a character; `rune` */
	PRESS_ENTER,
	PRESS_ESC,
	PRESS_TAB,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_HOME,
	PRESS_END,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_MOUSE,
	PRESS_CODE_COUNT
};

enum { PRESS_SHIFT = 1, PRESS_ALT = 2, PRESS_CTRL = 4 };
enum press_mouse { MOUSE_DOWN, MOUSE_DRAG, MOUSE_UP, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct press {
	enum press_code code;
	uint32_t rune; /* Ctrl-L is 'l' with PRESS_CTRL */
	unsigned mods; /* Shift only where a character does not hold it already */
	enum press_mouse mouse;
	int x, y; /* of the mouse, from 0 */
};

/* Decodes the first event of `bytes`: the bytes it took, or 0 when more must come. With `final`
 * nothing more comes, and a lone Esc is Esc. What is not understood is taken and answers
 * PRESS_NONE. */
size_t press_decode(const char *bytes, size_t length, bool final, struct press *press);
/* "q", "Ctrl-L", "Shift-Left", "Enter", "Space"; false when it is none. */
bool press_parse(const char *name, struct press *press);
/* The name, in at most 32 bytes. */
void press_name(const struct press *press, char name[32]);
bool press_equal(const struct press *a, const struct press *b);

#endif
