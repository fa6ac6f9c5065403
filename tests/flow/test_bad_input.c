/* What is wrong outside of the program: said, with nothing written and nothing lost; put right, the
 * migration goes on. */
#include "tests/flow/story.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

#define NOBODY 65534

/* The one journal in the story's folder. */
static const char *
journal_of(struct flow *flow)
{
	static char path[600];
	DIR *folder = opendir(flow_folder(flow));

	assert_non_null(folder);
	path[0] = '\0';
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
		if (strstr(entry->d_name, ".jsonl") != NULL &&
		    strcmp(strstr(entry->d_name, ".jsonl"), ".jsonl") == 0)
			snprintf(path, sizeof path, "%s/%s", flow_folder(flow), entry->d_name);
	closedir(folder);
	assert_string_not_equal(path, "");
	return path;
}

static void
a_journal_damaged_in_the_middle_stops_every_write_until_it_is_whole(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	struct command back = story_command(COMMAND_ROLLBACK, STEP_COUNT, NULL);
	struct buf whole, broken;

	(void)state;
	back.extent = ROLLBACK_ALL;
	buf_init(&whole, 16 * BUF_MIB);
	buf_init(&broken, 16 * BUF_MIB);
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	flow_kill(flow);
	const char *path = journal_of(flow);
	assert_true(file_read(path, 16 * BUF_MIB, &whole, NULL));
	buf_add(&broken, whole.bytes, whole.length);
	memset(broken.bytes + whole.length / 2, '#', 20);
	assert_true(file_write(path, broken.bytes, broken.length, NULL));
	int writes = flow_writes(flow);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 1, "is damaged or was changed");
	story_expect(flow, flow_do(flow, &back, 600), 1, "is damaged or was changed");
	assert_int_equal(flow_writes(flow), writes);
	assert_true(flow_snapshot(flow)->locked);
	flow_kill(flow);
	buf_clear(&broken);
	assert_true(file_read(path, 16 * BUF_MIB, &broken, NULL));
	assert_int_equal(broken.length, whole.length);
	assert_true(file_write(path, whole.bytes, whole.length, NULL));
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	buf_release(&whole);
	buf_release(&broken);
	flow_free(flow);
}

/* Root may write anywhere: the folder is nobody's, and so are we for a while. */
static void
set_rights(const char *folder, bool writable)
{
	if (geteuid() == 0 && !writable) {
		assert_int_equal(chown(folder, NOBODY, (gid_t)-1), 0);
		assert_int_equal(chmod(folder, 0500), 0);
		assert_int_equal(seteuid(NOBODY), 0);
		return;
	}
	if (getuid() == 0 && writable) {
		assert_int_equal(seteuid(0), 0);
		assert_int_equal(chown(folder, 0, (gid_t)-1), 0);
	}
	assert_int_equal(chmod(folder, writable ? 0700 : 0500), 0);
}

static void
in_a_read_only_backup_folder_nothing_is_deleted(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);
	char folder[600];

	(void)state;
	story_expect(flow, flow_apply(flow, STEP_FINALIZE, 3600), 0, "");
	snprintf(folder, sizeof folder, "%s/backup", flow_folder(flow));
	mkdir(folder, 0700);
	/* The way to it stays open to whom it belongs now. */
	assert_int_equal(chmod(flow_folder(flow), 0711), 0);
	int writes = flow_writes(flow);
	set_rights(folder, false);
	const struct outcome *outcome = flow_apply(flow, STEP_CLEANUP, 3600);
	set_rights(folder, true);
	story_expect(flow, outcome, 1, "nor is anything else");
	story_expect(flow, outcome, 1, "backup");
	assert_int_equal(flow_writes(flow), writes);
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	flow_free(flow);
}

static void
patch_crd(struct flow *flow, const char *path, const char *body)
{
	assert_int_equal(flow_send(flow, "PATCH", path, "application/merge-patch+json", body), 200);
}

static void
a_crd_whose_stored_objects_would_be_lost_is_not_replaced(void **state)
{
	struct flow_options options = flow_options();
	struct flow *flow = flow_new(&options);

	(void)state;
	flow_pass(flow, SECOND);
	patch_crd(flow, ALPHA_CRD "/status",
		  "{\"status\":{\"storedVersions\":[\"v1alpha1\",\"v1alpha2\"]}}");
	story_expect(flow, flow_apply(flow, STEP_COUNT, 600), 3,
		     "objects were stored in version v1alpha1 of it");
	assert_int_equal(flow_writes(flow), 0);
	patch_crd(flow, ALPHA_CRD "/status", "{\"status\":{\"storedVersions\":[\"v1alpha2\"]}}");
	story_expect(flow, flow_apply(flow, STEP_COUNT, 3600), 0, "");
	story_finished(flow);
	flow_free(flow);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_journal_damaged_in_the_middle_stops_every_write_until_it_is_whole),
		cmocka_unit_test(in_a_read_only_backup_folder_nothing_is_deleted),
		cmocka_unit_test(a_crd_whose_stored_objects_would_be_lost_is_not_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
