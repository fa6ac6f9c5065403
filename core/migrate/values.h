/* values - the words helm gets after its verb: options and the chart's values, each as --set or
 * --set-string takes it.
 *
 * Keys and values are escaped here and nowhere else. Pure; everything lives in the arena.
 */
#ifndef MIGRATE_VALUES_H
#define MIGRATE_VALUES_H

#include "core/base/arena.h"
#include "core/model/object.h"

struct values {
	struct arena *arena;
	const char **items; /* NULL-terminated from the first word on */
	size_t count, room;
};

void values_init(struct values *values, struct arena *arena);
void values_word(struct values *values, const char *word);
void values_pair(struct values *values, const char *option, const char *value);
/* As text, always: a label's value may be "true" or "1". */
void values_labels(struct values *values, const struct kv_list *labels);
/* The HealthCheckPolicy's port comes from targetPortNumber, the pool's from targetPorts. */
void values_ports(struct values *values, const struct pool *pool);
/* The chart takes hub, name and tag, each alone. */
bool values_image_fits(const char *image);
/* Of one that fits. */
void values_image(struct values *values, const char *image);

#endif
