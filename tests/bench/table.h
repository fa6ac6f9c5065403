/* table - the figures as one Markdown table on stdout. */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/bench/samples.h"

struct table_row {
	const char *what;
	const char *goal; /* "" where there is none */
	bool met;
	const char *ours;
	const char *others; /* what a person would run instead, measured beside it */
};

void table_begin(void);
void table_row(const struct table_row *row);

#define TABLE_CELL 160

/* "24.1 ms (23.0–31.9, n=20)": the median, the least and the most. */
void table_time(char cell[TABLE_CELL], const struct samples *times);
/* "p99 9.1 ms, median 4.0 (2.1–9.9, n=200)" */
void table_tail(char cell[TABLE_CELL], const struct samples *times);
double table_ms(int64_t time);
double table_mib(int64_t bytes);

#endif
