/* A copy of everything that is deleted: as kubectl takes it, or nothing is deleted; and enough to
 * go back without the journal. */
#include "tests/flow/story.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/yaml.h"

#define POOL "default.inferencepool.vllm-llama3-8b-instruct.yaml"

static const char *
path_of(struct flow *flow, const char *name)
{
	static char path[600];

	snprintf(path, sizeof path, "%s/backup/%s", flow_folder(flow), name);
	return path;
}

static struct json *
copy_of(struct flow *flow, const char *name)
{
	struct buf text;
	struct json *json;

	buf_init(&text, BUF_MIB);
	if (!file_read(path_of(flow, name), BUF_MIB, &text, NULL))
		fail_msg("there is no copy %s", name);
	json = yaml_parse(text.bytes, text.length, name, YAML_TYPED, NULL);
	assert_non_null(json);
	buf_release(&text);
	return json;
}

static void
everything_that_is_deleted_has_a_copy_that_can_be_applied(void **state)
{
	static const char *const names[] = {
		POOL,
		"default.inferencemodel.food-review.yaml",
		"default.deployment.vllm-llama3-8b-instruct-epp.yaml",
		"default.service.vllm-llama3-8b-instruct-epp.yaml",
		"cluster.customresourcedefinition.inferencepools.inference.networking.x-k8s.io.yaml",
	};
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct stat st;

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct json *json = copy_of(flow, names[i]);

		assert_non_null(json_string_at(json, "metadata.name"));
		assert_null(json_at(json, "metadata.uid"));
		assert_null(json_at(json, "metadata.resourceVersion"));
		assert_null(json_at(json, "metadata.managedFields"));
		assert_null(json_at(json, "status"));
		json_free(json);
		assert_int_equal(stat(path_of(flow, names[i]), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	assert_int_equal(stat(path_of(flow, ""), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	flow_free(flow);
}

static void
assert_nothing_deleted(struct flow *flow, const char *why)
{
	const struct outcome *outcome = flow_apply(flow, STEP_CLEANUP, 3600);

	story_expect(flow, outcome, 1, "nor is anything else");
	story_expect(flow, outcome, 1, why);
	assert_null(strstr(flow_log(flow), "DELETE"));
	assert_true(story_exists(flow, ALPHA_API
				 "/namespaces/default/inferencepools/vllm-llama3-8b-instruct"));
}

static void
in_a_folder_that_takes_no_file_nothing_is_deleted(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	/* A file where the folder should be refuses everybody, whoever runs the test. */
	char path[600];
	snprintf(path, sizeof path, "%s/backup", flow_folder(flow));
	assert_true(file_write(path, "x", 1, NULL));
	assert_nothing_deleted(flow, "backup");
	assert_true(file_remove(path, NULL));
	story_expect(flow, flow_apply(flow, STEP_CLEANUP, 3600), 0, "");
	flow_free(flow);
}

static void
on_a_full_disk_nothing_is_deleted(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct rlimit before, none;

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	getrlimit(RLIMIT_FSIZE, &before);
	none = before;
	none.rlim_cur = 1000; /* the copy of a Deployment is longer */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_nothing_deleted(flow, "cannot be");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	story_expect(flow, flow_apply(flow, STEP_CLEANUP, 3600), 0, "");
	flow_free(flow);
}

static void
without_the_journal_what_was_deleted_comes_back_from_the_copies(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command back = story_command(COMMAND_ROLLBACK, STEP_FINALIZE, NULL);

	(void)state;
	back.extent = ROLLBACK_TO;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	char *before = story_cluster(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	assert_false(story_exists(flow, ALPHA_CRD));
	flow_kill(flow);
	flow_lose_journal(flow);
	story_expect(flow, flow_do(flow, &back, 3600), 0, "Taken back");
	flow_pass(flow, 5 * SECOND);
	char *after = story_cluster(flow);
	story_same(after, before);
	free(before);
	free(after);
	flow_free(flow);
}

static void
a_restore_that_is_killed_goes_on_without_the_lost_journal(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command back = story_command(COMMAND_ROLLBACK, STEP_FINALIZE, NULL);

	(void)state;
	back.extent = ROLLBACK_TO;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	char *before = story_cluster(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	flow_kill(flow);
	flow_lose_journal(flow);
	engine_submit(flow_engine(flow), &back);
	while (!story_exists(flow, ALPHA_API
			     "/namespaces/default/inferencepools/vllm-llama3-8b-instruct"))
		flow_pass(flow, MILLISECOND);
	flow_kill(flow);
	story_expect(flow, flow_do(flow, &back, 3600), 0, "");
	flow_pass(flow, 5 * SECOND);
	char *after = story_cluster(flow);
	story_same(after, before);
	free(before);
	free(after);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_that_is_deleted_has_a_copy_that_can_be_applied),
		cmocka_unit_test(in_a_folder_that_takes_no_file_nothing_is_deleted),
		cmocka_unit_test(on_a_full_disk_nothing_is_deleted),
		cmocka_unit_test(without_the_journal_what_was_deleted_comes_back_from_the_copies),
		cmocka_unit_test(a_restore_that_is_killed_goes_on_without_the_lost_journal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
