#include "tests/sim/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/die.h"
#include "tests/sim/folder.h"

#define COPIES    64
#define NUMBERS   (1 << 18)
#define KEPT      500 /* failures that are known by their first line */
#define TOLD      6   /* those told whole */
#define TOLD_MOST 24000
#define TITLE     160
#define SECONDS   180 /* of real time for one copy */

struct shared {
	_Atomic int64_t runs, known, sent, faults, checks, asked_again, mended, failures;
	_Atomic uint64_t numbers[NUMBERS];
	char told[KEPT][TOLD_MOST];
};

struct crew {
	struct shared *shared;
	size_t most, count;
	struct {
		pid_t pid;
		char title[TITLE];
	} copies[COPIES];
};

struct crew *
crew_new(void)
{
	struct crew *crew = die_alloc(sizeof *crew);
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	crew->shared = mmap(NULL, sizeof *crew->shared, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crew->shared == MAP_FAILED)
		die("No memory to share.");
	/* One more than there are processors, since some wait for what they have copied. */
	crew->most = processors < 1 ? 2 : processors >= COPIES ? COPIES : (size_t)processors + 1;
	return crew;
}

static void
ended(struct crew *crew, const char *title, int status)
{
	char text[100];

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	if (WIFSIGNALED(status))
		snprintf(text, sizeof text, "ended by signal %d", WTERMSIG(status));
	else
		snprintf(text, sizeof text, "ended with %d", WEXITSTATUS(status));
	crew_fail(crew, title, text);
}

static void
wait_for_one(struct crew *crew)
{
	int status;
	pid_t pid = wait(&status);

	if (pid < 0)
		die("A copy of the process is lost.");
	for (size_t i = 0; i < crew->count; i++)
		if (crew->copies[i].pid == pid) {
			ended(crew, crew->copies[i].title, status);
			crew->copies[i] = crew->copies[--crew->count];
			return;
		}
}

void
crew_wait(struct crew *crew)
{
	while (crew->count > 0)
		wait_for_one(crew);
}

void
crew_free(struct crew *crew)
{
	crew_wait(crew);
	munmap(crew->shared, sizeof *crew->shared);
	free(crew);
}

bool
crew_fork(struct crew *crew, const char *title)
{
	int ready[2];
	char nothing;
	pid_t pid;

	while (crew->count >= crew->most)
		wait_for_one(crew);
	fflush(NULL);
	if (pipe2(ready, O_CLOEXEC) != 0 || (pid = fork()) < 0)
		die("This process cannot be copied.");
	close(ready[pid > 0]);
	if (pid > 0) {
		/* Until it has copied the journals. */
		while (read(ready[0], &nothing, 1) < 0 && errno == EINTR)
			continue;
		close(ready[0]);
		crew->copies[crew->count].pid = pid;
		snprintf(crew->copies[crew->count++].title, TITLE, "%s", title);
		return false;
	}
	crew->count = 0;
	alarm(SECONDS);
	if (!folder_branch()) {
		crew_fail(crew, title, "no folder for its journal");
		_exit(0);
	}
	close(ready[1]);
	return true;
}

bool
crew_fork_and_wait(struct crew *crew, const char *title)
{
	if (crew_fork(crew, title))
		return true;
	crew_wait(crew);
	return false;
}

void
crew_exit(struct crew *crew)
{
	crew_wait(crew);
	folder_leave();
	_exit(0);
}

void
crew_add(struct crew *crew, const struct explore_tally *tally)
{
	struct shared *shared = crew->shared;

	shared->runs += tally->runs;
	shared->known += tally->known;
	shared->sent += tally->sent;
	shared->faults += tally->faults;
	shared->checks += tally->checks;
	shared->asked_again += tally->asked_again;
	shared->mended += tally->mended;
}

struct explore_tally
crew_tally(const struct crew *crew)
{
	const struct shared *shared = crew->shared;

	return (struct explore_tally){ .runs = shared->runs,
				       .known = shared->known,
				       .sent = shared->sent,
				       .faults = shared->faults,
				       .checks = shared->checks,
				       .asked_again = shared->asked_again,
				       .mended = shared->mended,
				       .failures = shared->failures };
}

void
crew_fail(struct crew *crew, const char *title, const char *text)
{
	int64_t at = crew->shared->failures++;

	if (at < KEPT)
		snprintf(crew->shared->told[at], TOLD_MOST, "%s: %s", title, text);
}

bool
crew_first(struct crew *crew, uint64_t number)
{
	number += number == 0;
	for (size_t i = 0; i < NUMBERS; i++) {
		_Atomic uint64_t *place = &crew->shared->numbers[(number + i) % NUMBERS];
		uint64_t found = 0;

		if (atomic_compare_exchange_strong(place, &found, number))
			return true;
		if (found == number)
			return false;
	}
	return true;
}

void
crew_tell(const struct crew *crew)
{
	for (int64_t i = 0; i < crew->shared->failures && i < KEPT; i++) {
		const char *text = crew->shared->told[i];

		printf("# %.*s\n", (int)(i < TOLD ? strlen(text) : strcspn(text, "\n")), text);
	}
	if (crew->shared->failures > KEPT)
		printf("# and %lld more\n", (long long)(crew->shared->failures - KEPT));
}
