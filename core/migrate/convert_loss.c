/* What no new object can hold, and what the new picker answers differently (DOMAIN §2, §7). */
#include <string.h>

#include "core/base/text.h"
#include "core/migrate/convert.h"
#include "core/migrate/orphan.h"
#include "core/migrate/say.h"

struct loss_list {
	struct loss *items;
	size_t count;
	const struct pair *pairs;
	size_t pair_count;
};

static const char *
targets_text(const struct model *model, struct arena *arena)
{
	struct buf out;
	const char *text;

	buf_init(&out, 4 * BUF_KIB);
	for (size_t i = 0; i < model->target_count; i++) {
		buf_printf(&out, "%s%s", i > 0 ? ", " : "", model->targets[i].name);
		if (model->targets[i].weight >= 0)
			buf_printf(&out, " %lld", (long long)model->targets[i].weight);
	}
	text = say_text(arena, out.bytes);
	buf_release(&out);
	return text;
}

/* In single quotes, as YAML doubles them; names come from the cluster and may hold anything. */
static void
add_quoted(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text != '\0'; text++) {
		buf_putc(out, *text);
		if (*text == '\'')
			buf_putc(out, '\'');
	}
	buf_putc(out, '\'');
}

/* What a person pastes into the rule of the route: the header that the new picker renames by. A
 * split needs one backendRef for each target, since a weight is the route's matter then. */
static const char *
header_filter(const struct model *model, const char *ga, struct arena *arena)
{
	struct buf out;
	const char *text;

	buf_init(&out, 16 * BUF_KIB);
	if (model->target_count > 1)
		buf_puts(&out, "backendRefs:\n");
	for (size_t i = 0; i < model->target_count; i++) {
		const char *in = model->target_count > 1 ? "  " : "";

		if (model->target_count > 1)
			buf_printf(&out,
				   "- group: " GROUP_GA "\n  kind: InferencePool\n"
				   "  name: %s\n  weight: %lld\n",
				   ga,
				   (long long)(model->targets[i].weight > 0
						       ? model->targets[i].weight
						       : 1));
		buf_printf(&out,
			   "%sfilters:\n%s- type: RequestHeaderModifier\n"
			   "%s  requestHeaderModifier:\n%s    set:\n"
			   "%s    - name: x-gateway-model-name-rewrite\n%s      value: ",
			   in, in, in, in, in, in);
		add_quoted(&out, model->targets[i].name);
		buf_putc(&out, '\n');
	}
	text = say_lines(arena, out.bytes);
	buf_release(&out);
	return text;
}

/* Both fields live on in an object of the new stack, and the report says so. */
static void
add_carried(struct loss_list *list, const struct object *object, const char *field,
	    const char *value, const char *instead, struct arena *arena)
{
	list->items[list->count++] = (struct loss){
		.object = object_title(object, arena),
		.field = field,
		.value = value,
		.why = arena_printf(
			arena, "Carried to %s.",
			object_title_of(KIND_REWRITE, object->meta.ns, object->meta.name, arena)),
		.instead = instead,
		.yaml = "",
		.carried = true,
	};
}

/* The pool that takes the place of the model's; an orphan's is for the person to choose. */
static const char *
ga_of(const struct object *object, const struct loss_list *list)
{
	for (size_t i = 0; i < list->pair_count; i++)
		if (text_equal(list->pairs[i].ns, object->meta.ns) &&
		    text_equal(list->pairs[i].alpha, object->model.pool.name))
			return list->pairs[i].ga;
	return "POOL";
}

static void
add_model_losses(struct loss_list *list, const struct object *object, bool rewrites,
		 struct arena *arena)
{
	const struct model *model = &object->model;
	const char *title = object_title(object, arena);
	const char *header = arena_printf(arena,
					  "Let clients of this model send the header "
					  "x-gateway-inference-objective: %s",
					  say_text(arena, object->meta.name));

	if (rewrites && convert_renames(model)) {
		add_carried(list, object, "spec.modelName", say_text(arena, model->model_name),
			    header, arena);
		add_carried(list, object, "spec.targetModels", targets_text(model, arena), "",
			    arena);
		return;
	}
	list->items[list->count++] = (struct loss){
		.object = title,
		.field = "spec.modelName",
		.value = say_text(arena, model->model_name),
		.why = "An InferenceObjective names no model; a request without the header has "
		       "priority 0.",
		.instead = header,
		.yaml = "",
	};
	if (!convert_renames(model))
		return;
	list->items[list->count++] = (struct loss){
		.object = title,
		.field = "spec.targetModels",
		.value = targets_text(model, arena),
		.why = "The new picker does not rename models, nor split them by weight.",
		.instead = "Set the header x-gateway-model-name-rewrite with a "
			   "RequestHeaderModifier filter on the HTTPRoute: one rule or "
			   "backendRef for each target.",
		.yaml = header_filter(model, ga_of(object, list), arena),
	};
}

/* DOMAIN §7. */
static void
add_pool_losses(struct loss_list *list, const struct object *object, struct arena *arena)
{
	const char *title = object_title(object, arena);

	list->items[list->count++] = (struct loss){
		.object = title,
		.field = "answer for a model without an InferenceModel",
		.value = "404",
		.why = "The new picker serves any model name and answers 200.",
		.instead = "Let the HTTPRoute match the model names that may be served, if that "
			   "matters.",
		.yaml = "",
	};
	list->items[list->count++] = (struct loss){
		.object = title,
		.field = "answer when no pod is ready",
		.value = "429",
		.why = "The new picker answers 503.",
		.instead = "Let clients that try again on 429 do so on 503, too.",
		.yaml = "",
	};
}

const struct loss *
convert_losses(const struct world *world, const struct pair *pairs, size_t pair_count,
	       struct arena *arena, size_t *count)
{
	bool rewrites = convert_rewrites(world);
	size_t models = world->count[KIND_MODEL], pools = world->count[KIND_ALPHA_POOL];
	struct loss_list list = { .pairs = pairs, .pair_count = pair_count };

	*count = 0;
	if (models + pools == 0)
		return NULL;
	list.items = arena_array(arena, 2 * (models + pools), sizeof(*list.items));
	/* What has no pool is not carried over at all. */
	for (size_t i = 0; i < models; i++)
		if (!orphan_is(world, world->objects[KIND_MODEL][i]))
			add_model_losses(&list, world->objects[KIND_MODEL][i], rewrites, arena);
	for (size_t i = 0; i < pools; i++)
		add_pool_losses(&list, world->objects[KIND_ALPHA_POOL][i], arena);
	*count = list.count;
	return list.items;
}
