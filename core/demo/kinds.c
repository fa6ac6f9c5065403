#include "core/demo/kinds.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/demo/builtin.h"
#include "core/demo/schema.h"

struct kinds {
	struct kinds_row *first,
		*last; /* built-in ones first, then in the order they were learned */
	uint64_t next_id;
};

static void
row_free(struct kinds_row *row)
{
	free(row->versions);
	patterns_free(row->patterns);
	json_free(row->source);
	free(row);
}

static void
row_append(struct kinds *kinds, struct kinds_row *row)
{
	if (kinds->last)
		kinds->last->next = row;
	else
		kinds->first = row;
	kinds->last = row;
}

/* CRDs say nothing of metadata, but the server does: its fields, and which of its lists merge. */
static void
complete_schema(struct json *schema)
{
	struct json *properties;

	if (!schema)
		return;
	properties = json_set_object(schema, "properties");
	json_set_object(properties, "apiVersion");
	json_set_object(properties, "kind");
	json_set(properties, "metadata", schema_metadata());
}

static void
learn_builtin(struct kinds *kinds, const struct builtin *builtin)
{
	struct kinds_row *row = die_alloc(sizeof(*row));

	*row = (struct kinds_row){
		.group = builtin->group,
		.resource = builtin->resource,
		.singular = builtin->singular,
		.kind = builtin->kind,
		.list_kind = builtin->list_kind,
		.short_names = { builtin->short_names[0], builtin->short_names[1] },
		.categories = { builtin->in_all ? "all" : NULL },
		.namespaced = builtin->namespaced,
		.use = builtin->review ? KINDS_REVIEW : KINDS_STORED,
		.builtin = true,
		.id = ++kinds->next_id,
		.version_count = 1,
		.patterns = patterns_new(),
	};
	if (builtin->schema) {
		row->source = json_parse(builtin->schema, strlen(builtin->schema), NULL);
		if (!row->source)
			die("the built-in schema of %s is not JSON", builtin->resource);
	} else {
		row->source = json_new_object();
	}
	complete_schema(row->source);
	row->versions = die_alloc(sizeof(*row->versions));
	row->versions[0] = (struct kinds_version){
		.name = builtin->version,
		.served = true,
		.storage = true,
		.schema = row->source,
		.status = builtin->status,
		.scale = builtin->scale,
	};
	row_append(kinds, row);
}

struct kinds *
kinds_new(void)
{
	struct kinds *kinds = die_alloc(sizeof(*kinds));
	size_t count;
	const struct builtin *rows = builtin_list(&count);

	for (size_t i = 0; i < count; i++)
		learn_builtin(kinds, &rows[i]);
	return kinds;
}

void
kinds_free(struct kinds *kinds)
{
	if (!kinds)
		return;
	while (kinds->first) {
		struct kinds_row *row = kinds->first;

		kinds->first = row->next;
		row_free(row);
	}
	free(kinds);
}

const struct kinds_row *
kinds_first(const struct kinds *kinds)
{
	return kinds->first;
}

const struct kinds_row *
kinds_find(const struct kinds *kinds, const char *group, const char *resource)
{
	for (const struct kinds_row *row = kinds->first; row; row = row->next) {
		/* Asked before every answer; most differ in the first letter. */
		if (resource && *row->resource == *resource &&
		    text_equal(row->resource, resource) && text_equal(row->group, group))
			return row;
	}
	return NULL;
}

const struct kinds_row *
kinds_of(const struct kinds *kinds, const char *group, const char *kind)
{
	for (const struct kinds_row *row = kinds->first; row; row = row->next) {
		if (text_equal(row->kind, kind) && text_equal(row->group, group))
			return row;
	}
	return NULL;
}

const struct kinds_version *
kinds_version(const struct kinds_row *row, const char *name)
{
	for (size_t i = 0; i < row->version_count; i++) {
		if (row->versions[i].served && text_equal(row->versions[i].name, name))
			return &row->versions[i];
	}
	return NULL;
}

const struct kinds_version *
kinds_storage(const struct kinds_row *row)
{
	for (size_t i = 0; i < row->version_count; i++) {
		if (row->versions[i].storage)
			return &row->versions[i];
	}
	return &row->versions[0];
}

bool
kinds_has_group(const struct kinds *kinds, const char *group, const char *version)
{
	for (const struct kinds_row *row = kinds->first; row; row = row->next) {
		if (text_equal(row->group, group) && (!version || kinds_version(row, version)))
			return true;
	}
	return false;
}

static void
take_words(const struct json *array, const char *out[8])
{
	size_t n = 0;

	for (const struct json *word = json_first(array); word && n < 7; word = json_next(word))
		out[n++] = json_string(word);
}

static int
compare_rows(const void *a, const void *b)
{
	const struct kinds_version *left = a, *right = b;

	return kinds_compare_versions(left->name, right->name);
}

