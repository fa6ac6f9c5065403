/* journal_made - a journal in a folder of its own, written line by line as a migration would. For
 * tests of what is told from it; made_journal() begins one, made_end() removes it.
 */
#ifndef TESTS_JOURNAL_MADE_H
#define TESTS_JOURNAL_MADE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/migrate/journal.h"

struct made {
	char folder[64], path[512];
	struct journal *journal;
	int64_t wall;
};

static inline void
made_begin(struct made *made, const char *reason)
{
	struct err err;

	*made = (struct made){ .wall = INT64_C(1790000000) * SECOND };
	snprintf(made->folder, sizeof(made->folder), "/tmp/poolshift-record-XXXXXX");
	assert_non_null(mkdtemp(made->folder));
	made->journal = journal_open(&(struct journal_where){ .state_folder = made->folder,
							      .context = "prod",
							      .server = "https://10.0.0.1",
							      .cluster = "c-1",
							      .user = "operator@example.com",
							      .reason = reason },
				     &err);
	assert_non_null(made->journal);
	snprintf(made->path, sizeof(made->path), "%s", journal_path(made->journal));
}

static inline void
made_close(struct made *made)
{
	journal_close(made->journal);
	made->journal = NULL;
}

static inline void
made_end(struct made *made)
{
	char **names, path[700];
	size_t count;

	made_close(made);
	assert_true(file_list(made->folder, "", &names, &count, NULL));
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", made->folder, names[i]);
		unlink(path);
	}
	file_list_free(names, count);
	rmdir(made->folder);
}

static inline struct intent
made_intent(enum verb verb, enum kind kind, const char *name, enum step_id step)
{
	const struct kind_row *row = kind_row(kind);

	return (struct intent){
		.verb = verb,
		.kind = kind,
		.group = row->group,
		.version = row->version,
		.resource = row->resource,
		.ns = row->namespaced ? "default" : "",
		.name = name,
		.uid = "u1",
		.version_seen = "1",
		.body = "",
		.step = step,
		.pair = "default/p",
		.title = name,
		.summary = "",
	};
}

/* Ten seconds after the last; a second until the answer. `before` and `after`: JSON or NULL. */
static inline int64_t
made_write(struct made *made, const struct intent *intent, const char *before, const char *after,
	   enum journal_end end, int64_t undoes)
{
	struct json *was = before == NULL ? NULL : json_parse(before, strlen(before), NULL);
	struct json *is = after == NULL ? NULL : json_parse(after, strlen(after), NULL);
	int64_t id;

	made->wall += 10 * SECOND;
	assert_true(
		journal_intent(made->journal, intent, was, false, made->wall, undoes, &id, NULL));
	if (end != JOURNAL_OPEN)
		assert_true(journal_outcome(made->journal, id, end, end == JOURNAL_DONE ? 200 : 409,
					    is, end == JOURNAL_DONE ? "" : "somebody changed it",
					    41 * MILLISECOND, made->wall + SECOND, NULL));
	json_free(was);
	json_free(is);
	return id;
}

/* A route of one rule with these weights; -1: without that backend. */
static inline const char *
made_route(char text[1024], int alpha, int ga)
{
	char parts[2][300] = { "", "" };

	if (alpha >= 0)
		snprintf(parts[0], sizeof(parts[0]),
			 "{\"group\":\"inference.networking.x-k8s.io\",\"kind\":\"InferencePool\","
			 "\"name\":\"p\",\"weight\":%d}%s",
			 alpha, ga >= 0 ? "," : "");
	if (ga >= 0)
		snprintf(parts[1], sizeof(parts[1]),
			 "{\"group\":\"inference.networking.k8s.io\",\"kind\":\"InferencePool\","
			 "\"name\":\"p-ga\",\"weight\":%d}",
			 ga);
	snprintf(text, 1024,
		 "{\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\","
		 "\"metadata\":{\"name\":\"r\",\"namespace\":\"default\",\"uid\":\"u1\"},"
		 "\"spec\":{\"rules\":[{\"backendRefs\":[%s%s]}]}}",
		 parts[0], parts[1]);
	return text;
}

/* A patch of that route by a step, from one pair of weights to another. */
static inline int64_t
made_shift(struct made *made, enum step_id step, int alpha, int ga, int to_alpha, int to_ga)
{
	struct intent intent = made_intent(VERB_PATCH, KIND_ROUTE, "r", step);
	char before[1024], after[1024];

	intent.body = "[]";
	return made_write(made, &intent, made_route(before, alpha, ga),
			  made_route(after, to_alpha, to_ga), JOURNAL_DONE, 0);
}

#endif
