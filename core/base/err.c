#include "core/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ELLIPSIS "…"

static const char *const names[] = {
	[ERR_NONE] = "none",       [ERR_NETWORK] = "network",     [ERR_AUTH] = "auth",
	[ERR_DENIED] = "denied",   [ERR_MISSING] = "missing",     [ERR_CONFLICT] = "conflict",
	[ERR_EXPIRED] = "expired", [ERR_REJECTED] = "rejected",   [ERR_INPUT] = "input",
	[ERR_SYSTEM] = "system",   [ERR_CANCELLED] = "cancelled",
};

/* Puts an ellipsis at the end of a text that vsnprintf() cut, without leaving half a character. */
static void
mark_cut(char *text)
{
	size_t at = ERR_TEXT_MAX - sizeof(ELLIPSIS);

	while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
		at--;
	memcpy(text + at, ELLIPSIS, sizeof(ELLIPSIS));
}

bool
err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list args;
	int length;

	if (err == NULL)
		return false;
	va_start(args, format);
	length = vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	if (length >= (int)sizeof(err->text))
		mark_cut(err->text);
	err->code = code;
	return false;
}

bool
err_wrap(struct err *err, const char *format, ...)
{
	char before[ERR_TEXT_MAX], old[ERR_TEXT_MAX];
	va_list args;

	if (err == NULL)
		return false;
	va_start(args, format);
	vsnprintf(before, sizeof(before), format, args);
	va_end(args);
	memcpy(old, err->text, sizeof(old));
	return err_set(err, err->code, "%s: %s", before, old);
}

const char *
err_name(enum err_code code)
{
	if ((size_t)code >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[code];
}
