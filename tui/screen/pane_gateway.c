#include "tui/screen/pane.h"
#include "tui/screen/words.h"

static size_t gateway_count(const struct canvas *canvas);
static const char *gateway_name(const struct canvas *canvas, size_t row);
static void gateway_draw(const struct canvas *canvas, size_t row, struct rect at);
static bool gateway_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject);
static const char *gateway_empty(const struct canvas *canvas);

static const enum kind gateway_kinds[] = { KIND_GATEWAY, KIND_COUNT };

const struct pane pane_gateway = {
	.id = PANE_GATEWAY,
	.name = "Gateway",
	.help = "gateways with their address and first listener, their own Programmed condition, "
		"class and age",
	.kinds = gateway_kinds,
	.count = gateway_count,
	.row_name = gateway_name,
	.draw_row = gateway_draw,
	.subject = gateway_subject,
	.empty = gateway_empty,
};

static const struct object *
object_of(const struct canvas *canvas, size_t row)
{
	return canvas->snapshot->objects[KIND_GATEWAY][row];
}

static const struct {
	const char *symbol, *word;
	enum role role;
} programmed[] = {
	[CONDITION_TRUE] = { "✓", "programmed", ROLE_GOOD },
	[CONDITION_FALSE] = { "✗", "not programmed", ROLE_BAD },
	[CONDITION_PENDING] = { "◐", "pending", ROLE_WARN },
};

static void
gateway_draw(const struct canvas *canvas, size_t row, struct rect at)
{
	const struct object *object = object_of(canvas, row);
	const struct gateway *gateway = &object->gateway;
	enum condition_answer answer =
		condition_answer(&gateway->conditions, "Programmed", object->meta.generation);
	const char *address =
		gateway->addresses.count > 0 ? gateway->addresses.items[0] : "no address";
	int right = at.x + at.w - 1, x, end;

	if (gateway->addresses.count > 0 && gateway->listener_count > 0)
		address = arena_printf(canvas->arena, "%s:%d", address, gateway->listeners[0].port);
	grid_put(canvas->grid, at.x + 1, at.y, right, programmed[answer].role,
		 programmed[answer].symbol);
	end = grid_put_right(canvas->grid, at.x + at.w / 2, at.y, right, ROLE_FAINT,
			     words_age(canvas->arena, canvas->ui->wall - object->meta.created));
	x = grid_fit(canvas->grid, at.x + 3, at.y, at.x + 3 + at.w * 2 / 5, ROLE_TEXT,
		     arena_printf(canvas->arena, "%s/%s", object->meta.ns, object->meta.name));
	x = grid_fit(canvas->grid, x + 2, at.y, end - 1, ROLE_TEXT, address);
	x = grid_fit(canvas->grid, x + 2, at.y, end - 1,
		     answer == CONDITION_TRUE ? ROLE_FAINT : programmed[answer].role,
		     programmed[answer].word);
	if (x + 6 < end)
		grid_fit(canvas->grid, x + 2, at.y, end - 1, ROLE_FAINT, gateway->class_name);
}

static size_t
gateway_count(const struct canvas *canvas)
{
	return canvas->snapshot->count[KIND_GATEWAY];
}

static const char *
gateway_name(const struct canvas *canvas, size_t row)
{
	return arena_printf(canvas->arena, "%s/%s", object_of(canvas, row)->meta.ns,
			    object_of(canvas, row)->meta.name);
}

static bool
gateway_subject(const struct canvas *canvas, size_t row, struct pane_subject *subject)
{
	const struct object *object = object_of(canvas, row);

	*subject = (struct pane_subject){ .kind = KIND_GATEWAY,
					  .ns = object->meta.ns,
					  .name = object->meta.name };
	return true;
}

static const char *
gateway_empty(const struct canvas *canvas)
{
	return canvas->snapshot->view[KIND_GATEWAY].state == VIEW_STARTING ? "reading the gateways"
									   : "no Gateway";
}
