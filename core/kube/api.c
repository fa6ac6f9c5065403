#include "core/kube/api.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define PATH_CAP      (16 * BUF_KIB)
#define BODY_CAP      (3 * BUF_MIB) /* the server refuses more (KUBERNETES §4.1) */
#define OBJECT_CAP    (8 * BUF_MIB)
#define LIST_CAP      (32 * BUF_MIB)
#define STREAM_CAP    (16 * BUF_MIB)
#define PATCH_OPS_MAX 10000

#define ACCEPT_METADATA_LIST \
	"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
#define ACCEPT_METADATA \
	"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"
#define ACCEPT_DISCOVERY \
	"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"

void
api_request_release(struct api_request *request)
{
	if (request == NULL)
		return;
	buf_release(&request->path);
	buf_release(&request->body);
	*request = (struct api_request){ 0 };
}

static void
request_init(struct api_request *out, const char *method, enum transport_mode mode, size_t cap)
{
	*out = (struct api_request){
		.request = { .where = TRANSPORT_CLUSTER,
			     .mode = mode,
			     .method = method,
			     .cap = cap },
	};
	buf_init(&out->path, PATH_CAP);
	buf_init(&out->body, BODY_CAP);
}

/* The transport request points into the bufs, so this comes last. */
static bool
request_ready(struct api_request *out, const char *content_type, struct err *err)
{
	if (out->path.full) {
		api_request_release(out);
		return err_set(err, ERR_INPUT,
			       "The address of the request would be longer than 16 KiB.");
	}
	if (out->body.full) {
		api_request_release(out);
		return err_set(
			err, ERR_INPUT,
			"The request would be larger than 3 MiB, the most an API server takes.");
	}
	out->request.path = out->path.bytes;
	if (content_type == NULL)
		return true;
	out->request.content_type = content_type;
	out->request.body = out->body.bytes;
	out->request.body_length = out->body.length;
	return true;
}

static void
add_escaped(struct buf *path, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (isascii(c) && (isalnum(c) || strchr("-._~", c) != NULL))
			buf_putc(path, (char)c);
		else
			buf_printf(path, "%%%02X", c);
	}
}

/* What the server refuses as a path segment, too (KUBERNETES §3.1). */
static bool
add_segment(struct buf *path, const char *role, const char *text, struct err *err)
{
	if (text == NULL || *text == '\0')
		return err_set(err, ERR_INPUT, "A request needs a %s, and it is empty.", role);
	if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0 || strpbrk(text, "/%") != NULL)
		return err_set(err, ERR_INPUT,
			       "\"%.80s\" cannot be a %s: it is a path, not a name.", text, role);
	for (const char *c = text; *c != '\0'; c++)
		if (iscntrl((unsigned char)*c))
			return err_set(err, ERR_INPUT, "A %s holds a control character.", role);
	buf_putc(path, '/');
	add_escaped(path, text);
	return true;
}

static bool
add_collection(struct buf *path, struct api_resource resource, const char *ns, struct err *err)
{
	if (resource.group == NULL || *resource.group == '\0')
		buf_puts(path, "/api");
	else {
		buf_puts(path, "/apis");
		if (!add_segment(path, "API group", resource.group, err))
			return false;
	}
	if (!add_segment(path, "API version", resource.version, err))
		return false;
	if (ns != NULL) {
		buf_puts(path, "/namespaces");
		if (!add_segment(path, "namespace", ns, err))
			return false;
	}
	return add_segment(path, "resource", resource.resource, err);
}

static bool
add_item(struct buf *path, struct api_resource resource, const char *ns, const char *name,
	 struct err *err)
{
	return add_collection(path, resource, ns, err) && add_segment(path, "name", name, err);
}

static void
add_query(struct buf *path, const char *name, const char *value)
{
	buf_putc(path, strchr(path->bytes, '?') == NULL ? '?' : '&');
	buf_puts(path, name);
	buf_putc(path, '=');
	add_escaped(path, value);
}

