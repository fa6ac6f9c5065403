/* The rights as Roles and bindings, for whoever gives them. */
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/rights.h"
#include "core/migrate/say.h"

static struct json *
new_object(const char *kind, const char *ns, const char *name)
{
	struct json *json = json_new_object(), *metadata;

	json_set_string(json, "apiVersion", GROUP_RBAC "/v1");
	json_set_string(json, "kind", kind);
	metadata = json_set_object(json, "metadata");
	json_set_string(metadata, "name", name);
	if (ns[0] != '\0')
		json_set_string(metadata, "namespace", ns);
	return json;
}

static bool
same_rule(const struct right *a, const struct right *b)
{
	return text_equal(a->group, b->group) && text_equal(a->resource, b->resource) &&
	       text_equal(a->ns, b->ns) && text_equal(a->name, b->name);
}

/* One rule for each resource, or each named object of it, with all its verbs. */
static void
add_rules(struct json *role, const struct right *rights, size_t count, const char *ns)
{
	struct json *rules = json_set_array(role, "rules");

	for (size_t i = 0; i < count; i++) {
		struct json *rule, *verbs;
		bool seen = false;

		if (!text_equal(rights[i].ns, ns))
			continue;
		for (size_t j = 0; j < i; j++)
			seen |= same_rule(&rights[j], &rights[i]);
		if (seen)
			continue;
		rule = json_append(rules, json_new_object());
		json_append(json_set_array(rule, "apiGroups"), json_new_string(rights[i].group));
		json_append(json_set_array(rule, "resources"), json_new_string(rights[i].resource));
		if (rights[i].name[0] != '\0')
			json_append(json_set_array(rule, "resourceNames"),
				    json_new_string(rights[i].name));
		verbs = json_set_array(rule, "verbs");
		for (size_t j = i; j < count; j++)
			if (same_rule(&rights[j], &rights[i]))
				json_append(verbs, json_new_string(rights[j].verb));
	}
}

static void
print(struct buf *out, struct json *json)
{
	buf_puts(out, "---\n");
	yaml_print(json, out);
	json_free(json);
}

static void
print_role(struct buf *out, const struct right *rights, size_t count, const char *ns,
	   const char *name, const char *user)
{
	bool cluster = ns[0] == '\0';
	const char *kind = cluster ? "ClusterRole" : "Role";
	struct json *role = new_object(kind, ns, name), *binding, *subject, *reference;

	add_rules(role, rights, count, ns);
	print(out, role);
	if (user[0] == '\0')
		return;
	binding = new_object(cluster ? "ClusterRoleBinding" : "RoleBinding", ns, name);
	reference = json_set_object(binding, "roleRef");
	json_set_string(reference, "apiGroup", GROUP_RBAC);
	json_set_string(reference, "kind", kind);
	json_set_string(reference, "name", name);
	subject = json_append(json_set_array(binding, "subjects"), json_new_object());
	json_set_string(subject, "apiGroup", GROUP_RBAC);
	json_set_string(subject, "kind", "User");
	json_set_string(subject, "name", user);
	print(out, binding);
}

const char *
rights_manifest(const struct right *rights, size_t count, const char *name, const char *user,
		struct arena *arena)
{
	struct buf out;
	const char *text;

	buf_init(&out, 4 * BUF_MIB);
	for (size_t i = 0; i < count; i++) {
		bool seen = false;

		for (size_t j = 0; j < i; j++)
			seen |= text_equal(rights[j].ns, rights[i].ns);
		if (!seen)
			print_role(&out, rights, count, rights[i].ns, name, user);
	}
	text = say_lines(arena, out.bytes);
	buf_release(&out);
	return text;
}
