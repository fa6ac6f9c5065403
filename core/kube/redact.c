#include "core/kube/redact.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A secret is the run of token characters behind the marker; the marker itself stays when it is
 * only a label. */
static const struct shape {
	const char *marker;
	bool label;
	size_t least; /* a shorter run is an ordinary word */
} shapes[] = {
	{ .marker = "ya29.", .label = false, .least = 4 },
	{ .marker = "k8s-aws-v1.", .label = false, .least = 4 },
	{ .marker = "eyJ", .label = false, .least = 16 },
	{ .marker = "Bearer ", .label = true, .least = 1 },
	{ .marker = "Basic ", .label = true, .least = 8 },
	{ .marker = "--token=", .label = true, .least = 1 },
	{ .marker = "--token ", .label = true, .least = 1 },
	{ .marker = "--password=", .label = true, .least = 1 },
	{ .marker = "\"token\":\"", .label = true, .least = 1 },
	{ .marker = "\"token\": \"", .label = true, .least = 1 },
};

static bool
is_token_character(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("._~+/=-", c) != NULL);
}

static size_t
token_length(const char *text, size_t length)
{
	size_t n = 0;
	while (n < length && is_token_character(text[n]))
		n++;
	return n;
}

static const struct shape *
shape_at(const char *text, size_t length, size_t *secret)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		size_t marker = strlen(shapes[i].marker);
		if (length <= marker || strncasecmp(text, shapes[i].marker, marker) != 0)
			continue;
		*secret = token_length(text + marker, length - marker);
		if (*secret >= shapes[i].least)
			return &shapes[i];
	}
	return NULL;
}

/* Length of "user:password" when `text` stands right behind "://" and an '@' ends it; 0 otherwise.
 */
static size_t
userinfo_length(const char *text, size_t length)
{
	for (size_t n = 0; n < length; n++) {
		if (text[n] == '@')
			return n;
		if (isspace((unsigned char)text[n]) || strchr("/?#\"'", text[n]) != NULL)
			return 0;
	}
	return 0;
}

bool
redact_secrets(struct buf *out, const char *text, size_t length)
{
	bool word_start = true;

	for (size_t at = 0; at < length;) {
		size_t secret = 0;
		const struct shape *shape =
			word_start ? shape_at(text + at, length - at, &secret) : NULL;
		if (shape != NULL) {
			size_t marker = strlen(shape->marker);
			if (shape->label)
				buf_add(out, text + at, marker);
			buf_puts(out, REDACT_MARK);
			at += marker + secret;
			continue;
		}
		if (length - at > 3 && memcmp(text + at, "://", 3) == 0) {
			buf_puts(out, "://");
			at += 3;
			size_t userinfo = userinfo_length(text + at, length - at);
			if (userinfo > 0)
				buf_puts(out, REDACT_MARK);
			at += userinfo;
			word_start = true;
			continue;
		}
		word_start = !isalnum((unsigned char)text[at]);
		buf_putc(out, text[at++]);
	}
	return !out->full;
}