/* Not for DELETE: a delete's options are in its body, where a query would be ignored (KUBERNETES
 * §0.1). */
static void
add_write_query(struct buf *path, enum api_dry_run dry_run)
{
	add_query(path, "fieldManager", API_FIELD_MANAGER);
	add_query(path, "fieldValidation", "Strict");
	if (dry_run == API_DRY_RUN)
		add_query(path, "dryRun", "All");
}

static bool
fail(struct api_request *out)
{
	api_request_release(out);
	return false;
}

bool
api_get(struct api_request *out, struct api_resource resource, const char *ns, const char *name,
	enum api_view view, struct err *err)
{
	request_init(out, "GET", TRANSPORT_READ, OBJECT_CAP);
	if (!add_item(&out->path, resource, ns, name, err))
		return fail(out);
	if (view == API_METADATA)
		out->request.accept = ACCEPT_METADATA;
	return request_ready(out, NULL, err);
}

bool
api_list(struct api_request *out, struct api_resource resource, const char *ns, enum api_view view,
	 int limit, const char *continue_token, struct err *err)
{
	request_init(out, "GET", TRANSPORT_READ, LIST_CAP);
	if (!add_collection(&out->path, resource, ns, err))
		return fail(out);
	if (view == API_METADATA)
		out->request.accept = ACCEPT_METADATA_LIST;
	if (limit > 0) {
		char number[16];
		snprintf(number, sizeof number, "%d", limit);
		add_query(&out->path, "limit", number);
	}
	out->request.next_page = continue_token != NULL && *continue_token != '\0';
	if (out->request.next_page)
		add_query(&out->path, "continue", continue_token);
	return request_ready(out, NULL, err);
}

bool
api_watch(struct api_request *out, struct api_resource resource, const char *ns, enum api_view view,
	  const char *resource_version, int timeout_seconds, struct err *err)
{
	char number[16];

	request_init(out, "GET", TRANSPORT_STREAM, STREAM_CAP);
	if (!add_collection(&out->path, resource, ns, err))
		return fail(out);
	if (view == API_METADATA)
		out->request.accept = ACCEPT_METADATA;
	add_query(&out->path, "watch", "1");
	add_query(&out->path, "allowWatchBookmarks", "true");
	if (resource_version != NULL && *resource_version != '\0')
		add_query(&out->path, "resourceVersion", resource_version);
	snprintf(number, sizeof number, "%d", timeout_seconds);
	add_query(&out->path, "timeoutSeconds", number);
	return request_ready(out, NULL, err);
}

static struct json *
parse_object(const char *body, size_t length, struct err *err)
{
	struct json *object = json_parse(body, length, err);
	if (object == NULL) {
		err_wrap(err, "The object to write");
		return NULL;
	}
	if (json_type(object) == JSON_OBJECT)
		return object;
	json_free(object);
	err_set(err, ERR_INPUT, "The object to write is not a JSON object.");
	return NULL;
}

bool
api_create(struct api_request *out, struct api_resource resource, const char *ns, const char *body,
	   size_t length, enum api_dry_run dry_run, struct err *err)
{
	request_init(out, "POST", TRANSPORT_WRITE, OBJECT_CAP);
	struct json *object = parse_object(body, length, err);
	if (object == NULL)
		return fail(out);
	/* A name of the server's making could not be looked for after a lost answer (KUBERNETES
	 * §4.6). */
	if (json_string_at(object, "metadata.name") == NULL) {
		json_free(object);
		fail(out);
		return err_set(err, ERR_INPUT,
			       "An object to create must have a name of its own in metadata.name.");
	}
	json_print(object, &out->body);
	json_free(object);
	if (!add_collection(&out->path, resource, ns, err))
		return fail(out);
	add_write_query(&out->path, dry_run);
	return request_ready(out, "application/json", err);
}

static bool
is_guard(const char *resource_version)
{
	return resource_version != NULL && *resource_version != '\0' &&
	       strcmp(resource_version, "0") != 0;
}

