#include "core/engine/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/die.h"
#include "core/base/self.h"
#include "core/base/text.h"
#include "core/kube/http.h"
#include "core/kube/kubeconfig.h"

struct session {
	struct access access;
	struct clock clock;
	struct http *http;
	struct engine *engine;
	struct buf warnings;
};

void
session_global_init(void)
{
	if (!http_global_init())
		die("The HTTP library cannot be started.");
}

static struct access_options
options_of(const struct session_options *options)
{
	return (struct access_options){
		.kubeconfig = options->kubeconfig,
		.text = options->kubeconfig_text,
		.context = options->context,
		.cluster = options->cluster,
		.user = options->user,
		.server = options->server,
		.token = options->token,
		.certificate_authority = options->certificate_authority,
		.tls_server_name = options->tls_server_name,
		.ns = options->ns,
		.insecure_skip_tls_verify = options->insecure_skip_tls_verify,
		.as = options->as,
		.as_uid = options->as_uid,
		.as_groups = options->as_groups,
	};
}

static void
join_warnings(struct session *session)
{
	for (size_t i = 0; i < session->access.warning_count; i++) {
		if (i > 0)
			buf_putc(&session->warnings, '\n');
		text_clean(&session->warnings, session->access.warnings[i],
			   strlen(session->access.warnings[i]));
	}
}

static bool
is_gone(void *self, const char *mark)
{
	(void)self;
	return self_is_gone(mark);
}

static struct engine *
make_engine(struct session *session, const struct settings *settings)
{
	char name[SELF_NAME_MAX], mark[SELF_MARK_MAX];

	self_name(name);
	self_mark(mark);
	struct engine_options options = {
		.settings = settings,
		.self = { .name = name, .mark = mark, .is_gone = is_gone },
		.access = { .context = session->access.context,
			    .server = session->access.server,
			    .user = session->access.user,
			    .ns = session->access.ns,
			    .insecure = session->access.insecure,
			    .warnings = session->warnings.bytes },
		.transport = http_transport(session->http),
		.clock = session->clock,
		/* Two consoles started together must not ask in step. */
		.seed = (uint64_t)clock_wall(&session->clock) ^ ((uint64_t)getpid() << 32),
	};

	return engine_new(&options);
}

struct session *
session_open(const struct session_options *options, struct settings *settings, struct err *err)
{
	struct session *session = die_alloc(sizeof *session);
	struct access_options access = options_of(options);

	if (!access_load(&session->access, &access, err)) {
		free(session);
		return NULL;
	}
	buf_init(&session->warnings, 64 * BUF_KIB);
	join_warnings(session);
	session->clock = clock_system();
	session->http =
		http_new(&session->access, &session->clock,
			 options->user_agent != NULL ? options->user_agent : "poolshift", err);
	if (session->http == NULL) {
		session_close(session);
		return NULL;
	}
	http_watch(session->http, &access);
	settings->default_ns = session->access.ns;
	session->engine = make_engine(session, settings);
	return session;
}

bool
session_start(struct session *session, struct err *err)
{
	return engine_start(session->engine, err);
}

struct engine *
session_engine(struct session *session)
{
	return session->engine;
}

void
session_close(struct session *session)
{
	if (session == NULL)
		return;
	engine_free(session->engine);
	http_free(session->http);
	buf_release(&session->warnings);
	access_release(&session->access);
	free(session);
}

const char *
session_context(const struct session *session)
{
	return session->access.context;
}

const char *
session_server(const struct session *session)
{
	return session->access.server;
}

bool
session_contexts(const struct session_options *options, struct buf *out, struct err *err)
{
	struct access_options access = options_of(options);
	const char *const *names;
	struct arena arena;
	bool found;

	arena_init(&arena);
	found = access_contexts(&access, &arena, &names, err);
	for (size_t i = 0; found && names[i] != NULL; i++) {
		text_clean(out, names[i], strlen(names[i]));
		buf_putc(out, '\n');
	}
	arena_release(&arena);
	return found;
}

const char *
session_library(void)
{
	return http_library();
}
