#include "core/kube/tools.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/die.h"
#include "core/base/proc.h"
#include "core/kube/accessprint.h"

#define FIRST_ID    (INT64_C(1) << 62) /* far from those of requests */
#define ERRORS_KEPT (16 * BUF_KIB)
#define CONFIG_MAX  (8 * BUF_MIB)

struct tool {
	struct tool *next;
	int64_t id, began, deadline; /* mono */
	int64_t timeout;
	size_t cap;
	struct arena arena; /* argv, texts */
	const char *const *argv;
	char **texts;        /* NULL-terminated; empty once it runs */
	struct proc *proc;   /* NULL before it runs, and when it never did */
	bool ended, stopped; /* stopped: it was asked to end */
	struct err err;      /* why it does not run */
};

struct tools {
	struct clock clock;
	int64_t next_id;
	struct tool *first; /* in the order they were asked for */
};

/* What would lead helm to another cluster, user or namespace than ours; empty counts as not set. */
static const char *const environment[] = {
	"KUBECONFIG=/dev/stdin",
	"HELM_KUBECONTEXT=",
	"HELM_KUBETOKEN=",
	"HELM_KUBEASUSER=",
	"HELM_KUBEASGROUPS=",
	"HELM_KUBEAPISERVER=",
	"HELM_KUBECAFILE=",
	"HELM_KUBEINSECURE_SKIP_TLS_VERIFY=",
	"HELM_KUBETLS_SERVER_NAME=",
	"HELM_NAMESPACE=",
	NULL,
};

struct tools *
tools_new(const struct clock *clock)
{
	struct tools *tools = die_alloc(sizeof *tools);

	*tools = (struct tools){ .clock = *clock, .next_id = FIRST_ID };
	return tools;
}

static void
forget_texts(struct tool *tool)
{
	for (char **text = tool->texts; *text != NULL; text++)
		explicit_bzero(*text, strlen(*text));
	*tool->texts = NULL;
}

static void
tool_free(struct tool *tool)
{
	forget_texts(tool);
	proc_free(tool->proc);
	arena_release(&tool->arena);
	free(tool);
}

void
tools_free(struct tools *tools)
{
	if (tools == NULL)
		return;
	while (tools->first != NULL) {
		struct tool *next = tools->first->next;

		tool_free(tools->first);
		tools->first = next;
	}
	free(tools);
}

static char **
copied(struct arena *arena, const char *const *words)
{
	size_t count = 0;
	char **copy;

	while (words != NULL && words[count] != NULL)
		count++;
	copy = arena_array(arena, count + 1, sizeof *copy);
	for (size_t i = 0; i < count; i++)
		copy[i] = arena_string(arena, words[i]);
	return copy;
}

int64_t
tools_run(struct tools *tools, const struct transport_program *program)
{
	struct tool *tool = die_alloc(sizeof *tool), **last = &tools->first;

	*tool = (struct tool){ .id = tools->next_id++,
			       .began = clock_mono(&tools->clock),
			       .timeout = program->timeout,
			       .cap = program->cap };
	tool->deadline = tool->began + tool->timeout;
	arena_init(&tool->arena);
	tool->argv = (const char *const *)copied(&tool->arena, program->argv);
	tool->texts = copied(&tool->arena, program->texts);
	while (*last != NULL)
		last = &(*last)->next;
	*last = tool;
	return tool->id;
}

static struct tool *
unlink_tool(struct tools *tools, const struct tool *tool)
{
	for (struct tool **at = &tools->first; *at != NULL; at = &(*at)->next)
		if (*at == tool) {
			struct tool *found = *at;

			*at = found->next;
			return found;
		}
	return NULL;
}

bool
tools_cancel(struct tools *tools, int64_t id)
{
	for (struct tool *tool = tools->first; tool != NULL; tool = tool->next)
		if (tool->id == id) {
			tool_free(unlink_tool(tools, tool));
			return true;
		}
	return false;
}

void
tools_stop(struct tools *tools, int64_t id)
{
	for (struct tool *tool = tools->first; tool != NULL; tool = tool->next) {
		if (tool->id != id || tool->ended)
			continue;
		tool->stopped = true;
		if (tool->proc != NULL) {
			proc_cancel(tool->proc);
			continue;
		}
		err_set(&tool->err, ERR_CANCELLED, "%s was not started any more.", tool->argv[0]);
		tool->ended = true;
	}
}

