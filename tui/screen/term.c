#include "tui/screen/term.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <ncursesw/curses.h>

#include "core/base/die.h"

#define INPUT_MAX 4096
/* 1002: buttons and drags, 1006: in SGR form (xterm, ctlseqs). */
#define MOUSE_ON  "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1002l"
/* Colours off, cursor on, the other screen left: for where curses may no longer be called. */
#define PLAIN MOUSE_OFF "\033[0m\033[?25h\033[?1049l\r"

struct term {
	struct term_options options;
	SCREEN *screen;
	struct theme theme;
	int colours;
	bool ascii, gone, mouse;
	int columns, rows;
	short pairs[ROLE_COUNT];
	char input[INPUT_MAX];
	size_t length;
};

/* die() and signal handlers get no argument: how to give the terminal back has to stand in a place
 * they can reach. Written by term_open() and term_close() only; read by term_restore(). */
static struct {
	struct termios before;
	volatile sig_atomic_t taken;
} given;

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* Async-signal-safe. */
static void
term_restore(void)
{
	ssize_t ignored;

	if (!given.taken)
		return;
	given.taken = 0;
	ignored = write(STDOUT_FILENO, PLAIN, sizeof(PLAIN) - 1);
	(void)ignored;
	tcsetattr(STDIN_FILENO, TCSANOW, &given.before);
}

/* Gives the terminal back, then dies of the same signal: SA_RESETHAND has put its default action
 * back. */
static void
on_fatal(int number)
{
	term_restore();
	raise(number);
}

static void
write_all(const char *bytes)
{
	ssize_t ignored = write(STDOUT_FILENO, bytes, strlen(bytes));

	(void)ignored;
}

static void
guard_signals(void)
{
	struct sigaction action = { .sa_handler = on_fatal, .sa_flags = SA_RESETHAND | SA_NODEFER };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &action, NULL);
}

/* Raw, without echo, no signals from keys: Ctrl-Z and Ctrl-C come as keys. */
static void
take(struct term *term)
{
	raw();
	noecho();
	nonl();
	curs_set(0);
	given.taken = 1;
	fflush(stdout);
	if (term->options.mouse)
		write_all(MOUSE_ON);
}

static short
colour_of(const struct term *term, int colour)
{
	return (short)theme_colour(colour, term->colours);
}

struct term *
term_open(const struct term_options *options, struct err *err)
{
	struct term *term;
	const char *name = getenv("TERM");
	SCREEN *screen;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(err, ERR_INPUT,
			"this is not a terminal; use --plain, or a command such as `poolshift "
			"status`");
		return NULL;
	}
	if (name == NULL || strcmp(name, "dumb") == 0 ||
	    tcgetattr(STDIN_FILENO, &given.before) != 0 ||
	    (screen = newterm(name, stdout, stdin)) == NULL) {
		err_set(err, ERR_INPUT,
			"the terminal '%s' cannot show a full screen; set TERM, or use --plain",
			name == NULL ? "" : name);
		return NULL;
	}
	term = die_alloc(sizeof(*term));
	term->options = *options;
	term->screen = screen;
	term->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	/* Names are UTF-8 whatever the terminal can show: without it their widths are not known. */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (has_colors()) {
		start_color();
		use_default_colors();
		term->colours = COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
	}
	leaveok(stdscr, TRUE);
	take(term);
	guard_signals();
	die_restores(term_restore);
	return term;
}

void
term_close(struct term *term)
{
	if (term == NULL)
		return;
	if (term->options.mouse)
		write_all(MOUSE_OFF);
	endwin();
	given.taken = 0;
	die_restores(NULL);
	delscreen(term->screen);
	free(term);
}

int
term_fd(const struct term *term)
{
	(void)term;
	return STDIN_FILENO;
}

bool
term_is_ascii(const struct term *term)
{
	return term->ascii;
}

int
term_colours(const struct term *term)
{
	return term->colours;
}

bool
term_is_gone(const struct term *term)
{
	return term->gone;
}

