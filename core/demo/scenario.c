#include "core/demo/scenario.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/embed.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/demo/author.h"
#include "core/demo/controller.h"
#include "core/demo/crd.h"
#include "core/demo/inside.h"
#include "core/demo/kinds.h"
#include "core/demo/repeat.h"

#define MANAGER     "kubectl-create"
#define YAML_CAP    (16 * BUF_MIB)
#define REPEATS_MAX 100000

extern const struct embed_file demo_scenario_files[];
extern const struct embed_file demo_crd_files[];

static const struct demo_scenario scenarios[] = {
	{ "classic",
	  "The documentation's example: one alpha pool, its picker, two models and one route." },
	{ "fresh",
	  "The same world on the v1 API, with nothing of alpha left: nothing to migrate." },
	{ "estate",
	  "Everything an alpha installation can hold, at once: shared pickers, a mirror, grants, "
	  "policies, a Helm release, a route of Argo CD, orphaned models." },
	{ "blocked", "Pools with one thing each that keeps them from being migrated as they are." },
	{ "rewrites", "The documentation's example where InferenceModelRewrites are served." },
	{ "crowd", "40 alpha pools in 12 namespaces, with shared routes, several rules, hostnames "
		   "and other backends." },
	{ "big", "5,000 routes in 50 namespaces, three alpha pools: for speed." },
};

struct loader {
	struct demo *demo;
	const char *name;   /* of the scenario */
	bool version_fixed; /* by the user's option */
	bool serves_fixed;  /* so, too */
	struct buf *manifests;
};

const struct demo_scenario *
demo_scenario_list(size_t *count)
{
	*count = sizeof(scenarios) / sizeof(scenarios[0]);
	return scenarios;
}

static const struct embed_file *
find_builtin(const char *name, struct err *err)
{
	const struct embed_file *file;
	struct buf known;
	size_t length = strlen(name);
	size_t i;

	for (file = demo_scenario_files; file->name != NULL; file++)
		if (strncmp(file->name, name, length) == 0 &&
		    strcmp(file->name + length, ".yaml") == 0)
			return file;
	buf_init(&known, BUF_KIB);
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		buf_printf(&known, "%s%s", i == 0 ? "" : ", ", scenarios[i].name);
	err_set(err, ERR_INPUT,
		"there is no scenario \"%.100s\"; there are %s, or a file of your own", name,
		known.bytes);
	buf_release(&known);
	return NULL;
}

/* As somebody applies it: without what a server or a controller fills in. */
static bool
print_manifest(struct loader *loader, const struct json *object, struct err *err)
{
	static const char *const filled_in[] = { "uid", "resourceVersion", "generation",
						 "creationTimestamp", "managedFields" };
	struct json *manifest;
	bool fine;
	size_t i;

	if (loader->manifests == NULL)
		return true;
	manifest = json_clone(object);
	json_remove(manifest, "status");
	for (i = 0; i < sizeof(filled_in) / sizeof(filled_in[0]); i++)
		json_remove(json_get_mutable(manifest, "metadata"), filled_in[i]);
	fine = buf_puts(loader->manifests, "---\n") && yaml_print(manifest, loader->manifests);
	json_free(manifest);
	return fine || err_set(err, ERR_INPUT, "its manifests are larger than %zu MiB",
			       loader->manifests->cap / BUF_MIB);
}

/* `object` is taken. */
static bool
make(struct loader *loader, struct json *object, struct err *err)
{
	bool is_crd = text_equal(json_string_at(object, "kind"), "CustomResourceDefinition");
	const char *named = json_string_at(object, "metadata.name");
	char name[254];

	snprintf(name, sizeof(name), "%s", is_crd && named != NULL ? named : "");
	if (!print_manifest(loader, object, err)) {
		json_free(object);
		return false;
	}
	if (!author_create(loader->demo, MANAGER, object, err))
		return false;
	if (is_crd)
		crd_establish(loader->demo, name);
	return true;
}

static bool
ensure_namespace(struct loader *loader, const char *name, struct err *err)
{
	struct json *object;

	if (store_get(loader->demo->store, "", "namespaces", "", name) != NULL)
		return true;
	object = json_new_object();
	json_set_string(object, "apiVersion", "v1");
	json_set_string(object, "kind", "Namespace");
	json_set_string(json_set_object(object, "metadata"), "name", name);
	return make(loader, object, err);
}

/* Where an object without a namespace belongs, and that the namespace is there. */
static bool
place(struct loader *loader, struct json *object, const char *group, const char *kind,
      struct err *err)
{
	const struct kinds_row *row = kinds_of(loader->demo->kinds, group, kind);
	struct json *metadata = json_set_object(object, "metadata");

	if (row == NULL)
		return err_set(err, ERR_INPUT,
			       "the kind is not served; its CRD has to come before it");
	if (!row->namespaced)
		return true;
	if (json_get(metadata, "namespace") == NULL)
		json_set_string(metadata, "namespace", "default");
	if (json_string_at(metadata, "namespace") == NULL)
		return err_set(err, ERR_INPUT, "its namespace is not a string");
	return ensure_namespace(loader, json_string_at(metadata, "namespace"), err);
}