static void
start(struct tool *tool, const struct access *access, const struct signin_pass *pass)
{
	struct buf config;
	struct proc_spec spec = {
		.argv = tool->argv,
		.texts = (const char *const *)tool->texts,
		.env = environment,
		.out_cap = tool->cap,
		.err_keep = ERRORS_KEPT,
		.deadline = tool->deadline,
	};

	buf_init(&config, CONFIG_MAX);
	accessprint(access, pass, &config);
	spec.input = config.bytes;
	spec.input_length = config.length;
	tool->proc = proc_start(&spec, &tool->err);
	tool->ended = tool->proc == NULL;
	buf_wipe(&config);
	forget_texts(tool);
}

static void
begin(struct tool *tool, const struct access *access, struct signin *signin, int64_t mono)
{
	struct signin_pass pass;

	switch (signin_ask(signin, &pass, &tool->err)) {
	case SIGNIN_READY:
		start(tool, access, &pass);
		return;
	case SIGNIN_FAILED:
		tool->err.code = ERR_AUTH;
		tool->ended = true;
		return;
	case SIGNIN_WAITING:
		break;
	}
	if (mono < tool->deadline)
		return;
	err_set(&tool->err, ERR_AUTH, "%s was not started: there were no credentials in time.",
		tool->argv[0]);
	tool->ended = true;
}

int64_t
tools_step(struct tools *tools, const struct access *access, struct signin *signin)
{
	int64_t mono = clock_mono(&tools->clock), due = NEVER;

	for (struct tool *tool = tools->first; tool != NULL; tool = tool->next) {
		if (!tool->ended && tool->proc == NULL)
			begin(tool, access, signin, mono);
		if (!tool->ended && tool->proc != NULL)
			tool->ended = proc_step(tool->proc, mono);
		/* Its pipes wake us; the second is for the deadline and for what came after
		 * them. */
		if (tool->ended || due > mono + SECOND)
			due = tool->ended ? mono : mono + SECOND;
	}
	return due;
}

size_t
tools_fds(const struct tools *tools, int *fds, size_t room)
{
	size_t count = 0, more;

	for (const struct tool *tool = tools->first; tool != NULL && count + 2 <= room;
	     tool = tool->next)
		if (!tool->ended && tool->proc != NULL) {
			proc_fds(tool->proc, fds + count, &more);
			count += more;
		}
	return count;
}

static struct tool *
ended(const struct tools *tools)
{
	struct tool *tool = tools->first;

	while (tool != NULL && !tool->ended)
		tool = tool->next;
	return tool;
}

bool
tools_ended(const struct tools *tools)
{
	return ended(tools) != NULL;
}

static void
judge(const struct tool *tool, struct transport_event *event)
{
	const char *text;
	size_t length;

	if (tool->proc == NULL) {
		event->sent = SENT_NO;
		event->err = tool->err;
		return;
	}
	event->sent = SENT_YES;
	event->status = proc_status(tool->proc);
	text = proc_stdout(tool->proc, &length);
	buf_add(&event->body, text, length);
	text = proc_stderr(tool->proc, &length);
	buf_add(&event->warnings, text, length);
	if (tool->stopped && event->status != 0)
		err_set(&event->err, ERR_CANCELLED, "%s was ended, as asked for.", tool->argv[0]);
	else if (event->status == -1000)
		err_set(&event->err, ERR_EXPIRED,
			"%s was ended: it did not come to an end in %lld s.", tool->argv[0],
			(long long)(tool->timeout / SECOND));
	else if (event->status == -1001)
		err_set(&event->err, ERR_REJECTED, "%s said more than %zu bytes; it was ended.",
			tool->argv[0], tool->cap);
	else if (event->status < 0)
		err_set(&event->err, ERR_SYSTEM, "%s was ended by signal %d.", tool->argv[0],
			-event->status);
	else if (event->status > 0)
		err_set(&event->err, ERR_REJECTED, "%s ended with %d.", tool->argv[0],
			event->status);
}

bool
tools_collect(struct tools *tools, struct transport_event *event)
{
	struct tool *tool = ended(tools);

	if (tool == NULL)
		return false;
	*event = (struct transport_event){ .kind = TRANSPORT_DONE, .id = tool->id };
	buf_init(&event->body, tool->cap + 1);
	buf_init(&event->warnings, 2 * ERRORS_KEPT);
	event->latency = clock_mono(&tools->clock) - tool->began;
	judge(tool, event);
	tool_free(unlink_tool(tools, tool));
	return true;
}
