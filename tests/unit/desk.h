/* desk - a console's state with a snapshot before it, driven by the names of keys.
 *
 * One desk is open at a time: desk_of() opens it, desk_clear() closes it. Its terminal is 80x24 and
 * its clock goes on by desk_press() and desk_pass() alone. For tests only.
 */
#ifndef TESTS_DESK_H
#define TESTS_DESK_H

#include "tests/golden/scene.h"
#include "tui/screen/ui.h"

#define DESK_PAIR "default/vllm-llama3-8b-preview"

struct desk {
	struct settings settings;
	struct ui *ui;
	struct snapshot *snapshot;
	struct command command; /* of the last key that gave one */
	int64_t now;
};

struct desk *desk_of(struct snapshot *(*make)(const struct settings *settings));
void desk_clear(struct desk *desk);

/* The classic pair in mid-shift, at 25 %. */
struct snapshot *desk_at_25(const struct settings *settings);

void desk_pass(struct desk *desk, int64_t milliseconds);

/* The answer to the last of `keys`, which come 1 ms apart: "Right = 5 0 Enter". */
enum answer desk_press(struct desk *desk, const char *keys);
enum answer desk_mouse(struct desk *desk, enum press_mouse what, int x, int y);

/* Whether `text` is, or is not, in the frame; the frame is told on stderr where that fails. */
bool desk_shows(struct desk *desk, const char *text);
bool desk_hides(struct desk *desk, const char *text);

#endif
