#include "core/kube/accessuser.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

#define IMPERSONATE_MOST 256
#define EXEC_EXTENSION   "client.authentication.k8s.io/exec"

bool
accessuser_read_token(const char *path, struct buf *token, struct err *err)
{
	struct buf text;

	buf_init(&text, ACCESSUSER_TOKEN_CAP);
	bool fine = accessfield_file(path, ACCESSUSER_TOKEN_CAP, &text, err);
	if (fine) {
		buf_trim(&text);
		if (text.length == 0)
			fine = err_set(err, ERR_INPUT, "The token file %s is empty.", path);
		else if (!accessfield_is_header(text.bytes, text.length))
			fine = err_set(err, ERR_INPUT,
				       "The token file %s holds more than one line.", path);
	}
	if (fine) {
		buf_clear(token);
		buf_add(token, text.bytes, text.length);
	}
	buf_wipe(&text);
	return fine;
}

static bool
resolve_token(struct access *access, const struct accessfield_place *at,
	      const struct access_options *options, struct err *err)
{
	struct arena *arena = &access->arena;
	const char *token = options->token != NULL ? options->token
						   : accessfield_text(arena, at->entry, "token");
	const char *file =
		options->token != NULL ? NULL : accessfield_text(arena, at->entry, "tokenFile");

	if (token != NULL) {
		if (!accessfield_is_header(token, strlen(token)))
			return err_set(err, ERR_INPUT, "The token of %s holds more than one line.",
				       at->place);
		buf_puts(&access->token, token);
	}
	if (file == NULL)
		return true;
	access->token_file = accessfield_path(arena, at, file);
	struct err unreadable;
	if (accessuser_read_token(access->token_file, &access->token, &unreadable) || token != NULL)
		return true;
	if (err != NULL)
		*err = unreadable;
	return err_wrap(err, "tokenFile of %s", at->place);
}

static bool
resolve_basic(struct access *access, const struct accessfield_place *at, struct err *err)
{
	const char *name = accessfield_text(&access->arena, at->entry, "username");
	const char *password = accessfield_text(&access->arena, at->entry, "password");

	if (name == NULL && password == NULL)
		return true;
	if (access->token.length > 0)
		return err_set(err, ERR_INPUT,
			       "More than one way to sign in is given for %s: a token and a "
			       "password. Keep one.",
			       at->place);
	buf_printf(&access->basic, "%s:%s", name != NULL ? name : "",
		   password != NULL ? password : "");
	return true;
}

static bool
resolve_certificate(struct access *access, const struct accessfield_place *at, struct err *err)
{
	if (!accessfield_pem(&access->arena, at, "client-certificate", &access->certificate,
			     &access->certificate_file, err) ||
	    !accessfield_pem(&access->arena, at, "client-key", &access->key, &access->key_file,
			     err))
		return false;
	if (access->certificate.length > 0 && access->key.length == 0)
		return err_set(err, ERR_INPUT,
			       "client-certificate is given for %s, but no client-key.", at->place);
	return true;
}

static const char *const *
text_list(struct arena *arena, const struct json *array)
{
	size_t count = json_count(array), kept = 0;
	const char **list = arena_array(arena, count + 1, sizeof *list);

	for (size_t i = 0; i < count; i++) {
		const char *text = json_string(json_item(array, i));
		if (text != NULL)
			list[kept++] = arena_string(arena, text);
	}
	return list;
}

static bool
exec_environment(struct access *access, struct exec_spec *exec, const struct json *env,
		 const char *place, struct err *err)
{
	size_t count = json_count(env);
	const char **list = arena_array(&access->arena, count + 1, sizeof *list);

	for (size_t i = 0; i < count; i++) {
		const char *name = accessfield_text(&access->arena, json_item(env, i), "name");
		const char *value = accessfield_text(&access->arena, json_item(env, i), "value");
		if (name == NULL || strchr(name, '=') != NULL)
			return err_set(err, ERR_INPUT,
				       "exec.env of %s has an entry without a usable name.", place);
		list[i] = arena_printf(&access->arena, "%s=%s", name, value != NULL ? value : "");
	}
	exec->env = list;
	return true;
}

