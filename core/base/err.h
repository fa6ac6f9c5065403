/* err - a failure as a value: what the caller can do about it, and a sentence for the person.
 *
 * Fallible functions return bool and take `struct err *err` last; it is filled only on false. The
 * text says what happened, to which object (with its group), what stands now and what to do next;
 * it is clean for a terminal only after text_clean(). err may be NULL where the caller does not
 * want to know. Any thread; no allocation.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
	ERR_NONE,
	ERR_NETWORK,   /* nobody answered; trying again may help */
	ERR_AUTH,      /* who you are was not accepted */
	ERR_DENIED,    /* who you are may not do this */
	ERR_MISSING,   /* the object or kind is not there */
	ERR_CONFLICT,  /* somebody else changed it */
	ERR_EXPIRED,   /* a resourceVersion or deadline has passed */
	ERR_REJECTED,  /* the server understood and said no */
	ERR_INPUT,     /* an option, file or value the user gave */
	ERR_SYSTEM,    /* this machine: files, memory, processes */
	ERR_CANCELLED, /* the user stopped it */
};

#define ERR_TEXT_MAX 1024

struct err {
	enum err_code code;
	char text[ERR_TEXT_MAX]; /* NUL-terminated, cut with an ellipsis when too long */
};

/* Always false, so that a function can end in `return err_set(...)`. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "format: " before the text that is there, keeping the code. Always false. */
bool err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Stable lower-case name of the code, for journals and JSON: "network", "conflict", ... */
const char *err_name(enum err_code code);

#endif
