#include "core/migrate/lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"

#define MARK   "poolshift/process"
#define FROZEN "poolshift/frozen" /* a JSON object: by, reason, since */

static void
copy(char *to, size_t size, const char *from)
{
	struct buf clean;

	if (from == NULL)
		from = "";
	buf_init(&clean, 4 * BUF_KIB);
	text_clean(&clean, from, strnlen(from, size - 1));
	/* Cleaning may make it longer; a cut must not leave half a character. */
	size_t length = clean.length < size ? clean.length : size - 1;
	while (length < clean.length && length > 0 &&
	       ((unsigned char)clean.bytes[length] & 0xC0) == 0x80)
		length--;
	memcpy(to, clean.bytes != NULL ? clean.bytes : "", length);
	to[length] = '\0';
	buf_release(&clean);
}

static int64_t
time_at(const struct json *json, const char *key)
{
	const char *text = json_string(json_get(json, key));
	int64_t wall = 0;

	return text != NULL && clock_parse_rfc3339(text, &wall) ? wall : 0;
}

/* What a person wrote by hand freezes as well: anything but an empty text. */
static void
read_freeze(const char *text, struct lease *out)
{
	struct json *said;

	if (text == NULL || *text == '\0')
		return;
	out->frozen = true;
	said = json_parse(text, strlen(text), NULL);
	if (json_type(said) == JSON_OBJECT) {
		copy(out->frozen_by, sizeof out->frozen_by, json_string_at(said, "by"));
		copy(out->frozen_reason, sizeof out->frozen_reason, json_string_at(said, "reason"));
		out->frozen_at = time_at(said, "since");
	} else {
		copy(out->frozen_reason, sizeof out->frozen_reason, text);
	}
	json_free(said);
}

void
lease_read(const struct json *object, struct lease *out)
{
	const struct json *spec = json_get(object, "spec"),
			  *notes = json_at(object, "metadata.annotations");

	*out = (struct lease){ .there = object != NULL };
	if (object == NULL)
		return;
	copy(out->uid, sizeof out->uid, json_string_at(object, "metadata.uid"));
	copy(out->version, sizeof out->version, json_string_at(object, "metadata.resourceVersion"));
	copy(out->holder, sizeof out->holder, json_string_at(spec, "holderIdentity"));
	copy(out->mark, sizeof out->mark, json_string(json_get(notes, MARK)));
	out->acquired = time_at(spec, "acquireTime");
	out->renewed = time_at(spec, "renewTime");
	out->lasts = json_integer_at(spec, "leaseDurationSeconds", LEASE_LASTS / SECOND) * SECOND;
	out->changes = json_integer_at(spec, "leaseTransitions", 0);
	out->has_spec = json_type(spec) == JSON_OBJECT;
	out->has_annotations = json_type(notes) == JSON_OBJECT;
	read_freeze(json_string(json_get(notes, FROZEN)), out);
}

enum lease_standing
lease_standing(const struct lease *lease, const struct lease_self *self, int64_t wall)
{
	if (!lease->there || lease->holder[0] == '\0')
		return LEASE_FREE;
	if (strcmp(lease->holder, self->name) == 0 && strcmp(lease->mark, self->mark) == 0)
		return LEASE_OURS;
	return wall - lease->renewed < lease->lasts ? LEASE_HELD : LEASE_LAPSED;
}

static void
add_since(int64_t wall, const char *before, const char *after, struct buf *out)
{
	char time[CLOCK_RFC3339_MAX];

	if (wall == 0)
		return;
	clock_rfc3339(wall, false, time);
	buf_printf(out, "%s%s%s", before, time, after);
}

static const char *
give(struct buf *out, char *text, size_t size)
{
	snprintf(text, size, "%s", out->bytes);
	buf_release(out);
	return text;
}

const char *
lease_say_holder(const struct lease *lease, char *text, size_t size)
{
	struct buf out;

	buf_init(&out, 2 * BUF_KIB);
	buf_puts(&out, lease->holder);
	add_since(lease->acquired, " (since ", ")", &out);
	return give(&out, text, size);
}

const char *
lease_say_freeze(const struct lease *lease, char *text, size_t size)
{
	struct buf out;

	buf_init(&out, 4 * BUF_KIB);
	buf_printf(&out, "Writing to this cluster is frozen%s%s",
		   lease->frozen_by[0] != '\0' ? " by " : "", lease->frozen_by);
	add_since(lease->frozen_at, " since ", "", &out);
	if (lease->frozen_reason[0] != '\0')
		buf_printf(&out, ": %s", lease->frozen_reason);
	return give(&out, text, size);
}

