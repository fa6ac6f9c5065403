#include "core/migrate/upgrade.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/migrate/pair.h"
#include "core/migrate/release.h"
#include "core/migrate/say.h"
#include "core/migrate/sealed.h"
#include "core/migrate/values.h"

#define VERSION_OPTION "--version"

struct wish { /* the words of what stands, and those that are asked for besides */
	struct values values;
	struct buf news; /* what is new, for the person */
	size_t count;
};

/* Several in one word may share any of their keys. */
static bool
share_key(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");

	if (strcmp(a, b) == 0)
		return false;
	return strchr(a, ',') != NULL || strchr(b, ',') != NULL ||
	       (strcspn(b, "=") == length && strncmp(a, b, length) == 0);
}

/* All of `asked` is said, in that order, and by nothing said in between or after is any of it taken
 * back. */
static bool
are_said(const struct values *values, const char *option, const char *const *asked, size_t count)
{
	for (size_t i = values->count; i-- > 1 && count > 0;) {
		if (strcmp(values->items[i - 1], option) != 0)
			continue;
		if (strcmp(values->items[i], asked[count - 1]) == 0) {
			count--;
			continue;
		}
		for (size_t k = 0; k < count; k++)
			if (share_key(values->items[i], asked[k]))
				return false;
	}
	return count == 0;
}

static bool
are_in_effect(const struct values *values, const char *option, const char *const *asked,
	      size_t count)
{
	if (are_said(values, option, asked, count))
		return true;
	/* The order means nothing where each says one thing. */
	for (size_t i = 0; i < count; i++) {
		bool taken_back = false;

		if (strchr(asked[i], ',') != NULL)
			return false;
		for (size_t k = i + 1; k < count; k++)
			taken_back |= share_key(asked[i], asked[k]);
		if (!taken_back && !are_said(values, option, &asked[i], 1))
			return false;
	}
	return true;
}

static void
tell(struct wish *wish, const char *option, const char *word)
{
	buf_printf(&wish->news, "%s%s %s", wish->count++ > 0 ? ", " : "", option, word);
}

/* Where it stands already: said again later, it counts there. */
static void
take_away(struct values *values, const char *option, const char *word)
{
	size_t kept = 0;

	for (size_t i = 0; i < values->count; i++) {
		if (i + 1 < values->count && strcmp(values->items[i], option) == 0 &&
		    strcmp(values->items[i + 1], word) == 0)
			i++;
		else
			values->items[kept++] = values->items[i];
	}
	values->items[values->count = kept] = NULL;
}

/* Given again as a whole, for they may build on each other. */
static void
ask(struct wish *wish, const char *option, const char *const *asked, size_t count)
{
	if (are_in_effect(&wish->values, option, asked, count))
		return;
	for (size_t i = 0; i < count; i++) {
		take_away(&wish->values, option, asked[i]);
		values_pair(&wish->values, option, asked[i]);
		tell(wish, option, asked[i]);
	}
}

/* Another chart comes without the version of the one before it. */
static void
ask_chart(struct wish *wish, const struct settings *settings, const struct json *body)
{
	struct values *values = &wish->values;
	const char *version = "", *chart = json_string(json_item(body, 2));
	bool other = settings->chart != NULL && !text_equal(settings->chart, chart);

	values_pair(values, other ? settings->chart : arena_string(values->arena, chart),
		    "--namespace");
	for (size_t i = 4; i < json_count(body); i++) {
		const char *word = json_string(json_item(body, i));

		if (strcmp(word, VERSION_OPTION) == 0 && i + 1 < json_count(body))
			version = json_string(json_item(body, ++i));
		else
			values_word(values, arena_string(values->arena, word));
	}
	if (other) {
		tell(wish, "--chart", settings->chart);
		version = "";
	}
	if (settings->chart_version != NULL && strcmp(settings->chart_version, version) != 0) {
		version = settings->chart_version;
		tell(wish, "--chart-version", version);
	}
	if (*version != '\0')
		values_pair(values, VERSION_OPTION, arena_string(values->arena, version));
}

static void
ask_image(struct wish *wish, const char *image)
{
	const char *words[3];
	struct values parts;

	if (!values_image_fits(image)) {
		tell(wish, "--epp-image", image); /* which blocks it (chart.c) */
		return;
	}
	values_init(&parts, wish->values.arena);
	values_image(&parts, image);
	for (size_t i = 0; i < 3; i++)
		words[i] = parts.items[2 * i + 1];
	ask(wish, parts.items[0], words, 3);
}

