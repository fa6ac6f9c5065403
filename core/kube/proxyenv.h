/* proxyenv - which proxy a URL goes through, as kubectl reads the environment.
 *
 * KUBERNETES §1.7: HTTPS_PROXY/https_proxy for https, HTTP_PROXY/http_proxy for http,
 * NO_PROXY/no_proxy; never for the loopback; ALL_PROXY is not read. Any thread that may call
 * getenv.
 */
#ifndef KUBE_PROXYENV_H
#define KUBE_PROXYENV_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/kube/address.h"

/* The proxy's URL into `out`; false and nothing added when the connection is direct. */
bool proxyenv_find(const struct address *address, struct buf *out);
/* Does an entry of a NO_PROXY list name the address? Exact host, domain and below, host:port, IP,
 * CIDR, "*". */
bool proxyenv_excludes(const char *list, const struct address *address);

#endif
