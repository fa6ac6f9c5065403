#include "core/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

/* The first block is small, since every decoded object has an arena of its own; each further one is
 * as large as all before it, up to the last size. A larger request gets a block of its own. */
#define BLOCK_FIRST ((size_t)1024)
#define BLOCK_LAST  ((size_t)256 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size, used; /* bytes of `memory` */
	_Alignas(max_align_t) char memory[];
};

void
arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

void
arena_release(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena_init(arena);
}

static struct arena_block *
block_new(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		die("out of memory for %zu bytes", size);
	block = die_alloc(sizeof(*block) + size);
	block->size = size;
	return block;
}

/* A block with `size` bytes free. One made only for a large request goes behind the newest, whose
 * rest stays in use. */
static struct arena_block *
block_for(struct arena *arena, size_t size)
{
	struct arena_block *head = arena->blocks, *block;
	size_t wanted;

	if (head != NULL && head->size - head->used >= size)
		return head;
	wanted = arena->used < BLOCK_FIRST ? BLOCK_FIRST : arena->used;
	if (wanted > BLOCK_LAST)
		wanted = BLOCK_LAST;
	if (head != NULL && size > wanted / 4) {
		block = block_new(size);
		block->next = head->next;
		head->next = block;
		return block;
	}
	block = block_new(size > wanted ? size : wanted);
	block->next = head;
	arena->blocks = block;
	return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_block *block;
	void *memory;

	if (size > SIZE_MAX / 2)
		die("out of memory for %zu bytes", size);
	size = (size + align - 1) / align * align;
	block = block_for(arena, size);
	memory = block->memory + block->used;
	block->used += size;
	arena->used += size;
	return memory;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		die("out of memory for %zu times %zu bytes", count, size);
	return arena_alloc(arena, bytes);
}

char *
arena_bytes(struct arena *arena, const char *bytes, size_t length)
{
	char *copy;

	if (length == SIZE_MAX)
		die("out of memory for %zu bytes", length);
	copy = arena_alloc(arena, length + 1);
	if (length > 0)
		memcpy(copy, bytes, length);
	return copy;
}

char *
arena_string(struct arena *arena, const char *text)
{
	return text == NULL ? NULL : arena_bytes(arena, text, strlen(text));
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	char small[256]; /* most texts fit, and are formatted once */
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(small, sizeof(small), format, again);
	va_end(again);
	if (length < 0)
		die("a text could not be formatted");
	if ((size_t)length < sizeof(small))
		return arena_bytes(arena, small, (size_t)length);
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
