#include "core/demo/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

#define MESSAGE_CAP (256 * BUF_KIB)

void
status_init(struct status *status)
{
	*status = (struct status){ .reason = "" };
	buf_init(&status->message, MESSAGE_CAP);
}

void
status_release(struct status *status)
{
	buf_release(&status->message);
	json_free(status->details);
	json_free(status->causes);
	free((char *)(uintptr_t)status->more);
	*status = (struct status){ 0 };
}

static bool __attribute__((format(printf, 4, 0)))
set_message(struct status *status, int code, const char *reason, const char *format, va_list args)
{
	status->code = code;
	status->reason = reason;
	buf_clear(&status->message);
	buf_vprintf(&status->message, format, args);
	return false;
}

bool
status_set(struct status *status, int code, const char *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_message(status, code, reason, format, args);
	va_end(args);
	return false;
}

void
status_about(struct status *status, const char *name, const char *group, const char *kind)
{
	if (!status->details)
		status->details = json_new_object();
	if (name && *name)
		json_set_string(status->details, "name", name);
	if (group && *group)
		json_set_string(status->details, "group", group);
	if (kind && *kind)
		json_set_string(status->details, "kind", kind);
}

void
status_cause(struct status *status, const char *reason, const char *field, const char *format, ...)
{
	struct json *cause = json_new_object();
	struct buf text;
	va_list args;

	buf_init(&text, MESSAGE_CAP);
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	json_set_string(cause, "reason", reason);
	json_set_string(cause, "message", text.bytes);
	if (*field)
		json_set_string(cause, "field", field);
	buf_release(&text);
	if (!status->causes)
		status->causes = json_new_array();
	json_append(status->causes, cause);
}

bool
status_bad_request(struct status *status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_message(status, 400, "BadRequest", format, args);
	va_end(args);
	return false;
}

const char *
status_qualified(char *text, size_t size, const char *resource, const char *group)
{
	snprintf(text, size, "%s%s%s", resource, *group ? "." : "", group);
	return text;
}

bool
status_not_found(struct status *status, const char *group, const char *resource, const char *name)
{
	char full[600];

	status_about(status, name, group, resource);
	return status_set(status, 404, "NotFound", "%s \"%s\" not found",
			  status_qualified(full, sizeof(full), resource, group), name);
}

bool
status_no_such_path(struct status *status)
{
	status_set(status, 404, "NotFound", "404 page not found\n");
	status->plain = true;
	return false;
}

bool
status_exists(struct status *status, const char *group, const char *resource, const char *name,
	      bool deleting)
{
	char full[600];

	status_qualified(full, sizeof(full), resource, group);
	status_about(status, name, group, resource);
	if (deleting)
		return status_set(status, 409, "AlreadyExists",
				  "object is being deleted: %s \"%s\" already exists", full, name);
	return status_set(status, 409, "AlreadyExists", "%s \"%s\" already exists", full, name);
}

bool
status_conflict(struct status *status, const char *group, const char *resource, const char *name,
		const char *format, ...)
{
	struct buf why;
	va_list args;
	char full[600];

	buf_init(&why, MESSAGE_CAP);
	va_start(args, format);
	buf_vprintf(&why, format, args);
	va_end(args);
	status_about(status, name, group, resource);
	status_set(status, 409, "Conflict", "Operation cannot be fulfilled on %s \"%s\": %s",
		   status_qualified(full, sizeof(full), resource, group), name, why.bytes);
	buf_release(&why);
	return false;
}

bool
status_stale(struct status *status, const char *group, const char *resource, const char *name)
{
	return status_conflict(status, group, resource, name,
			       "the object has been modified; please apply your changes to the "
			       "latest version and try again");
}

bool
status_not_allowed(struct status *status)
{
	status_about(status, NULL, NULL, NULL);
	return status_set(status, 405, "MethodNotAllowed",
			  "the server does not allow this method on the requested resource");
}

bool
status_expired(struct status *status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_message(status, 410, "Expired", format, args);
	va_end(args);
	return false;
}

static void
join_causes(const struct status *status, struct buf *out)
{
	size_t count = json_count(status->causes);

	if (count > 1)
		buf_putc(out, '[');
	for (const struct json *c = json_first(status->causes); c; c = json_next(c)) {
		if (c != json_first(status->causes))
			buf_puts(out, ", ");
		buf_printf(out, "%s: %s", json_string_at(c, "field"), json_string_at(c, "message"));
	}
	if (count > 1)
		buf_putc(out, ']');
}

bool
status_invalid(struct status *status, const char *group, const char *kind, const char *name)
{
	struct buf text;
	char full[600];

	if (json_count(status->causes) == 0)
		return false;
	buf_init(&text, MESSAGE_CAP);
	join_causes(status, &text);
	status_about(status, name, group, kind);
	status_set(status, 422, "Invalid", "%s \"%s\" is invalid: %s",
		   status_qualified(full, sizeof(full), kind, group), name ? name : "", text.bytes);
	buf_release(&text);
	return true;
}

struct json *
status_json(const struct status *status)
{
	struct json *json = json_new_object();
	struct json *metadata;

	json_set_string(json, "kind", "Status");
	json_set_string(json, "apiVersion", "v1");
	metadata = json_set_object(json, "metadata");
	json_set_string(metadata, "continue", status->more);
	json_set_string(json, "status", "Failure");
	json_set_string(json, "message", status->message.bytes);
	if (*status->reason)
		json_set_string(json, "reason", status->reason);
	if (status->details || status->causes || status->retry) {
		struct json *details =
			status->details ? json_clone(status->details) : json_new_object();

		if (status->causes)
			json_set(details, "causes", json_clone(status->causes));
		if (status->retry)
			json_set_integer(details, "retryAfterSeconds", status->retry);
		json_set(json, "details", details);
	}
	json_set_integer(json, "code", status->code);
	return json;
}

bool
status_err(const struct status *status, struct err *err)
{
	enum err_code code = ERR_REJECTED;

	if (status->code == 404)
		code = ERR_MISSING;
	else if (status->code == 409)
		code = ERR_CONFLICT;
	else if (status->code == 403)
		code = ERR_DENIED;
	else if (status->code == 410)
		code = ERR_EXPIRED;
	return err_set(err, code, "%s", status->message.bytes);
}
