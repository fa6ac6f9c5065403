/* talk_inside - what talk.c and talk_choose.c share: one line being heard. Nobody else includes
 * it. */
#ifndef PLAIN_TALK_INSIDE_H
#define PLAIN_TALK_INSIDE_H

#include "tui/plain/talk.h"

struct turn {
	struct talk *talk;
	const struct snapshot *snapshot;
	const struct lines *lines;
	const char *argument; /* the second word of the line, "" for none */
	const char *rest;     /* everything after the first word */
	struct command *command;
	struct buf *out;
};

/* Fills the command from what the talk stands at. */
enum talk_answer talk_give(struct turn *turn, enum command_kind kind);
/* The pair that steps are for; NULL when there is none. */
const struct pair *talk_pair(const struct talk *talk, const struct plan *plan);

enum talk_answer talk_freeze(struct turn *turn);
enum talk_answer talk_unfreeze(struct turn *turn);
/* The freeze or thaw that was asked for, now confirmed. */
enum talk_answer talk_confirm_freeze(struct turn *turn);
enum talk_answer talk_losses(struct turn *turn);
enum talk_answer talk_choices(struct turn *turn);
enum talk_answer talk_choose(struct turn *turn);

#endif
