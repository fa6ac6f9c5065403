/* What helm answers: how a release stands, what it would make, and that as a difference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/die.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/release.h"
#include "core/migrate/say.h"
#include "core/migrate/sealed.h"

#define MANIFESTS_MAX (4 * BUF_MIB)

struct json *
release_found(const char *text, size_t length, struct err *err)
{
	struct json *list = json_parse(text, length, err), *found;

	if (list == NULL) {
		err_wrap(err, "helm list gave something else than JSON");
		return NULL;
	}
	if (json_type(list) != JSON_ARRAY || json_count(list) == 0) {
		json_free(list);
		return json_new_null();
	}
	found = json_clone(json_item(list, 0));
	json_set_string(json_set_object(found, "metadata"), "resourceVersion",
			json_string_at(found, "revision"));
	json_free(list);
	return found;
}

static const char *
status_of(const struct json *live)
{
	const char *status = json_string_at(live, "status");

	return status != NULL ? status : "";
}

bool
release_moves(const struct json *live)
{
	return text_starts(status_of(live), "pending-") ||
	       strcmp(status_of(live), "uninstalling") == 0;
}

bool
release_moved_on(const struct intent *intent, const struct json *live)
{
	return !text_equal(json_string_at(live, "metadata.resourceVersion"), intent->version_seen);
}

static bool
is_there(const struct json *live)
{
	return *status_of(live) != '\0' && strcmp(status_of(live), "uninstalled") != 0;
}

enum intent_met
release_met(const struct intent *intent, const struct json *live)
{
	bool stands = is_there(live);
	bool deployed = strcmp(status_of(live), "deployed") == 0;
	bool wanted = intent->verb != VERB_UNINSTALL;

	if (intent->verb == VERB_UPGRADE && deployed)
		return release_moved_on(intent, live) ? INTENT_MET : INTENT_NOT_MET;
	if (intent->verb == VERB_UPGRADE)
		return INTENT_CHANGED_BY_OTHER;

	if (wanted ? deployed : !stands)
		return INTENT_MET;
	if (wanted ? !stands : deployed)
		return INTENT_NOT_MET;
	return INTENT_CHANGED_BY_OTHER;
}

enum journal_end
release_end_seen(const struct intent *intent, const struct json *live)
{
	enum intent_met met = release_met(intent, live);

	if (met == INTENT_MET)
		return JOURNAL_DONE;
	if (intent->verb != VERB_UNINSTALL && !is_there(live))
		return JOURNAL_UNKNOWN;
	return met == INTENT_NOT_MET ? JOURNAL_NOT_SENT : JOURNAL_FAILED;
}

/* "*** (12 bytes)", as kubectl diff hides them. */
static void
show_lengths(struct json *data, bool base64)
{
	for (struct json *c = json_first_mutable(data), *next; c != NULL; c = next) {
		const char *text = json_string(c) != NULL ? json_string(c) : "";
		char *key = die_strdup(json_key(c)), shown[64];
		struct buf plain;

		next = json_next_mutable(c);
		buf_init(&plain, MANIFESTS_MAX);
		if (base64 && text_base64_decode(&plain, text, strlen(text)))
			snprintf(shown, sizeof(shown), SEALED_MARK " (%zu bytes)", plain.length);
		else
			snprintf(shown, sizeof(shown), SEALED_MARK " (%zu bytes)", strlen(text));
		json_set_string(data, key, shown);
		buf_wipe(&plain);
		free(key);
	}
}

/* As the server would see it: in the release's namespace unless it says another; and no secret. */
static struct json *
completed(const struct intent *intent, const struct json *object)
{
	const char *version = json_string_at(object, "apiVersion");
	const char *name = json_string_at(object, "kind");
	struct json *copy = json_clone(object);
	struct json *meta = json_set_object(copy, "metadata");
	enum kind kind =
		version == NULL || name == NULL ? KIND_COUNT : kind_of_object(version, name);

	if (kind != KIND_COUNT && kind_row(kind)->namespaced && json_get(meta, "namespace") == NULL)
		json_set_string(meta, "namespace", intent->ns);
	if (text_equal(name, "Secret")) {
		show_lengths(json_get_mutable(copy, "data"), true);
		show_lengths(json_get_mutable(copy, "stringData"), false);
	}
	return copy;
}

