#include "tui/screen/press.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"

#define SEQUENCE_MAX 32

static const char *const names[PRESS_CODE_COUNT] = {
	[PRESS_ENTER] = "Enter",         [PRESS_ESC] = "Esc",       [PRESS_TAB] = "Tab",
	[PRESS_BACKSPACE] = "Backspace", [PRESS_DELETE] = "Delete", [PRESS_UP] = "Up",
	[PRESS_DOWN] = "Down",           [PRESS_LEFT] = "Left",     [PRESS_RIGHT] = "Right",
	[PRESS_HOME] = "Home",           [PRESS_END] = "End",       [PRESS_PAGE_UP] = "PageUp",
	[PRESS_PAGE_DOWN] = "PageDown",
};

static const struct {
	const char *name;
	unsigned bit;
} prefixes[] = {
	{ "Ctrl-", PRESS_CTRL },
	{ "Alt-", PRESS_ALT },
	{ "Shift-", PRESS_SHIFT },
};

/* The last byte of CSI and SS3 sequences, and the number before '~' (xterm, ctlseqs). */
static const struct {
	char last;
	int number;
	enum press_code code;
	unsigned mods;
} sequences[] = {
	{ 'A', 0, PRESS_UP, 0 },
	{ 'B', 0, PRESS_DOWN, 0 },
	{ 'C', 0, PRESS_RIGHT, 0 },
	{ 'D', 0, PRESS_LEFT, 0 },
	{ 'H', 0, PRESS_HOME, 0 },
	{ 'F', 0, PRESS_END, 0 },
	{ 'Z', 0, PRESS_TAB, PRESS_SHIFT },
	{ 'M', 0, PRESS_ENTER, 0 },
	{ '~', 1, PRESS_HOME, 0 },
	{ '~', 3, PRESS_DELETE, 0 },
	{ '~', 4, PRESS_END, 0 },
	{ '~', 5, PRESS_PAGE_UP, 0 },
	{ '~', 6, PRESS_PAGE_DOWN, 0 },
	{ '~', 7, PRESS_HOME, 0 },
	{ '~', 8, PRESS_END, 0 },
};

static void
decode_mouse(const char *text, char last, struct press *press)
{
	int button, x, y;

	if (sscanf(text, "<%d;%d;%d", &button, &x, &y) != 3 || x < 1 || y < 1)
		return;
	*press = (struct press){ .code = PRESS_MOUSE, .x = x - 1, .y = y - 1 };
	if (button & 64)
		press->mouse = button & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
	else if (last == 'm')
		press->mouse = MOUSE_UP;
	else if (button & 32)
		press->mouse = MOUSE_DRAG;
	else if ((button & 3) != 0)
		press->code = PRESS_NONE; /* only the left button means something */
}

/* `text` is what stands between the introducer and the last byte. */
static void
decode_sequence(const char *text, char last, struct press *press)
{
	int number = 0, modifier = 1;

	if (text[0] == '<' && (last == 'M' || last == 'm')) {
		decode_mouse(text, last, press);
		return;
	}
	sscanf(text, "%d;%d", &number, &modifier);
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		if (sequences[i].last == last && (last != '~' || sequences[i].number == number)) {
			press->code = sequences[i].code;
			press->mods = sequences[i].mods | ((unsigned)(modifier - 1) & 7);
			return;
		}
}

static size_t
decode_escape(const char *bytes, size_t length, bool final, struct press *press)
{
	char text[SEQUENCE_MAX];
	size_t at = 2;

	if (length == 1) {
		press->code = PRESS_ESC;
		return final ? 1 : 0;
	}
	if (bytes[1] != '[' && bytes[1] != 'O') {
		size_t took =
			bytes[1] == 0x1B ? 0 : press_decode(bytes + 1, length - 1, final, press);

		if (took == 0 && (final || bytes[1] == 0x1B)) {
			*press = (struct press){ .code = PRESS_ESC };
			return 1;
		}
		press->mods |= PRESS_ALT;
		return took == 0 ? 0 : took + 1;
	}
	while (at < length && at < SEQUENCE_MAX && (bytes[at] < 0x40 || bytes[at] > 0x7E))
		at++;
	if (at == length && at < SEQUENCE_MAX)
		return final ? length : 0;
	if (at == SEQUENCE_MAX)
		return at;
	memcpy(text, bytes + 2, at - 2);
	text[at - 2] = '\0';
	decode_sequence(text, bytes[at], press);
	return at + 1;
}

size_t
press_decode(const char *bytes, size_t length, bool final, struct press *press)
{
	uint32_t code;
	size_t size;
	unsigned char first;

	*press = (struct press){ .code = PRESS_NONE };
	if (length == 0)
		return 0;
	first = (unsigned char)bytes[0];
	if (first == 0x1B)
		return decode_escape(bytes, length, final, press);
	if (first == '\r' || first == '\n')
		press->code = PRESS_ENTER;
	else if (first == '\t')
		press->code = PRESS_TAB;
	else if (first == 0x7F || first == 0x08)
		press->code = PRESS_BACKSPACE;
	else if (first < 0x20)
		*press = (struct press){ .code = PRESS_RUNE,
					 .rune = first == 0   ? ' '
						 : first < 27 ? first + 0x60u
							      : first + 0x40u,
					 .mods = PRESS_CTRL };
	if (first < 0x20 || first == 0x7F)
		return 1;
	size = utf8_decode(bytes, length, &code);
	if (size == 0 && length < 4 && first >= 0xC2 && !final)
		return 0;
	if (size > 0)
		*press = (struct press){ .code = PRESS_RUNE, .rune = code };
	return size > 0 ? size : 1;
}

bool
press_parse(const char *name, struct press *press)
{
	uint32_t code;
	size_t length;

	*press = (struct press){ .code = PRESS_NONE };
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name, prefixes[i].name, strlen(prefixes[i].name)) == 0) {
			press->mods |= prefixes[i].bit;
			name += strlen(prefixes[i].name);
		}
	for (int i = 0; i < PRESS_CODE_COUNT; i++)
		if (names[i] != NULL && strcmp(names[i], name) == 0) {
			press->code = (enum press_code)i;
			return true;
		}
	length = strlen(name);
	if (strcmp(name, "Space") == 0)
		code = ' ';
	else if (length == 0 || utf8_decode(name, length, &code) != length)
		return false;
	if ((press->mods & PRESS_CTRL) && code >= 'A' && code <= 'Z')
		code += 'a' - 'A';
	press->code = PRESS_RUNE;
	press->rune = code;
	return true;
}

void
press_name(const struct press *press, char name[32])
{
	const char *word = names[press->code];
	uint32_t code = press->rune;
	struct buf rune;

	buf_init(&rune, 8);
	if (press->code == PRESS_RUNE) {
		if ((press->mods & PRESS_CTRL) && code >= 'a' && code <= 'z')
			code -= 'a' - 'A';
		utf8_add(&rune, code);
		word = code == ' ' ? "Space" : rune.bytes;
	}
	snprintf(name, 32, "%s%s%s%s", press->mods & PRESS_CTRL ? "Ctrl-" : "",
		 press->mods & PRESS_ALT ? "Alt-" : "", press->mods & PRESS_SHIFT ? "Shift-" : "",
		 word == NULL ? "" : word);
	buf_release(&rune);
}

bool
press_equal(const struct press *a, const struct press *b)
{
	return a->code == b->code && a->rune == b->rune && a->mods == b->mods;
}
