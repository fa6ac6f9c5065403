#include <string.h>

#include "core/base/text.h"
#include "core/kube/accessfield.h"
#include "core/kube/accessmerge.h"

/* The fields kubectl knows; it drops the others, and those that are empty (KUBERNETES §1.3). */
static const char *const cluster_fields[] = {
	"server",
	"tls-server-name",
	"insecure-skip-tls-verify",
	"certificate-authority",
	"certificate-authority-data",
	"proxy-url",
	"disable-compression",
	"extensions",
	NULL,
};
static const char *const user_fields[] = {
	"client-certificate",
	"client-certificate-data",
	"client-key",
	"client-key-data",
	"token",
	"tokenFile",
	"as",
	"as-uid",
	"as-groups",
	"as-user-extra",
	"username",
	"password",
	"auth-provider",
	"exec",
	NULL,
};
static const char *const context_fields[] = { "cluster", "user", "namespace", "extensions", NULL };

static bool
is_empty(const struct json *value)
{
	switch (json_type(value)) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return !json_bool(value, false);
	case JSON_STRING:
		return *json_string(value) == '\0';
	case JSON_ARRAY:
	case JSON_OBJECT:
		return json_count(value) == 0;
	default:
		return false;
	}
}

/* base64 as kubectl writes it: without the white space that was allowed in it. */
static struct json *
plain_data(const char *text)
{
	struct buf bytes, again;

	buf_init(&bytes, 4 * BUF_MIB);
	buf_init(&again, 6 * BUF_MIB);
	struct json *value = NULL;
	if (text_base64_decode(&bytes, text, strlen(text)) &&
	    text_base64_encode(&again, bytes.bytes, bytes.length))
		value = json_new_string(again.bytes);
	buf_wipe(&bytes);
	buf_wipe(&again);
	return value;
}

/* args and env are always printed; the mode has a default. */
static struct json *
view_exec(const struct json *exec)
{
	static const char *const fields[] = { "command", "apiVersion", "installHint", NULL };
	struct json *view = json_new_object();

	for (size_t i = 0; fields[i] != NULL; i++)
		if (!is_empty(json_get(exec, fields[i])))
			json_set(view, fields[i], json_clone(json_get(exec, fields[i])));
	const struct json *args = json_get(exec, "args"), *env = json_get(exec, "env");
	json_set(view, "args", args != NULL ? json_clone(args) : json_new_null());
	json_set(view, "env", env != NULL ? json_clone(env) : json_new_null());
	json_set_bool(view, "provideClusterInfo", json_bool_at(exec, "provideClusterInfo", false));
	const char *mode = json_string_at(exec, "interactiveMode");
	json_set_string(view, "interactiveMode",
			mode != NULL && *mode != '\0' ? mode : "IfAvailable");
	return view;
}

static struct json *
view_entry(const struct json *entry, const char *const *fields)
{
	struct json *view = json_new_object();

	for (; *fields != NULL; fields++) {
		const struct json *value = json_get(entry, *fields);
		if (is_empty(value))
			continue;
		if (strcmp(*fields, "exec") == 0)
			json_set(view, *fields, view_exec(value));
		else if (text_ends(*fields, "-data") && json_string(value) != NULL)
			json_set(view, *fields, plain_data(json_string(value)));
		else
			json_set(view, *fields, json_clone(value));
	}
	return view;
}

static void
view_list(struct json *view, const struct accessmerge *merge, enum access_list list,
	  const char *name, const char *const *fields)
{
	const struct json *entry = accessmerge_find(merge, list, name);

	if (entry == NULL) {
		json_set(view, accessmerge_list_name(list), json_new_null());
		return;
	}
	struct json *item =
		json_append(json_set_array(view, accessmerge_list_name(list)), json_new_object());
	json_set_string(item, "name", name);
	json_set(item, accessmerge_entry_name(list), view_entry(entry, fields));
}

struct json *
access_view(const struct access_options *options, struct err *err)
{
	struct accessmerge merge;
	struct json *view = NULL;

	if (!accessmerge_load(&merge, options, err))
		return NULL;
	const char *name = options->context != NULL ? options->context : merge.current;
	const struct json *context = accessmerge_find(&merge, ACCESS_CONTEXTS, name);
	if (context == NULL) {
		err_set(err, ERR_INPUT, "There is no context \"%.100s\" in %s.", name,
			merge.files.length > 0 ? merge.files.bytes : "the kubeconfig");
	} else {
		view = json_new_object();
		json_set_string(view, "kind", "Config");
		json_set_string(view, "apiVersion", "v1");
		view_list(view, &merge, ACCESS_CLUSTERS, json_string_at(context, "cluster"),
			  cluster_fields);
		view_list(view, &merge, ACCESS_USERS, json_string_at(context, "user"), user_fields);
		view_list(view, &merge, ACCESS_CONTEXTS, name, context_fields);
		json_set_string(view, "current-context", name);
	}
	accessmerge_release(&merge);
	return view;
}