static void
print(struct json *json, struct buf *out)
{
	json_print(json, out);
	json_free(json);
}

static struct json *
time_of(int64_t wall)
{
	char text[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, true, text);
	return json_new_string(text);
}

static struct json *
new_lease(struct json **annotations)
{
	struct json *json = json_new_object(), *metadata;

	json_set_string(json, "apiVersion", LEASE_GROUP "/" LEASE_VERSION);
	json_set_string(json, "kind", "Lease");
	metadata = json_set_object(json, "metadata");
	json_set_string(metadata, "name", LEASE_NAME);
	json_set_string(metadata, "namespace", LEASE_NS);
	*annotations = json_set_object(metadata, "annotations");
	return json;
}

static char *
freeze_text(const struct lease_self *self, const char *reason, int64_t wall)
{
	struct json *said = json_new_object();
	char *text;

	json_set_string(said, "by", self->name);
	json_set_string(said, "reason", reason);
	json_set(said, "since", time_of(wall));
	text = json_text(said);
	json_free(said);
	return text;
}

void
lease_write_new(const struct lease_self *self, int64_t wall, struct buf *out)
{
	struct json *notes, *lease = new_lease(&notes), *spec = json_set_object(lease, "spec");

	json_set_string(notes, MARK, self->mark);
	json_set_string(spec, "holderIdentity", self->name);
	json_set_integer(spec, "leaseDurationSeconds", LEASE_LASTS / SECOND);
	json_set(spec, "acquireTime", time_of(wall));
	json_set(spec, "renewTime", time_of(wall));
	json_set_integer(spec, "leaseTransitions", 0);
	print(lease, out);
}

void
lease_write_new_frozen(const struct lease_self *self, const char *reason, int64_t wall,
		       struct buf *out)
{
	struct json *notes, *lease = new_lease(&notes);
	char *text = freeze_text(self, reason, wall);

	json_set_string(notes, FROZEN, text);
	json_set_object(lease, "spec");
	free(text);
	print(lease, out);
}

/* `add` sets what is there as well (RFC 6902 §4.1). */
static void
add(struct json *patch, const char *path, struct json *value)
{
	struct json *operation = json_append(patch, json_new_object());

	json_set_string(operation, "op", "add");
	json_set_string(operation, "path", path);
	json_set(operation, "value", value);
}

static void
add_note(struct json *patch, const struct lease *lease, const char *path, const char *text)
{
	if (!lease->has_annotations)
		add(patch, "/metadata/annotations", json_new_object());
	add(patch, path, json_new_string(text));
}

void
lease_write_take(const struct lease *lease, const struct lease_self *self, int64_t wall,
		 struct buf *out)
{
	struct json *patch = json_new_array();

	if (!lease->has_spec)
		add(patch, "/spec", json_new_object());
	add(patch, "/spec/holderIdentity", json_new_string(self->name));
	add(patch, "/spec/leaseDurationSeconds", json_new_integer(LEASE_LASTS / SECOND));
	add(patch, "/spec/acquireTime", time_of(wall));
	add(patch, "/spec/renewTime", time_of(wall));
	add(patch, "/spec/leaseTransitions", json_new_integer(lease->changes + 1));
	add_note(patch, lease, "/metadata/annotations/poolshift~1process", self->mark);
	print(patch, out);
}

void
lease_write_renew(int64_t wall, struct buf *out)
{
	struct json *patch = json_new_array();

	add(patch, "/spec/renewTime", time_of(wall));
	print(patch, out);
}

void
lease_write_release(int64_t wall, struct buf *out)
{
	struct json *patch = json_new_array();

	add(patch, "/spec/holderIdentity", json_new_string(""));
	add(patch, "/spec/renewTime", time_of(wall));
	print(patch, out);
}

void
lease_write_freeze(const struct lease *lease, const struct lease_self *self, const char *reason,
		   int64_t wall, struct buf *out)
{
	struct json *patch = json_new_array();
	char *text = freeze_text(self, reason, wall);

	add_note(patch, lease, "/metadata/annotations/poolshift~1frozen", text);
	free(text);
	print(patch, out);
}

void
lease_write_thaw(struct buf *out)
{
	struct json *patch = json_new_array(), *operation = json_append(patch, json_new_object());

	json_set_string(operation, "op", "remove");
	json_set_string(operation, "path", "/metadata/annotations/poolshift~1frozen");
	print(patch, out);
}
