#include "tests/bench/table.h"

#include <stdio.h>

double
table_ms(int64_t time)
{
	return (double)time / 1e6;
}

double
table_mib(int64_t bytes)
{
	return (double)bytes / (1024.0 * 1024.0);
}

void
table_time(char cell[TABLE_CELL], const struct samples *times)
{
	snprintf(cell, TABLE_CELL, "%.1f ms (%.1f–%.1f, n=%zu)",
		 table_ms(samples_quantile(times, 0.5)), table_ms(samples_quantile(times, 0)),
		 table_ms(samples_quantile(times, 1)), times->count);
}

void
table_tail(char cell[TABLE_CELL], const struct samples *times)
{
	snprintf(cell, TABLE_CELL, "p99 %.1f ms, median %.1f (%.1f–%.1f, n=%zu)",
		 table_ms(samples_quantile(times, 0.99)), table_ms(samples_quantile(times, 0.5)),
		 table_ms(samples_quantile(times, 0)), table_ms(samples_quantile(times, 1)),
		 times->count);
}

void
table_begin(void)
{
	printf("| figure | goal | | poolshift | beside it |\n|---|---|---|---|---|\n");
	fflush(stdout);
}

void
table_row(const struct table_row *row)
{
	printf("| %s | %s | %s | %s | %s |\n", row->what, row->goal,
	       *row->goal == '\0' ? ""
	       : row->met         ? "met"
				  : "**missed**",
	       row->ours, row->others);
	fflush(stdout);
}
