/* console - what the console costs, each figure beside what a person would run instead, measured
 * in the same run on the same cluster. Each function prints its rows.
 */
#ifndef BENCH_CONSOLE_H
#define BENCH_CONSOLE_H

struct bench {
	const char *poolshift, *kubectl; /* paths */
	const char *folder;              /* of this run; exists */
	char classic[4096], big[4096];   /* kubeconfigs of the two demo clusters */
	int classic_port, big_port;
	int classic_pid, big_pid;
};

void console_first_frame(const struct bench *bench);
void console_first_data(const struct bench *bench);
void console_big(const struct bench *bench);
void console_idle(const struct bench *bench);
void console_keys(const struct bench *bench);
void console_events(const struct bench *bench);
/* Last on its cluster: it begins the migration. */
void console_outage(const struct bench *bench);

#endif