static void
take_versions(struct kinds_row *row, const struct json *versions)
{
	row->versions = die_alloc((json_count(versions) + 1) * sizeof(*row->versions));
	for (const struct json *v = json_first(versions); v; v = json_next(v)) {
		const char *warning = json_string_at(v, "deprecationWarning");

		row->versions[row->version_count++] = (struct kinds_version){
			.name = json_string_at(v, "name"),
			.served = json_bool_at(v, "served", false),
			.storage = json_bool_at(v, "storage", false),
			.deprecated = json_bool_at(v, "deprecated", false),
			.warning = warning,
			.schema = json_at(v, "schema.openAPIV3Schema"),
			.columns = json_at(v, "additionalPrinterColumns"),
			.status = json_at(v, "subresources.status") != NULL,
			.scale = json_at(v, "subresources.scale") != NULL,
		};
	}
	qsort(row->versions, row->version_count, sizeof(*row->versions), compare_rows);
}

void
kinds_learn(struct kinds *kinds, const struct json *crd, int64_t ready)
{
	struct kinds_row *row = die_alloc(sizeof(*row));
	struct kinds_row *old;
	const struct json *spec, *names;

	row->source = json_clone(crd);
	for (struct json *v = json_first_mutable(json_at_mutable(row->source, "spec.versions")); v;
	     v = json_next_mutable(v))
		complete_schema(json_at_mutable(v, "schema.openAPIV3Schema"));
	spec = json_get(row->source, "spec");
	names = json_get(spec, "names");
	row->group = json_string_at(spec, "group");
	row->resource = json_string_at(names, "plural");
	row->kind = json_string_at(names, "kind");
	row->singular = json_string_at(names, "singular");
	row->list_kind = json_string_at(names, "listKind");
	row->namespaced = text_equal(json_string_at(spec, "scope"), "Namespaced");
	row->ready = ready;
	row->patterns = patterns_new();
	take_words(json_get(names, "shortNames"), row->short_names);
	take_words(json_get(names, "categories"), row->categories);
	take_versions(row, json_get(spec, "versions"));
	for (old = kinds->first; old; old = old->next) {
		if (text_equal(old->group, row->group) && text_equal(old->resource, row->resource))
			break;
	}
	if (!old) {
		row->id = ++kinds->next_id;
		row_append(kinds, row);
		return;
	}
	/* The same life of the kind: the new description takes the old row's place. */
	row->id = old->id;
	row->ready = old->ready;
	row->next = old->next;
	row->terminating = old->terminating;
	free(old->versions);
	patterns_free(old->patterns);
	json_free(old->source);
	*old = *row;
	free(row);
}

void
kinds_forget(struct kinds *kinds, const char *group, const char *resource)
{
	struct kinds_row *before = NULL;

	for (struct kinds_row *row = kinds->first; row; before = row, row = row->next) {
		if (!text_equal(row->group, group) || !text_equal(row->resource, resource))
			continue;
		if (before)
			before->next = row->next;
		else
			kinds->first = row->next;
		if (kinds->last == row)
			kinds->last = before;
		row_free(row);
		return;
	}
}

void
kinds_terminate(struct kinds *kinds, const char *group, const char *resource)
{
	for (struct kinds_row *row = kinds->first; row; row = row->next) {
		if (text_equal(row->group, group) && text_equal(row->resource, resource))
			row->terminating = true;
	}
}

struct parts {
	int stability; /* 2 stable, 1 beta, 0 alpha, -1 no Kubernetes version */
	long major, minor;
};

static struct parts
parts_of(const char *version)
{
	struct parts parts = { .stability = -1 };
	char *end;

	if (version[0] != 'v' || !isdigit((unsigned char)version[1]))
		return parts;
	parts.major = strtol(version + 1, &end, 10);
	if (*end == '\0')
		return (struct parts){ .stability = 2, .major = parts.major };
	if (!text_starts(end, "alpha") && !text_starts(end, "beta"))
		return parts;
	parts.stability = text_starts(end, "beta");
	parts.minor = strtol(end + (parts.stability ? 4 : 5), NULL, 10);
	return parts;
}

int
kinds_compare_versions(const char *a, const char *b)
{
	struct parts left = parts_of(a), right = parts_of(b);

	if (left.stability != right.stability)
		return right.stability - left.stability;
	if (left.stability < 0)
		return strcmp(a, b);
	if (left.major != right.major)
		return left.major < right.major ? 1 : -1;
	return (left.minor < right.minor) - (left.minor > right.minor);
}

const char *
kinds_api_version(char *text, size_t size, const char *group, const char *version)
{
	snprintf(text, size, "%s%s%s", group, *group ? "/" : "", version);
	return text;
}

void
kinds_part(const char *api_version, char group[256], char version[256])
{
	const char *slash = strchr(api_version, '/');

	snprintf(group, 256, "%.*s", slash ? (int)(slash - api_version) : 0, api_version);
	snprintf(version, 256, "%s", slash ? slash + 1 : api_version);
}
