#include "core/demo/proto.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/die.h"
#include "core/base/text.h"

#define DEPTH_MAX 20
#define BYTES_CAP (4 * BUF_MIB)

enum type { TEXT, NUMBER, TRUTH, MESSAGE, TEXT_MAP, BYTES_MAP, NUMBER_OR_TEXT };

struct message;

struct field {
	uint64_t number;
	const char *name;
	enum type type;
	bool many;
	const struct message *message;
};

struct message {
	const struct field *fields; /* ended by number 0 */
};

#define FIELDS(...)                 \
	(const struct field[])      \
	{                           \
		__VA_ARGS__,        \
		{                   \
			.number = 0 \
		}                   \
	}

static const struct message meta = { FIELDS(
	{ 1, "name", TEXT, false, NULL }, { 2, "generateName", TEXT, false, NULL },
	{ 3, "namespace", TEXT, false, NULL }, { 5, "uid", TEXT, false, NULL },
	{ 6, "resourceVersion", TEXT, false, NULL }, { 11, "labels", TEXT_MAP, false, NULL },
	{ 12, "annotations", TEXT_MAP, false, NULL }, { 14, "finalizers", TEXT, true, NULL }) };

#define METADATA                                     \
	{                                            \
		1, "metadata", MESSAGE, false, &meta \
	}

static const struct message reference = { FIELDS({ 1, "name", TEXT, false, NULL }) };
static const struct message port = { FIELDS(
	{ 1, "name", TEXT, false, NULL }, { 2, "hostPort", NUMBER, false, NULL },
	{ 3, "containerPort", NUMBER, false, NULL }, { 4, "protocol", TEXT, false, NULL }) };
static const struct message variable = { FIELDS({ 1, "name", TEXT, false, NULL },
						{ 2, "value", TEXT, false, NULL }) };
static const struct message container = { FIELDS(
	{ 1, "name", TEXT, false, NULL }, { 2, "image", TEXT, false, NULL },
	{ 3, "command", TEXT, true, NULL }, { 4, "args", TEXT, true, NULL },
	{ 5, "workingDir", TEXT, false, NULL }, { 6, "ports", MESSAGE, true, &port },
	{ 7, "env", MESSAGE, true, &variable }, { 14, "imagePullPolicy", TEXT, false, NULL }) };
static const struct message pod_spec = { FIELDS(
	{ 2, "containers", MESSAGE, true, &container }, { 3, "restartPolicy", TEXT, false, NULL },
	{ 7, "nodeSelector", TEXT_MAP, false, NULL },
	{ 8, "serviceAccountName", TEXT, false, NULL }, { 10, "nodeName", TEXT, false, NULL },
	{ 20, "initContainers", MESSAGE, true, &container }) };
static const struct message pod_template = { FIELDS(METADATA,
						    { 2, "spec", MESSAGE, false, &pod_spec }) };
static const struct message label_selector = { FIELDS(
	{ 1, "matchLabels", TEXT_MAP, false, NULL }) };
static const struct message deployment_spec = { FIELDS(
	{ 1, "replicas", NUMBER, false, NULL }, { 2, "selector", MESSAGE, false, &label_selector },
	{ 3, "template", MESSAGE, false, &pod_template }) };
static const struct message service_port = { FIELDS(
	{ 1, "name", TEXT, false, NULL }, { 2, "protocol", TEXT, false, NULL },
	{ 3, "port", NUMBER, false, NULL }, { 4, "targetPort", NUMBER_OR_TEXT, false, NULL },
	{ 6, "appProtocol", TEXT, false, NULL }) };
static const struct message service_spec = { FIELDS(
	{ 1, "ports", MESSAGE, true, &service_port }, { 2, "selector", TEXT_MAP, false, NULL },
	{ 3, "clusterIP", TEXT, false, NULL }, { 4, "type", TEXT, false, NULL },
	{ 10, "externalName", TEXT, false, NULL }) };
static const struct message access_attributes = { FIELDS(
	{ 1, "namespace", TEXT, false, NULL }, { 2, "verb", TEXT, false, NULL },
	{ 3, "group", TEXT, false, NULL }, { 4, "version", TEXT, false, NULL },
	{ 5, "resource", TEXT, false, NULL }, { 6, "subresource", TEXT, false, NULL },
	{ 7, "name", TEXT, false, NULL }) };
static const struct message path_attributes = { FIELDS({ 1, "path", TEXT, false, NULL },
						       { 2, "verb", TEXT, false, NULL }) };
static const struct message access_spec = { FIELDS(
	{ 1, "resourceAttributes", MESSAGE, false, &access_attributes },
	{ 2, "nonResourceAttributes", MESSAGE, false, &path_attributes }) };
