/* answer - what a key leaves to be done by the loop, which alone has a terminal and an engine. */
#ifndef SCREEN_ANSWER_H
#define SCREEN_ANSWER_H

enum answer {
	ANSWER_NOTHING,
	ANSWER_COMMAND, /* the command is to be submitted; then ui_sent() */
	ANSWER_SIGN_IN, /* the same, and until it has ended the terminal belongs to whom it asks */
	ANSWER_QUIT,
	ANSWER_SUSPEND,
	ANSWER_REDRAW, /* the whole screen again */
	ANSWER_THEME,  /* ui_theme() has changed */
	ANSWER_REPORT, /* the change record is to be made and saved; then ui_show_report() */
};

#endif
