/* main - options, wiring: which command, or the console on which cluster. */
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/demo/server.h"
#include "core/engine/session.h"
#include "tui/options.h"
#include "tui/plain/cmd.h"
#include "tui/report/report.h"
#include "tui/plain/plain_console.h"
#include "tui/scenario_file.h"
#include "tui/screen/console.h"

#define EXIT_USAGE 2

static int
refuse(const struct err *err)
{
	struct buf clean;

	buf_init(&clean, 8 * BUF_KIB);
	text_clean(&clean, err->text, strlen(err->text));
	fprintf(stderr, "poolshift: %s\n", clean.bytes);
	buf_release(&clean);
	return EXIT_USAGE;
}

/* Widths of characters need a UTF-8 locale even where the terminal is told nothing of it.
 * Whether it is one that shows more than ASCII. */
static bool
set_locale(void)
{
	setlocale(LC_ALL, "");
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
	setlocale(LC_NUMERIC, "C");
	return utf8;
}

static bool
has_screen(const struct options *options)
{
	const char *term = getenv("TERM");

	return !options->plain && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

/* no-color.org: set and not empty; a theme that was asked for goes before it. */
static bool
wants_no_color(void)
{
	const char *set = getenv("NO_COLOR");

	return set != NULL && *set != '\0';
}

static int
run_console(struct options *options)
{
	struct session *session;
	struct err err;
	struct console_options console = {
		.theme = options->theme,
		.no_color = options->no_color || (options->theme == NULL && wants_no_color()),
		.ascii = options->ascii,
		.no_mouse = options->no_mouse,
		.settings = &options->settings,
		.keys_text = options->keys_text,
		.report = report_show,
	};
	int code;

	session = session_open(&options->session, &options->settings, &err);
	if (session == NULL)
		return refuse(&err);
	console.context = session_context(session);
	console.server = session_server(session);
	if (session_start(session, &err))
		code = console_run(session_engine(session), &console);
	else
		code = refuse(&err);
	session_close(session);
	return code;
}

static int
run_front(struct options *options, const struct cmd *row)
{
	if (options->command != NULL)
		return row->run(options);
	return has_screen(options) ? run_console(options) : plain_console_run(options);
}

/* Its threads take no signal: one that ends the program goes to the command or the console, which
 * end in order. */
static struct server *
start_demo(const struct server_options *options, struct err *err)
{
	struct server *server;
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	server = server_start(options, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return server;
}

/* The demo cluster of `--demo` lives as long as the command or console on it. */
static int
run_on_demo(struct options *options, const struct cmd *row)
{
	struct server_options demo;
	struct server *server = NULL;
	struct buf text, kubeconfig;
	struct err err = { .code = ERR_NONE };
	int code;

	buf_init(&text, 16 * BUF_MIB);
	buf_init(&kubeconfig, 64 * BUF_KIB);
	if (!scenario_file_options(options, &text, &demo, &err) ||
	    (server = start_demo(&demo, &err)) == NULL) {
		code = refuse(&err);
	} else if (!server_kubeconfig(server, &kubeconfig)) {
		err_set(&err, ERR_SYSTEM, "The kubeconfig of the demo cluster is too large.");
		code = refuse(&err);
	} else {
		options->session.kubeconfig_text = kubeconfig.bytes;
		code = run_front(options, row);
	}
	if (server != NULL)
		server_stop(server);
	buf_release(&text);
	buf_release(&kubeconfig);
	return code;
}

/* The row of what was asked for; the console has that of `status`. */
static const struct cmd *
read_command(struct options *options, int argc, char **argv, struct err *err)
{
	const struct cmd *row;
	unsigned bit = FOR_CONSOLE;

	bool parsed = options_parse(options, argc, (const char *const *)argv, err);

	options_hide(options, argc, argv);
	if (!parsed)
		return NULL;
	row = cmd_want(options->command != NULL ? options->command : "status", err);
	if (row == NULL)
		return NULL;
	if (options->command != NULL)
		bit = row->bit;
	if (!options_settle(options, bit, err))
		return NULL;
	if (options->help)
		return cmd_find("help");
	return cmd_check(row, options, err) ? row : NULL;
}

int
main(int argc, char **argv)
{
	const struct cmd *row;
	struct options options;
	struct err err = { .code = ERR_NONE };
	int code;

	bool utf8 = set_locale();
	signal(SIGPIPE, SIG_IGN);
	session_global_init();
	row = read_command(&options, argc, argv, &err);
	options.ascii |= !utf8;
	if (row == NULL)
		code = refuse(&err);
	else if (row->bit == FOR_WORDS)
		code = row->run(&options);
	else if (options.demo && row->bit != FOR_DEMO)
		code = run_on_demo(&options, row);
	else
		code = run_front(&options, row);
	options_release(&options);
	return code;
}