static const struct message rules_spec = { FIELDS({ 1, "namespace", TEXT, false, NULL }) };
static const struct message rule = { FIELDS(
	{ 1, "verbs", TEXT, true, NULL }, { 2, "apiGroups", TEXT, true, NULL },
	{ 3, "resources", TEXT, true, NULL }, { 4, "resourceNames", TEXT, true, NULL },
	{ 5, "nonResourceURLs", TEXT, true, NULL }) };
static const struct message role_reference = { FIELDS({ 1, "apiGroup", TEXT, false, NULL },
						      { 2, "kind", TEXT, false, NULL },
						      { 3, "name", TEXT, false, NULL }) };
static const struct message subject = { FIELDS(
	{ 1, "kind", TEXT, false, NULL }, { 2, "apiGroup", TEXT, false, NULL },
	{ 3, "name", TEXT, false, NULL }, { 4, "namespace", TEXT, false, NULL }) };

static const struct message type_meta = { FIELDS({ 1, "apiVersion", TEXT, false, NULL },
						 { 2, "kind", TEXT, false, NULL }) };
static const struct message plain = { FIELDS(METADATA) };
static const struct message config_map = { FIELDS(METADATA, { 2, "data", TEXT_MAP, false, NULL },
						  { 3, "binaryData", BYTES_MAP, false, NULL }) };
static const struct message secret = { FIELDS(METADATA, { 2, "data", BYTES_MAP, false, NULL },
					      { 3, "type", TEXT, false, NULL },
					      { 4, "stringData", TEXT_MAP, false, NULL }) };
static const struct message account = { FIELDS(
	METADATA, { 3, "imagePullSecrets", MESSAGE, true, &reference }) };
static const struct message pod = { FIELDS(METADATA, { 2, "spec", MESSAGE, false, &pod_spec }) };
static const struct message service = { FIELDS(METADATA,
					       { 2, "spec", MESSAGE, false, &service_spec }) };
static const struct message deployment = { FIELDS(
	METADATA, { 2, "spec", MESSAGE, false, &deployment_spec }) };
static const struct message access_review = { FIELDS(METADATA,
						     { 2, "spec", MESSAGE, false, &access_spec }) };
static const struct message rules_review = { FIELDS(METADATA,
						    { 2, "spec", MESSAGE, false, &rules_spec }) };
static const struct message role = { FIELDS(METADATA, { 2, "rules", MESSAGE, true, &rule }) };
static const struct message preconditions = { FIELDS({ 1, "uid", TEXT, false, NULL },
						     { 2, "resourceVersion", TEXT, false, NULL }) };
static const struct message delete_options = { FIELDS(
	{ 1, "gracePeriodSeconds", NUMBER, false, NULL },
	{ 2, "preconditions", MESSAGE, false, &preconditions },
	{ 3, "orphanDependents", TRUTH, false, NULL },
	{ 4, "propagationPolicy", TEXT, false, NULL }, { 5, "dryRun", TEXT, true, NULL }) };
static const struct message binding = { FIELDS(METADATA, { 2, "subjects", MESSAGE, true, &subject },
					       { 3, "roleRef", MESSAGE, false, &role_reference }) };

static const struct {
	const char *kind;
	const struct message *message;
} kinds[] = {
	{ "Namespace", &plain },
	{ "ConfigMap", &config_map },
	{ "Secret", &secret },
	{ "ServiceAccount", &account },
	{ "Pod", &pod },
	{ "Service", &service },
	{ "Deployment", &deployment },
	{ "SelfSubjectReview", &plain },
	{ "SelfSubjectAccessReview", &access_review },
	{ "SelfSubjectRulesReview", &rules_review },
	{ "Role", &role },
	{ "ClusterRole", &role },
	{ "RoleBinding", &binding },
	{ "ClusterRoleBinding", &binding },
	{ "DeleteOptions", &delete_options },
};

struct wire {
	const char *at, *end;
	uint64_t number;   /* of the field read last */
	uint64_t value;    /* of a varint */
	const char *bytes; /* of a field with a length, else NULL */
	size_t length;
};

