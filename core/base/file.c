#include "core/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/text.h"

#define FOLDER_MODE 0700
#define FILE_MODE   0600
#define CHUNK       ((size_t)64 * 1024)
#define PATH_CAP    ((size_t)4096)
#define NAMES_MAX   ((size_t)100000)
#define PIPE_WAIT   (10 * SECOND) /* for a pipe given as a file, such as <(command) */

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
file_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
file_stamp(const char *path, struct file_stamp *stamp)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	*stamp = (struct file_stamp){
		.mtime = (int64_t)st.st_mtim.tv_sec * SECOND + st.st_mtim.tv_nsec,
		.inode = st.st_ino,
		.size = st.st_size,
	};
	return true;
}

static bool
cannot_read(const char *path, struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR)
		return err_set(err, ERR_MISSING, "There is no file %s.", path);
	return err_set(err, ERR_INPUT, "%s cannot be read: %m. Check its permissions.", path);
}

/* A pipe may have nothing yet, so it is waited for; a regular file never makes us wait. */
static bool
wait_readable(int fd, const char *path, int64_t deadline, struct err *err)
{
	const struct clock clock = clock_system();
	int64_t left = deadline - clock_mono(&clock);
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	if (left <= 0 || poll(&poller, 1, (int)(left / MILLISECOND) + 1) == 0)
		return err_set(err, ERR_INPUT, "%s gave nothing to read for %d s.", path,
			       (int)(PIPE_WAIT / SECOND));
	return true;
}

static bool
read_all(int fd, const char *path, size_t cap, struct buf *out, struct err *err)
{
	const struct clock clock = clock_system();
	int64_t deadline = clock_mono(&clock) + PIPE_WAIT;
	char *chunk = die_alloc(CHUNK);
	size_t total = 0;
	bool done = false;

	while (!done) {
		ssize_t got = read(fd, chunk, CHUNK);

		if (got == 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN) {
			if (!wait_readable(fd, path, deadline, err))
				goto out;
			continue;
		}
		if (got < 0) {
			cannot_read(path, err);
			goto out;
		}
		total += (size_t)got;
		if (total > cap || !buf_add(out, chunk, (size_t)got)) {
			err_set(err, ERR_INPUT, "%s is larger than %zu KiB; it was not read.", path,
				cap / BUF_KIB);
			goto out;
		}
	}
	done = true;
out:
	/* It may have been a key or a token. */
	explicit_bzero(chunk, CHUNK);
	free(chunk);
	return done;
}

bool
file_read(const char *path, size_t cap, struct buf *out, struct err *err)
{
	struct stat st;
	bool fine;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return cannot_read(path, err);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		fine = err_set(err, ERR_INPUT, "%s is a folder; name a file.", path);
	else
		fine = read_all(fd, path, cap, out, err);
	close(fd);
	return fine;
}

static bool
write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		length -= (size_t)put;
	}
	return true;
}

/* The folder that `path` is in, as text the caller frees. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return die_strdup(".");
	if (slash == path)
		return die_strdup("/");
	return strndup(path, (size_t)(slash - path));
}

/* A new or renamed name is on the disk only when its folder is. */
static bool
sync_folder(const char *path)
{
	char *folder = folder_of(path);
	int fd;
	bool synced;

	if (folder == NULL)
		die("out of memory for a path");
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return false;
	/* Some network file systems cannot sync a folder and say so. */
	synced = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return synced;
}

static bool
cannot_write(const char *path, struct err *err)
{
	return err_set(err, ERR_SYSTEM,
		       "%s cannot be written: %m. What was there is unchanged; "
		       "check its folder's permissions and the free space.",
		       path);
}

bool
file_write(const char *path, const char *bytes, size_t length, struct err *err)
{
	char beside[PATH_CAP];
	int fd;
	bool fine;

	if (snprintf(beside, sizeof(beside), "%s.XXXXXX", path) >= (int)sizeof(beside))
		return err_set(err, ERR_INPUT, "The path %.200s... is too long.", path);
	fd = mkostemp(beside, O_CLOEXEC); /* O_EXCL and 0600 */
	if (fd < 0)
		return cannot_write(path, err);
	fine = write_all(fd, bytes, length) && fsync(fd) == 0;
	if (close(fd) != 0)
		fine = false;
	if (!fine || rename(beside, path) != 0) {
		cannot_write(path, err);
		unlink(beside);
		return false;
	}
	if (!sync_folder(path))
		return err_set(err, ERR_SYSTEM,
			       "%s was written, but may not survive a power failure: %m.", path);
	return true;
}

