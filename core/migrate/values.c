#include "core/migrate/values.h"

#include <string.h>

#include "core/base/buf.h"

void
values_init(struct values *values, struct arena *arena)
{
	*values = (struct values){ .arena = arena, .room = 32 };
	values->items = arena_array(arena, values->room, sizeof(*values->items));
	values->items[0] = NULL;
}

void
values_word(struct values *values, const char *word)
{
	if (values->count + 1 == values->room) {
		const char **items =
			arena_array(values->arena, 2 * values->room, sizeof(*values->items));

		memcpy(items, values->items, values->count * sizeof(*items));
		values->items = items;
		values->room *= 2;
	}
	values->items[values->count++] = word;
	values->items[values->count] = NULL;
}

void
values_pair(struct values *values, const char *option, const char *value)
{
	values_word(values, option);
	values_word(values, value);
}

/* A dot in a key leads into a map, a comma in a value to the next one: both are escaped. */
static const char *
escaped(struct arena *arena, const char *text, const char *special)
{
	struct buf out;
	const char *kept;

	buf_init(&out, 16 * BUF_KIB);
	for (; *text != '\0'; text++)
		buf_printf(&out, "%s%c", strchr(special, *text) != NULL ? "\\" : "", *text);
	kept = arena_string(arena, out.bytes);
	buf_release(&out);
	return kept;
}

void
values_labels(struct values *values, const struct kv_list *labels)
{
	for (size_t i = 0; i < labels->count; i++)
		values_pair(values, "--set-string",
			    arena_printf(values->arena,
					 "inferencePool.modelServers.matchLabels.%s=%s",
					 escaped(values->arena, labels->items[i].key, ".,=[]{}\\"),
					 escaped(values->arena, labels->items[i].value, ",{}\\")));
}

void
values_ports(struct values *values, const struct pool *pool)
{
	for (size_t i = 0; i < pool->port_count; i++)
		values_pair(values, "--set",
			    arena_printf(values->arena, "inferencePool.targetPorts[%zu].number=%d",
					 i, pool->ports[i]));
	if (pool->port_count > 0)
		values_pair(values, "--set",
			    arena_printf(values->arena, "inferencePool.targetPortNumber=%d",
					 pool->ports[0]));
}

bool
values_image_fits(const char *image)
{
	const char *slash = strrchr(image, '/');

	return slash != NULL && strchr(image, '@') == NULL && strchr(slash, ':') != NULL;
}

void
values_image(struct values *values, const char *image)
{
	const char *slash = strrchr(image, '/'), *colon = strchr(slash, ':');

	values_pair(values, "--set-string",
		    arena_printf(values->arena, "inferenceExtension.image.hub=%s",
				 arena_bytes(values->arena, image, (size_t)(slash - image))));
	values_pair(
		values, "--set-string",
		arena_printf(values->arena, "inferenceExtension.image.name=%s",
			     arena_bytes(values->arena, slash + 1, (size_t)(colon - slash - 1))));
	values_pair(values, "--set-string",
		    arena_printf(values->arena, "inferenceExtension.image.tag=%s", colon + 1));
}