static bool
read_varint(struct wire *wire, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 64 && wire->at < wire->end; shift += 7) {
		unsigned char byte = (unsigned char)*wire->at++;

		*value |= (uint64_t)(byte & 0x7F) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* The next field; false at the end or where the bytes make no sense. */
static bool
read_field(struct wire *wire)
{
	uint64_t tag, length;

	if (wire->at >= wire->end || !read_varint(wire, &tag))
		return false;
	wire->number = tag >> 3;
	wire->bytes = NULL;
	wire->length = 0;
	switch (tag & 7) {
	case 0:
		return read_varint(wire, &wire->value);
	case 1:
	case 5:
		length = (tag & 7) == 1 ? 8 : 4;
		break;
	case 2:
		if (!read_varint(wire, &length))
			return false;
		break;
	default:
		return false;
	}
	if (length > (uint64_t)(wire->end - wire->at))
		return false;
	wire->bytes = wire->at;
	wire->length = (size_t)length;
	wire->at += length;
	return true;
}

static struct json *
text_of(const char *bytes, size_t length)
{
	char *copy = die_alloc(length + 1);
	struct json *json;

	memcpy(copy, bytes, length);
	json = json_new_string(copy);
	free(copy);
	return json;
}

static struct json *
base64_of(const char *bytes, size_t length)
{
	struct json *json;
	struct buf text;

	buf_init(&text, BYTES_CAP);
	text_base64_encode(&text, bytes, length);
	json = json_new_string(text.bytes);
	buf_release(&text);
	return json;
}

static void
read_entry(const struct wire *from, bool bytes, struct json *map)
{
	struct wire wire = { .at = from->bytes, .end = from->bytes + from->length };
	struct json *key = NULL, *value = NULL;

	while (read_field(&wire)) {
		if (wire.number == 1 && wire.bytes && !key)
			key = text_of(wire.bytes, wire.length);
		else if (wire.number == 2 && wire.bytes && !value)
			value = bytes ? base64_of(wire.bytes, wire.length)
				      : text_of(wire.bytes, wire.length);
	}
	if (key)
		json_set(map, json_string(key), value ? value : json_new_string(""));
	else
		json_free(value);
	json_free(key);
}

static struct json *
number_or_text(const struct wire *from)
{
	struct wire wire = { .at = from->bytes, .end = from->bytes + from->length };
	struct json *json = NULL;
	uint64_t type = 0, number = 0;

	while (read_field(&wire)) {
		if (wire.number == 1)
			type = wire.value;
		else if (wire.number == 2)
			number = wire.value;
		else if (wire.number == 3 && wire.bytes && type == 1 && !json)
			json = text_of(wire.bytes, wire.length);
	}
	if (json || type != 0 || number == 0)
		return json;
	return json_new_integer((int32_t)number);
}

static struct json *
read_message(const struct message *message, const char *bytes, size_t length, int depth);

/* NULL for what JSON would leave out: an empty text, false. */
static struct json *
value_of(const struct field *field, const struct wire *wire, int depth)
{
	switch (field->type) {
	case TEXT:
		return wire->bytes && (wire->length > 0 || field->many)
			       ? text_of(wire->bytes, wire->length)
			       : NULL;
	case NUMBER:
		return json_new_integer((int64_t)wire->value);
	case TRUTH:
		return wire->value ? json_new_bool(true) : NULL;
	case MESSAGE:
		return wire->bytes ? read_message(field->message, wire->bytes, wire->length, depth)
				   : NULL;
	case NUMBER_OR_TEXT:
		return wire->bytes ? number_or_text(wire) : NULL;
	case TEXT_MAP:
	case BYTES_MAP:
		break;
	}
	return NULL;
}

static void
take_field(const struct field *field, const struct wire *wire, struct json *object, int depth)
{
	struct json *value;

	if (field->type == TEXT_MAP || field->type == BYTES_MAP) {
		if (wire->bytes)
			read_entry(wire, field->type == BYTES_MAP,
				   json_set_object(object, field->name));
		return;
	}
	value = value_of(field, wire, depth);
	if (!value)
		return;
	if (field->many)
		json_append(json_set_array(object, field->name), value);
	else
		json_set(object, field->name, value);
}

static struct json *
read_message(const struct message *message, const char *bytes, size_t length, int depth)
{
	struct wire wire = { .at = bytes, .end = bytes + length };
	struct json *object;

	if (depth > DEPTH_MAX)
		return NULL;
	object = json_new_object();
	while (read_field(&wire)) {
		for (const struct field *field = message->fields; field->number; field++) {
			if (field->number == wire.number)
				take_field(field, &wire, object, depth + 1);
		}
	}
	return object;
}

/* The envelope: "k8s\0", then runtime.Unknown {typeMeta {apiVersion, kind}, raw}. */
struct json *
proto_parse(const char *bytes, size_t length)
{
	struct wire wire, raw = { 0 };
	struct json *type = NULL, *object = NULL;

	if (length < 4 || memcmp(bytes, "k8s", 4) != 0)
		return NULL;
	wire = (struct wire){ .at = bytes + 4, .end = bytes + length };
	while (read_field(&wire)) {
		if (wire.number == 1 && wire.bytes && !type)
			type = read_message(&type_meta, wire.bytes, wire.length, 0);
		else if (wire.number == 2)
			raw = wire;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && raw.bytes && !object; i++) {
		if (text_equal(kinds[i].kind, json_string_at(type, "kind")))
			object = read_message(kinds[i].message, raw.bytes, raw.length, 0);
	}
	if (object) {
		json_set_string(object, "apiVersion", json_string_at(type, "apiVersion"));
		json_set_string(object, "kind", json_string_at(type, "kind"));
	}
	json_free(type);
	return object;
}