void
term_use(struct term *term, const struct theme *theme)
{
	term->theme = *theme;
	if (term->colours == 0)
		return;
	for (short i = 0; i < ROLE_COUNT; i++)
		init_pair((short)(i + 1), colour_of(term, theme->styles[i].fg),
			  colour_of(term, theme->styles[i].bg));
	bkgdset((chtype)' ' | (chtype)COLOR_PAIR(ROLE_TEXT + 1));
}

void
term_size(const struct term *term, int *columns, int *rows)
{
	struct winsize size;

	*columns = term->columns > 0 ? term->columns : COLS;
	*rows = term->rows > 0 ? term->rows : LINES;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
		return;
	*columns = size.ws_col > GRID_COLUMNS_MAX ? GRID_COLUMNS_MAX : size.ws_col;
	*rows = size.ws_row > GRID_ROWS_MAX ? GRID_ROWS_MAX : size.ws_row;
}

static attr_t
attributes_of(const struct style *style)
{
	static const struct {
		unsigned bit;
		attr_t attribute;
	} map[] = {
		{ STYLE_BOLD, A_BOLD },
		{ STYLE_DIM, A_DIM },
		{ STYLE_UNDERLINE, A_UNDERLINE },
		{ STYLE_REVERSE, A_REVERSE },
	};
	attr_t attributes = A_NORMAL;

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (style->attributes & map[i].bit)
			attributes |= map[i].attribute;
	return attributes;
}

/* A row goes out in runs of one role. */
static void
show_row(struct term *term, const struct grid *grid, int y)
{
	char run[GRID_COLUMNS_MAX * sizeof(((struct cell *)0)->bytes)];
	size_t length = 0;
	int start = 0;

	for (int x = 0; x < grid->columns; x++) {
		const struct cell *cell = grid_at(grid, x, y), *next = grid_at(grid, x + 1, y);
		size_t size = strlen(cell->bytes);

		memcpy(run + length, cell->bytes, size);
		length += size;
		if (next != NULL && next->role == cell->role)
			continue;
		attr_set(attributes_of(&term->theme.styles[cell->role]),
			 (short)(term->colours > 0 ? cell->role + 1 : 0), NULL);
		mvaddnstr(y, start, run, (int)length);
		length = 0;
		start = x + 1;
	}
}

void
term_show(struct term *term, const struct grid *grid, bool whole)
{
	if (grid->columns != term->columns || grid->rows != term->rows) {
		resizeterm(grid->rows, grid->columns);
		term->columns = grid->columns;
		term->rows = grid->rows;
		whole = true;
	}
	if (whole)
		clearok(curscr, TRUE);
	for (int y = 0; y < grid->rows; y++)
		show_row(term, grid, y);
	refresh();
}

static void
read_more(struct term *term)
{
	ssize_t got;

	if (term->length == sizeof(term->input))
		return;
	got = read(STDIN_FILENO, term->input + term->length, sizeof(term->input) - term->length);
	if (got > 0)
		term->length += (size_t)got;
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		term->gone = true;
}

bool
term_is_amid(const struct term *term)
{
	return term->length > 0;
}

bool
term_press(struct term *term, bool late, struct press *press)
{
	size_t took;

	if (term->length == 0 && !late) {
		int waiting = 0;

		if (ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0)
			return false;
		read_more(term);
	}
	took = press_decode(term->input, term->length, late, press);
	if (took == 0)
		return false;
	term->length -= took;
	memmove(term->input, term->input + took, term->length);
	return true;
}

void
term_lend(struct term *term)
{
	if (term->options.mouse)
		write_all(MOUSE_OFF);
	endwin();
	given.taken = 0;
}

void
term_reclaim(struct term *term)
{
	/* What was typed for the other program is no key of ours. */
	term->length = 0;
	refresh();
	take(term);
	term->columns = 0;
}

void
term_suspend(struct term *term)
{
	sigset_t stop, before;

	term_lend(term);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	signal(SIGTSTP, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &stop, &before);
	raise(SIGTSTP);
	/* Goes on here after fg. */
	sigprocmask(SIG_SETMASK, &before, NULL);
	term_reclaim(term);
}