/* A namespace may have been made for an object before it; `object` is taken. */
static bool
create(struct loader *loader, struct json *object, struct err *err)
{
	const char *api_version = json_string_at(object, "apiVersion");
	const char *kind = json_string_at(object, "kind");
	const char *name = json_string_at(object, "metadata.name");
	char group[256] = "";
	char version[256];
	struct buf label;
	bool fine = true;

	buf_init(&label, BUF_KIB);
	if (api_version != NULL)
		kinds_part(api_version, group, version);
	buf_printf(&label, "%s%s%s \"%s\"", kind != NULL ? kind : "an object",
		   group[0] != '\0' ? "." : "", group, name != NULL ? name : "");
	if (api_version == NULL || kind == NULL || name == NULL) {
		fine = err_set(err, ERR_INPUT,
			       "apiVersion, kind and metadata.name have to be there");
		json_free(object);
	} else if (!place(loader, object, group, kind, err)) {
		fine = false;
		json_free(object);
	} else if (strcmp(kind, "Namespace") == 0 &&
		   store_get(loader->demo->store, "", "namespaces", "", name) != NULL) {
		json_free(object);
	} else {
		fine = make(loader, object, err);
	}
	if (!fine) {
		err_wrap(err, "scenario %s: %s", loader->name, label.bytes);
		if (err != NULL)
			err->code = ERR_INPUT;
	}
	buf_release(&label);
	return fine;
}

static bool
is_installed(const struct loader *loader, const struct json *crd)
{
	const char *name = json_string_at(crd, "metadata.name");

	return name != NULL && store_get(loader->demo->store, "apiextensions.k8s.io",
					 "customresourcedefinitions", "", name) != NULL;
}

/* Every file whose name starts with "BUNDLE_", or the one that is named whole; what is there
 * already stays. */
static bool
install_bundle(struct loader *loader, const char *bundle, struct err *err)
{
	const struct embed_file *file;
	struct json *crd;
	size_t length = bundle == NULL ? 0 : strlen(bundle);
	size_t found = 0;

	for (file = demo_crd_files; length > 0 && file->name != NULL; file++) {
		if (strncmp(file->name, bundle, length) != 0 ||
		    (file->name[length] != '_' && file->name[length] != '.'))
			continue;
		found++;
		crd = yaml_parse(file->bytes, file->length, file->name, YAML_TYPED, err);
		if (crd == NULL)
			return false;
		if (is_installed(loader, crd))
			json_free(crd);
		else if (!create(loader, crd, err))
			return false;
	}
	if (found == 0)
		return err_set(err, ERR_INPUT,
			       "scenario %s: there is no bundle of CRDs named \"%.100s\"",
			       loader->name, bundle != NULL ? bundle : "");
	return true;
}

static bool
set_delays(struct loader *loader, const struct json *delays, struct err *err)
{
	static const struct {
		const char *name;
		size_t offset;
	} rows[] = {
		{ "conditions", offsetof(struct controller_delays, conditions) },
		{ "traffic", offsetof(struct controller_delays, traffic) },
		{ "pods", offsetof(struct controller_delays, pods) },
		{ "collect", offsetof(struct controller_delays, collect) },
	};
	struct controller_delays values = controller_delays(loader->demo->controller);
	const struct json *one;
	const char *text;
	size_t i;

	for (one = json_first(delays); one != NULL; one = json_next(one)) {
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (strcmp(json_key(one), rows[i].name) == 0)
				break;
		text = json_string(one);
		if (i == sizeof(rows) / sizeof(rows[0]))
			return err_set(err, ERR_INPUT,
				       "scenario %s: there is no delay \"%.100s\"; there are "
				       "conditions, traffic, pods and "
				       "collect",
				       loader->name, json_key(one));
		if (text == NULL ||
		    !text_duration(text, (int64_t *)(void *)((char *)&values + rows[i].offset),
				   err))
			return err_set(
				err, ERR_INPUT,
				"scenario %s: the delay \"%s\" is not a duration like \"100ms\"",
				loader->name, json_key(one));
	}
	controller_set_delays(loader->demo->controller, &values);
	return true;
}

/* `text` may be the scenario's word or the user's. */
static bool
set_serves(struct loader *loader, const char *text, struct err *err)
{
	static const char *const words[] = {
		[DEMO_SERVES_BOTH] = "both", [DEMO_SERVES_ALPHA] = "alpha", [DEMO_SERVES_GA] = "ga"
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (text_equal(text, words[i])) {
			loader->demo->serves = (enum demo_serves)i;
			return true;
		}
	}
	return err_set(err, ERR_INPUT, "scenario %s: serves is both, alpha or ga", loader->name);
}

