#include "core/base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/die.h"

#define CHUNK        ((size_t)16 * 1024)
#define GRACE        (2 * SECOND) /* from SIGTERM to SIGKILL, and from there to giving up the pipes */
#define STATUS_LATE  (-1000)
#define STATUS_FULL  (-1001)
#define STATUS_OTHER 0 /* the program's own */

enum stage { STAGE_RUNNING, STAGE_ASKED, STAGE_KILLED, STAGE_ENDED };

struct proc {
	pid_t pid; /* also its group, unless at the terminal; not reaped before the pipes end */
	bool terminal;
	int out, err, end; /* the pipes and the pidfd; -1 when closed */
	struct buf out_bytes, err_bytes;
	size_t err_keep;
	int64_t deadline; /* mono: of the stage */
	enum stage stage;
	bool asked;  /* SIGTERM was sent, and the deadline of the stage is still to be set */
	int verdict; /* STATUS_* */
	int status;
};

bool
proc_find(const char *name, struct buf *path)
{
	const char *at = getenv("PATH");
	struct stat st;

	if (at == NULL || *name == '\0' || strchr(name, '/') != NULL)
		return false;
	for (;;) {
		size_t length = strcspn(at, ":");

		if (*at == '/') {
			buf_clear(path);
			buf_add(path, at, length);
			if (buf_printf(path, "/%s", name) && access(path->bytes, X_OK) == 0 &&
			    stat(path->bytes, &st) == 0 && S_ISREG(st.st_mode))
				return true;
		}
		if (at[length] == '\0')
			break;
		at += length + 1;
	}
	buf_clear(path);
	return false;
}

static bool
same_name(const char *a, const char *b)
{
	size_t length = strcspn(a, "=");

	return strncmp(a, b, length) == 0 && b[length] == '=';
}

/* Our environment with `added` put over it; borrowed strings in an array the caller frees. */
static char **
environment(const char *const *added)
{
	size_t ours = 0, more = 0, count = 0;
	char **all;

	while (environ[ours] != NULL)
		ours++;
	while (added != NULL && added[more] != NULL)
		more++;
	all = die_alloc((ours + more + 1) * sizeof(char *));
	for (size_t i = 0; i < ours; i++) {
		size_t k = 0;

		while (k < more && !same_name(added[k], environ[i]))
			k++;
		if (k == more)
			all[count++] = environ[i];
	}
	for (size_t k = 0; k < more; k++)
		memcpy(&all[count++], &added[k], sizeof(char *));
	return all;
}

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
set_signals(posix_spawnattr_t *attributes, bool terminal)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setflags(attributes, (terminal ? 0 : POSIX_SPAWN_SETSID) |
						     POSIX_SPAWN_SETSIGMASK |
						     POSIX_SPAWN_SETSIGDEF);
}

/* The text as a file that nothing but this program and what it starts can reach, at a descriptor
 * not below `least`; -1 with errno. */