static bool
open_failed(const char *path, struct err *err)
{
	if (errno == EWOULDBLOCK)
		return err_set(err, ERR_CONFLICT,
			       "%s is in use by another poolshift; close that one first.", path);
	if (errno == ELOOP)
		return err_set(err, ERR_SYSTEM,
			       "%s is a link, which is not followed for writing; remove it.", path);
	return err_set(err, ERR_SYSTEM,
		       "%s cannot be opened for writing: %m. Check its folder's permissions.",
		       path);
}

int
file_open_append(const char *path, struct err *err)
{
	struct stat st;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
		      FILE_MODE);

	if (fd < 0) {
		open_failed(path, err);
		return -1;
	}
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		err_set(err, ERR_SYSTEM, "%s is not a regular file; move it away.", path);
		close(fd);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0 || !sync_folder(path)) {
		open_failed(path, err);
		close(fd);
		return -1;
	}
	return fd;
}

bool
file_append(int fd, const char *bytes, size_t length, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_set(err, ERR_SYSTEM, "The file to append to is gone: %m.");
	if (write_all(fd, bytes, length) && fsync(fd) == 0)
		return true;
	err_set(err, ERR_SYSTEM,
		"Nothing could be appended to the file: %m. What was there is unchanged; "
		"check the free space.");
	if (ftruncate(fd, st.st_size) != 0)
		err_set(err, ERR_SYSTEM,
			"A part of a record was appended and could not be taken back: %m. "
			"Check the free space; the last line of the file is incomplete.");
	return false;
}

bool
file_truncate(int fd, int64_t length, struct err *err)
{
	if (ftruncate(fd, length) == 0 && fsync(fd) == 0)
		return true;
	return err_set(
		err, ERR_SYSTEM,
		"The incomplete end of the file could not be cut off: %m. Nothing is appended to it.");
}

bool
file_make_folder(const char *path, struct err *err)
{
	char *copy = die_strdup(path);
	bool made = true;

	for (char *at = copy + 1; made && at[-1] != '\0'; at++) {
		char stopped = *at;

		if (stopped != '/' && stopped != '\0')
			continue;
		*at = '\0';
		made = mkdir(copy, FOLDER_MODE) == 0 || errno == EEXIST || file_is_folder(copy);
		*at = stopped;
	}
	if (!made)
		err_set(err, ERR_SYSTEM,
			"The folder %s cannot be made: %m. Check the permissions above it.", path);
	else if (!file_is_folder(path))
		made = err_set(err, ERR_SYSTEM,
			       "%s is not a folder, and one is needed there; move it away.", path);
	free(copy);
	return made;
}

bool
file_remove(const char *path, struct err *err)
{
	if (unlink(path) == 0 || errno == ENOENT)
		return true;
	return err_set(err, ERR_SYSTEM, "%s cannot be removed: %m. Check its folder's permissions.",
		       path);
}

static int
compare_names(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return strcmp(*left, *right);
}

bool
file_list(const char *folder, const char *suffix, char ***names, size_t *count, struct err *err)
{
	struct dirent *entry;
	size_t room = 16;
	DIR *dir = opendir(folder);

	*names = NULL;
	*count = 0;
	if (dir == NULL)
		return cannot_read(folder, err);
	*names = die_alloc(room * sizeof(char *));
	while (*count < NAMES_MAX && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || !text_ends(entry->d_name, suffix))
			continue;
		if (*count == room) {
			room *= 2;
			*names = die_realloc(*names, room * sizeof(char *));
		}
		(*names)[(*count)++] = die_strdup(entry->d_name);
	}
	closedir(dir);
	qsort(*names, *count, sizeof(char *), compare_names);
	return true;
}

void
file_list_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

/* The base directory specification: a variable that is not an absolute path counts as unset. */
static bool
own_folder(struct buf *out, const char *variable, const char *below_home, struct err *err)
{
	const char *base = getenv(variable), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return buf_printf(out, "%s/poolshift", base);
	if (home == NULL || home[0] != '/')
		return err_set(err, ERR_SYSTEM,
			       "Neither %s nor HOME names an absolute path; set one of them.",
			       variable);
	return buf_printf(out, "%s/%s/poolshift", home, below_home);
}

bool
file_state_folder(struct buf *out, struct err *err)
{
	return own_folder(out, "XDG_STATE_HOME", ".local/state", err);
}

bool
file_config_folder(struct buf *out, struct err *err)
{
	return own_folder(out, "XDG_CONFIG_HOME", ".config", err);
}

bool
file_beside(struct buf *out, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (path[0] != '/' && slash != NULL)
		buf_add(out, file, (size_t)(slash - file) + 1);
	return buf_puts(out, path);
}
