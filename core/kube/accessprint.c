#include "core/kube/accessprint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/json.h"
#include "core/base/text.h"

#define DATA_MAX (4 * BUF_MIB)
#define NAME     "poolshift"
#define BEARER   "Authorization: Bearer "
#define BASIC    "Authorization: Basic "

static void
set_data(struct json *object, const char *key, const struct buf *pem)
{
	struct buf text;

	if (pem == NULL || pem->length == 0)
		return;
	buf_init(&text, DATA_MAX);
	text_base64_encode(&text, pem->bytes, pem->length);
	json_set_string(object, key, text.bytes);
	buf_wipe(&text);
}

static struct json *
cluster_of(const struct access *access)
{
	struct json *cluster = json_new_object();

	json_set_string(cluster, "server", access->server);
	if (access->tls_server_name != NULL && *access->tls_server_name != '\0')
		json_set_string(cluster, "tls-server-name", access->tls_server_name);
	if (access->insecure)
		json_set_bool(cluster, "insecure-skip-tls-verify", true);
	else
		set_data(cluster, "certificate-authority-data", &access->ca);
	if (access->proxy_url != NULL)
		json_set_string(cluster, "proxy-url", access->proxy_url);
	if (access->disable_compression)
		json_set_bool(cluster, "disable-compression", true);
	return cluster;
}

static void
set_password(struct json *user, const struct buf *basic)
{
	const char *colon = memchr(basic->bytes, ':', basic->length);
	struct buf name;

	if (colon == NULL)
		return;
	buf_init(&name, BUF_MIB);
	buf_add(&name, basic->bytes, (size_t)(colon - basic->bytes));
	json_set_string(user, "username", name.bytes);
	json_set_string(user, "password", colon + 1);
	buf_wipe(&name);
}

/* The key as it stood, for whoever encodes it again: accessuser.c has percent-encoded it. */
static void
add_extra(struct json *user, const char *encoded, const char *value)
{
	struct json *extras = json_set_object(user, "as-user-extra");
	struct buf key;
	unsigned byte;

	buf_init(&key, 4 * BUF_KIB);
	while (*encoded != '\0')
		if (*encoded == '%' && sscanf(encoded + 1, "%2x", &byte) == 1) {
			buf_putc(&key, (char)byte);
			encoded += 3;
		} else {
			buf_putc(&key, *encoded++);
		}
	json_append(json_set_array(extras, key.bytes), json_new_string(value));
	buf_release(&key);
}

static void
set_impersonation(const struct access *access, struct json *user)
{
	static const char extra[] = "Impersonate-Extra-";

	for (size_t i = 0; i < access->impersonate_count; i++) {
		const char *name = access->impersonate[i].name;
		const char *value = access->impersonate[i].value;

		if (strcasecmp(name, "Impersonate-User") == 0)
			json_set_string(user, "as", value);
		else if (strcasecmp(name, "Impersonate-Uid") == 0)
			json_set_string(user, "as-uid", value);
		else if (strcasecmp(name, "Impersonate-Group") == 0)
			json_append(json_set_array(user, "as-groups"), json_new_string(value));
		else if (strncasecmp(name, extra, sizeof extra - 1) == 0)
			add_extra(user, name + sizeof extra - 1, value);
	}
}

static struct json *
user_of(const struct access *access, const struct signin_pass *pass)
{
	struct json *user = json_new_object();

	if (pass->authorization != NULL && text_starts(pass->authorization, BEARER))
		json_set_string(user, "token", pass->authorization + strlen(BEARER));
	else if (pass->authorization != NULL && text_starts(pass->authorization, BASIC))
		set_password(user, &access->basic);
	set_data(user, "client-certificate-data", pass->certificate);
	set_data(user, "client-key-data", pass->key);
	set_impersonation(access, user);
	return user;
}

static void
add_named(struct json *config, const char *list, const char *key, struct json *value)
{
	struct json *entry = json_append(json_set_array(config, list), json_new_object());

	json_set_string(entry, "name", NAME);
	json_set(entry, key, value);
}

bool
accessprint(const struct access *access, const struct signin_pass *pass, struct buf *out)
{
	struct json *config = json_new_object(), *context = json_new_object();
	bool fits;

	json_set_string(context, "cluster", NAME);
	json_set_string(context, "user", NAME);
	json_set_string(context, "namespace", access->ns);
	json_set_string(config, "apiVersion", "v1");
	json_set_string(config, "kind", "Config");
	json_set_string(config, "current-context", NAME);
	add_named(config, "clusters", "cluster", cluster_of(access));
	add_named(config, "users", "user", user_of(access, pass));
	add_named(config, "contexts", "context", context);
	fits = json_print(config, out);
	json_free(config);
	return fits;
}
