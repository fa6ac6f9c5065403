/* file - files read whole under a cap, written beside and renamed, appended and synced.
 *
 * Everything written is 0600 in folders made 0700, without following a link in the last place
 * (KUBERNETES §7.3). Messages name the path and what to do, never an errno alone. Any thread.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/* Identity of a file's content as stat sees it, to notice that it was rewritten. */
struct file_stamp {
	int64_t mtime; /* wall ns */
	uint64_t inode;
	int64_t size;
};

bool file_exists(const char *path);
bool file_is_folder(const char *path);
/* ERR_MISSING when there is none, ERR_INPUT when larger than cap, a folder, or unreadable. */
bool file_read(const char *path, size_t cap, struct buf *out, struct err *err);
bool file_stamp(const char *path, struct file_stamp *stamp); /* false when there is none */
/* Writes beside, fsyncs, renames, fsyncs the folder. */
bool file_write(const char *path, const char *bytes, size_t length, struct err *err);
/* Opens for appending, 0600, created when absent, locked (flock) against a second process; -1 on
 * failure. */
int file_open_append(const char *path, struct err *err);
bool file_append(int fd, const char *bytes, size_t length,
		 struct err *err); /* all or nothing, then fsync */
/* Cuts a file that file_open_append() opened: a torn last record goes. */
bool file_truncate(int fd, int64_t length, struct err *err);
bool file_make_folder(const char *path, struct err *err); /* with parents, 0700 */
bool file_remove(const char *path, struct err *err);      /* absent is fine */

/* Names in a folder ending in `suffix`, sorted by bytes; free with file_list_free(). */
bool
file_list(const char *folder, const char *suffix, char ***names, size_t *count, struct err *err);
void file_list_free(char **names, size_t count);

/* $XDG_STATE_HOME/poolshift, $XDG_CONFIG_HOME/poolshift with their defaults; false without a home.
 */
bool file_state_folder(struct buf *out, struct err *err);
bool file_config_folder(struct buf *out, struct err *err);
/* `path` against the folder of `file`, unless it is absolute. */
bool file_beside(struct buf *out, const char *file, const char *path);

#endif
