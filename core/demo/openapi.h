/* openapi - the OpenAPI v3 documents kubectl reads: that the server checks fields itself, and what
 * `kubectl explain` shows.
 *
 * Schemas are those of the CRDs; built-in kinds have only as much of one as the demo knows. Version
 * 2 is served empty: kubectl asks for it when a kind is not in version 3, to find that it is not
 * there either.
 */
#ifndef DEMO_OPENAPI_H
#define DEMO_OPENAPI_H

#include "core/demo/inside.h"
#include "core/demo/request.h"

/* /openapi/v3 and /openapi/v3/...; the caller frees. NULL when there is no such document. */
struct json *openapi_document(struct demo *demo, const struct request *request);
/* /openapi/v2, as JSON or protobuf. Always true. */
bool openapi_version_2(const struct request *request, struct demo_response *response);

#endif
