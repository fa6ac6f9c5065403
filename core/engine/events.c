#include "core/engine/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"

#define EVENTS_KEPT 200
#define EVENT_MAX   (2 * ERR_TEXT_MAX)
#define WARNING_MAX 300 /* bytes of another's that are told */

struct event {
	int64_t number, wall;
	enum step_id step;
	int level;
	char *pair, *text;
};

struct events {
	struct event ring[EVENTS_KEPT]; /* number n stands at n modulo the size */
	int64_t newest;
};

struct events *
events_new(void)
{
	return die_alloc(sizeof(struct events));
}

void
events_free(struct events *events)
{
	if (events == NULL)
		return;
	for (size_t i = 0; i < EVENTS_KEPT; i++) {
		free(events->ring[i].pair);
		free(events->ring[i].text);
	}
	free(events);
}

void
events_add(struct engine *engine, int level, enum step_id step, const char *pair,
	   const char *format, ...)
{
	struct events *events = engine->events;
	struct event *event = &events->ring[++events->newest % EVENTS_KEPT];
	char text[EVENT_MAX];
	struct buf clean;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	buf_init(&clean, 4 * EVENT_MAX);
	text_clean(&clean, text, strlen(text));
	free(event->pair);
	free(event->text);
	*event = (struct event){
		.number = events->newest,
		.wall = engine->wall,
		.step = step,
		.level = level,
		.pair = die_strdup(pair),
		.text = die_strdup(clean.bytes),
	};
	buf_release(&clean);
}

void
events_warn_once(struct engine *engine, enum step_id step, const char *pair, const char *text,
		 size_t length)
{
	const struct events *events = engine->events;
	struct buf clean;
	bool told = false;

	buf_init(&clean, 2 * BUF_KIB);
	text_clean(&clean, text, length < WARNING_MAX ? length : WARNING_MAX);
	for (size_t i = 0; i < EVENTS_KEPT; i++)
		told = told || text_equal(events->ring[i].text, clean.bytes);
	if (!told && clean.length > 0)
		events_add(engine, EVENT_WARNING, step, pair, "%s", clean.bytes);
	buf_release(&clean);
}

int64_t
events_number(const struct events *events)
{
	return events->newest;
}

const struct event_line *
events_copy(const struct events *events, struct arena *arena, size_t *count)
{
	int64_t first = events->newest > EVENTS_KEPT ? events->newest - EVENTS_KEPT + 1 : 1;

	*count = (size_t)(events->newest - first + 1);
	struct event_line *lines = arena_array(arena, *count + 1, sizeof *lines);
	for (size_t i = 0; i < *count; i++) {
		const struct event *event = &events->ring[(first + (int64_t)i) % EVENTS_KEPT];
		lines[i] = (struct event_line){
			.number = event->number,
			.wall = event->wall,
			.step = event->step,
			.pair = arena_string(arena, event->pair),
			.text = arena_string(arena, event->text),
			.level = event->level,
		};
	}
	return lines;
}
