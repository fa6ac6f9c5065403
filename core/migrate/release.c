#include "core/migrate/release.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/migrate/say.h"

#define WORDS_MAX  (1 * BUF_MIB)
#define RELEASE    "meta.helm.sh/release-name"
#define RELEASE_NS "meta.helm.sh/release-namespace"

bool
release_is(const struct intent *intent)
{
	return intent->verb >= VERB_INSTALL;
}

struct intent *
release_add(struct intent_list *list, struct arena *arena, enum verb verb, const char *ns,
	    const char *name)
{
	struct intent *intent = intent_add(list, arena, verb, KIND_ALPHA_POOL, ns, name);

	intent->kind = KIND_COUNT;
	intent->group = RELEASE_GROUP;
	intent->version = "v3";
	intent->resource = "releases";
	intent->title = arena_printf(arena, "Helm release %s", say_name(arena, ns, name));
	return intent;
}

const char *
release_body(const char *const *words, struct arena *arena)
{
	struct json *list = json_new_array();
	const char *body;
	char *text;

	for (; *words != NULL; words++)
		json_append(list, json_new_string(*words));
	text = json_text(list);
	body = arena_string(arena, text);
	free(text);
	json_free(list);
	return body;
}

/* helm takes a regular expression; of what a name may hold, only the dot means something there. */
static const char *
pattern(const char *name, struct arena *arena)
{
	struct buf out;
	const char *text;

	buf_init(&out, 4 * BUF_KIB);
	buf_putc(&out, '^');
	for (; *name != '\0'; name++)
		buf_printf(&out, "%s%c", *name == '.' ? "\\" : "", *name);
	buf_putc(&out, '$');
	text = arena_string(arena, out.bytes);
	buf_release(&out);
	return text;
}

struct words {
	const char **items;
	size_t count;
};

static void
add_words(struct words *words, const char *const *more)
{
	for (; *more != NULL; more++)
		words->items[words->count++] = *more;
}

static void
add_body(struct words *words, const struct json *body, struct arena *arena)
{
	for (const struct json *c = json_first(body); c != NULL; c = json_next(c))
		words->items[words->count++] =
			arena_string(arena, json_string(c) != NULL ? json_string(c) : "");
}

const char **
release_argv(const struct intent *intent, enum release_run run, struct arena *arena)
{
	struct json *body = json_parse(intent->body, strlen(intent->body), NULL);
	struct words words = { 0 };
	const char *const look[] = { "list",        "--all",
				     "--filter",    pattern(intent->name, arena),
				     "--namespace", intent->ns,
				     "--output",    "json",
				     NULL };
	const char *const get[] = {
		"get", "manifest", intent->name, "--namespace", intent->ns, NULL
	};
	bool renders = intent->verb == VERB_INSTALL || intent->verb == VERB_UPGRADE;
	const char *const dry[] = { "--dry-run=server", "--output", "json", NULL };
	const char *const helm[] = { "helm", NULL };

	if (body == NULL || json_type(body) != JSON_ARRAY) {
		json_free(body);
		return NULL;
	}
	words.items = arena_array(arena, json_count(body) + 16, sizeof(*words.items));
	add_words(&words, helm);
	if (run == RELEASE_LOOK) {
		add_words(&words, look);
	} else if (run == RELEASE_STAND || (run == RELEASE_TRY && !renders)) {
		add_words(&words, get);
	} else {
		add_body(&words, body, arena);
		if (run == RELEASE_RENDER)
			words.items[1] = "template";
		if (run == RELEASE_TRY)
			add_words(&words, dry);
	}
	json_free(body);
	return words.items;
}

const char *
release_command(const struct intent *intent, const char *context, struct arena *arena)
{
	const char *const *argv = release_argv(intent, RELEASE_DO, arena);
	struct buf out;
	const char *text;

	buf_init(&out, WORDS_MAX);
	for (size_t i = 0; argv != NULL && argv[i] != NULL; i++) {
		if (i > 0)
			buf_putc(&out, ' ');
		text_shell_word(&out, argv[i]);
		if (i == 0 && *context != '\0') {
			buf_puts(&out, " --kube-context ");
			text_shell_word(&out, context);
		}
	}
	text = say_lines(arena, out.bytes);
	buf_release(&out);
	return text;
}

