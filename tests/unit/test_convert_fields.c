/* Every field of the official CRDs, by the CRDs themselves: of an old object each one stands
 * somewhere in the new ones or in the loss report, and of a new object each one is written or
 * left to its default on purpose. */
#include "tests/unit/worldtext.h"

#include <stdlib.h>

#include "core/base/file.h"
#include "core/migrate/convert.h"

#define OLD_POOL      "core/migrate/crds/inference.networking.x-k8s.io_inferencepools.yaml"
#define OLD_MODEL     "core/demo/crds/inference-v0.3.0_inferencemodels.yaml"
#define NEW_POOL      "core/migrate/crds/inference.networking.k8s.io_inferencepools.yaml"
#define NEW_OBJECTIVE "core/migrate/crds/inference.networking.x-k8s.io_inferenceobjectives.yaml"
#define NEW_REWRITE   "core/demo/crds/inference-v1.5.0_inferencemodelrewrites.yaml"
#define GA            "vllm-ga"
#define PICKER        "vllm-ga-epp"

#define POOL(spec)                                                                  \
	"apiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferencePool\n" \
	"metadata: {name: vllm}\nspec: {" spec "}\n"
#define MODEL(spec)                                                                       \
	POOL("selector: {app: vllm}, targetPortNumber: 8000, extensionRef: {name: epp}")  \
	"---\napiVersion: inference.networking.x-k8s.io/v1alpha2\nkind: InferenceModel\n" \
	"metadata: {name: food-review}\nspec: {" spec "}\n"
#define BASE "selector: {app: vllm}, targetPortNumber: 8000, "

struct row {
	const char *crd, *field; /* of the CRD, with [] for the items of a list */
	const char *yaml;        /* objects in which it has a value of its own */
	const char *into,
		*at; /* the new object's CRD and where in it; into "": a loss of that field */
	const char *expected; /* JSON there, or the loss's value */
};

static const struct row rows[] = {
	{ OLD_POOL, "selector", POOL("selector: {app: x, tier: 'on'}, targetPortNumber: 1"),
	  NEW_POOL, "selector.matchLabels", "{\"app\":\"x\",\"tier\":\"on\"}" },
	{ OLD_POOL, "targetPortNumber", POOL("selector: {app: x}, targetPortNumber: 8123"),
	  NEW_POOL, "targetPorts[0].number", "8123" },
	{ OLD_POOL, "extensionRef.failureMode",
	  POOL(BASE "extensionRef: {name: epp, failureMode: FailOpen}"), NEW_POOL,
	  "endpointPickerRef.failureMode", "\"FailOpen\"" },
	/* The new pool has a picker of its own: the old one speaks the old API. */
	{ OLD_POOL, "extensionRef.group", POOL(BASE "extensionRef: {name: epp, group: ''}"),
	  NEW_POOL, "endpointPickerRef.group", "\"\"" },
	{ OLD_POOL, "extensionRef.kind", POOL(BASE "extensionRef: {name: epp, kind: Service}"),
	  NEW_POOL, "endpointPickerRef.kind", "\"Service\"" },
	{ OLD_POOL, "extensionRef.name", POOL(BASE "extensionRef: {name: other}"), NEW_POOL,
	  "endpointPickerRef.name", "\"" PICKER "\"" },
	{ OLD_POOL, "extensionRef.portNumber",
	  POOL(BASE "extensionRef: {name: epp, portNumber: 9999}"), NEW_POOL,
	  "endpointPickerRef.port.number", "9002" },
	{ OLD_MODEL, "criticality",
	  MODEL("modelName: m, criticality: Critical, poolRef: {name: vllm}"), NEW_OBJECTIVE,
	  "priority", "2" },
	{ OLD_MODEL, "criticality",
	  MODEL("modelName: m, criticality: Standard, poolRef: {name: vllm}"), NEW_OBJECTIVE,
	  "priority", "1" },
	{ OLD_MODEL, "criticality",
	  MODEL("modelName: m, criticality: Sheddable, poolRef: {name: vllm}"), NEW_OBJECTIVE,
	  "priority", "-1" },
	{ OLD_MODEL, "poolRef.group",
	  MODEL("modelName: m, poolRef: {name: vllm, group: inference.networking.x-k8s.io}"),
	  NEW_OBJECTIVE, "poolRef.group", "\"inference.networking.k8s.io\"" },
	{ OLD_MODEL, "poolRef.kind",
	  MODEL("modelName: m, poolRef: {name: vllm, kind: InferencePool}"), NEW_OBJECTIVE,
	  "poolRef.kind", "\"InferencePool\"" },
	{ OLD_MODEL, "poolRef.name", MODEL("modelName: m, poolRef: {name: vllm}"), NEW_OBJECTIVE,
	  "poolRef.name", "\"" GA "\"" },
	{ OLD_MODEL, "modelName", MODEL("modelName: food, poolRef: {name: vllm}"), "",
	  "spec.modelName", "food" },
	{ OLD_MODEL, "modelName",
	  MODEL("modelName: food, poolRef: {name: vllm}, targetModels: [{name: a}]"), NEW_REWRITE,
	  "rules[0].matches[0].model.value", "\"food\"" },
	{ OLD_MODEL, "targetModels[].name",
	  MODEL("modelName: food, poolRef: {name: vllm}, targetModels: [{name: a}, {name: b}]"), "",
	  "spec.targetModels", "a, b" },
	{ OLD_MODEL, "targetModels[].name",
	  MODEL("modelName: food, poolRef: {name: vllm}, targetModels: [{name: a}]"), NEW_REWRITE,
	  "rules[0].targets[0].modelRewrite", "\"a\"" },
	{ OLD_MODEL, "targetModels[].weight",
	  MODEL("modelName: food, poolRef: {name: vllm}, targetModels: [{name: a, weight: 7}, {name: b, weight: 3}]"),
	  "", "spec.targetModels", "a 7, b 3" },
	{ OLD_MODEL, "targetModels[].weight",
	  MODEL("modelName: food, poolRef: {name: vllm}, targetModels: [{name: a, weight: 7}, {name: b, weight: 3}]"),
	  NEW_REWRITE, "rules[0].targets[1].weight", "3" },
};

