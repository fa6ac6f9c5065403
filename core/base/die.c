#include "core/base/die.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The one mutable thing in core: the program can end in any thread, where nobody can be asked. */
static _Atomic(void (*)(void)) restore;

void
die_restores(void (*with)(void))
{
	atomic_store(&restore, with);
}

void
die(const char *format, ...)
{
	static const char prefix[] = "poolshift: ";
	char text[512];
	void (*first)(void) = atomic_exchange(&restore, NULL);
	va_list args;
	size_t length = sizeof(prefix) - 1;

	if (first != NULL)
		first();
	memcpy(text, prefix, length);
	va_start(args, format);
	vsnprintf(text + length, sizeof(text) - length - 1, format, args);
	va_end(args);
	length = strlen(text);
	text[length++] = '\n';
	/* Nothing is left to do when even this cannot be written. */
	if (write(STDERR_FILENO, text, length) < 0)
		abort();
	abort();
}

void *
die_alloc(size_t size)
{
	void *memory = calloc(1, size > 0 ? size : 1);

	if (memory == NULL)
		die("out of memory for %zu bytes", size);
	return memory;
}

void *
die_realloc(void *old, size_t size)
{
	void *memory = realloc(old, size > 0 ? size : 1);

	if (memory == NULL)
		die("out of memory for %zu bytes", size);
	return memory;
}

char *
die_strdup(const char *text)
{
	char *copy;

	if (text == NULL)
		return NULL;
	copy = strdup(text);
	if (copy == NULL)
		die("out of memory for %zu bytes", strlen(text) + 1);
	return copy;
}
