/* kubeconfig - which cluster, as whom: the files found, merged and resolved to one access, as
 * kubectl does it.
 *
 * KUBERNETES §1. Nothing is written, no program is run, no network is touched. Any thread. Secrets
 * in `struct access` are wiped by access_release().
 */
#ifndef KUBE_KUBECONFIG_H
#define KUBE_KUBECONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"

/* What the command line says; NULL is "not given". */
struct access_options {
	const char *kubeconfig; /* --kubeconfig */
	const char *text; /* a kubeconfig as text instead of any file (the private demo cluster) */
	const char *context, *cluster, *user, *server, *token, *certificate_authority,
		*tls_server_name, *ns;
	bool insecure_skip_tls_verify;
	const char *as, *as_uid;
	const char *const *as_groups; /* NULL-terminated, or NULL */
};

/* May the plugin ask the person (KUBERNETES §2.1)? */
enum exec_interactive { EXEC_NEVER, EXEC_IF_AVAILABLE, EXEC_ALWAYS };

struct exec_spec {
	const char *api_version; /* client.authentication.k8s.io/v1 or /v1beta1 */
	const char *command;     /* resolved against the file when it has a '/' */
	const char *const *args; /* NULL-terminated */
	const char *const *env;  /* "NAME=value", NULL-terminated */
	const char *install_hint;
	bool provide_cluster_info;
	enum exec_interactive interactive;
	const char *cluster_config; /* JSON text of the cluster's exec extension, or NULL */
};

struct access_header {
	const char *name, *value;
};

struct access {
	struct arena arena;  /* holds everything below */
	const char *context; /* "" in-cluster */
	const char *cluster, *user;
	const char *ns;     /* never NULL */
	const char *server; /* https://host[:port][/prefix], http only on the loopback; no trailing
			       '/' */
	const char *tls_server_name;
	bool insecure; /* must be visible on every screen */
	bool disable_compression;
	const char *proxy_url; /* as it must be used: proxy-url, or resolved from the environment;
				  NULL for none */
	const char
		*ca_file; /* where the CA came from, for messages; NULL for data or system roots */
	struct buf ca, certificate, key;         /* PEM; empty when not given */
	const char *certificate_file, *key_file; /* to read again every 5 min; NULL when data */
	struct buf token;
	const char *token_file;
	struct buf basic;                  /* "user:password" */
	const struct exec_spec *exec;      /* NULL when static credentials win (KUBERNETES §1.4) */
	struct access_header *impersonate; /* Impersonate-* in the order to send */
	size_t impersonate_count;
	const char *const *files; /* all that was read, kubeconfigs and CA; NULL-terminated */
	char **warnings; /* readable by others, other owner, missing files: for the person */
	size_t warning_count;
};

/* Finds, merges and resolves. ERR_INPUT names file, place and what to do. */
bool access_load(struct access *access, const struct access_options *options, struct err *err);
void access_release(struct access *access);
/* Every context's name in the merged configuration, for completion; NULL-terminated, in `arena`. */
bool access_contexts(const struct access_options *options, struct arena *arena,
		     const char *const **names, struct err *err);
/* The merged, minified configuration without interpretation, as `kubectl config view --raw --minify
 * -o json` prints it. */
struct json *access_view(const struct access_options *options, struct err *err);

#endif