/* Fields of new objects that no old field becomes. */
static const struct {
	const char *crd, *field;
	const char *value; /* JSON as it is written; NULL: left to the server's default */
} of_their_own[] = {
	{ NEW_REWRITE, "poolRef.group", "\"inference.networking.k8s.io\"" },
	{ NEW_REWRITE, "poolRef.kind", "\"InferencePool\"" },
	{ NEW_REWRITE, "poolRef.name", "\"" GA "\"" },
	{ NEW_REWRITE, "rules[].matches[].model.type", NULL },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct json *
crd_of(const char *path)
{
	char whole[4096];
	struct err err = { 0 };
	struct buf text;
	struct json *json;

	snprintf(whole, sizeof(whole), "%s/%s", getenv("SRCDIR"), path);
	buf_init(&text, 4 * BUF_MIB);
	if (!file_read(whole, 4 * BUF_MIB, &text, &err))
		fail_msg("%s", err.text);
	json = yaml_parse(text.bytes, text.length, path, 16 * BUF_MIB, &err);
	if (json == NULL)
		fail_msg("%s", err.text);
	buf_release(&text);
	return json;
}

struct walk {
	const char *crd;
	void (*leaf)(const char *crd, const char *field);
	size_t count;
};

/* Objects and lists are walked; everything else, maps included, is a field. */
static void
walk(struct walk *w, const struct json *schema, const char *field)
{
	const struct json *members = json_get(schema, "properties"),
			  *items = json_get(schema, "items");
	char deeper[500];

	if (items != NULL) {
		snprintf(deeper, sizeof(deeper), "%s[]", field);
		walk(w, items, deeper);
		return;
	}
	if (members == NULL) {
		w->leaf(w->crd, field);
		w->count++;
		return;
	}
	for (const struct json *m = json_first(members); m != NULL; m = json_next(m)) {
		snprintf(deeper, sizeof(deeper), "%s%s%s", field, *field != '\0' ? "." : "",
			 json_key(m));
		walk(w, m, deeper);
	}
}

static size_t
each_field(const char *path, void (*leaf)(const char *crd, const char *field))
{
	struct json *crd = crd_of(path);
	struct walk w = { .crd = path, .leaf = leaf };

	walk(&w, json_at(crd, "spec.versions[0].schema.openAPIV3Schema.properties.spec"), "");
	json_free(crd);
	return w.count;
}

/* "rules[0].targets[1].weight" is the field "rules[].targets[].weight". */
static bool
is_field(const char *at, const char *field)
{
	for (; *at != '\0'; at++)
		if (*at < '0' || *at > '9' || at[1] != ']') {
			if (*at != *field)
				return false;
			field++;
		}
	return *field == '\0';
}

static void
has_a_row(const char *crd, const char *field)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].crd, crd) == 0 && strcmp(rows[i].field, field) == 0)
			return;
	fail_msg("nobody says what becomes of %s of %s", field, crd);
}

