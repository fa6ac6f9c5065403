#include "core/demo/patterns.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/die.h"
#include "core/base/text.h"

#define PATTERN_CAP (16 * BUF_KIB)

struct pattern {
	char *text;
	regex_t regex;
	bool usable;
	struct pattern *next;
};

struct patterns {
	struct pattern *first;
};

struct patterns *
patterns_new(void)
{
	return die_alloc(sizeof(struct patterns));
}

void
patterns_free(struct patterns *patterns)
{
	if (!patterns)
		return;
	while (patterns->first) {
		struct pattern *pattern = patterns->first;

		patterns->first = pattern->next;
		if (pattern->usable)
			regfree(&pattern->regex);
		free(pattern->text);
		free(pattern);
	}
	free(patterns);
}

static const char *
class_of(char letter)
{
	switch (letter) {
	case 'd':
		return "0-9";
	case 'w':
		return "A-Za-z0-9_";
	case 's':
		return " \t\r\n\f";
	default:
		return NULL;
	}
}

/* One escape of RE2 at `p`, after its backslash; returns its last character, or NULL when it has no
 * POSIX form. */
static const char *
translate_escape(struct buf *out, const char *p, bool in_brackets, bool *dash)
{
	const char *class = class_of(*p);
	char hex[3] = { 0 };
	long byte;

	if (class) {
		buf_printf(out, in_brackets ? "%s" : "[%s]", class);
		return p;
	}
	if (*p == 'x' && p[1] && p[2]) {
		memcpy(hex, p + 1, 2);
		byte = strtol(hex, NULL, 16);
		if (byte < ' ' || byte > '~')
			return NULL;
		buf_putc(out, (char)byte);
		return p + 2;
	}
	if (in_brackets && *p == '-')
		*dash = true;
	else if (in_brackets || *p == '/')
		buf_putc(out, *p);
	else
		buf_printf(out, "\\%c", *p);
	return p;
}

/* POSIX gives a backslash in brackets no meaning, and a '-' there is itself only at the end; RE2
 * escapes it. */
static bool
translate(struct buf *out, const char *go)
{
	bool in_brackets = false, dash = false;

	for (const char *p = go; *p; p++) {
		if (*p == '\\' && p[1]) {
			p = translate_escape(out, p + 1, in_brackets, &dash);
			if (!p)
				return false;
			continue;
		}
		if (!in_brackets && text_starts(p, "(?:")) {
			buf_putc(out, '(');
			p += 2;
			continue;
		}
		if (*p == '[')
			in_brackets = true;
		if (*p == ']' && in_brackets) {
			if (dash)
				buf_putc(out, '-');
			in_brackets = dash = false;
		}
		buf_putc(out, *p);
	}
	return !out->full;
}

static struct pattern *
compile(const char *text)
{
	struct pattern *pattern = die_alloc(sizeof(*pattern));
	struct buf posix;

	buf_init(&posix, PATTERN_CAP);
	pattern->text = die_strdup(text);
	pattern->usable = translate(&posix, text) &&
			  regcomp(&pattern->regex, posix.bytes, REG_EXTENDED | REG_NOSUB) == 0;
	buf_release(&posix);
	return pattern;
}

bool
patterns_match(struct patterns *patterns, const char *pattern, const char *text)
{
	struct pattern *known = patterns->first;

	while (known && !text_equal(known->text, pattern))
		known = known->next;
	if (!known) {
		known = compile(pattern);
		known->next = patterns->first;
		patterns->first = known;
	}
	return !known->usable || regexec(&known->regex, text, 0, NULL, 0) == 0;
}
