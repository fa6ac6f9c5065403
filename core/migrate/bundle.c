#include "core/migrate/bundle.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/embed.h"
#include "core/base/text.h"
#include "core/base/yaml.h"

/* Written by build-aux/embed.sh from crds/ (its rows end with a NULL name). */
extern const struct embed_file migrate_crd_files[];

/* The names that may stand in a bundle, in the order they are applied. Rewrites and imports come
 * with later bundles; the migration needs neither, and leaves them out. */
static const struct {
	const char *name;
	enum kind kind;
} expected[BUNDLE_CRDS] = {
	{ "inferencepools." GROUP_GA, KIND_GA_POOL },
	{ "inferenceobjectives." GROUP_ALPHA, KIND_OBJECTIVE },
	{ "inferencepools." GROUP_ALPHA, KIND_ALPHA_POOL },
	{ "inferencemodelrewrites." GROUP_ALPHA, KIND_COUNT },
	{ "inferencepoolimports." GROUP_ALPHA, KIND_COUNT },
};

const char *
bundle_crd_name(enum kind kind)
{
	for (size_t i = 0; i < BUNDLE_CRDS; i++)
		if (expected[i].kind == kind && kind != KIND_COUNT)
			return expected[i].name;
	return NULL;
}

static bool
refuse(const struct json *document, size_t number, const char *name, struct err *err)
{
	const char *kind = json_string_at(document, "kind");
	const char *object = json_string_at(document, "metadata.name");
	struct buf clean;

	buf_init(&clean, 512);
	if (kind != NULL && object != NULL) {
		text_clean(&clean, kind, strlen(kind));
		buf_putc(&clean, ' ');
		text_clean(&clean, object, strlen(object));
	} else {
		buf_printf(&clean, "document %zu", number);
	}
	err_set(err, ERR_INPUT,
		"%s holds %s, which is none of the inference CRDs. Nothing of it is used; give the "
		"CRDs of a "
		"release alone.",
		name, clean.bytes);
	buf_release(&clean);
	return false;
}

/* As it is applied: what a server fills in would be refused or fought over. */
static struct json *
applicable(const struct json *document)
{
	struct json *json = json_clone(document);
	struct json *metadata = json_get_mutable(json, "metadata");

	json_remove(json, "status");
	json_remove(metadata, "creationTimestamp");
	json_remove(metadata, "managedFields");
	json_remove(metadata, "resourceVersion");
	json_remove(metadata, "uid");
	json_remove(metadata, "generation");
	return json;
}

static bool
is_crd(const struct json *document)
{
	const char *api_version = json_string_at(document, "apiVersion");
	const char *kind = json_string_at(document, "kind");

	return api_version != NULL && kind != NULL && strcmp(api_version, GROUP_CRD "/v1") == 0 &&
	       strcmp(kind, "CustomResourceDefinition") == 0;
}

/* The name of a CRD must say what its spec says, or an expected name could carry any kind. */
static bool
is_named_after_its_kind(const struct json *document, const char *name)
{
	const char *plural = json_string_at(document, "spec.names.plural");
	const char *group = json_string_at(document, "spec.group");
	size_t length;

	if (plural == NULL || group == NULL)
		return false;
	length = strlen(plural);
	return strncmp(name, plural, length) == 0 && name[length] == '.' &&
	       strcmp(name + length + 1, group) == 0;
}

static bool
take(struct bundle *out, const struct json *document, size_t number, const char *source,
     struct err *err)
{
	const char *name = json_string_at(document, "metadata.name");
	size_t i = 0;

	if (!is_crd(document) || name == NULL || !is_named_after_its_kind(document, name))
		return refuse(document, number, source, err);
	while (i < BUNDLE_CRDS && strcmp(expected[i].name, name) != 0)
		i++;
	if (i == BUNDLE_CRDS)
		return refuse(document, number, source, err);
	if (out->crds[i].json != NULL)
		return err_set(err, ERR_INPUT, "%s holds the CRD %s twice; give it once.", source,
			       name);
	out->crds[i].json = applicable(document);
	return true;
}

static bool
read_version(struct bundle *out, const char *source, struct err *err)
{
	const char *version = NULL;

	for (size_t i = 0; i < BUNDLE_CRDS && version == NULL; i++)
		version = json_string(json_get(json_at(out->crds[i].json, "metadata.annotations"),
					       BUNDLE_VERSION_KEY));
	if (bundle_find(out, KIND_OBJECTIVE) == NULL)
		return err_set(err, ERR_INPUT,
			       "%s does not hold the CRD %s, without which no new picker starts; "
			       "give the CRDs of release v1.0.0 or later.",
			       source, bundle_crd_name(KIND_OBJECTIVE));
	if (version == NULL || text_starts(version, "v0."))
		return err_set(
			err, ERR_INPUT,
			"%s does not say a bundle version of v1.0.0 or later in the annotation %s.",
			source, BUNDLE_VERSION_KEY);
	snprintf(out->version, sizeof(out->version), "%s", version);
	return true;
}

static bool
take_all(struct bundle *out, const char *text, size_t length, const char *name, struct err *err)
{
	struct json *documents = yaml_parse_all(text, length, name, BUNDLE_MAX, err);
	size_t number = 0;
	bool taken = documents != NULL;

	for (const struct json *c = json_first(documents); taken && c != NULL; c = json_next(c))
		taken = take(out, c, ++number, name, err);
	json_free(documents);
	return taken;
}

static void
start(struct bundle *out)
{
	*out = (struct bundle){ 0 };
	for (size_t i = 0; i < BUNDLE_CRDS; i++) {
		out->crds[i].name = expected[i].name;
		out->crds[i].kind = expected[i].kind;
	}
}

bool
bundle_parse(const char *text, size_t length, const char *name, struct bundle *out, struct err *err)
{
	start(out);
	if (take_all(out, text, length, name, err) && read_version(out, name, err))
		return true;
	bundle_release(out);
	return false;
}

bool
bundle_load(const struct settings *settings, struct bundle *out, struct err *err)
{
	bool taken = true;

	if (settings->bundle != NULL)
		return bundle_parse(settings->bundle, strlen(settings->bundle),
				    settings->bundle_name, out, err);
	start(out);
	for (const struct embed_file *file = migrate_crd_files; taken && file->name != NULL; file++)
		taken = take_all(out, file->bytes, file->length, file->name, err);
	if (taken && read_version(out, "The built-in bundle", err))
		return true;
	bundle_release(out);
	return false;
}

void
bundle_release(struct bundle *bundle)
{
	for (size_t i = 0; i < BUNDLE_CRDS; i++) {
		json_free(bundle->crds[i].json);
		bundle->crds[i].json = NULL;
	}
}

const struct bundle_crd *
bundle_find(const struct bundle *bundle, enum kind kind)
{
	for (size_t i = 0; i < BUNDLE_CRDS; i++)
		if (bundle->crds[i].kind == kind && bundle->crds[i].json != NULL)
			return &bundle->crds[i];
	return NULL;
}
