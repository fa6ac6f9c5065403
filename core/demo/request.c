#include "core/demo/request.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/demo/proto.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void
request_decode(char *text, bool plus_is_space)
{
	char *out = text;

	for (; *text; text++) {
		if (*text == '%' && hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
			*out++ = (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
			text += 2;
		} else {
			*out++ = *text == '+' && plus_is_space ? ' ' : *text;
		}
	}
	*out = '\0';
}

static void
read_query(struct request *request, char *query)
{
	char *rest = NULL;

	for (char *part = strtok_r(query, "&", &rest);
	     part && request->parameter_count < REQUEST_PARAMETERS;
	     part = strtok_r(NULL, "&", &rest)) {
		char *value = strchr(part, '=');

		if (value)
			*value++ = '\0';
		else
			value = part + strlen(part);
		request_decode(part, true);
		request_decode(value, true);
		request->parameters[request->parameter_count].name = part;
		request->parameters[request->parameter_count++].value = value;
	}
}

static bool
read_segments(struct request *request, char *path)
{
	char *rest = NULL;

	for (char *part = strtok_r(path, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
		if (request->segment_count == REQUEST_SEGMENTS)
			return false;
		request_decode(part, false);
		request->segments[request->segment_count++] = part;
	}
	return true;
}

static const char *
segment(const struct request *request, size_t at)
{
	return at < request->segment_count ? request->segments[at] : NULL;
}

/* /api/v1/..., /apis/G/V/...: [namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]]. */
static void
read_resource(struct request *request)
{
	size_t at;

	if (text_equal(segment(request, 0), "api") && request->segment_count > 2) {
		request->group = "";
		request->version = request->segments[1];
		at = 2;
	} else if (text_equal(segment(request, 0), "apis") && request->segment_count > 3) {
		request->group = request->segments[1];
		request->version = request->segments[2];
		at = 3;
	} else {
		return;
	}
	request->resource_path = true;
	if (text_equal(segment(request, at), "namespaces") && segment(request, at + 2) &&
	    !(*request->group == '\0' && (text_equal(segment(request, at + 2), "status") ||
					  text_equal(segment(request, at + 2), "finalize")))) {
		request->namespace = request->segments[at + 1];
		at += 2;
	}
	request->resource = request->segments[at];
	request->name = segment(request, at + 1);
	request->subresource = segment(request, at + 2) ? segment(request, at + 2) : "";
}

static const char *
verb_of(const struct request *request)
{
	const char *method = request->wire->method;

	if (text_equal(method, "GET") || text_equal(method, "HEAD")) {
		if (request_flag(request, "watch"))
			return "watch";
		return request->name ? "get" : "list";
	}
	if (text_equal(method, "POST"))
		return "create";
	if (text_equal(method, "PUT"))
		return "update";
	if (text_equal(method, "PATCH"))
		return "patch";
	if (text_equal(method, "DELETE"))
		return request->name ? "delete" : "deletecollection";
	return NULL;
}

bool
request_read(struct request *request, const struct demo_request *wire)
{
	char *query;
	bool good;

	*request = (struct request){ .wire = wire, .subresource = "" };
	request->pieces = die_strdup(wire->target);
	query = strchr(request->pieces, '?');
	if (query)
		*query++ = '\0';
	request->path = die_strdup(request->pieces);
	request_decode(request->path, false);
	good = read_segments(request, request->pieces);
	if (query)
		read_query(request, query);
	if (good)
		read_resource(request);
	request->verb = verb_of(request);
	return good;
}

void
request_release(struct request *request)
{
	free(request->path);
	free(request->pieces);
	*request = (struct request){ 0 };
}

const char *
request_parameter(const struct request *request, const char *name)
{
	for (size_t i = 0; i < request->parameter_count; i++) {
		if (text_equal(request->parameters[i].name, name))
			return request->parameters[i].value;
	}
	return NULL;
}

bool
request_flag(const struct request *request, const char *name)
{
	const char *value = request_parameter(request, name);

	return value && !text_equal(value, "0") && strcasecmp(value, "false") != 0;
}

bool
request_dry_run(const struct request *request, bool *dry_run, struct status *status)
{
	const char *value = request_parameter(request, "dryRun");

	*dry_run = text_equal(value, "All");
	if (!value || *dry_run)
		return true;
	status_cause(status, "FieldValueNotSupported", "dryRun",
		     "Unsupported value: [\"%s\"]: supported values: \"All\"", value);
	status_invalid(status, "meta.k8s.io", "CreateOptions", "");
	return false;
}

void
request_manager(const struct request *request, char manager[129])
{
	const char *name = request_parameter(request, "fieldManager");
	size_t length;

	if (name && *name) {
		snprintf(manager, 129, "%s", name);
		return;
	}
	name = request->wire->user_agent && *request->wire->user_agent ? request->wire->user_agent
								       : "unknown";
	length = strcspn(name, "/");
	snprintf(manager, 129, "%.*s", (int)length, name);
}

void
request_content_type(const struct request *request, char type[100])
{
	const char *from = request->wire->content_type ? request->wire->content_type : "";
	size_t length = strcspn(from, "; ");

	snprintf(type, 100, "%.*s", (int)length, from);
	for (char *c = type; *c; c++)
		*c = (char)tolower((unsigned char)*c);
}

struct json *
request_body(const struct request *request, struct status *status)
{
	const char *body = request->wire->body ? request->wire->body : "";
	size_t length = request->wire->body_length;
	struct err err = { 0 };
	struct json *object;
	char type[100];

	request_content_type(request, type);
	if (text_equal(type, "application/yaml") ||
	    text_equal(type, "application/apply-patch+yaml"))
		object = yaml_parse(body, length, "the body", YAML_TYPED, &err);
	else if (text_equal(type, PROTO_TYPE))
		object = proto_parse(body, length);
	else
		object = json_parse(body, length, &err);
	if (!object) {
		status_bad_request(status,
				   "the object provided is unrecognized (must be of type Object): "
				   "couldn't get version/kind; json parse "
				   "error: %s",
				   err.text);
		return NULL;
	}
	if (json_type(object) == JSON_OBJECT)
		return object;
	json_free(object);
	status_bad_request(status, "the object provided is unrecognized (must be of type Object)");
	return NULL;
}
