#include "core/kube/kubeconfig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/kube/accessfield.h"
#include "core/kube/accessmerge.h"
#include "core/kube/accessuser.h"
#include "core/kube/address.h"
#include "core/kube/proxyenv.h"

#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"
#define PEM_CAP         (4 * BUF_MIB)

static void
access_init(struct access *access)
{
	*access = (struct access){
		.context = "", .cluster = "", .user = "", .ns = "default", .server = ""
	};
	arena_init(&access->arena);
	buf_init(&access->ca, PEM_CAP);
	buf_init(&access->certificate, PEM_CAP);
	buf_init(&access->key, PEM_CAP);
	buf_init(&access->token, ACCESSUSER_TOKEN_CAP);
	buf_init(&access->basic, 4 * BUF_KIB);
}

void
access_release(struct access *access)
{
	buf_release(&access->ca);
	buf_wipe(&access->certificate);
	buf_wipe(&access->key);
	buf_wipe(&access->token);
	buf_wipe(&access->basic);
	arena_release(&access->arena);
	*access = (struct access){ 0 };
}

static bool
check_server(struct access *access, const char *server, const char *place, struct err *err)
{
	struct address address;

	if (server == NULL)
		return err_set(err, ERR_INPUT, "%s has no server. Add its https:// address.",
			       place);
	if (strstr(server, "://") == NULL)
		return err_set(err, ERR_INPUT, "The server of %s must start with https://.", place);
	if (!address_parse(server, &address) || !text_starts(address.scheme, "http"))
		return err_set(err, ERR_INPUT,
			       "The server of %s is not an address like https://host:port.", place);
	if (strcmp(address.scheme, "https") != 0 && !address_is_loopback(&address))
		return err_set(err, ERR_INPUT,
			       "The server of %s is plain http to another machine: everybody in "
			       "between could read "
			       "and change what is sent. Use https://.",
			       place);
	char name[300];
	snprintf(name, sizeof name, address.ipv6 ? "[%s]" : "%s", address.host);
	access->server = address.port_given
				 ? arena_printf(&access->arena, "%s://%s:%d%s", address.scheme,
						name, address.port, address.path)
				 : arena_printf(&access->arena, "%s://%s%s", address.scheme, name,
						address.path);
	return true;
}

static bool
check_tls(struct access *access, const struct accessfield_place *at,
	  const struct access_options *options, struct err *err)
{
	bool insecure;

	if (!accessfield_bool(at, "insecure-skip-tls-verify", &insecure, err))
		return false;
	access->insecure = options->insecure_skip_tls_verify || insecure;
	access->tls_server_name =
		options->tls_server_name != NULL
			? arena_string(&access->arena, options->tls_server_name)
			: accessfield_text(&access->arena, at->entry, "tls-server-name");
	if (options->certificate_authority != NULL) {
		access->insecure = options->insecure_skip_tls_verify;
		access->ca_file = arena_string(&access->arena, options->certificate_authority);
		if (!accessfield_file(access->ca_file, PEM_CAP, &access->ca, err))
			return err_wrap(err, "--certificate-authority");
	} else if (!options->insecure_skip_tls_verify &&
		   !accessfield_pem(&access->arena, at, "certificate-authority", &access->ca,
				    &access->ca_file, err))
		return false;
	if (access->insecure && access->ca.length > 0)
		return err_set(err, ERR_INPUT,
			       "%s has a certificate authority and insecure-skip-tls-verify. Keep "
			       "the certificate "
			       "authority.",
			       at->place);
	return true;
}

static bool
check_proxy(struct access *access, const struct accessfield_place *at, struct err *err)
{
	const char *given = accessfield_text(&access->arena, at->entry, "proxy-url");
	struct address address;
	struct buf found;

	if (given != NULL) {
		if (!address_parse(given, &address) || strcmp(address.scheme, "socks5h") == 0)
			return err_set(err, ERR_INPUT,
				       "proxy-url of %s must be an http://, https:// or socks5:// "
				       "address.",
				       at->place);
		access->proxy_url = given;
		return true;
	}
	buf_init(&found, 4 * BUF_KIB);
	if (address_parse(access->server, &address) && proxyenv_find(&address, &found))
		access->proxy_url = arena_bytes(&access->arena, found.bytes, found.length);
	buf_release(&found);
	return true;
}

