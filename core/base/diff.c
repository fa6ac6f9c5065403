#include "core/base/diff.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"

#define AROUND    3    /* equal lines printed on both sides of a change */
#define EDITS_MAX 1000 /* the search takes its square in memory: 4 MB */

struct line {
	const char *at;
	size_t length; /* with its line feed; the last line may have none */
	bool changed;
};

struct side {
	struct line *lines;
	int count;
};

static struct side
side_of(const char *text)
{
	struct side side = { .lines = NULL };
	size_t room = 1;

	for (const char *at = text; *at != '\0'; at++)
		room += *at == '\n';
	side.lines = die_alloc(room * sizeof(struct line));
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		length += text[length] == '\n';
		side.lines[side.count++] = (struct line){ .at = text, .length = length };
		text += length;
	}
	return side;
}

static bool
same(const struct line *a, const struct line *b)
{
	return a->length == b->length && memcmp(a->at, b->at, a->length) == 0;
}

/* Myers, "An O(ND) Difference Algorithm", 1986. Row d holds, for each diagonal k = x - y from -d to
 * d, how far in `a` a path with d edits comes; it begins at d*d. */
static int *
row(int *rows, int d)
{
	return rows + (size_t)d * (size_t)d + d;
}

/* Whether the path on diagonal k of row d came down from k + 1 (a line of `b` put in) rather than
 * across from k - 1 (a line of `a` taken out). */
static bool
came_down(const int *before, int d, int k)
{
	return k == -d || (k != d && before[k - 1] < before[k + 1]);
}

/* The number of edits from a to b, with the rows filled; -1 when there are more than `most`. */
static int
search(const struct side *a, const struct side *b, int *rows, int most)
{
	for (int d = 0; d <= most; d++) {
		int *now = row(rows, d), *before = d > 0 ? row(rows, d - 1) : NULL;

		for (int k = -d; k <= d; k += 2) {
			int x = 0;

			if (d > 0)
				x = came_down(before, d, k) ? before[k + 1] : before[k - 1] + 1;
			while (x < a->count && x - k < b->count &&
			       same(&a->lines[x], &b->lines[x - k]))
				x++;
			now[k] = x;
			if (x >= a->count && x - k >= b->count)
				return d;
		}
	}
	return -1;
}

static void
mark_path(struct side *a, struct side *b, int *rows, int edits)
{
	int k = a->count - b->count;

	for (int d = edits; d > 0; d--) {
		const int *before = row(rows, d - 1);

		if (came_down(before, d, k)) {
			k++;
			b->lines[before[k] - k].changed = true;
		} else {
			k--;
			a->lines[before[k]].changed = true;
		}
	}
}

static void
mark_all(struct side *side)
{
	for (int i = 0; i < side->count; i++)
		side->lines[i].changed = true;
}

static void
mark_changes(const struct side *old, const struct side *new)
{
	struct side a = *old, b = *new;
	int most, edits;
	int *rows;

	while (a.count > 0 && b.count > 0 && same(a.lines, b.lines)) {
		a.lines++, a.count--;
		b.lines++, b.count--;
	}
	while (a.count > 0 && b.count > 0 && same(&a.lines[a.count - 1], &b.lines[b.count - 1])) {
		a.count--;
		b.count--;
	}
	most = a.count < EDITS_MAX - b.count ? a.count + b.count : EDITS_MAX;
	rows = die_alloc((size_t)(most + 1) * (size_t)(most + 1) * sizeof(int));
	edits = search(&a, &b, rows, most);
	if (edits >= 0) {
		mark_path(&a, &b, rows, edits);
	} else {
		mark_all(&a);
		mark_all(&b);
	}
	free(rows);
}

static bool
changed_at(const struct side *side, int i)
{
	return i < side->count && side->lines[i].changed;
}

static void
print_range(struct buf *out, char sign, int start, int count)
{
	buf_printf(out, "%c%d", sign, count > 0 ? start + 1 : start);
	if (count != 1)
		buf_printf(out, ",%d", count);
}

static void
print_line(struct buf *out, char sign, const struct line *line)
{
	buf_putc(out, sign);
	buf_add(out, line->at, line->length);
	if (line->at[line->length - 1] != '\n')
		buf_puts(out, "\n\\ No newline at end of file\n");
}

static void
print_hunk(struct buf *out, const struct side *a, const struct side *b, int i, int j, int i_end,
	   int j_end)
{
	buf_puts(out, "@@ ");
	print_range(out, '-', i, i_end - i);
	buf_putc(out, ' ');
	print_range(out, '+', j, j_end - j);
	buf_puts(out, " @@\n");
	while (i < i_end || j < j_end) {
		if (changed_at(a, i)) {
			print_line(out, '-', &a->lines[i++]);
		} else if (changed_at(b, j)) {
			print_line(out, '+', &b->lines[j++]);
		} else {
			print_line(out, ' ', &a->lines[i++]);
			j++;
		}
	}
}

/* From a change at i and j to behind the last one that is near enough to share its hunk. */
static void
hunk_end(const struct side *a, const struct side *b, int *i, int *j)
{
	for (;;) {
		int equal = 0;

		while (changed_at(a, *i))
			++*i;
		while (changed_at(b, *j))
			++*j;
		while (*i + equal < a->count && !changed_at(a, *i + equal) &&
		       !changed_at(b, *j + equal) && equal < 2 * AROUND)
			equal++;
		if (!changed_at(a, *i + equal) && !changed_at(b, *j + equal))
			return;
		*i += equal;
		*j += equal;
	}
}

static void
print_hunks(struct buf *out, const struct side *a, const struct side *b)
{
	int i = 0, j = 0;

	while (i < a->count || j < b->count) {
		int before, after, i_end, j_end;

		if (!changed_at(a, i) && !changed_at(b, j)) {
			i++, j++;
			continue;
		}
		before = i < AROUND ? i : AROUND;
		i_end = i;
		j_end = j;
		hunk_end(a, b, &i_end, &j_end);
		after = a->count - i_end < AROUND ? a->count - i_end : AROUND;
		print_hunk(out, a, b, i - before, j - before, i_end + after, j_end + after);
		i = i_end;
		j = j_end;
	}
}

bool
diff_unified(struct buf *out, const char *old_name, const char *old_text, const char *new_name,
	     const char *new_text)
{
	struct side a, b;

	if (strcmp(old_text, new_text) == 0)
		return !out->full;
	a = side_of(old_text);
	b = side_of(new_text);
	mark_changes(&a, &b);
	buf_printf(out, "--- %s\n+++ %s\n", old_name, new_name);
	print_hunks(out, &a, &b);
	free(a.lines);
	free(b.lines);
	return !out->full;
}
