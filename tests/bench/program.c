#include "tests/bench/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <dirent.h>

#include "core/base/clock.h"

#define PATIENCE (20 * SECOND)

int64_t
program_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

void
program_give_up(const char *format, ...)
{
	va_list list;

	fputs("bench: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	exit(1);
}

void
program_bind(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* In the child; exec wants words it may write to. */
_Noreturn static void
execute(const char *const argv[])
{
	char *words[PROGRAM_WORDS + 1] = { NULL };

	program_bind();
	for (size_t i = 0; i < PROGRAM_WORDS && argv[i] != NULL; i++)
		words[i] = strdup(argv[i]);
	execvp(words[0], words);
	_exit(127);
}

void
program_start(struct program *program, const char *const argv[])
{
	struct winsize size = { .ws_col = PROGRAM_COLUMNS, .ws_row = PROGRAM_ROWS };

	*program = (struct program){ .name = argv[0], .started = program_now() };
	program->pid = forkpty(&program->fd, NULL, NULL, &size);
	if (program->pid < 0)
		program_give_up("no terminal for %s: %s", argv[0], strerror(errno));
	if (program->pid == 0)
		execute(argv);
	fcntl(program->fd, F_SETFL, O_NONBLOCK);
	fcntl(program->fd, F_SETFD, FD_CLOEXEC);
	program->screen = screen_new(PROGRAM_COLUMNS, PROGRAM_ROWS);
}

void
program_send(struct program *program, const char *keys)
{
	size_t length = strlen(keys);

	if (write(program->fd, keys, length) != (ssize_t)length)
		program_give_up("%s takes no keys", program->name);
}

/* What is there now, or comes until the time. */
static void
take(struct program *program, int64_t until)
{
	struct pollfd poll_fd = { .fd = program->fd, .events = POLLIN };
	int64_t left = until - program_now();
	struct timespec wait = { 0 };
	char bytes[16384];
	ssize_t count;

	if (left > 0)
		wait = (struct timespec){ .tv_sec = left / SECOND, .tv_nsec = left % SECOND };
	if (ppoll(&poll_fd, 1, &wait, NULL) <= 0)
		return;
	count = read(program->fd, bytes, sizeof(bytes));
	if (count > 0) {
		program->bytes += (uint64_t)count;
		screen_take(program->screen, bytes, (size_t)count);
	} else if (count == 0 || errno != EAGAIN) {
		program->ended = true;
	}
}

void
program_read_until(struct program *program, int64_t time)
{
	while (!program->ended && program_now() < time)
		take(program, time);
}

int64_t
program_wait(struct program *program, program_test *test, const void *self)
{
	int64_t now = program_now(), end = now + PATIENCE;

	while (!test(program->screen, self)) {
		if (program->ended || now >= end) {
			screen_show(program->screen);
			program_give_up("%s %s", program->name,
					program->ended ? "ended before its time"
						       : "does not show what it should");
		}
		take(program, end);
		now = program_now();
	}
	return now;
}

static bool
has(const struct screen *screen, const void *text)
{
	return screen_has(screen, text);
}

static bool
has_not(const struct screen *screen, const void *text)
{
	return !screen_has(screen, text);
}

int64_t
program_wait_text(struct program *program, const char *text)
{
	return program_wait(program, has, text);
}

int64_t
program_wait_no_text(struct program *program, const char *text)
{
	return program_wait(program, has_not, text);
}

void
program_end(struct program *program)
{
	int64_t end = program_now() + PATIENCE;

	kill(program->pid, SIGTERM);
	while (!program->ended && program_now() < end)
		take(program, end);
	if (!program->ended)
		kill(program->pid, SIGKILL);
	waitpid(program->pid, NULL, 0);
	close(program->fd);
	screen_free(program->screen);
	program->screen = NULL;
}

static FILE *
open_of(pid_t pid, const char *what)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, what);
	file = fopen(path, "re");
	if (file == NULL)
		program_give_up("%s: %s", path, strerror(errno));
	return file;
}

struct program_memory
program_memory(pid_t pid)
{
	struct program_memory memory = { 0 };
	FILE *file = open_of(pid, "smaps_rollup");
	char line[256];
	long long kib;

	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "Rss: %lld", &kib) == 1)
			memory.resident = kib * 1024;
		else if (sscanf(line, "Private_Clean: %lld", &kib) == 1 ||
			 sscanf(line, "Private_Dirty: %lld", &kib) == 1)
			memory.own += kib * 1024;
	}
	fclose(file);
	return memory;
}

static int64_t
children_cpu(pid_t pid)
{
	FILE *file = open_of(pid, "stat");
	char line[1024] = "";
	long long user = 0, system = 0;
	const char *rest;

	rest = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	fclose(file);
	/* proc_pid_stat(5): cutime and cstime are the fields 16 and 17, the name is the 2nd. */
	if (rest == NULL || sscanf(rest,
				   ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u "
				   "%lld %lld",
				   &user, &system) != 2)
		program_give_up("the CPU time of %d cannot be read", (int)pid);
	return (user + system) * SECOND / sysconf(_SC_CLK_TCK);
}

int64_t
program_cpu(pid_t pid)
{
	int64_t all = children_cpu(pid);
	char path[64];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	folder = opendir(path);
	if (folder == NULL)
		program_give_up("%s: %s", path, strerror(errno));
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char name[280];
		long long spent = 0;
		FILE *file;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "task/%s/schedstat", entry->d_name);
		file = open_of(pid, name);
		if (fscanf(file, "%lld", &spent) != 1)
			spent = 0;
		all += spent;
		fclose(file);
	}
	closedir(folder);
	return all;
}

static pid_t
start_piped(const char *const argv[], int *out)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		program_give_up("%s cannot be started: %s", argv[0], strerror(errno));
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execute(argv);
	}
	close(ends[1]);
	*out = ends[0];
	return pid;
}

struct program_run
program_run(const char *const argv[])
{
	struct program_run run = { 0 };
	int64_t started = program_now();
	struct rusage usage;
	char bytes[65536];
	ssize_t count;
	int out, status;
	pid_t pid = start_piped(argv, &out);

	while ((count = read(out, bytes, sizeof(bytes))) > 0)
		run.bytes += (uint64_t)count;
	close(out);
	if (wait4(pid, &status, 0, &usage) < 0 || status != 0)
		program_give_up("%s %s ended badly", argv[0], argv[1] != NULL ? argv[1] : "");
	run.time = program_now() - started;
	run.resident = usage.ru_maxrss * 1024;
	return run;
}

bool
program_is_installed(const char *name)
{
	char path[4096];
	const char *folders = getenv("PATH");
	bool found = false;

	while (!found && folders != NULL && *folders != '\0') {
		size_t length = strcspn(folders, ":");

		snprintf(path, sizeof(path), "%.*s/%s", (int)length, folders, name);
		found = access(path, X_OK) == 0;
		folders += length + (folders[length] == ':');
	}
	return found;
}

pid_t
program_serve(const char *const argv[], char *line, size_t size)
{
	struct pollfd poll_fd = { .events = POLLIN };
	size_t length = 0;
	pid_t pid = start_piped(argv, &poll_fd.fd);

	while (length + 1 < size && poll(&poll_fd, 1, (int)(PATIENCE / MILLISECOND)) > 0 &&
	       read(poll_fd.fd, line + length, 1) == 1 && line[length] != '\n')
		length++;
	line[length] = '\0';
	close(poll_fd.fd);
	if (length == 0)
		program_give_up("%s does not start", argv[0]);
	return pid;
}

bool
program_stop(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	return waitpid(pid, &status, 0) == pid && status == 0;
}
