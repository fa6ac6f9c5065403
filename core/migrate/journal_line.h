/* journal_line - the form of a line of the journal: one JSON object in ASCII that ends in the sum
 * of the line before it and its own, so that a change anywhere shows.
 *
 * For journal.c alone. ASCII makes a line harmless on a terminal without losing a byte of what it
 * says. Any thread; pure.
 */
#ifndef MIGRATE_JOURNAL_LINE_H
#define MIGRATE_JOURNAL_LINE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/sha256.h"

/* Appends the line with its LF; `previous` is the sum of the line before, "" for the first; `sum`
 * becomes this one's. */
void
journal_line(const struct json *json, const char *previous, struct buf *out, char sum[SHA256_HEX]);

struct journal_scan {
	void *self;
	void (*take)(void *self,
		     const struct json *line); /* each line that fits; NULL: only check */
	bool on;              /* and after one that does not, those that are whole in themselves */
	size_t whole;         /* bytes of whole lines: what follows is a torn last line */
	char sum[SHA256_HEX]; /* of the last whole line */
	size_t lines;         /* that end */
	size_t bad;           /* number of the first that does not fit, from 1; 0 for none */
	size_t lost;          /* of those after it, the ones that are not whole in themselves */
	bool torn;
};

/* False when a line that is complete does not fit: ERR_INPUT naming `path`, the line, and what can
 * still be read. */
bool journal_scan(struct journal_scan *scan, const char *path, const char *text, size_t length,
		  struct err *err);

#endif
