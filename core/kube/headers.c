#include "core/kube/headers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core/base/clock.h"

#define HEAD_CAP         (64 * BUF_KIB)
#define WARNINGS_CAP     (16 * BUF_KIB)
#define RETRY_AFTER_MOST 3600

void
headers_init(struct headers *headers)
{
	*headers = (struct headers){ 0 };
	buf_init(&headers->warnings, WARNINGS_CAP);
}

void
headers_release(struct headers *headers)
{
	buf_release(&headers->warnings);
	*headers = (struct headers){ 0 };
}

static void
take_content_type(struct headers *headers, const char *value)
{
	snprintf(headers->content_type, sizeof headers->content_type, "%s", value);
}

static void
take_retry_after(struct headers *headers, const char *value)
{
	char *end;
	long seconds = strtol(value, &end, 10);
	if (end != value && *end == '\0' && seconds > 0)
		headers->retry_after = seconds < RETRY_AFTER_MOST ? (int)seconds : RETRY_AFTER_MOST;
}

static void
take_flow_schema(struct headers *headers, const char *value)
{
	headers->apf = *value != '\0';
}

static void
take_served_by(struct headers *headers, const char *value)
{
	snprintf(headers->served_by, sizeof headers->served_by, "%s", value);
}

/* RFC 9110 §5.6.7, the form that must be sent: "Sun, 06 Nov 1994 08:49:37 GMT". */
static void
take_date(struct headers *headers, const char *value)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { 0 };
	char month[4], zone[4];

	if (sscanf(value, "%*3s, %2d %3s %4d %2d:%2d:%2d %3s", &tm.tm_mday, month, &tm.tm_year,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec, zone) != 7)
		return;
	const char *at = strstr(months, month);
	if (at == NULL || strlen(month) != 3 || (at - months) % 3 != 0 || strcmp(zone, "GMT") != 0)
		return;
	tm.tm_mon = (int)(at - months) / 3;
	tm.tm_year -= 1900;
	headers->date = (int64_t)timegm(&tm) * SECOND;
}

/* `299 - "text with \" and \\"`, several of them in one line or many (RFC 7234 §5.5). */
static void
take_warning(struct headers *headers, const char *value)
{
	while (strncmp(value, "299 ", 4) == 0) {
		const char *text = strchr(value, '"');
		if (text == NULL)
			return;
		size_t before = headers->warnings.length;
		for (text++; *text != '\0' && *text != '"'; text++) {
			if (*text == '\\' && text[1] != '\0')
				text++;
			buf_putc(&headers->warnings, *text == '\n' ? ' ' : *text);
		}
		if (headers->warnings.length > before)
			buf_putc(&headers->warnings, '\n');
		if (*text != '"')
			return;
		const char *next = strstr(text + 1, "299 ");
		if (next == NULL)
			return;
		value = next;
	}
}

static const struct row {
	const char *name;
	void (*take)(struct headers *headers, const char *value);
} rows[] = {
	{ "content-type", take_content_type },
	{ "retry-after", take_retry_after },
	{ "x-kubernetes-pf-flowschema-uid", take_flow_schema },
	{ "x-served-by-pool", take_served_by },
	{ "date", take_date },
	{ "warning", take_warning },
};

static void
take_status(struct headers *headers, const char *line)
{
	size_t size = headers->size;
	const char *space = strchr(line, ' ');

	headers_release(headers);
	headers_init(headers);
	headers->size = size;
	headers->status = space != NULL ? atoi(space + 1) : 0;
}

bool
headers_take(struct headers *headers, const char *line, size_t length)
{
	char text[8192];

	headers->size += length;
	if (headers->size > HEAD_CAP)
		return false;
	while (length > 0 && strchr("\r\n \t", line[length - 1]) != NULL)
		length--;
	if (length == 0) {
		headers->complete = headers->status >= 200;
		return true;
	}
	/* A longer line is none of those that matter. */
	if (length >= sizeof text)
		return true;
	memcpy(text, line, length);
	text[length] = '\0';
	if (strncmp(text, "HTTP/", 5) == 0) {
		take_status(headers, text);
		return true;
	}
	char *colon = strchr(text, ':');
	if (colon == NULL)
		return true;
	*colon = '\0';
	const char *value = colon + 1 + strspn(colon + 1, " \t");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcasecmp(rows[i].name, text) == 0)
			rows[i].take(headers, value);
	return true;
}