static bool
resolve_cluster(struct access *access, const struct accessfield_place *at,
		const struct access_options *options, struct err *err)
{
	const char *server = options->server != NULL
				     ? options->server
				     : accessfield_text(&access->arena, at->entry, "server");

	return check_server(access, server, at->place, err) &&
	       check_tls(access, at, options, err) &&
	       accessfield_bool(at, "disable-compression", &access->disable_compression, err) &&
	       check_proxy(access, at, err);
}

static bool
resolve_namespace(struct access *access, const char *ns, struct err *err)
{
	if (ns == NULL || *ns == '\0')
		return true;
	if (!text_is_dns_label(ns))
		return err_set(err, ERR_INPUT, "\"%.80s\" is not a namespace's name.", ns);
	access->ns = arena_string(&access->arena, ns);
	return true;
}

static bool
can_be_in_cluster(void)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST"),
		   *port = getenv("KUBERNETES_SERVICE_PORT");

	return host != NULL && *host != '\0' && port != NULL && *port != '\0' &&
	       file_exists(SERVICE_ACCOUNT "/token");
}

/* §1.5; without its ca.crt nothing is trusted. */
static bool
resolve_in_cluster(struct access *access, const struct access_options *options, struct err *err)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *ns = options->ns != NULL ? options->ns : getenv("POD_NAMESPACE");
	struct buf text;

	access->server = arena_printf(
		&access->arena, strchr(host, ':') != NULL ? "https://[%s]:%s" : "https://%s:%s",
		host, getenv("KUBERNETES_SERVICE_PORT"));
	access->ca_file = SERVICE_ACCOUNT "/ca.crt";
	access->token_file = SERVICE_ACCOUNT "/token";
	if (!accessfield_file(access->ca_file, PEM_CAP, &access->ca, err) ||
	    !accessuser_read_token(access->token_file, &access->token, err))
		return err_wrap(err, "The service account of this pod cannot be used");
	if (ns != NULL && *ns != '\0')
		return resolve_namespace(access, ns, err);
	buf_init(&text, 4 * BUF_KIB);
	if (file_read(SERVICE_ACCOUNT "/namespace", 4 * BUF_KIB, &text, NULL))
		buf_trim(&text);
	bool fine = resolve_namespace(access, text.bytes, err);
	buf_release(&text);
	return fine;
}

static const char *
place_name(struct arena *arena, const struct accessmerge *merge, enum access_list list,
	   const char *name)
{
	const char *origin = accessmerge_origin(merge, list, name);
	return arena_printf(arena, "%s \"%s\"%s%s", accessmerge_entry_name(list), name,
			    *origin != '\0' ? " in " : "", origin);
}

/* The entry of that name; NULL is only all right where no name was given. */
static bool
find_entry(struct access *access, const struct accessmerge *merge, enum access_list list,
	   const char *name, struct accessfield_place *at, struct err *err)
{
	*at = (struct accessfield_place){ .origin = "", .place = "the command line" };
	if (*name == '\0')
		return true;
	at->entry = accessmerge_find(merge, list, name);
	at->origin = accessmerge_origin(merge, list, name);
	at->place = place_name(&access->arena, merge, list, name);
	if (at->entry != NULL)
		return true;
	return err_set(err, ERR_INPUT, "There is no %s \"%.100s\" in %s.",
		       accessmerge_entry_name(list), name,
		       merge->files.length > 0 ? merge->files.bytes : "the kubeconfig");
}

static const char *
first_text(const char *a, const char *b)
{
	return a != NULL && *a != '\0' ? a : b != NULL ? b : "";
}

