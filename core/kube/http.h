/* http - the transport over libcurl: one multi handle, one access, on the engine's thread.
 *
 * KUBERNETES §0, §1.6, §1.7, §3.4, §4.10, §7.1, §9. It signs in (token, token file, certificate,
 * exec plugin by execcred.h, one run at a time), replays once after a 401, follows no redirect,
 * resolves no proxy by itself, and never lets a token reach a message. Requests that wait for
 * credentials are sent when they are there.
 */
#ifndef KUBE_HTTP_H
#define KUBE_HTTP_H

#include "core/base/clock.h"
#include "core/kube/kubeconfig.h"
#include "core/kube/transport.h"

struct http;

/* `access` is borrowed and must outlive it. curl_global_init() must have run: http_global_init().
 */
struct http *http_new(const struct access *access, const struct clock *clock,
		      const char *user_agent, struct err *err);
void http_free(struct http *http);
/* The access came of these options: when something goes wrong, its files are looked at again and
 * what has changed in them is used (accessrenew.h). */
void http_watch(struct http *http, const struct access_options *options);
struct transport http_transport(struct http *http);
bool http_global_init(void); /* before any thread; idempotent */
/* "7.88.1 OpenSSL/3.0.22 zlib/1.2.13 ...", for `version`. */
const char *http_library(void);

#endif
