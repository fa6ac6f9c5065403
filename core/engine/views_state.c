/* What the states of all views say together. */
#include <stdio.h>

#include "core/engine/views.h"

bool
views_answered(const struct engine *engine)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (engine->world->view[kind].state == VIEW_STARTING)
			return false;
	return true;
}

bool
views_forbidden(const struct engine *engine, char *text, size_t size)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		const struct kind_row *row = kind_row(kind);

		if (row->follow != FOLLOW_WATCH || row->optional ||
		    engine->world->view[kind].state != VIEW_FORBIDDEN)
			continue;
		snprintf(text, size, "list %s%s%s%s%s", row->resource,
			 *row->group != '\0' ? "." : "", row->group,
			 engine->settings->ns != NULL ? " in namespace "
			 : row->namespaced            ? " in all namespaces"
						      : "",
			 engine->settings->ns != NULL ? engine->settings->ns : "");
		return true;
	}
	return false;
}