static int
open_text(const char *text, size_t length, size_t least)
{
	int low = memfd_create("input", MFD_CLOEXEC);
	int fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, (int)least);
	size_t done = 0;

	if (low >= 0)
		close(low);
	while (fd >= 0 && done < length) {
		ssize_t count = write(fd, text + done, length - done);

		if (count < 0) {
			close(fd);
			return -1;
		}
		done += (size_t)count;
	}
	/* Programs look at who else may read what they are given. */
	if (fd >= 0 && (fchmod(fd, 0600) != 0 || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Of ours, what the child gets; -1 is none. */
struct given {
	int in, out, err;
	int *texts;
	size_t text_count;
};

/* Above all descriptors of the child, so that no dup2() in it lands on one of them. */
static bool
open_texts(struct given *given, const char *const *texts)
{
	size_t count = 0;

	while (texts != NULL && texts[count] != NULL)
		count++;
	given->texts = die_alloc((count + 1) * sizeof(*given->texts));
	for (; given->text_count < count; given->text_count++) {
		const char *text = texts[given->text_count];
		int fd = open_text(text, strlen(text), PROC_TEXTS + count);

		if (fd < 0)
			return false;
		given->texts[given->text_count] = fd;
	}
	return true;
}

static void
close_given(struct given *given)
{
	close_one(&given->in);
	close_one(&given->out);
	close_one(&given->err);
	for (size_t i = 0; i < given->text_count; i++)
		close_one(&given->texts[i]);
	free(given->texts);
}

static int
place(posix_spawn_file_actions_t *actions, const struct given *given, bool terminal)
{
	int failed = given->in >= 0
			     ? posix_spawn_file_actions_adddup2(actions, given->in, 0)
			     : posix_spawn_file_actions_addopen(actions, 0,
								terminal ? "/dev/tty" : "/dev/null",
								terminal ? O_RDWR : O_RDONLY, 0);

	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(actions, given->out, 1);
	if (failed == 0)
		failed = posix_spawn_file_actions_adddup2(actions, terminal ? 0 : given->err, 2);
	/* The pipes are done with where these land. */
	for (size_t i = 0; failed == 0 && i < given->text_count; i++)
		failed = posix_spawn_file_actions_adddup2(actions, given->texts[i],
							  (int)(PROC_TEXTS + i));
	if (failed == 0)
		failed = posix_spawn_file_actions_addclosefrom_np(
			actions, (int)(PROC_TEXTS + given->text_count));
	return failed;
}

/* posix_spawn() with all that the header promises: an error number, 0 when it runs. */
static int
spawn(struct proc *proc, const char *path, const struct proc_spec *spec, const struct given *given)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char **env = environment(spec->env), **argv;
	size_t count = 0;
	int failed;

	while (spec->argv[count] != NULL)
		count++;
	/* posix_spawn() takes writable strings and leaves them alone. */
	argv = die_alloc((count + 1) * sizeof(char *));
	memcpy(argv, spec->argv, count * sizeof(char *));
	if (posix_spawn_file_actions_init(&actions) != 0 || posix_spawnattr_init(&attributes) != 0)
		die("out of memory for a program's start");
	set_signals(&attributes, spec->terminal);
	failed = place(&actions, given, spec->terminal);
	if (failed == 0)
		failed = posix_spawn(&proc->pid, path, &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	free(argv);
	free(env);
	return failed;
}

/* A pipe whose ends are both above 2, so that no dup2() in the child lands on one of them. */
static bool
open_pipe(int ends[2])
{
	int low[2];

	ends[0] = ends[1] = -1;
	if (pipe2(low, O_CLOEXEC) != 0)
		return false;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 3);
		close(low[i]);
	}
	if (ends[0] < 0 || ends[1] < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
		close_one(&ends[0]);
		close_one(&ends[1]);
		return false;
	}
	return true;
}

static bool
start_failed(const char *name, int number, struct err *err)
{
	errno = number;
	if (number == ENOENT || number == ENOTDIR)
		return err_set(err, ERR_MISSING, "The program %s was not found; install it.", name);
	return err_set(err, ERR_SYSTEM, "The program %s could not be started: %m.", name);
}

/* Opens all that the child gets, our ends into `proc`; an error number. */
static int
open_given(struct proc *proc, const struct proc_spec *spec, struct given *given)
{
	int out[2], errs[2] = { -1, -1 };
	bool opened = open_pipe(out) && open_pipe(errs);

	proc->out = out[0];
	proc->err = errs[0];
	given->out = out[1];
	given->err = errs[1];
	if (opened && spec->input != NULL) {
		given->in = open_text(spec->input, spec->input_length, PROC_TEXTS);
		opened = given->in >= 0;
	}
	return opened && open_texts(given, spec->texts) ? 0 : errno;
}

struct proc *
proc_start(const struct proc_spec *spec, struct err *err)
{
	const char *name = spec->argv[0];
	struct proc *proc = die_alloc(sizeof(*proc));
	struct given given = { .in = -1, .out = -1, .err = -1 };
	int failed = ENOENT;
	struct buf path;

	*proc = (struct proc){ .pid = -1, .out = -1, .err = -1, .end = -1 };
	proc->deadline = spec->deadline;
	proc->err_keep = spec->err_keep;
	proc->terminal = spec->terminal;
	buf_init(&proc->out_bytes, spec->out_cap);
	buf_init(&proc->err_bytes, spec->err_keep + CHUNK);
	buf_init(&path, 4 * BUF_KIB);
	if (strchr(name, '/') != NULL ? buf_puts(&path, name) : proc_find(name, &path)) {
		failed = open_given(proc, spec, &given);
		if (failed == 0)
			failed = spawn(proc, path.bytes, spec, &given);
	}
	buf_release(&path);
	close_given(&given);
	if (failed != 0) {
		start_failed(name, failed, err);
		proc_free(proc);
		return NULL;
	}
	proc->end = pidfd_open(proc->pid, 0);
	return proc;
}

