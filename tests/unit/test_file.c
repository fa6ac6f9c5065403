#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

struct place {
	char root[64];
	char path[128];
};

/* A path inside the test's own folder; lives until the next call. */
static const char *
in(struct place *place, const char *name)
{
	snprintf(place->path, sizeof(place->path), "%s/%s", place->root, name);
	return place->path;
}

static int
make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (place == NULL)
		return -1;
	strcpy(place->root, "/tmp/poolshift-test-XXXXXX");
	*state = place;
	return mkdtemp(place->root) == NULL ? -1 : 0;
}

static int
remove_place(void **state)
{
	struct place *place = *state;
	char **names;
	size_t count;

	if (!file_list(place->root, "", &names, &count, NULL))
		return -1;
	for (size_t i = 0; i < count; i++)
		remove(in(place, names[i]));
	file_list_free(names, count);
	rmdir(place->root);
	free(place);
	return 0;
}

static const char *
content(const char *path)
{
	static char text[256];
	struct buf out;

	buf_init(&out, sizeof(text) - 1);
	assert_true(file_read(path, sizeof(text) - 1, &out, NULL));
	memcpy(text, out.bytes, out.length + 1);
	buf_release(&out);
	return text;
}

static void
what_is_written_is_read_and_only_ours(void **state)
{
	const char *path = in(*state, "journal");
	struct stat st;
	char **names;
	size_t count;

	assert_true(file_write(path, "one\n", 4, NULL));
	assert_true(file_write(path, "two\n", 4, NULL));
	assert_string_equal(content(path), "two\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(file_list(((struct place *)*state)->root, "", &names, &count, NULL));
	assert_int_equal(count, 1);
	file_list_free(names, count);
}

static void
a_link_is_replaced_and_not_followed(void **state)
{
	struct place *place = *state;
	char target[128], path[128];
	struct err err;

	strcpy(target, in(place, "target"));
	strcpy(path, in(place, "link"));
	assert_true(file_write(target, "kept", 4, NULL));
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(file_open_append(path, &err), -1);
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_non_null(strstr(err.text, "is a link, which is not followed"));
	assert_true(file_write(path, "new", 3, NULL));
	assert_string_equal(content(target), "kept");
	assert_string_equal(content(path), "new");
}

static void
reading_says_what_is_wrong(void **state)
{
	struct place *place = *state;
	struct buf out;
	struct err err;

	buf_init(&out, 100);
	assert_false(file_read(in(place, "absent"), 100, &out, &err));
	assert_int_equal(err.code, ERR_MISSING);
	assert_false(file_read(place->root, 100, &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "is a folder"));
	assert_true(file_write(in(place, "large"), "12345", 5, NULL));
	assert_false(file_read(place->path, 4, &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "is larger than"));
	buf_release(&out);
}

static void
a_second_opener_is_told_that_it_is_in_use(void **state)
{
	const char *path = in(*state, "journal");
	struct err err;
	int fd = file_open_append(path, &err);

	assert_true(fd >= 0);
	assert_true(file_append(fd, "one\n", 4, NULL));
	assert_int_equal(file_open_append(path, &err), -1);
	assert_int_equal(err.code, ERR_CONFLICT);
	close(fd);
	fd = file_open_append(path, &err);
	assert_true(fd >= 0);
	assert_true(file_append(fd, "two\n", 4, NULL));
	close(fd);
	assert_string_equal(content(path), "one\ntwo\n");
}

static void
an_append_that_fails_is_told(void **state)
{
	struct err err;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_false(file_append(fd, "x", 1, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	close(fd);
}

static void
folders_are_made_with_their_parents_for_us_alone(void **state)
{
	struct place *place = *state;
	struct stat st;
	struct err err;

	assert_true(file_make_folder(in(place, "a/b/c"), NULL));
	assert_true(file_make_folder(in(place, "a/b/c"), NULL));
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_true(file_is_folder(place->path));
	assert_int_equal(rmdir(place->path), 0);
	assert_int_equal(rmdir(in(place, "a/b")), 0);
	assert_true(file_write(in(place, "plain"), "", 0, NULL));
	assert_false(file_make_folder(in(place, "plain"), &err));
	assert_false(file_make_folder(in(place, "plain/x"), &err));
	assert_int_equal(err.code, ERR_SYSTEM);
}

static void
listing_is_sorted_and_filtered_by_the_end(void **state)
{
	struct place *place = *state;
	char **names;
	size_t count;
	struct err err;

	file_write(in(place, "b.jsonl"), "", 0, NULL);
	file_write(in(place, "a.jsonl"), "", 0, NULL);
	file_write(in(place, "c.txt"), "", 0, NULL);
	assert_true(file_list(place->root, ".jsonl", &names, &count, NULL));
	assert_int_equal(count, 2);
	assert_string_equal(names[0], "a.jsonl");
	assert_string_equal(names[1], "b.jsonl");
	file_list_free(names, count);
	assert_false(file_list(in(place, "absent"), "", &names, &count, &err));
	assert_int_equal(err.code, ERR_MISSING);
}

static void
a_rewritten_file_has_another_stamp(void **state)
{
	const char *path = in(*state, "token");
	struct file_stamp before, after;

	assert_false(file_stamp(path, &before));
	file_write(path, "one", 3, NULL);
	assert_true(file_stamp(path, &before));
	file_write(path, "two", 3, NULL);
	assert_true(file_stamp(path, &after));
	assert_true(before.inode != after.inode || before.mtime != after.mtime);
	assert_int_equal(after.size, 3);
	assert_true(file_remove(path, NULL));
	assert_true(file_remove(path, NULL));
	assert_false(file_exists(path));
}

static void
our_folders_follow_the_environment(void **state)
{
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, 1000);
	setenv("HOME", "/home/user", 1);
	setenv("XDG_STATE_HOME", "/var/state", 1);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	assert_true(file_state_folder(&out, NULL));
	assert_string_equal(out.bytes, "/var/state/poolshift");
	buf_clear(&out);
	assert_true(file_config_folder(&out, NULL));
	assert_string_equal(out.bytes, "/home/user/.config/poolshift");
	unsetenv("HOME");
	assert_false(file_config_folder(&out, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	buf_release(&out);
}

static void
a_relative_path_is_beside_the_file_that_names_it(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	file_beside(&out, "/home/user/.kube/config", "ca.crt");
	assert_string_equal(out.bytes, "/home/user/.kube/ca.crt");
	buf_clear(&out);
	file_beside(&out, "/home/user/.kube/config", "/etc/ca.crt");
	assert_string_equal(out.bytes, "/etc/ca.crt");
	buf_clear(&out);
	file_beside(&out, "config", "ca.crt");
	assert_string_equal(out.bytes, "ca.crt");
	buf_release(&out);
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(what_is_written_is_read_and_only_ours),
		WITH_PLACE(a_link_is_replaced_and_not_followed),
		WITH_PLACE(reading_says_what_is_wrong),
		WITH_PLACE(a_second_opener_is_told_that_it_is_in_use),
		cmocka_unit_test(an_append_that_fails_is_told),
		WITH_PLACE(folders_are_made_with_their_parents_for_us_alone),
		WITH_PLACE(listing_is_sorted_and_filtered_by_the_end),
		WITH_PLACE(a_rewritten_file_has_another_stamp),
		cmocka_unit_test(our_folders_follow_the_environment),
		cmocka_unit_test(a_relative_path_is_beside_the_file_that_names_it),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
