/* clock - the three times the program knows, as a table of functions so that a test may own them.
 *
 * mono: nanoseconds since some start, never jumps; all deadlines. wall: nanoseconds since 1970 UTC;
 * what people read. boot: like mono but counts suspend; boot - mono jumping means the machine slept
 * (KUBERNETES §3.7). Any thread.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MILLISECOND INT64_C(1000000)
#define SECOND      INT64_C(1000000000)
#define MINUTE      (60 * SECOND)
#define HOUR        (60 * MINUTE)
#define NEVER       INT64_MAX /* a deadline that does not come */

struct clock {
	void *self;
	int64_t (*mono)(void *self);
	int64_t (*wall)(void *self);
	int64_t (*boot)(void *self);
};

struct clock clock_system(void);
int64_t clock_mono(const struct clock *clock);
int64_t clock_wall(const struct clock *clock);
int64_t clock_boot(const struct clock *clock);

#define CLOCK_RFC3339_MAX 40
/* "2026-01-31T14:02:11Z", or with ".123456Z" when micros. `text` holds CLOCK_RFC3339_MAX bytes. */
void clock_rfc3339(int64_t wall, bool micros, char *text);
/* RFC 3339 with Z or an offset, into wall nanoseconds; false when it is not one. */
bool clock_parse_rfc3339(const char *text, int64_t *wall);
/* "14:02:11" in local time. */
void clock_time_of_day(int64_t wall, char text[16]);

#endif
