/* Copies of what is deleted: under names of their own, never over one that says something else,
 * and without what a Secret holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "core/migrate/backup.h"
#include "tests/unit/journal_made.h"

static const char *
copy_of(const struct made *made, const char *name)
{
	static struct buf text;
	char path[700];

	buf_release(&text);
	buf_init(&text, BUF_MIB);
	snprintf(path, sizeof path, "%s/backup/%s", made->folder, name);
	return file_read(path, BUF_MIB, &text, NULL) ? text.bytes : "";
}

static bool
keep(const struct made *made, enum kind kind, const char *name, const char *object, struct err *err)
{
	const struct journal_where where = { .state_folder = made->folder,
					     .context = "prod",
					     .server = "https://10.0.0.1",
					     .cluster = "c-1",
					     .user = "operator@example.com",
					     .reason = "" };
	struct intent intent = made_intent(VERB_DELETE, kind, name, STEP_CLEANUP);
	struct json *json = json_parse(object, strlen(object), NULL);
	bool kept;

	assert_non_null(json);
	kept = backup_write(&where, &intent, json, made->wall, err);
	json_free(json);
	return kept;
}

static void
empty(struct made *made)
{
	char path[800];
	char **names;
	size_t count;

	snprintf(path, sizeof path, "%s/backup", made->folder);
	if (file_list(path, "", &names, &count, NULL)) {
		for (size_t i = 0; i < count; i++) {
			snprintf(path, sizeof path, "%s/backup/%s", made->folder, names[i]);
			unlink(path);
		}
		file_list_free(names, count);
	}
	snprintf(path, sizeof path, "%s/backup", made->folder);
	rmdir(path);
	made_end(made);
}

#define SERVICE(text) \
	"{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"" text "\"}}"

static void
a_copy_that_says_something_else_goes_aside_and_the_same_does_not(void **state)
{
	struct made made;

	(void)state;
	made_begin(&made, "");
	assert_true(keep(&made, KIND_SERVICE, "s", SERVICE("first"), NULL));
	assert_true(keep(&made, KIND_SERVICE, "s", SERVICE("first"), NULL));
	assert_string_equal(copy_of(&made, "default.service.s.yaml.1"), "");
	assert_true(keep(&made, KIND_SERVICE, "s", SERVICE("second"), NULL));
	assert_true(keep(&made, KIND_SERVICE, "s", SERVICE("third"), NULL));
	assert_non_null(strstr(copy_of(&made, "default.service.s.yaml"), "type: third"));
	assert_non_null(strstr(copy_of(&made, "default.service.s.yaml.1"), "type: first"));
	assert_non_null(strstr(copy_of(&made, "default.service.s.yaml.2"), "type: second"));
	empty(&made);
}

static void
where_the_older_copy_cannot_be_kept_it_stays_and_nothing_is_written_over_it(void **state)
{
	struct err err = { .code = ERR_NONE };
	struct stat there;
	char path[700];
	struct made made;

	(void)state;
	made_begin(&made, "");
	assert_true(keep(&made, KIND_SERVICE, "s", SERVICE("first"), NULL));
	snprintf(path, sizeof path, "%s/backup/default.service.s.yaml", made.folder);
	/* Longer than a copy may be, it is not read and so not kept aside. */
	assert_int_equal(truncate(path, 17 * 1024 * 1024), 0);
	assert_false(keep(&made, KIND_SERVICE, "s", SERVICE("second"), &err));
	assert_non_null(strstr(err.text, "is not deleted, nor is anything else"));
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_size, 17 * 1024 * 1024);
	empty(&made);
}

static void
both_groups_of_one_kind_have_copies_of_their_own(void **state)
{
	static const char pool[] = "{\"kind\":\"InferencePool\",\"metadata\":{\"name\":\"p\"}}";
	struct made made;
	size_t found = 0;

	(void)state;
	made_begin(&made, "");
	assert_true(keep(&made, KIND_ALPHA_POOL, "p", pool, NULL));
	assert_true(keep(&made, KIND_GA_POOL, "p", pool, NULL));
	found += *copy_of(&made, "default.inferencepool.p.yaml") != '\0';
	found +=
		*copy_of(&made, "default.inferencepool.inference.networking.k8s.io.p.yaml") != '\0';
	assert_int_equal(found, 2);
	empty(&made);
}

static void
what_a_secret_holds_is_not_written(void **state)
{
	struct made made;

	(void)state;
	made_begin(&made, "");
	assert_true(keep(
		&made, KIND_SERVICE, "s",
		"{\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"data\":{\"k\":\"aHVudGVyMg==\"},"
		"\"stringData\":{\"k\":\"hunter2\"}}",
		NULL));
	assert_non_null(strstr(copy_of(&made, "default.secret.s.yaml"), "kind: Secret"));
	assert_null(strstr(copy_of(&made, "default.secret.s.yaml"), "hunter2"));
	assert_null(strstr(copy_of(&made, "default.secret.s.yaml"), "aHVudGVyMg"));
	empty(&made);
}

static void
a_name_that_is_too_long_for_a_file_ends_in_a_digest(void **state)
{
	char name[254];
	char **names, folder[700];
	size_t count;
	struct made made;

	(void)state;
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	made_begin(&made, "");
	assert_true(keep(&made, KIND_SERVICE, name, SERVICE("x"), NULL));
	snprintf(folder, sizeof folder, "%s/backup", made.folder);
	assert_true(file_list(folder, "", &names, &count, NULL));
	assert_int_equal(count, 1);
	assert_true(strlen(names[0]) < 240);
	file_list_free(names, count);
	empty(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_that_says_something_else_goes_aside_and_the_same_does_not),
		cmocka_unit_test(
			where_the_older_copy_cannot_be_kept_it_stays_and_nothing_is_written_over_it),
		cmocka_unit_test(both_groups_of_one_kind_have_copies_of_their_own),
		cmocka_unit_test(what_a_secret_holds_is_not_written),
		cmocka_unit_test(a_name_that_is_too_long_for_a_file_ends_in_a_digest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
