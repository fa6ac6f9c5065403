#include "core/base/nearest.h"

#include <string.h>

#define WORD_MAX 48 /* longer ones are not names of ours */

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance, three rows at a time. */
static int
slips(const char *a, size_t a_length, const char *b, size_t b_length)
{
	int rows[3][WORD_MAX + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= a_length; i++) {
		int *row = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

		row[0] = (int)i;
		for (size_t j = 1; j <= b_length; j++) {
			int wrong = a[i - 1] != b[j - 1];

			row[j] = least(least(before[j], row[j - 1]) + 1, before[j - 1] + wrong);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], earlier[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

void
nearest_init(struct nearest *nearest, const char *word, size_t length)
{
	*nearest = (struct nearest){ .word = word, .length = length };
}

void
nearest_try(struct nearest *nearest, const char *name)
{
	size_t length = strlen(name);

	if (nearest->length == 0 || nearest->length > WORD_MAX || length > WORD_MAX)
		return;
	int count = slips(nearest->word, nearest->length, name, length);
	if (nearest->length > 1 && length > nearest->length &&
	    strncmp(nearest->word, name, nearest->length) == 0)
		count = 1;
	if (count > (nearest->length < 6 ? 1 : (int)nearest->length / 3) || nearest->length < 2)
		return;
	if (nearest->name == NULL || count < nearest->slips) {
		nearest->name = name;
		nearest->slips = count;
	}
}

const char *
nearest_name(const struct nearest *nearest)
{
	return nearest->name;
}