static void
ask_sets(struct wish *wish, const char *const *sets)
{
	const char **words;
	size_t count = 0;

	while (sets[count] != NULL)
		count++;
	words = arena_array(wish->values.arena, count + 1, sizeof(*words));
	for (size_t i = 0; i < count; i++)
		words[i] = sealed_word(sets[i], wish->values.arena);
	ask(wish, "--set", words, count);
}

static bool
is_readable(const struct json *body)
{
	bool readable = json_type(body) == JSON_ARRAY && json_count(body) > 4;

	for (const struct json *c = json_first(body); readable && c != NULL; c = json_next(c))
		readable = json_string(c) != NULL;
	return readable;
}

/* False where nothing is known of what stands, or nothing new is asked for. The caller releases
 * `news` in any case. */
static bool
make_wish(const struct stage *stage, const struct pair *pair, struct wish *wish)
{
	const struct journal_record *made =
		release_made(stage->journal, pair_title(pair, stage->arena));
	struct json *body =
		made == NULL ? NULL
			     : json_parse(made->intent.body, strlen(made->intent.body), NULL);

	*wish = (struct wish){ 0 };
	values_init(&wish->values, stage->arena);
	buf_init(&wish->news, 16 * BUF_KIB);
	if (body != NULL && is_readable(body)) {
		values_pair(&wish->values, "upgrade", pair->ga);
		ask_chart(wish, stage->settings, body);
		if (stage->settings->epp_image != NULL)
			ask_image(wish, stage->settings->epp_image);
		if (stage->settings->sets != NULL)
			ask_sets(wish, stage->settings->sets);
	}
	json_free(body);
	return wish->count > 0;
}

bool
upgrade_is_half(const struct stage *stage, const struct pair *pair)
{
	const char *title = pair_title(pair, stage->arena);
	const struct journal_record *standing = release_standing(stage->journal, title);

	/* A rollback in this step is of an upgrade: nothing else is rolled back here. Where the
	 * pool is gone, so may be the release, and what is left of it is installed anew. */
	return pair_ga(stage->world, pair) != NULL && standing != NULL &&
	       (standing->intent.verb == VERB_UPGRADE || standing->intent.verb == VERB_ROLLBACK) &&
	       release_is_half(standing) && release_made(stage->journal, title) != NULL;
}

bool
upgrade_wanted(const struct stage *stage, const struct pair *pair)
{
	const struct journal_record *standing =
		release_standing(stage->journal, pair_title(pair, stage->arena));
	struct wish wish;
	bool wanted;

	if (standing == NULL || release_is_half(standing) || pair_ga(stage->world, pair) == NULL ||
	    stage->settings->installer == INSTALLER_NATIVE)
		return false;
	wanted = make_wish(stage, pair, &wish);
	buf_release(&wish.news);
	return wanted;
}

static struct intent *
add(const struct stage *stage, const struct pair *pair, enum verb verb, const char *const *words,
    struct intent_list *out)
{
	struct intent *intent = release_add(out, stage->arena, verb, pair->ns, pair->ga);

	intent->step = STEP_POOL;
	intent->pair = pair_title(pair, stage->arena);
	intent->body = release_body(words, stage->arena);
	return intent;
}

void
upgrade_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out)
{
	const char *title = pair_title(pair, stage->arena);
	const char *revision = release_revision(stage->journal, title);
	bool half = upgrade_is_half(stage, pair);
	struct intent *intent;
	struct wish wish;

	if (half) {
		const char *const words[] = { "rollback",    pair->ga, revision,
					      "--namespace", pair->ns, NULL };

		add(stage, pair, VERB_ROLLBACK, words, out)->summary = arena_printf(
			stage->arena,
			"an upgrade of it was cut off; back to revision %s, which stood before",
			revision);
	}
	if (make_wish(stage, pair, &wish)) {
		intent = add(stage, pair, VERB_UPGRADE, wish.values.items, out);
		intent->version_seen = revision;
		intent->after_others = half;
		intent->summary = arena_printf(stage->arena, "now with %s",
					       say_text(stage->arena, wish.news.bytes));
	}
	buf_release(&wish.news);
}
