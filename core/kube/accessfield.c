#include "core/kube/accessfield.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"

#define PEM_CAP (4 * BUF_MIB)

const char *
accessfield_text(struct arena *arena, const struct json *object, const char *key)
{
	const struct json *value = json_get(object, key);

	if (json_type(value) == JSON_BOOL)
		return json_bool(value, false) ? "true" : "false";
	const char *text = json_string(value);
	return text != NULL && *text != '\0' ? arena_string(arena, text) : NULL;
}

bool
accessfield_bool(const struct accessfield_place *at, const char *key, bool *value, struct err *err)
{
	const struct json *field = json_get(at->entry, key);

	*value = json_bool(field, false);
	if (json_type(field) == JSON_BOOL || json_type(field) == JSON_NULL)
		return true;
	return err_set(err, ERR_INPUT, "The field %s of %s must be true or false, without quotes.",
		       key, at->place);
}

const char *
accessfield_path(struct arena *arena, const struct accessfield_place *at, const char *path)
{
	struct buf resolved;

	if (path == NULL || *path == '/' || *at->origin == '\0')
		return arena_string(arena, path);
	buf_init(&resolved, 8 * BUF_KIB);
	file_beside(&resolved, at->origin, path);
	const char *kept = arena_bytes(arena, resolved.bytes, resolved.length);
	buf_release(&resolved);
	return kept;
}

bool
accessfield_file(const char *path, size_t cap, struct buf *out, struct err *err)
{
	if (file_read(path, cap, out, err))
		return true;
	if (err != NULL)
		err->code = ERR_INPUT;
	return false;
}

bool
accessfield_pem(struct arena *arena, const struct accessfield_place *at, const char *key,
		struct buf *out, const char **file, struct err *err)
{
	const char *data_key = arena_printf(arena, "%s-data", key);
	const char *path = accessfield_text(arena, at->entry, key);
	const char *data = json_string(json_get(at->entry, data_key));

	*file = NULL;
	if (data != NULL && *data == '\0')
		data = NULL;
	if (path != NULL && data != NULL)
		return err_set(err, ERR_INPUT, "%s and %s are both given for %s. Keep one.", key,
			       data_key, at->place);
	if (path == NULL && data == NULL)
		return true;
	buf_release(out);
	buf_init(out, PEM_CAP);
	if (data != NULL) {
		if (!text_base64_decode(out, data, strlen(data)))
			return err_set(err, ERR_INPUT,
				       "%s of %s is not base64. Copy it again from its source.",
				       data_key, at->place);
		return true;
	}
	*file = accessfield_path(arena, at, path);
	return accessfield_file(*file, PEM_CAP, out, err) ||
	       err_wrap(err, "%s of %s", key, at->place);
}

bool
accessfield_is_header(const char *text, size_t length)
{
	return memchr(text, '\r', length) == NULL && memchr(text, '\n', length) == NULL &&
	       memchr(text, '\0', length) == NULL;
}
