/* program - another program under a pty of its own, or with a pipe for what it prints: what it
 * shows and when, what it holds in memory and what it costs.
 *
 * Times are CLOCK_MONOTONIC nanoseconds, taken when the bytes that made something true were read.
 * Whatever a program does not do within its patience ends the run with its screen on stderr: a
 * figure that was not measured must not look like one. One thread.
 */
#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/bench/screen.h"

struct program {
	const char *name; /* argv[0] */
	pid_t pid;
	int fd;          /* of the pty, non-blocking */
	int64_t started; /* just before fork() */
	uint64_t bytes;  /* it wrote so far */
	struct screen *screen;
	bool ended; /* it closed its side */
};

#define PROGRAM_COLUMNS 100
#define PROGRAM_ROWS    30
#define PROGRAM_WORDS   24 /* at most in a command line */

int64_t program_now(void);

void program_start(struct program *program, const char *const argv[]);
void program_send(struct program *program, const char *keys);
/* SIGTERM, then its end is waited for. */
void program_end(struct program *program);

/* Reads until the time, and no longer. */
void program_read_until(struct program *program, int64_t time);

typedef bool program_test(const struct screen *screen, const void *self);
/* When the test came true; a test that is true already is true now. */
int64_t program_wait(struct program *program, program_test *test, const void *self);
int64_t program_wait_text(struct program *program, const char *text);
int64_t program_wait_no_text(struct program *program, const char *text);

struct program_memory {
	int64_t resident; /* bytes */
	int64_t own;      /* of these, bytes that no other program shares */
};

struct program_memory program_memory(pid_t pid);
/* Nanoseconds of CPU of all its threads, and of the children it waited for (these in steps of a
 * clock tick). */
int64_t program_cpu(pid_t pid);

struct program_run {
	int64_t time;     /* ns, from fork() to the last byte and its end */
	int64_t resident; /* bytes, the most */
	uint64_t bytes;   /* it printed */
};

/* A program with a pipe for stdout, from its start to its end, which has to be a good one. */
struct program_run program_run(const char *const argv[]);
bool program_is_installed(const char *name);

/* A server: started with a pipe for stdout; the first line it prints goes into `line`. */
pid_t program_serve(const char *const argv[], char *line, size_t size);
/* SIGTERM and wait; false when it ended badly. */
bool program_stop(pid_t pid);

/* In a child that was just forked: it does not outlive this program, a frozen one neither. */
void program_bind(void);

_Noreturn void program_give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
