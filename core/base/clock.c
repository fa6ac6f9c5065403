#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t
read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

static int64_t
system_mono(void *self)
{
	(void)self;
	return read_clock(CLOCK_MONOTONIC);
}

static int64_t
system_wall(void *self)
{
	(void)self;
	return read_clock(CLOCK_REALTIME);
}

static int64_t
system_boot(void *self)
{
	(void)self;
	return read_clock(CLOCK_BOOTTIME);
}

struct clock
clock_system(void)
{
	return (struct clock){ .mono = system_mono, .wall = system_wall, .boot = system_boot };
}

int64_t
clock_mono(const struct clock *clock)
{
	return clock->mono(clock->self);
}

int64_t
clock_wall(const struct clock *clock)
{
	return clock->wall(clock->self);
}

int64_t
clock_boot(const struct clock *clock)
{
	return clock->boot(clock->self);
}

/* Whole seconds towards the past, so that the rest is never negative. */
static time_t
seconds_of(int64_t wall, int64_t *rest)
{
	int64_t seconds = wall / SECOND;

	*rest = wall % SECOND;
	if (*rest < 0) {
		*rest += SECOND;
		seconds--;
	}
	return (time_t)seconds;
}

void
clock_rfc3339(int64_t wall, bool micros, char *text)
{
	int64_t rest;
	time_t seconds = seconds_of(wall, &rest);
	struct tm at;
	size_t length;

	gmtime_r(&seconds, &at);
	length = strftime(text, CLOCK_RFC3339_MAX, "%Y-%m-%dT%H:%M:%S", &at);
	if (micros)
		snprintf(text + length, CLOCK_RFC3339_MAX - length, ".%06dZ", (int)(rest / 1000));
	else
		snprintf(text + length, CLOCK_RFC3339_MAX - length, "Z");
}

/* Exactly `count` digits, moving on; -1 when they are not there. */
static int
digits(const char **text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return -1;
		value = value * 10 + (**text - '0');
	}
	return value;
}

static bool
character(const char **text, char upper, char lower)
{
	if (**text != upper && **text != lower)
		return false;
	(*text)++;
	return true;
}

/* ".5" and longer, into nanoseconds below a second; digits after the ninth are cut off. */
static bool
fraction(const char **text, int64_t *nanoseconds)
{
	int64_t unit = SECOND / 10;

	*nanoseconds = 0;
	if (**text != '.')
		return true;
	(*text)++;
	if (**text < '0' || **text > '9')
		return false;
	for (; **text >= '0' && **text <= '9'; (*text)++, unit /= 10)
		*nanoseconds += (**text - '0') * unit;
	return true;
}

/* "Z" or "+02:00" at the end, into seconds east. */
static bool
offset(const char **text, int64_t *seconds)
{
	int sign = **text == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (character(text, 'Z', 'z'))
		return **text == '\0';
	if (!character(text, '+', '-'))
		return false;
	hours = digits(text, 2);
	if (hours < 0 || hours > 23 || !character(text, ':', ':'))
		return false;
	minutes = digits(text, 2);
	if (minutes < 0 || minutes > 59)
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return **text == '\0';
}

static bool
date(const char **text, struct tm *at)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = digits(text, 4);
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 0 || !character(text, '-', '-'))
		return false;
	at->tm_year = year - 1900;
	at->tm_mon = digits(text, 2) - 1;
	if (at->tm_mon < 0 || at->tm_mon > 11 || !character(text, '-', '-'))
		return false;
	at->tm_mday = digits(text, 2);
	if (at->tm_mday < 1 || at->tm_mday > days[at->tm_mon])
		return false;
	return at->tm_mon != 1 || at->tm_mday < 29 || leap;
}

bool
clock_parse_rfc3339(const char *text, int64_t *wall)
{
	struct tm at = { 0 };
	int64_t nanoseconds, east, seconds, whole;

	if (text == NULL || !date(&text, &at) || !character(&text, 'T', 't'))
		return false;
	at.tm_hour = digits(&text, 2);
	if (at.tm_hour < 0 || at.tm_hour > 23 || !character(&text, ':', ':'))
		return false;
	at.tm_min = digits(&text, 2);
	if (at.tm_min < 0 || at.tm_min > 59 || !character(&text, ':', ':'))
		return false;
	at.tm_sec = digits(&text, 2);
	if (at.tm_sec < 0 || at.tm_sec > 59)
		return false;
	if (!fraction(&text, &nanoseconds) || !offset(&text, &east))
		return false;
	seconds = (int64_t)timegm(&at) - east;
	if (__builtin_mul_overflow(seconds, SECOND, &whole) ||
	    __builtin_add_overflow(whole, nanoseconds, &whole))
		return false;
	*wall = whole;
	return true;
}

void
clock_time_of_day(int64_t wall, char text[16])
{
	int64_t rest;
	time_t seconds = seconds_of(wall, &rest);
	struct tm at;

	localtime_r(&seconds, &at);
	strftime(text, 16, "%H:%M:%S", &at);
}
