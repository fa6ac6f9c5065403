/* request - what a request asks for: its path taken apart as the API server does, its query, its
 * options.
 *
 * Borrows from the demo_request it was read from. Released after use; not shared between threads.
 */
#ifndef DEMO_REQUEST_H
#define DEMO_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/demo/demo.h"
#include "core/demo/status.h"

#define REQUEST_PARAMETERS 32
#define REQUEST_SEGMENTS   12

struct request {
	const struct demo_request *wire;
	char *path;   /* decoded, with its leading slash */
	char *pieces; /* what the pointers below point into */
	const char *segments[REQUEST_SEGMENTS];
	size_t segment_count;
	struct {
		const char *name, *value;
	} parameters[REQUEST_PARAMETERS];
	size_t parameter_count;
	bool resource_path; /* names a resource; else only `path` counts */
	const char *group;  /* "" is core */
	const char *version;
	const char *namespace; /* NULL: all, or the cluster's */
	const char *resource;
	const char *name;        /* NULL: the collection */
	const char *subresource; /* "" for none */
	const char *verb;        /* "get", "list", "watch", "create", "update", "patch", "delete",
				    "deletecollection"; NULL for a method nobody knows */
};

/* False for a target that cannot be taken apart. Release it in any case. */
bool request_read(struct request *request, const struct demo_request *wire);
void request_release(struct request *request);

const char *request_parameter(const struct request *request, const char *name); /* or NULL */
bool request_flag(const struct request *request, const char *name); /* "1", "true", "" are true */
/* dryRun=All; false with `status` for any other value. */
bool request_dry_run(const struct request *request, bool *dry_run, struct status *status);
/* fieldManager, or the first part of the user agent. */
void request_manager(const struct request *request, char manager[129]);
/* The media type of the body without parameters, lower case; "" when none was said. */
void request_content_type(const struct request *request, char type[100]);
/* The body as one object, JSON or YAML. */
struct json *request_body(const struct request *request, struct status *status);
/* "?a=b" part of a query or a form, decoded in place. */
void request_decode(char *text, bool plus_is_space);

#endif