/* From 1.34.0-gke.1626000 on a GKE server brings the CRD of the GA pools itself. */
static bool
ships_ga_pools(const char *git_version)
{
	static const int since[] = { 1, 34, 0, 1626000 };
	int is[4];

	if (sscanf(git_version + (*git_version == 'v'), "%9d.%9d.%9d-gke.%9d", &is[0], &is[1],
		   &is[2], &is[3]) != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (is[i] != since[i])
			return is[i] > since[i];
	return true;
}

/* What the server has before anybody made anything. */
static bool
install_platform(struct loader *loader, const struct json *documents, struct err *err)
{
	const struct json *first = json_first(documents);
	const char *version = json_string_at(first, "gitVersion");

	if (loader->version_fixed || version == NULL || json_get(first, "apiVersion") != NULL)
		version = loader->demo->git_version;
	return !ships_ga_pools(version) ||
	       install_bundle(loader, "inference-v1.0.0_inferencepools", err);
}

static bool
apply_settings(struct loader *loader, const struct json *settings, struct err *err)
{
	const struct json *bundle;
	const char *version = json_string_at(settings, "gitVersion");

	if (version != NULL && !loader->version_fixed) {
		free(loader->demo->git_version);
		loader->demo->git_version = die_strdup(version);
	}
	if (json_get(settings, "serves") != NULL && !loader->serves_fixed &&
	    !set_serves(loader, json_string_at(settings, "serves"), err))
		return false;
	if (!set_delays(loader, json_get(settings, "delays"), err))
		return false;
	for (bundle = json_first(json_get(settings, "crds")); bundle != NULL;
	     bundle = json_next(bundle))
		if (!install_bundle(loader, json_string(bundle), err))
			return false;
	return true;
}

static bool
repeat(struct loader *loader, const struct json *document, struct err *err)
{
	const struct json *objects = json_get(document, "objects");
	int64_t from = json_integer(json_get(document, "from"), 1);
	int64_t to = json_integer(json_get(document, "to"), -1);
	int64_t step = json_integer(json_get(document, "step"), 1);
	const struct json *template;
	struct json *object;
	int64_t i;

	if (from < 0 || to < from || step < 1 || to > REPEATS_MAX ||
	    json_type(objects) != JSON_ARRAY)
		return err_set(err, ERR_INPUT,
			       "scenario %s: a Repeat has from, to (at most %d), step and a list "
			       "of objects",
			       loader->name, REPEATS_MAX);
	for (i = from; i <= to; i += step) {
		for (template = json_first(objects); template != NULL;
		     template = json_next(template)) {
			object = repeat_value(template, i, err);
			if (object == NULL)
				return err_wrap(err, "scenario %s", loader->name);
			if (!create(loader, object, err))
				return false;
		}
	}
	return true;
}

static bool
load_documents(struct loader *loader, const struct json *documents, struct err *err)
{
	static const char *const namespaces[] = { "default", "kube-node-lease", "kube-public",
						  "kube-system" };
	const struct json *document;
	const char *kind;
	size_t i;

	for (i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++)
		if (!ensure_namespace(loader, namespaces[i], err))
			return false;
	if (!install_platform(loader, documents, err))
		return false;
	for (document = json_first(documents); document != NULL; document = json_next(document)) {
		kind = json_string_at(document, "kind");
		if (json_type(document) != JSON_OBJECT)
			return err_set(err, ERR_INPUT,
				       "scenario %s: a document that is not an object",
				       loader->name);
		if (json_get(document, "apiVersion") == NULL && text_equal(kind, "Scenario")) {
			if (!apply_settings(loader, document, err))
				return false;
		} else if (json_get(document, "apiVersion") == NULL && text_equal(kind, "Repeat")) {
			if (!repeat(loader, document, err))
				return false;
		} else if (!create(loader, json_clone(document), err)) {
			return false;
		}
	}
	return true;
}

bool
scenario_load(struct demo *demo, const struct demo_options *options, struct err *err)
{
	struct loader loader = {
		.demo = demo,
		.name = options->scenario != NULL ? options->scenario : "classic",
		.version_fixed = options->gke_version != NULL,
		.serves_fixed = options->serves != NULL,
		.manifests = options->manifests,
	};
	const struct embed_file *file;
	struct json *documents;
	const char *text = options->scenario_yaml;
	size_t length = text != NULL ? strlen(text) : 0;
	bool fine;

	if (options->serves != NULL && !set_serves(&loader, options->serves, err))
		return false;
	if (text == NULL) {
		file = find_builtin(loader.name, err);
		if (file == NULL)
			return false;
		text = file->bytes;
		length = file->length;
	}
	documents = yaml_parse_all(text, length, loader.name, YAML_CAP, err);
	if (documents == NULL)
		return false;
	demo->loading = true;
	fine = load_documents(&loader, documents, err);
	if (fine) {
		controller_settle(demo->controller);
		store_compact(demo->store); /* how the world came to be is nobody's history */
	}
	demo->loading = false;
	json_free(documents);
	return fine;
}
