/* proto - bodies in Kubernetes' protobuf form, which kubectl's typed commands and helm send:
 * `create namespace`, `auth can-i`, the Secrets of a release, ...
 *
 * Reads the kinds and fields those commands write, of the built-in kinds, into the JSON they stand
 * for; fields the tables do not name are left out. Field numbers are those of k8s.io/api's
 * generated.proto. Any thread.
 */
#ifndef DEMO_PROTO_H
#define DEMO_PROTO_H

#include <stddef.h>

#include "core/base/json.h"

#define PROTO_TYPE "application/vnd.kubernetes.protobuf"

/* The caller frees; NULL when the bytes are no such object, or of a kind the tables do not know. */
struct json *proto_parse(const char *bytes, size_t length);

#endif