bool
api_apply(struct api_request *out, struct api_resource resource, const char *ns, const char *name,
	  const char *body, size_t length, const char *uid, const char *resource_version,
	  bool force, enum api_dry_run dry_run, struct err *err)
{
	request_init(out, "PATCH", TRANSPORT_WRITE, OBJECT_CAP);
	if ((uid != NULL || resource_version != NULL) &&
	    (uid == NULL || *uid == '\0' || !is_guard(resource_version))) {
		fail(out);
		return err_set(err, ERR_INPUT,
			       "An apply to an object that exists needs both its uid and its "
			       "resourceVersion: with the "
			       "resourceVersion alone a deleted object would be made again.");
	}
	struct json *object = parse_object(body, length, err);
	if (object == NULL)
		return fail(out);
	struct json *metadata = json_set_object(object, "metadata");
	json_set_string(metadata, "uid", uid);
	json_set_string(metadata, "resourceVersion", resource_version);
	json_print(object, &out->body);
	json_free(object);

	if (!add_item(&out->path, resource, ns, name, err))
		return fail(out);
	add_write_query(&out->path, dry_run);
	add_query(&out->path, "force", force ? "true" : "false");
	return request_ready(out, "application/apply-patch+yaml", err);
}

static struct json *
replace_operation(const char *path, const char *value)
{
	struct json *operation = json_new_object();
	json_set_string(operation, "op", "replace");
	json_set_string(operation, "path", path);
	json_set_string(operation, "value", value);
	return operation;
}

bool
api_patch(struct api_request *out, struct api_resource resource, const char *ns, const char *name,
	  const char *operations, size_t length, const char *uid, const char *resource_version,
	  enum api_dry_run dry_run, struct err *err)
{
	request_init(out, "PATCH", TRANSPORT_WRITE, OBJECT_CAP);
	if (uid == NULL || *uid == '\0' || !is_guard(resource_version)) {
		fail(out);
		return err_set(err, ERR_INPUT,
			       "A patch needs the uid and the resourceVersion of the object it was "
			       "made for.");
	}
	struct json *array = json_parse(operations, length, err);
	if (array == NULL)
		return fail(out);
	if (json_type(array) != JSON_ARRAY || json_count(array) + 2 > PATCH_OPS_MAX) {
		json_free(array);
		fail(out);
		return err_set(err, ERR_INPUT,
			       "A patch must be a JSON array of at most %d operations.",
			       PATCH_OPS_MAX - 2);
	}
	/* "replace", not "test": a failing test is an anonymous 422 (KUBERNETES §0.7, §4.4). */
	json_insert(array, 0, replace_operation("/metadata/uid", uid));
	json_insert(array, 1, replace_operation("/metadata/resourceVersion", resource_version));
	json_print(array, &out->body);
	json_free(array);

	if (!add_item(&out->path, resource, ns, name, err))
		return fail(out);
	add_write_query(&out->path, dry_run);
	return request_ready(out, "application/json-patch+json", err);
}

bool
api_delete(struct api_request *out, struct api_resource resource, const char *ns, const char *name,
	   const char *uid, const char *resource_version, enum api_dry_run dry_run, struct err *err)
{
	request_init(out, "DELETE", TRANSPORT_WRITE, OBJECT_CAP);
	if (uid == NULL || *uid == '\0') {
		fail(out);
		return err_set(err, ERR_INPUT,
			       "A delete needs the uid of the object that was looked at.");
	}
	struct json *options = json_new_object();
	json_set_string(options, "kind", "DeleteOptions");
	json_set_string(options, "apiVersion", "v1");
	struct json *preconditions = json_set_object(options, "preconditions");
	json_set_string(preconditions, "uid", uid);
	json_set_string(preconditions, "resourceVersion", resource_version);
	json_set_string(options, "propagationPolicy", "Background");
	if (dry_run == API_DRY_RUN)
		json_append(json_set_array(options, "dryRun"), json_new_string("All"));
	json_print(options, &out->body);
	json_free(options);

	if (!add_item(&out->path, resource, ns, name, err))
		return fail(out);
	return request_ready(out, "application/json", err);
}

