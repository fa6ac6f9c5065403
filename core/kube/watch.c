#include "core/kube/watch.h"

#include <ctype.h>
#include <string.h>

#define WATCH_EVENT_CAP (16 * BUF_MIB)
#define WATCH_DEPTH_MAX 200

void
watch_init(struct watch *watch)
{
	*watch = (struct watch){ 0 };
	buf_init(&watch->event, WATCH_EVENT_CAP);
}

void
watch_release(struct watch *watch)
{
	buf_release(&watch->event);
	*watch = (struct watch){ 0 };
}

/* Moves the scanner over one byte of a document that has started; true on its last byte. */
static bool
scan_byte(struct watch *watch, char c)
{
	if (watch->in_string) {
		if (watch->escaped)
			watch->escaped = false;
		else if (c == '\\')
			watch->escaped = true;
		else if (c == '"')
			watch->in_string = false;
		return false;
	}
	switch (c) {
	case '"':
		watch->in_string = true;
		return false;
	case '{':
	case '[':
		watch->depth++;
		return false;
	case '}':
	case ']':
		return --watch->depth == 0;
	default:
		return false;
	}
}

static bool
skip_to_document(struct watch *watch, const char **data, size_t *length, struct err *err)
{
	while (*length > 0 && isspace((unsigned char)**data)) {
		(*data)++;
		(*length)--;
	}
	if (*length == 0)
		return false;
	if (**data != '{')
		return err_set(err, ERR_REJECTED,
			       "The stream of changes holds something that is not a JSON object; "
			       "the list is read again.");
	watch->started = true;
	watch->depth = 0;
	watch->in_string = watch->escaped = false;
	return true;
}

bool
watch_next(struct watch *watch, const char **data, size_t *length, struct err *err)
{
	if (err != NULL)
		err->code = ERR_NONE;
	if (!watch->started) {
		buf_clear(&watch->event);
		if (!skip_to_document(watch, data, length, err))
			return false;
	}

	const char *from = *data;
	bool whole = false;
	while (*length > 0 && !whole) {
		whole = scan_byte(watch, **data);
		(*data)++;
		(*length)--;
		if (watch->depth > WATCH_DEPTH_MAX)
			return err_set(
				err, ERR_REJECTED,
				"A change is nested deeper than %d levels; the list is read again.",
				WATCH_DEPTH_MAX);
	}
	if (!buf_add(&watch->event, from, (size_t)(*data - from)))
		return err_set(err, ERR_REJECTED,
			       "A change is larger than 16 MiB, which no object of Kubernetes is; "
			       "the list is read again.");
	watch->started = !whole;
	return whole;
}
