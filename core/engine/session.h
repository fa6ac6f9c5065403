/* session - an engine on a real cluster: kubeconfig, transport and thread put together for the
 * front.
 *
 * The front knows neither HTTP nor credentials; it hands in what the command line said and gets an
 * engine that runs. Called from the main thread; session_global_init() before any thread.
 */
#ifndef ENGINE_SESSION_H
#define ENGINE_SESSION_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/engine/engine.h"

struct session;

struct session_options {                          /* NULL or false: not given (CLI §2) */
	const char *kubeconfig, *kubeconfig_text; /* the text wins: a private demo cluster */
	const char *context, *cluster, *user, *server, *token, *certificate_authority,
		*tls_server_name, *ns;
	bool insecure_skip_tls_verify;
	const char *as, *as_uid;
	const char *const *as_groups;
	const char *user_agent; /* "poolshift/0.1.0 (linux/amd64)" */
};

void session_global_init(void);
/* Reads the kubeconfig and prepares the transport; no network yet. ERR_INPUT with the file and
 * place. The namespace of the context, or the one given, is put into `settings->default_ns` (it
 * lives as long as the session). */
struct session *
session_open(const struct session_options *options, struct settings *settings, struct err *err);
/* Starts the engine's thread. */
bool session_start(struct session *session, struct err *err);
struct engine *session_engine(struct session *session);
void session_close(struct session *session); /* quits and joins */
const char *session_context(const struct session *session);
const char *session_server(const struct session *session);
/* Names of all contexts, for completion, one a line. */
bool session_contexts(const struct session_options *options, struct buf *out, struct err *err);
/* Reads a bundle given by URL (no credentials, https or loopback), folder or file into one YAML
 * text. */
bool session_read_bundle(const char *where, struct buf *out, struct err *err);
const char *session_library(void); /* of libcurl, for `version` */

#endif