static void
is_written(const char *crd, const char *field)
{
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].into, crd) == 0 && is_field(rows[i].at, field))
			return;
	for (size_t i = 0; i < COUNT(of_their_own); i++)
		if (strcmp(of_their_own[i].crd, crd) == 0 &&
		    strcmp(of_their_own[i].field, field) == 0)
			return;
	fail_msg("nobody writes %s of %s", field, crd);
}

static struct json *
made(const struct world *world, const char *crd)
{
	static const struct settings settings;
	const struct object *model;

	if (strcmp(crd, NEW_POOL) == 0)
		return convert_pool(world->objects[KIND_ALPHA_POOL][0], GA, PICKER);
	model = world->objects[KIND_MODEL][0];
	if (strcmp(crd, NEW_REWRITE) == 0)
		return convert_rewrite(model, GA);
	return convert_objective("default", model->meta.name, GA,
				 convert_priority(&settings, model));
}

static void
expect_at(const struct json *object, const char *at, const char *expected)
{
	char path[500];
	const struct json *value;
	char *text;

	snprintf(path, sizeof(path), "spec.%s", at);
	value = json_at(object, path);
	text = value != NULL ? json_text(value) : NULL;
	if (text == NULL || strcmp(text, expected) != 0)
		fail_msg("%s is %s and should be %s", path, text != NULL ? text : "absent",
			 expected);
	free(text);
}

static void
expect_loss(struct world *world, const struct row *row)
{
	const struct pair pair = { .ns = "default", .alpha = "vllm", .ga = GA };
	const struct loss *losses;
	struct arena arena;
	size_t count, i = 0;

	arena_init(&arena);
	world->view[KIND_REWRITE].state = VIEW_NOT_INSTALLED;
	losses = convert_losses(world, &pair, 1, &arena, &count);
	while (i < count && strcmp(losses[i].field, row->at) != 0)
		i++;
	if (i == count)
		fail_msg("%s is lost and not in the report", row->field);
	assert_string_equal(losses[i].value, row->expected);
	assert_true(*losses[i].why != '\0' && *losses[i].instead != '\0');
	arena_release(&arena);
}

static void
every_field_of_an_alpha_object_becomes_a_field_or_a_loss(void **state)
{
	(void)state;
	assert_int_equal(each_field(OLD_POOL, has_a_row), 7);
	assert_int_equal(each_field(OLD_MODEL, has_a_row), 7);
}

static void
every_row_tells_the_truth(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world *world = worldtext_new(rows[i].yaml);
		struct json *object;

		if (*rows[i].into == '\0') {
			expect_loss(world, &rows[i]);
		} else {
			object = made(world, rows[i].into);
			expect_at(object, rows[i].at, rows[i].expected);
			json_free(object);
		}
		world_free(world);
	}
}

static void
every_field_of_a_new_object_is_written_or_left_to_its_default(void **state)
{
	struct world *world = worldtext_new(
		MODEL("modelName: food, poolRef: {name: vllm}, targetModels: [{name: a}]"));

	(void)state;
	assert_int_equal(each_field(NEW_POOL, is_written), 7);
	assert_int_equal(each_field(NEW_OBJECTIVE, is_written), 4);
	assert_int_equal(each_field(NEW_REWRITE, is_written), 7);
	for (size_t i = 0; i < COUNT(of_their_own); i++) {
		struct json *object = made(world, of_their_own[i].crd);

		if (of_their_own[i].value != NULL)
			expect_at(object, of_their_own[i].field, of_their_own[i].value);
		json_free(object);
	}
	world_free(world);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_an_alpha_object_becomes_a_field_or_a_loss),
		cmocka_unit_test(every_row_tells_the_truth),
		cmocka_unit_test(every_field_of_a_new_object_is_written_or_left_to_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
