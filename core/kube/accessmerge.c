#include "core/kube/accessmerge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/yaml.h"

#define FILE_CAP (4 * BUF_MIB)

static const struct {
	const char *list, *entry;
} words[ACCESS_LISTS] = {
	[ACCESS_CLUSTERS] = { "clusters", "cluster" },
	[ACCESS_USERS] = { "users", "user" },
	[ACCESS_CONTEXTS] = { "contexts", "context" },
};

const char *
accessmerge_list_name(enum access_list list)
{
	return words[list].list;
}

const char *
accessmerge_entry_name(enum access_list list)
{
	return words[list].entry;
}

/* What the cluster hands to a plugin must keep its numbers; everything else is read as text (§1.3).
 */
static void
keep_typed_extensions(struct json *entry, const struct json *typed)
{
	const struct json *extensions = json_get(typed, "extensions");
	if (extensions != NULL && json_get(entry, "extensions") != NULL)
		json_set(entry, "extensions", json_clone(extensions));
}

static bool
merge_list(struct accessmerge *merge, enum access_list list, const struct json *items,
	   const struct json *typed, const char *path, const char *name, struct err *err)
{
	struct json *seen = json_new_object();
	bool fine = true;

	for (size_t i = 0; fine && i < json_count(items); i++) {
		const struct json *item = json_item(items, i);
		const char *key = json_string_at(item, "name");
		if (key == NULL)
			fine = err_set(err, ERR_INPUT,
				       "%s: an entry of %s has no name. Give it one.", name,
				       words[list].list);
		else if (json_get(seen, key) != NULL)
			fine = err_set(err, ERR_INPUT,
				       "%s: two entries of %s are named \"%.100s\". Remove one.",
				       name, words[list].list, key);
		if (!fine)
			break;
		json_set_bool(seen, key, true);
		if (json_get(merge->entries[list], key) != NULL)
			continue;
		const struct json *body = json_get(item, words[list].entry);
		struct json *entry =
			json_type(body) == JSON_OBJECT ? json_clone(body) : json_new_object();
		keep_typed_extensions(entry, json_get(json_item(typed, i), words[list].entry));
		json_set(merge->entries[list], key, entry);
		json_set_string(merge->origins[list], key, path);
	}
	json_free(seen);
	return fine;
}

static bool
merge_text(struct accessmerge *merge, const char *text, size_t length, const char *path,
	   const char *name, struct err *err)
{
	struct json *config = yaml_parse(text, length, name, YAML_STRINGS, err);
	struct json *typed =
		config != NULL ? yaml_parse(text, length, name, YAML_TYPED, NULL) : NULL;
	bool fine = config != NULL;

	if (fine && json_type(config) != JSON_OBJECT && json_type(config) != JSON_NULL)
		fine = err_set(err, ERR_INPUT, "%s is not a kubeconfig: it holds no fields.", name);
	const char *kind = json_string_at(config, "kind");
	if (fine && kind != NULL && *kind != '\0' && strcmp(kind, "Config") != 0)
		fine = err_set(err, ERR_INPUT,
			       "%s is not a kubeconfig: its kind is \"%.60s\", not \"Config\".",
			       name, kind);
	for (int list = 0; fine && list < ACCESS_LISTS; list++)
		fine = merge_list(merge, (enum access_list)list, json_get(config, words[list].list),
				  json_get(typed, words[list].list), path, name, err);
	const char *current = json_string_at(config, "current-context");
	if (fine && current != NULL && *merge->current == '\0') {
		free(merge->current);
		merge->current = die_strdup(current);
	}
	json_free(config);
	json_free(typed);
	return fine;
}

/* A kubeconfig is code and keys (§2.4). */
static void
warn_about(struct accessmerge *merge, const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return;
	if (status.st_uid != geteuid() && status.st_uid != 0)
		buf_printf(&merge->warnings,
			   "%s belongs to another user, who can change which cluster is used and "
			   "which "
			   "programs are run\n",
			   path);
	if ((status.st_mode & (S_IRGRP | S_IROTH)) != 0)
		buf_printf(&merge->warnings, "%s can be read by others; run: chmod 600 %s\n", path,
			   path);
}