void
proc_fds(const struct proc *proc, int fds[2], size_t *count)
{
	*count = 0;
	if (proc->stage == STAGE_ENDED)
		return;
	if (proc->out >= 0)
		fds[(*count)++] = proc->out;
	if (proc->err >= 0)
		fds[(*count)++] = proc->err;
	/* A program may close its output long before it ends. */
	if (*count == 0 && proc->end >= 0)
		fds[(*count)++] = proc->end;
}

static void
signal_group(const struct proc *proc, int number)
{
	/* The group is there as long as its leader is not reaped, and nobody else's until then. */
	if (proc->pid > 0)
		kill(proc->terminal ? proc->pid : -proc->pid, number);
}

static void
ask_to_end(struct proc *proc, int verdict)
{
	if (proc->stage != STAGE_RUNNING)
		return;
	signal_group(proc, SIGTERM);
	proc->verdict = verdict;
	proc->stage = STAGE_ASKED;
	proc->asked = true;
}

static void
take_out(struct proc *proc, const char *bytes, size_t length)
{
	if (!buf_add(&proc->out_bytes, bytes, length))
		ask_to_end(proc, STATUS_FULL);
}

static void
take_err(struct proc *proc, const char *bytes, size_t length)
{
	buf_add(&proc->err_bytes, bytes, length);
	if (proc->err_bytes.length > proc->err_keep)
		buf_drop(&proc->err_bytes, proc->err_bytes.length - proc->err_keep);
}

static void
drain(struct proc *proc, int *fd, void (*take)(struct proc *, const char *, size_t))
{
	char bytes[CHUNK];
	ssize_t got;

	/* Not for ever, when a program writes faster than we read. */
	for (int i = 0; *fd >= 0 && i < 64; i++) {
		got = read(*fd, bytes, sizeof(bytes));
		if (got > 0) {
			take(proc, bytes, (size_t)got);
			explicit_bzero(bytes, (size_t)got);
		} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
			close_one(fd);
		} else if (errno == EAGAIN) {
			return;
		}
	}
}

/* One stage per step, each with its own time. */
static void
enforce_deadline(struct proc *proc, int64_t mono)
{
	if (proc->asked) {
		proc->asked = false;
		proc->deadline = mono + GRACE;
		return;
	}
	if (proc->deadline == NEVER || mono < proc->deadline)
		return;
	if (proc->stage == STAGE_RUNNING) {
		ask_to_end(proc, STATUS_LATE);
		enforce_deadline(proc, mono);
	} else if (proc->stage == STAGE_ASKED) {
		signal_group(proc, SIGKILL);
		proc->stage = STAGE_KILLED;
		proc->deadline = mono + GRACE;
	} else {
		/* Something left the group and keeps the pipes open: it is not waited for. */
		close_one(&proc->out);
		close_one(&proc->err);
	}
}

static void
reap(struct proc *proc)
{
	int status;
	pid_t reaped = waitpid(proc->pid, &status, WNOHANG);

	if (reaped == 0 || (reaped < 0 && errno == EINTR))
		return;
	if (reaped == proc->pid)
		proc->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	proc->pid = -1;
	proc->stage = STAGE_ENDED;
	close_one(&proc->end);
}

bool
proc_step(struct proc *proc, int64_t mono)
{
	if (proc->stage == STAGE_ENDED)
		return true;
	drain(proc, &proc->out, take_out);
	drain(proc, &proc->err, take_err);
	if (proc->out < 0 && proc->err < 0)
		reap(proc);
	if (proc->stage != STAGE_ENDED)
		enforce_deadline(proc, mono);
	return proc->stage == STAGE_ENDED;
}

void
proc_cancel(struct proc *proc)
{
	ask_to_end(proc, STATUS_OTHER);
}

int
proc_status(const struct proc *proc)
{
	return proc->verdict != STATUS_OTHER ? proc->verdict : proc->status;
}

const char *
proc_stdout(const struct proc *proc, size_t *length)
{
	*length = proc->out_bytes.length;
	return proc->out_bytes.bytes;
}

const char *
proc_stderr(const struct proc *proc, size_t *length)
{
	*length = proc->err_bytes.length;
	return proc->err_bytes.bytes;
}

void
proc_free(struct proc *proc)
{
	if (proc == NULL)
		return;
	signal_group(proc, SIGKILL);
	/* A killed program ends at once, so this does not wait for anything it does. */
	while (proc->pid > 0 && waitpid(proc->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	close_one(&proc->out);
	close_one(&proc->err);
	close_one(&proc->end);
	/* A credential plugin's output is a token. */
	buf_wipe(&proc->out_bytes);
	buf_wipe(&proc->err_bytes);
	free(proc);
}
