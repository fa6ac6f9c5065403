#include "core/engine/helm.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/sealed.h"

#define OUTPUT_MAX (8 * BUF_MIB)
#define WORDS_MOST 700
#define REAL_WAIT  (300 * SECOND) /* a chart may have to be fetched first */
#define TRY_WAIT   (120 * SECOND)
#define LOOK_WAIT  (30 * SECOND)

int64_t
helm_run(struct engine *engine, const struct intent *intent, enum release_run run, struct err *err)
{
	static const int64_t waits[] = { [RELEASE_DO] = REAL_WAIT,
					 [RELEASE_TRY] = TRY_WAIT,
					 [RELEASE_RENDER] = TRY_WAIT,
					 [RELEASE_STAND] = LOOK_WAIT,
					 [RELEASE_LOOK] = LOOK_WAIT };
	int64_t wait = engine->settings->wait;
	struct transport_program program = { .cap = OUTPUT_MAX, .timeout = waits[run] };
	struct arena arena;
	struct sealed_run opened;
	const char **argv;
	int64_t id = 0;

	arena_init(&arena);
	argv = release_argv(intent, run, &arena);
	if (run == RELEASE_DO && wait > 0)
		program.timeout = wait;
	if (argv == NULL)
		err_set(err, ERR_INPUT, "%s: what helm was to be told cannot be read.",
			intent->title);
	else if (!sealed_open(argv, engine->settings->sets, &arena, &opened))
		err_set(err, ERR_INPUT,
			"%s: helm was not run, for it needs a value that is kept nowhere. Give it "
			"again by --set.",
			intent->title);
	else if (engine->transport.run == NULL)
		err_set(err, ERR_MISSING, "%s: no program can be run here.", intent->title);
	else {
		program.argv = opened.argv;
		program.texts = (const char *const *)opened.texts;
		id = engine->transport.run(engine->transport.self, &program);
		sealed_forget(&opened);
	}
	arena_release(&arena);
	return id;
}

/* The last lines in which it says what was wrong, without its "Error: ". */
static void
last_words(const struct engine *engine, const struct transport_event *event, char *text,
	   size_t size)
{
	const char *all, *error = NULL;
	struct buf clean, hidden;

	buf_init(&hidden, OUTPUT_MAX);
	sealed_hide(&hidden, event->warnings.bytes, event->warnings.length, engine->settings->sets);
	all = hidden.length > 0 ? hidden.bytes : "";

	for (const char *at = all; (at = strstr(at, "Error: ")) != NULL; at++)
		error = at + strlen("Error: ");
	if (error == NULL)
		error = strlen(all) > WORDS_MOST ? all + strlen(all) - WORDS_MOST : all;
	buf_init(&clean, 64 * BUF_KIB);
	text_clean_joined(&clean, error);
	buf_trim(&clean);
	inside_copy(text, size < WORDS_MOST ? size : WORDS_MOST, clean.bytes);
	buf_release(&clean);
	buf_release(&hidden);
}

static const char *const attempts[] = {
	[RELEASE_DO] = "helm did not do it",
	[RELEASE_TRY] = "helm's dry run says no",
	[RELEASE_RENDER] = "helm does not render the chart",
	[RELEASE_STAND] = "helm does not say what stands",
	[RELEASE_LOOK] = "helm does not say how it stands",
};

/* What is to be taken away is not there: nothing would go, and that is an answer. */
static bool
is_gone(const struct intent *intent, enum release_run run, const char *words)
{
	return intent->verb == VERB_UNINSTALL && run == RELEASE_TRY &&
	       strstr(words, "release: not found") != NULL;
}

bool
helm_read(const struct engine *engine, const struct intent *intent, enum release_run run,
	  const struct transport_event *event, struct json **answer, struct err *err)
{
	char words[WORDS_MOST];

	*answer = NULL;
	last_words(engine, event, words, sizeof words);
	if (event->err.code == ERR_NONE) {
		if (run == RELEASE_TRY || run == RELEASE_RENDER || run == RELEASE_STAND)
			*answer = release_manifests(intent, run, event->body.bytes,
						    event->body.length, err);
		else if (run == RELEASE_LOOK)
			*answer = release_found(event->body.bytes, event->body.length, err);
		if (*answer != NULL)
			sealed_hide_json(*answer, engine->settings->sets);
		return run == RELEASE_DO || *answer != NULL;
	}
	if (is_gone(intent, run, words)) {
		*answer = json_new_array();
		return true;
	}
	if (event->status < 0 || event->err.code == ERR_CANCELLED)
		/* It was ended, and what it says is only that. */
		return err_set(err, event->err.code, "%s: %s%s%s", intent->title, event->err.text,
			       *words != '\0' ? " It said: " : "", words);
	return err_set(err, event->err.code, "%s: %s: %s", intent->title, attempts[run],
		       *words != '\0' ? words : event->err.text);
}