static bool
choose_context(struct access *access, const struct accessmerge *merge,
	       const struct access_options *options, struct err *err)
{
	struct accessfield_place context;

	access->context =
		arena_string(&access->arena, first_text(options->context, merge->current));
	if (*access->context == '\0' && options->server == NULL && options->cluster == NULL) {
		const char *files = merge->files.length > 0 ? merge->files.bytes : "the kubeconfig";
		if (accessmerge_is_empty(merge))
			return err_set(err, ERR_INPUT,
				       "No cluster is configured: there is nothing in %s. Name a "
				       "kubeconfig with "
				       "--kubeconfig or KUBECONFIG.",
				       files);
		return err_set(err, ERR_INPUT,
			       "No context is chosen: %s has no current-context. Choose one with "
			       "--context or: "
			       "kubectl config use-context NAME.",
			       files);
	}
	if (!find_entry(access, merge, ACCESS_CONTEXTS, access->context, &context, err))
		return false;
	struct arena *arena = &access->arena;
	access->cluster =
		arena_string(arena, first_text(options->cluster,
					       accessfield_text(arena, context.entry, "cluster")));
	access->user = arena_string(
		arena, first_text(options->user, accessfield_text(arena, context.entry, "user")));
	const char *ns = options->ns != NULL ? options->ns
					     : accessfield_text(arena, context.entry, "namespace");
	return resolve_namespace(access, ns, err);
}

static void
keep_warnings(struct access *access, struct buf *warnings)
{
	size_t count = 0;

	for (size_t i = 0; i < warnings->length; i++)
		count += warnings->bytes[i] == '\n';
	access->warnings = arena_array(&access->arena, count + 1, sizeof *access->warnings);
	char *line = warnings->bytes;
	for (char *end; line != NULL && (end = strchr(line, '\n')) != NULL; line = end + 1)
		access->warnings[access->warning_count++] =
			arena_bytes(&access->arena, line, (size_t)(end - line));
}

static void
keep_files(struct access *access, const struct json *paths)
{
	const char **files = arena_array(&access->arena, json_count(paths) + 2, sizeof *files);
	size_t count = 0;

	for (const struct json *path = json_first(paths); path != NULL; path = json_next(path))
		files[count++] = arena_string(&access->arena, json_key(path));
	if (access->ca_file != NULL)
		files[count++] = access->ca_file;
	access->files = files;
}

static bool
resolve(struct access *access, const struct accessmerge *merge,
	const struct access_options *options, struct err *err)
{
	struct accessfield_place cluster, user;

	if (accessmerge_is_empty(merge) && !merge->explicit && options->server == NULL &&
	    can_be_in_cluster())
		return resolve_in_cluster(access, options, err);
	return choose_context(access, merge, options, err) &&
	       find_entry(access, merge, ACCESS_CLUSTERS, access->cluster, &cluster, err) &&
	       find_entry(access, merge, ACCESS_USERS, access->user, &user, err) &&
	       resolve_cluster(access, &cluster, options, err) &&
	       accessuser_resolve(access, &user, cluster.entry, options, err);
}

bool
access_load(struct access *access, const struct access_options *options, struct err *err)
{
	struct accessmerge merge;

	access_init(access);
	if (!accessmerge_load(&merge, options, err)) {
		access_release(access);
		return false;
	}
	bool fine = resolve(access, &merge, options, err);
	if (fine) {
		keep_warnings(access, &merge.warnings);
		keep_files(access, merge.paths);
	} else
		access_release(access);
	accessmerge_release(&merge);
	return fine;
}

bool
access_contexts(const struct access_options *options, struct arena *arena,
		const char *const **names, struct err *err)
{
	struct accessmerge merge;

	if (!accessmerge_load(&merge, options, err))
		return false;
	const struct json *contexts = merge.entries[ACCESS_CONTEXTS];
	const char **list = arena_array(arena, json_count(contexts) + 1, sizeof *list);
	size_t count = 0;
	for (const struct json *context = json_first(contexts); context != NULL;
	     context = json_next(context))
		list[count++] = arena_string(arena, json_key(context));
	*names = list;
	accessmerge_release(&merge);
	return true;
}
