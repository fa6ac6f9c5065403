#include "tests/sim/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/file.h"

bool
folder_enter(void)
{
	const char *base = getenv("TMPDIR");
	char path[PATH_MAX];

	if (access("/dev/shm", W_OK) == 0)
		base = "/dev/shm";
	snprintf(path, sizeof path, "%s/poolshift-sim-XXXXXX", base != NULL ? base : "/tmp");
	return mkdtemp(path) != NULL && chdir(path) == 0;
}

static bool
copy_file(const char *from, const char *to)
{
	struct buf text;
	FILE *file;
	bool copied;

	buf_init(&text, 64 * BUF_MIB);
	copied = file_read(from, 64 * BUF_MIB, &text, NULL);
	file = copied ? fopen(to, "we") : NULL;
	copied = file != NULL && fwrite(text.bytes, 1, text.length, file) == text.length;
	copied = file != NULL && fclose(file) == 0 && copied && chmod(to, 0600) == 0;
	buf_release(&text);
	return copied;
}

#define DEEP 4 /* state folder, backup, cluster */

/* Journals, and the copies of what was deleted. */
static bool
copy_below(const char *old, const char *name, int depth)
{
	char from[2 * PATH_MAX], to[PATH_MAX];
	struct dirent *entry;
	bool copied = mkdir(name, 0700) == 0;
	DIR *dir;

	snprintf(from, sizeof from, "%s/%s", old, name);
	dir = opendir(from);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct stat stat;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(from, sizeof from, "%s/%s/%s", old, name, entry->d_name);
		if ((size_t)snprintf(to, sizeof to, "%s/%s", name, entry->d_name) >= sizeof to)
			copied = false;
		else if (lstat(from, &stat) == 0 && S_ISDIR(stat.st_mode))
			copied = depth < DEEP && copy_below(old, to, depth + 1) && copied;
		else
			copied = copied && copy_file(from, to);
	}
	if (dir != NULL)
		closedir(dir);
	return copied;
}

/* A file that was open for appending, locked, is so in the new folder, under the same number. */
static void
move_open_files(const char *old)
{
	size_t length = strlen(old);
	DIR *open_files = opendir("/proc/self/fd");
	struct dirent *entry;

	while (open_files != NULL && (entry = readdir(open_files)) != NULL) {
		char path[PATH_MAX];
		ssize_t got = readlinkat(dirfd(open_files), entry->d_name, path, sizeof path - 1);
		int copy;

		if (got <= (ssize_t)length || strncmp(path, old, length) != 0)
			continue;
		path[got] = '\0';
		copy = open(path + length + 1, O_WRONLY | O_APPEND | O_CLOEXEC);
		if (copy < 0)
			continue;
		dup3(copy, atoi(entry->d_name), O_CLOEXEC);
		close(copy);
		flock(atoi(entry->d_name), LOCK_EX | LOCK_NB);
	}
	if (open_files != NULL)
		closedir(open_files);
}

bool
folder_branch(void)
{
	char old[PATH_MAX];
	struct dirent *entry;
	bool copied = getcwd(old, sizeof old) != NULL && folder_enter();
	DIR *dir = copied ? opendir(old) : NULL;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			copied = copy_below(old, entry->d_name, 1) && copied;
	if (dir != NULL)
		closedir(dir);
	if (copied)
		move_open_files(old);
	return copied;
}

static int
remove_one(const char *path, const struct stat *stat, int kind, struct FTW *ftw)
{
	(void)stat;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void
folder_drop(const char *name)
{
	nftw(name, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
folder_leave(void)
{
	char here[PATH_MAX];

	/* Only what folder_enter() has made. */
	if (getcwd(here, sizeof here) != NULL && strstr(here, "/poolshift-sim-") != NULL &&
	    chdir("/") == 0)
		folder_drop(here);
}