static bool
exec_version(struct exec_spec *exec, const char *mode, const char *place, struct err *err)
{
	static const char *const modes[] = { [EXEC_NEVER] = "Never",
					     [EXEC_IF_AVAILABLE] = "IfAvailable",
					     [EXEC_ALWAYS] = "Always" };
	if (text_equal(exec->api_version, "client.authentication.k8s.io/v1alpha1"))
		return err_set(err, ERR_INPUT,
			       "exec of %s speaks v1alpha1, which is no longer supported. Make the "
			       "kubeconfig anew "
			       "(for example: aws eks update-kubeconfig).",
			       place);
	if (!text_equal(exec->api_version, "client.authentication.k8s.io/v1") &&
	    !text_equal(exec->api_version, "client.authentication.k8s.io/v1beta1"))
		return err_set(
			err, ERR_INPUT,
			"exec of %s needs apiVersion client.authentication.k8s.io/v1 or /v1beta1.",
			place);
	if (mode == NULL && text_ends(exec->api_version, "/v1"))
		return err_set(err, ERR_INPUT,
			       "exec of %s needs interactiveMode: Never, IfAvailable or Always.",
			       place);
	exec->interactive = EXEC_IF_AVAILABLE;
	for (size_t i = 0; mode != NULL && i < sizeof modes / sizeof *modes; i++)
		if (strcmp(mode, modes[i]) == 0) {
			exec->interactive = (enum exec_interactive)i;
			return true;
		}
	if (mode == NULL)
		return true;
	return err_set(err, ERR_INPUT,
		       "interactiveMode of %s must be Never, IfAvailable or Always.", place);
}

static const char *
cluster_config(struct arena *arena, const struct json *cluster)
{
	const struct json *extension = json_first(json_get(cluster, "extensions"));

	for (; extension != NULL; extension = json_next(extension)) {
		if (!text_equal(json_string_at(extension, "name"), EXEC_EXTENSION))
			continue;
		struct buf text;
		buf_init(&text, 1 * BUF_MIB);
		json_print(json_get(extension, "extension"), &text);
		const char *kept = arena_bytes(arena, text.bytes, text.length);
		buf_release(&text);
		return kept;
	}
	return NULL;
}

static bool
resolve_exec(struct access *access, const struct accessfield_place *at, const struct json *cluster,
	     struct err *err)
{
	struct arena *arena = &access->arena;
	const struct json *spec = json_get(at->entry, "exec");

	if (json_type(spec) != JSON_OBJECT)
		return true;
	struct exec_spec *exec = arena_alloc(arena, sizeof *exec);
	const char *command = accessfield_text(arena, spec, "command");
	if (command == NULL)
		return err_set(err, ERR_INPUT, "exec of %s names no command.", at->place);
	exec->command =
		strchr(command, '/') != NULL ? accessfield_path(arena, at, command) : command;
	exec->api_version = accessfield_text(arena, spec, "apiVersion");
	exec->install_hint = accessfield_text(arena, spec, "installHint");
	exec->args = text_list(arena, json_get(spec, "args"));
	exec->cluster_config = cluster_config(arena, cluster);
	struct accessfield_place inside = { .entry = spec,
					    .origin = at->origin,
					    .place = at->place };
	if (!accessfield_bool(&inside, "provideClusterInfo", &exec->provide_cluster_info, err) ||
	    !exec_version(exec, accessfield_text(arena, spec, "interactiveMode"), at->place, err) ||
	    !exec_environment(access, exec, json_get(spec, "env"), at->place, err))
		return false;

	bool has_static = access->token.length > 0 || access->token_file != NULL ||
			  access->basic.length > 0 ||
			  (access->certificate.length > 0 && access->key.length > 0);
	access->exec = has_static ? NULL : exec;
	return true;
}

