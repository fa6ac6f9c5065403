#include "core/base/self.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/base/text.h"

#define BOOT_ID    "/proc/sys/kernel/random/boot_id"
#define PLACE_MAX  17 /* 16 hexadecimal digits of a digest */
#define STARTED_AT 22 /* field of /proc/PID/stat: clock ticks from boot to its start */

void
self_name(char name[SELF_NAME_MAX])
{
	const struct passwd *user = getpwuid(getuid());
	char host[128] = "", raw[SELF_NAME_MAX];
	struct buf clean;

	gethostname(host, sizeof host - 1);
	snprintf(raw, sizeof raw, "%.40s@%.100s, pid %ld", user != NULL ? user->pw_name : "unknown",
		 *host != '\0' ? host : "unknown", (long)getpid());
	buf_init(&clean, 1 * BUF_KIB);
	text_clean(&clean, raw, strlen(raw));
	snprintf(name, SELF_NAME_MAX, "%s", clean.bytes);
	buf_release(&clean);
}

/* Machine, boot and process ids together: containers of one machine share a boot and not their
 * process ids. */
static bool
place_of(char place[PLACE_MAX])
{
	char text[200], hex[SHA256_HEX];
	size_t length;
	ssize_t more;
	FILE *file = fopen(BOOT_ID, "re");

	if (file == NULL)
		return false;
	length = fread(text, 1, 64, file);
	fclose(file);
	more = readlink("/proc/self/ns/pid", text + length, sizeof text - length);
	if (length == 0 || more <= 0)
		return false;
	sha256_hex(text, length + (size_t)more, hex);
	snprintf(place, PLACE_MAX, "%.16s", hex);
	return true;
}

/* 0 when there is no such process. The name in parentheses may hold anything. */
static unsigned long long
started(long pid)
{
	char path[40], text[1024];
	const char *at;
	size_t length;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	length = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[length] = '\0';
	at = strrchr(text, ')');
	for (int field = 2; at != NULL && field < STARTED_AT; field++)
		at = strchr(at + 1, ' ');
	return at == NULL ? 0 : strtoull(at, NULL, 10);
}

void
self_mark(char mark[SELF_MARK_MAX])
{
	char place[PLACE_MAX];

	*mark = '\0';
	if (place_of(place))
		snprintf(mark, SELF_MARK_MAX, "%s/%ld/%llu", place, (long)getpid(),
			 started(getpid()));
}

bool
self_is_gone(const char *mark)
{
	char place[PLACE_MAX], there[PLACE_MAX];
	unsigned long long since;
	long pid;

	if (sscanf(mark, "%16[0-9a-f]/%ld/%llu", there, &pid, &since) != 3 || !place_of(place) ||
	    strcmp(place, there) != 0 || started(getpid()) == 0)
		return false;
	return started(pid) != since;
}