bool
api_discovery(struct api_request *out, bool core, struct err *err)
{
	request_init(out, "GET", TRANSPORT_READ, LIST_CAP);
	buf_puts(&out->path, core ? "/api" : "/apis");
	out->request.accept = ACCEPT_DISCOVERY;
	return request_ready(out, NULL, err);
}

bool
api_group_version(struct api_request *out, const char *group, const char *version, struct err *err)
{
	request_init(out, "GET", TRANSPORT_READ, OBJECT_CAP);
	buf_puts(&out->path, group == NULL || *group == '\0' ? "/api" : "/apis");
	if (group != NULL && *group != '\0' && !add_segment(&out->path, "API group", group, err))
		return fail(out);
	if (!add_segment(&out->path, "API version", version, err))
		return fail(out);
	return request_ready(out, NULL, err);
}

bool
api_raw_get(struct api_request *out, const char *path, struct err *err)
{
	request_init(out, "GET", TRANSPORT_READ, OBJECT_CAP);
	bool clean = path != NULL && *path == '/' && strstr(path, "/../") == NULL;
	for (const char *c = path; clean && *c != '\0'; c++)
		clean = isgraph((unsigned char)*c) && *c != '#';
	if (!clean) {
		fail(out);
		return err_set(
			err, ERR_INPUT,
			"A path on the API server must start with \"/\" and hold no spaces.");
	}
	buf_puts(&out->path, path);
	out->request.accept = "application/json, */*";
	return request_ready(out, NULL, err);
}

/* A review is created with POST but stored nowhere: it may be sent twice, so it is a READ. */
static bool
review_ready(struct api_request *out, struct json *review, const char *group, const char *resource,
	     struct err *err)
{
	struct api_resource where = { .group = group, .version = "v1", .resource = resource };
	json_print(review, &out->body);
	json_free(review);
	if (!add_collection(&out->path, where, NULL, err))
		return fail(out);
	return request_ready(out, "application/json", err);
}

bool
api_access_review(struct api_request *out, struct api_resource resource, const char *ns,
		  const char *name, const char *verb, struct err *err)
{
	request_init(out, "POST", TRANSPORT_READ, OBJECT_CAP);
	struct json *review = json_new_object();
	json_set_string(review, "apiVersion", "authorization.k8s.io/v1");
	json_set_string(review, "kind", "SelfSubjectAccessReview");
	struct json *asked = json_set_object(json_set_object(review, "spec"), "resourceAttributes");
	json_set_string(asked, "namespace", ns);
	json_set_string(asked, "verb", verb);
	json_set_string(asked, "group", resource.group);
	json_set_string(asked, "version", resource.version);
	/* "services/proxy" is a resource and its subresource. */
	const char *slash = strchr(resource.resource, '/');
	char base[128];
	size_t length =
		slash == NULL ? strlen(resource.resource) : (size_t)(slash - resource.resource);
	snprintf(base, sizeof base, "%.*s", (int)length, resource.resource);
	json_set_string(asked, "resource", base);
	if (slash != NULL)
		json_set_string(asked, "subresource", slash + 1);
	json_set_string(asked, "name", name);
	return review_ready(out, review, "authorization.k8s.io", "selfsubjectaccessreviews", err);
}

bool
api_self_review(struct api_request *out, struct err *err)
{
	request_init(out, "POST", TRANSPORT_READ, OBJECT_CAP);
	struct json *review = json_new_object();
	json_set_string(review, "apiVersion", "authentication.k8s.io/v1");
	json_set_string(review, "kind", "SelfSubjectReview");
	return review_ready(out, review, "authentication.k8s.io", "selfsubjectreviews", err);
}