struct json *
release_manifests(const struct intent *intent, enum release_run run, const char *text,
		  size_t length, struct err *err)
{
	/* Then it is the release as JSON, not its manifest alone. */
	bool whole = run == RELEASE_TRY &&
		     (intent->verb == VERB_INSTALL || intent->verb == VERB_UPGRADE);
	struct json *release = whole ? json_parse(text, length, err) : NULL, *documents, *out;
	const char *yaml = whole ? json_string_at(release, "manifest") : text;

	if (yaml == NULL) {
		json_free(release);
		err_set(err, ERR_INPUT, "helm's dry run gave no manifest.");
		return NULL;
	}
	documents = yaml_parse_all(yaml, whole ? strlen(yaml) : length, "the chart's manifest",
				   MANIFESTS_MAX, err);
	json_free(release);
	if (documents == NULL)
		return NULL;
	out = json_new_array();
	for (const struct json *c = json_first(documents); c != NULL; c = json_next(c))
		if (json_type(c) == JSON_OBJECT)
			json_append(out, completed(intent, c));
	json_free(documents);
	return out;
}

struct named {
	enum kind kind;
	const char *ns, *name, *word; /* word: its kind as the manifest has it */
};

static struct named
name_of(const struct json *object)
{
	const char *version = json_string_at(object, "apiVersion");
	struct named named = {
		.ns = json_string_at(object, "metadata.namespace"),
		.name = json_string_at(object, "metadata.name"),
		.word = json_string_at(object, "kind"),
	};

	named.ns = named.ns != NULL ? named.ns : "";
	named.name = named.name != NULL ? named.name : "";
	named.word = named.word != NULL ? named.word : "";
	named.kind = kind_of_object(version != NULL ? version : "", named.word);
	return named;
}

static const char *
title_of(const struct named *named, struct arena *arena)
{
	return named->kind != KIND_COUNT
		       ? say_title(arena, named->kind, named->ns, named->name)
		       : arena_printf(arena, "%s %s", say_text(arena, named->word),
				      say_name(arena, named->ns, named->name));
}

static const struct json *
find_same(const struct json *manifests, const struct named *named)
{
	for (const struct json *c = json_first(manifests); c != NULL; c = json_next(c)) {
		struct named other = name_of(c);

		if (strcmp(other.word, named->word) == 0 && strcmp(other.ns, named->ns) == 0 &&
		    strcmp(other.name, named->name) == 0)
			return c;
	}
	return NULL;
}

/* What is equal is left out: of a chart of many objects, one may change. */
static void
add_change(struct buf *out, const struct json *before, const struct json *after,
	   struct arena *arena)
{
	struct named named = name_of(after != NULL ? after : before);
	struct intent part = { .verb = VERB_UPGRADE, .title = title_of(&named, arena) };

	if (before == NULL || after == NULL || !json_equal(before, after))
		buf_puts(out, intent_diff(&part, before, after, arena));
}

const char *
release_change(const struct json *before, const struct json *after, struct arena *arena)
{
	struct buf out;
	const char *text;

	buf_init(&out, 2 * MANIFESTS_MAX);
	for (const struct json *c = json_first(after); c != NULL; c = json_next(c)) {
		struct named named = name_of(c);

		add_change(&out, find_same(before, &named), c, arena);
	}
	for (const struct json *c = json_first(before); c != NULL; c = json_next(c)) {
		struct named named = name_of(c);

		if (find_same(after, &named) == NULL)
			add_change(&out, c, NULL, arena);
	}
	text = arena_string(arena, out.length > 0 ? out.bytes : "");
	buf_release(&out);
	return text;
}

const char *
release_diff(const struct intent *intent, const struct world *world, const struct json *manifests,
	     struct arena *arena)
{
	bool goes = intent->verb == VERB_UNINSTALL;
	struct buf out;
	const char *text;

	buf_init(&out, 2 * MANIFESTS_MAX);
	for (const struct json *c = json_first(manifests); c != NULL; c = json_next(c)) {
		struct named named = name_of(c);
		const struct object *known =
			named.kind == KIND_COUNT
				? NULL
				: world_find(world, named.kind, named.ns, named.name);
		struct json *live = known == NULL ? NULL : object_json(known);
		struct intent part = {
			.verb = intent->verb,
			.title = title_of(&named, arena),
		};

		buf_puts(&out, goes ? intent_diff(&part, live != NULL ? live : c, NULL, arena)
				    : intent_diff(&part, live, c, arena));
		json_free(live);
	}
	text = arena_string(arena, out.bytes);
	buf_release(&out);
	return text;
}