static bool
refuse_auth_provider(const struct accessfield_place *at, struct err *err)
{
	const struct json *provider = json_get(at->entry, "auth-provider");

	if (json_type(provider) != JSON_OBJECT)
		return true;
	const char *name = json_string_at(provider, "name");
	if (json_type(json_get(at->entry, "exec")) == JSON_OBJECT)
		return err_set(err, ERR_INPUT,
			       "Both exec and auth-provider are given for %s. Keep exec.",
			       at->place);
	return err_set(err, ERR_INPUT, "auth-provider \"%.40s\" of %s is not supported. %s",
		       name != NULL ? name : "", at->place,
		       text_equal(name, "gcp") ? "Install gke-gcloud-auth-plugin and run: gcloud "
						 "container clusters get-credentials."
					       : "Use kubelogin as an exec plugin instead.");
}

static bool
add_header(struct access *access, const char *name, const char *value, const char *place,
	   struct err *err)
{
	if (!accessfield_is_header(value, strlen(value)))
		return err_set(err, ERR_INPUT, "What %s impersonates holds more than one line.",
			       place);
	if (access->impersonate_count == IMPERSONATE_MOST)
		return err_set(err, ERR_INPUT, "%s impersonates more than %d groups and extras.",
			       place, IMPERSONATE_MOST - 2);
	access->impersonate[access->impersonate_count++] = (struct access_header){
		.name = name,
		.value = arena_string(&access->arena, value),
	};
	return true;
}

/* The key in lower case, with what may not stand in a header's name percent-encoded (§1.4). */
static const char *
extra_name(struct arena *arena, const char *key)
{
	struct buf name;

	buf_init(&name, 4 * BUF_KIB);
	buf_puts(&name, "Impersonate-Extra-");
	for (; *key != '\0'; key++) {
		unsigned char c = (unsigned char)*key;
		if (isascii(c) && (isalnum(c) || strchr("!#$&'*+-.^_`|~", c) != NULL))
			buf_putc(&name, (char)tolower(c));
		else
			buf_printf(&name, "%%%02X", c);
	}
	const char *kept = arena_bytes(arena, name.bytes, name.length);
	buf_release(&name);
	return kept;
}

static bool
add_extras(struct access *access, const struct json *extras, const char *place, struct err *err)
{
	for (const struct json *extra = json_first(extras); extra != NULL;
	     extra = json_next(extra)) {
		const char *name = extra_name(&access->arena, json_key(extra));
		for (size_t i = 0; i < json_count(extra); i++) {
			const char *value = json_string(json_item(extra, i));
			if (value != NULL && !add_header(access, name, value, place, err))
				return false;
		}
	}
	return true;
}

static bool
resolve_impersonation(struct access *access, const struct accessfield_place *at,
		      const struct access_options *options, struct err *err)
{
	struct arena *arena = &access->arena;
	bool own = options->as == NULL;
	const char *as = own ? accessfield_text(arena, at->entry, "as") : options->as;
	const char *uid = options->as_uid != NULL ? options->as_uid
			  : own                   ? accessfield_text(arena, at->entry, "as-uid")
						  : NULL;
	const char *const *groups =
		options->as_groups != NULL
			? options->as_groups
			: text_list(arena, own ? json_get(at->entry, "as-groups") : NULL);
	const struct json *extras = own ? json_get(at->entry, "as-user-extra") : NULL;

	if (as == NULL && (uid != NULL || *groups != NULL || json_count(extras) > 0))
		return err_set(err, ERR_INPUT,
			       "%s impersonates a uid, groups or extras, but no user. Add \"as\".",
			       at->place);
	if (as == NULL)
		return true;
	access->impersonate = arena_array(arena, IMPERSONATE_MOST, sizeof *access->impersonate);
	if (!add_header(access, "Impersonate-User", as, at->place, err) ||
	    (uid != NULL && !add_header(access, "Impersonate-Uid", uid, at->place, err)))
		return false;
	for (; *groups != NULL; groups++)
		if (!add_header(access, "Impersonate-Group", *groups, at->place, err))
			return false;
	return add_extras(access, extras, at->place, err);
}

bool
accessuser_resolve(struct access *access, const struct accessfield_place *at,
		   const struct json *cluster, const struct access_options *options,
		   struct err *err)
{
	return refuse_auth_provider(at, err) && resolve_token(access, at, options, err) &&
	       (options->token != NULL || resolve_basic(access, at, err)) &&
	       resolve_certificate(access, at, err) && resolve_exec(access, at, cluster, err) &&
	       resolve_impersonation(access, at, options, err);
}