/* False only for a file that is there and cannot be used; `found` tells whether there was one. */
static bool
merge_file(struct accessmerge *merge, const char *path, bool *found, struct err *err)
{
	struct buf text;

	buf_printf(&merge->files, "%s%s", merge->files.length > 0 ? ", " : "", path);
	json_set_bool(merge->paths, path, true);
	*found = file_exists(path);
	if (!*found)
		return true;
	buf_init(&text, FILE_CAP);
	bool fine = file_read(path, FILE_CAP, &text, err) &&
		    merge_text(merge, text.bytes, text.length, path, path, err);
	buf_wipe(&text);
	if (fine)
		warn_about(merge, path);
	return fine;
}

static bool
merge_explicit(struct accessmerge *merge, const char *path, struct err *err)
{
	bool found;

	merge->explicit = true;
	if (!merge_file(merge, path, &found, err))
		return false;
	if (!found)
		return err_set(err, ERR_INPUT,
			       "There is no kubeconfig at %s. Correct --kubeconfig.", path);
	return true;
}

/* Every file of $KUBECONFIG is read even when one is bad, and all that is bad is told (§1.1). */
static bool
merge_list_of_files(struct accessmerge *merge, const char *list, struct err *err)
{
	struct json *seen = json_new_object();
	struct err first = { .code = ERR_NONE }, one;
	size_t found_count = 0;

	while (list != NULL && *list != '\0') {
		size_t length = strcspn(list, ":");
		char *path = die_alloc(length + 1);
		memcpy(path, list, length);
		bool found = false;
		if (length > 0 && json_get(seen, path) == NULL) {
			json_set_bool(seen, path, true);
			if (!merge_file(merge, path, &found, &one)) {
				if (first.code == ERR_NONE)
					first = one;
				else
					err_wrap(&first, "%s", one.text);
			} else if (!found)
				buf_printf(&merge->warnings, "there is no kubeconfig at %s\n",
					   path);
		}
		found_count += found;
		free(path);
		list += length + (list[length] == ':');
	}
	json_free(seen);
	if (first.code != ERR_NONE)
		return err_set(err, first.code, "%s", first.text);
	if (found_count > 0)
		return true;
	buf_puts(&merge->warnings, "no file named in KUBECONFIG exists\n");
	return true;
}

static bool
merge_home(struct accessmerge *merge, struct err *err)
{
	const char *home = getenv("HOME");
	struct buf path;
	bool found, fine = true;

	if (home == NULL || *home == '\0')
		return true;
	buf_init(&path, 8 * BUF_KIB);
	if (buf_printf(&path, "%s/.kube/config", home))
		fine = merge_file(merge, path.bytes, &found, err);
	buf_release(&path);
	return fine;
}

bool
accessmerge_load(struct accessmerge *merge, const struct access_options *options, struct err *err)
{
	*merge = (struct accessmerge){ .current = die_strdup(""), .paths = json_new_object() };
	for (int list = 0; list < ACCESS_LISTS; list++) {
		merge->entries[list] = json_new_object();
		merge->origins[list] = json_new_object();
	}
	buf_init(&merge->warnings, 64 * BUF_KIB);
	buf_init(&merge->files, 16 * BUF_KIB);

	const char *environment = getenv("KUBECONFIG");
	bool fine;
	if (options->text != NULL) {
		merge->explicit = true;
		fine = merge_text(merge, options->text, strlen(options->text), "", "the kubeconfig",
				  err);
	} else if (options->kubeconfig != NULL)
		fine = merge_explicit(merge, options->kubeconfig, err);
	else if (environment != NULL && *environment != '\0')
		fine = merge_list_of_files(merge, environment, err);
	else
		fine = merge_home(merge, err);
	if (!fine)
		accessmerge_release(merge);
	return fine;
}

void
accessmerge_release(struct accessmerge *merge)
{
	for (int list = 0; list < ACCESS_LISTS; list++) {
		json_free(merge->entries[list]);
		json_free(merge->origins[list]);
	}
	free(merge->current);
	json_free(merge->paths);
	buf_release(&merge->warnings);
	buf_release(&merge->files);
	*merge = (struct accessmerge){ 0 };
}

bool
accessmerge_is_empty(const struct accessmerge *merge)
{
	for (int list = 0; list < ACCESS_LISTS; list++)
		if (json_count(merge->entries[list]) > 0)
			return false;
	return *merge->current == '\0';
}

const struct json *
accessmerge_find(const struct accessmerge *merge, enum access_list list, const char *name)
{
	return name != NULL ? json_get(merge->entries[list], name) : NULL;
}

const char *
accessmerge_origin(const struct accessmerge *merge, enum access_list list, const char *name)
{
	const char *path = name != NULL ? json_string(json_get(merge->origins[list], name)) : NULL;
	return path != NULL ? path : "";
}