bool
release_has(const struct object *object, const char *ns, const char *name)
{
	const char *where = kv_find(&object->meta.annotations, RELEASE_NS);

	return text_equal(kv_find(&object->meta.annotations, RELEASE), name) &&
	       text_equal(where != NULL ? where : object->meta.ns, ns);
}

const char *
release_of(const struct object *object)
{
	const char *name = kv_find(&object->meta.annotations, RELEASE);

	return name != NULL ? name : "";
}

struct json *
release_copies(const struct intent *intent, const struct world *world)
{
	struct json *list = json_new_object(), *items;

	json_set_string(list, "apiVersion", "v1");
	json_set_string(list, "kind", "List");
	items = json_set_array(list, "items");
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		for (size_t i = 0; i < world->count[kind]; i++) {
			const struct object *object = world->objects[kind][i];
			struct json *json;

			if (!release_has(object, intent->ns, intent->name))
				continue;
			json = object_json(object);
			if (json != NULL)
				json_append(items, intent_sanitised(json));
			json_free(json);
		}
	return list;
}

static bool
is_run(const struct journal_record *record, enum step_id step, const char *pair)
{
	return release_is(&record->intent) && record->intent.step == step && !record->dry_run &&
	       record->end != JOURNAL_NOT_SENT && strcmp(record->intent.pair, pair) == 0;
}

const struct journal_record *
release_last(const struct journal *journal, enum step_id step, const char *pair)
{
	size_t count = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	while (count-- > 0)
		if (is_run(&records[count], step, pair))
			return &records[count];
	return NULL;
}

const struct journal_record *
release_taken(const struct journal *journal, enum step_id step, const char *pair, size_t *at)
{
	size_t count = 0, first = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	for (size_t i = count; i-- > 0 && first == 0;)
		if (is_run(&records[i], step, pair) && records[i].intent.verb != VERB_UNINSTALL &&
		    records[i].end == JOURNAL_DONE)
			first = i + 1;
	for (*at = *at > first ? *at : first; *at < count;) {
		const struct journal_record *record = &records[(*at)++];

		if (is_run(record, step, pair) && record->intent.verb == VERB_UNINSTALL)
			return record;
	}
	return NULL;
}

/* A failed uninstall leaves what it was to take away. */
const struct journal_record *
release_standing(const struct journal *journal, const char *pair)
{
	const struct journal_record *last = release_last(journal, STEP_POOL, pair);

	if (last == NULL || (last->intent.verb == VERB_UNINSTALL && last->end == JOURNAL_DONE))
		return NULL;
	return last;
}

bool
release_is_half(const struct journal_record *record)
{
	return record->end != JOURNAL_DONE;
}

/* The newest that was done; with `making`, of those that say what it was made of. */
static const struct journal_record *
last_done(const struct journal *journal, const char *pair, bool making)
{
	size_t count = 0;
	const struct journal_record *records =
		journal == NULL ? NULL : journal_records(journal, &count);

	while (count-- > 0) {
		const struct journal_record *record = &records[count];

		if (!is_run(record, STEP_POOL, pair) || record->end != JOURNAL_DONE)
			continue;
		if (record->intent.verb == VERB_UNINSTALL)
			return NULL;
		if (!making || record->intent.verb != VERB_ROLLBACK)
			return record;
	}
	return NULL;
}

const struct journal_record *
release_made(const struct journal *journal, const char *pair)
{
	return last_done(journal, pair, true);
}

const char *
release_revision(const struct journal *journal, const char *pair)
{
	const struct journal_record *record = last_done(journal, pair, false);

	return record != NULL ? record->result_version : "";
}
