#include "core/base/yaml.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/base/die.h"
#include "core/base/scalar.h"
#include "core/base/yamlprint.h"

#define DOCUMENT_MAX (4 * BUF_MIB)
#define DEPTH_MAX    64
#define ALIASES_MAX  100
#define EXPANDED_MAX BUF_MIB
#define NODE_WEIGHT  64 /* bytes that a value costs besides its text */

/* Mappings up to this many keys are searched at every key, so that the message has its line. */
#define FEW_KEYS 64

struct anchor {
	char *name;
	const struct json *node; /* in the document being built */
};

struct reader {
	yaml_parser_t parser;
	const char *name;
	enum yaml_scalars scalars;
	struct err *err;
	struct anchor anchors[ALIASES_MAX];
	size_t anchored, aliases, expanded;
	int depth;
};

static struct json *build(struct reader *reader, yaml_event_t *event);

static bool __attribute__((format(printf, 3, 4)))
fail(struct reader *reader, const yaml_mark_t *mark, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return err_set(reader->err, ERR_INPUT, "%s, line %zu, column %zu: %s.", reader->name,
		       mark->line + 1, mark->column + 1, what);
}

static bool
next_event(struct reader *reader, yaml_event_t *event)
{
	yaml_mark_t mark;

	if (yaml_parser_parse(&reader->parser, event))
		return true;
	if (reader->parser.error == YAML_MEMORY_ERROR)
		die("out of memory for a YAML document");
	mark = reader->parser.problem_mark;
	/* The reader knows only the byte it stumbled over. */
	if (reader->parser.error == YAML_READER_ERROR)
		mark = reader->parser.mark;
	return fail(reader, &mark, "this is not valid YAML: %s",
		    reader->parser.problem != NULL ? reader->parser.problem : "unknown problem");
}

static const char *
text_of(const yaml_char_t *text)
{
	return (const char *)text;
}

/* Remembers a finished node; a later anchor of the same name takes its place. */
static bool
remember(struct reader *reader, const char *name, const struct json *node, const yaml_mark_t *mark)
{
	for (size_t i = 0; i < reader->anchored; i++)
		if (strcmp(reader->anchors[i].name, name) == 0) {
			reader->anchors[i].node = node;
			return true;
		}
	if (reader->anchored == ALIASES_MAX)
		return fail(reader, mark, "there are more than %d anchors", ALIASES_MAX);
	reader->anchors[reader->anchored++] =
		(struct anchor){ .name = die_strdup(name), .node = node };
	return true;
}

static void
forget_anchors(struct reader *reader)
{
	for (size_t i = 0; i < reader->anchored; i++)
		free(reader->anchors[i].name);
	reader->anchored = 0;
}

/* What a copy of `node` costs, and how deep it is. */
static size_t
weigh(const struct json *node, int depth, int *deepest)
{
	const char *text = json_string(node);
	size_t weight = NODE_WEIGHT + (text != NULL ? strlen(text) : 0);

	if (depth > *deepest)
		*deepest = depth;
	for (const struct json *c = json_first(node); c != NULL; c = json_next(c)) {
		if (json_key(c) != NULL)
			weight += strlen(json_key(c));
		weight += weigh(c, depth + 1, deepest);
	}
	return weight;
}

static struct json *
expand(struct reader *reader, const char *name, const yaml_mark_t *mark)
{
	const struct json *node = NULL;
	int deepest = 0;

	for (size_t i = 0; i < reader->anchored && node == NULL; i++)
		if (strcmp(reader->anchors[i].name, name) == 0)
			node = reader->anchors[i].node;
	if (node == NULL) {
		fail(reader, mark, "the alias *%s has no anchor that is complete", name);
		return NULL;
	}
	reader->expanded += weigh(node, 0, &deepest);
	if (++reader->aliases > ALIASES_MAX || reader->expanded > EXPANDED_MAX) {
		fail(reader, mark, "its aliases expand to too much");
		return NULL;
	}
	if (reader->depth + deepest > DEPTH_MAX) {
		fail(reader, mark, "it is nested more than %d deep", DEPTH_MAX);
		return NULL;
	}
	return json_clone(node);
}

static struct json *
build_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *text = text_of(event->data.scalar.value);
	const char *tag = event->data.scalar.tag == NULL ? "" : text_of(event->data.scalar.tag);
	struct json *word;

	if (strlen(text) != event->data.scalar.length) {
		fail(reader, &event->start_mark, "a string contains a NUL character");
		return NULL;
	}
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || strcmp(tag, "!") == 0 ||
	    strcmp(tag, YAML_STR_TAG) == 0)
		return json_new_string(text);
	if (reader->scalars == YAML_TYPED)
		return scalar_value(text);
	word = scalar_word(text);
	return word != NULL ? word : json_new_string(text);
}

static struct json *
build_sequence(struct reader *reader)
{
	struct json *array = json_new_array();

	for (;;) {
		yaml_event_t event;
		struct json *element;

		if (!next_event(reader, &event))
			break;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			return array;
		}
		element = build(reader, &event);
		if (element == NULL)
			break;
		json_append(array, element);
	}
	json_free(array);
	return NULL;
}

static bool
check_key(struct reader *reader, const yaml_event_t *event, const struct json *object, size_t count)
{
	const char *key;

	if (event->type != YAML_SCALAR_EVENT)
		return fail(reader, &event->start_mark, "a key must be a plain text");
	key = text_of(event->data.scalar.value);
	if (strlen(key) != event->data.scalar.length)
		return fail(reader, &event->start_mark, "a key contains a NUL character");
	if (strcmp(key, "<<") == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return fail(reader, &event->start_mark,
			    "merge keys (<<) are not taken; write the keys out");
	if (count < FEW_KEYS && json_get(object, key) != NULL)
		return fail(reader, &event->start_mark, "the key \"%s\" stands twice", key);
	return true;
}

/* One key and its value; `event` is the key's and is deleted. */
static bool
build_member(struct reader *reader, yaml_event_t *event, struct json *object, size_t count)
{
	struct json *value = NULL;
	yaml_event_t next;

	if (check_key(reader, event, object, count) && next_event(reader, &next))
		value = build(reader, &next);
	if (value != NULL)
		json_add(object, text_of(event->data.scalar.value), value);
	yaml_event_delete(event);
	return value != NULL;
}

static struct json *
build_mapping(struct reader *reader, const yaml_mark_t *mark)
{
	struct json *object = json_new_object();
	yaml_event_t event;
	const char *twice;
	size_t count = 0;

	for (;; count++) {
		if (!next_event(reader, &event))
			goto bad;
		if (event.type == YAML_MAPPING_END_EVENT)
			break;
		if (!build_member(reader, &event, object, count))
			goto bad;
	}
	yaml_event_delete(&event);
	twice = count > FEW_KEYS ? json_duplicate(object) : NULL;
	if (twice == NULL)
		return object;
	fail(reader, mark, "the key \"%s\" stands twice in the mapping that begins here", twice);
bad:
	json_free(object);
	return NULL;
}

static const yaml_char_t *
anchor_of(const yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT)
		return event->data.scalar.anchor;
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return event->data.sequence_start.anchor;
	return event->type == YAML_MAPPING_START_EVENT ? event->data.mapping_start.anchor : NULL;
}

/* The value that begins with `event`, which is deleted; NULL after a failure. */
static struct json *
build(struct reader *reader, yaml_event_t *event)
{
	struct json *node = NULL;

	if (event->type == YAML_ALIAS_EVENT)
		node = expand(reader, text_of(event->data.alias.anchor), &event->start_mark);
	else if (event->type == YAML_SCALAR_EVENT)
		node = build_scalar(reader, event);
	else if (++reader->depth > DEPTH_MAX)
		fail(reader, &event->start_mark, "it is nested more than %d deep", DEPTH_MAX);
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		node = build_sequence(reader);
	else
		node = build_mapping(reader, &event->start_mark);
	if (event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT)
		reader->depth--;
	if (node != NULL && anchor_of(event) != NULL &&
	    !remember(reader, text_of(anchor_of(event)), node, &event->start_mark)) {
		json_free(node);
		node = NULL;
	}
	yaml_event_delete(event);
	return node;
}

/* The next document, with `end` at the end of the stream. NULL after a failure or at the end. */
static struct json *
build_document(struct reader *reader, bool *end)
{
	struct json *root;
	yaml_event_t event;

	*end = false;
	do {
		if (!next_event(reader, &event))
			return NULL;
		*end = event.type == YAML_STREAM_END_EVENT;
		if (event.type != YAML_STREAM_START_EVENT &&
		    event.type != YAML_DOCUMENT_START_EVENT && !*end)
			break;
		yaml_event_delete(&event);
	} while (!*end);
	if (*end)
		return NULL;
	root = build(reader, &event);
	forget_anchors(reader);
	if (root == NULL)
		return NULL;
	if (!next_event(reader, &event)) {
		json_free(root);
		return NULL;
	}
	yaml_event_delete(&event);
	return root;
}

static struct reader *
reader_new(const char *text, size_t length, const char *name, enum yaml_scalars scalars,
	   struct err *err)
{
	struct reader *reader = die_alloc(sizeof(*reader));

	*reader = (struct reader){ .name = name, .scalars = scalars, .err = err };
	if (!yaml_parser_initialize(&reader->parser))
		die("out of memory for a YAML document");
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text, length);
	return reader;
}

static void
reader_free(struct reader *reader)
{
	forget_anchors(reader);
	yaml_parser_delete(&reader->parser);
	free(reader);
}

static bool
check_size(size_t length, size_t cap, const char *name, struct err *err)
{
	if (length <= cap)
		return true;
	return err_set(err, ERR_INPUT, "%s is larger than %zu MiB; it was not read.", name,
		       cap / BUF_MIB);
}

/* JSON's escapes for characters beyond U+FFFF are not YAML's, so what looks like JSON is tried as
 * that first; when it is none the YAML reader has the better message. */
static struct json *
parse_as_json(const char *text, size_t length, enum yaml_scalars scalars)
{
	size_t start = 0;

	while (start < length && strchr(" \t\r\n", text[start]) != NULL && text[start] != '\0')
		start++;
	if (start == length || text[start] != '{' || scalars == YAML_STRINGS)
		return NULL;
	return json_parse(text, length, NULL);
}

struct json *
yaml_parse(const char *text, size_t length, const char *name, enum yaml_scalars scalars,
	   struct err *err)
{
	struct json *root, *more;
	struct reader *reader;
	bool end;

	if (!check_size(length, DOCUMENT_MAX, name, err))
		return NULL;
	root = parse_as_json(text, length, scalars);
	if (root != NULL)
		return root;
	reader = reader_new(text, length, name, scalars, err);
	root = build_document(reader, &end);
	if (root == NULL && end)
		root = json_new_null();
	if (root != NULL && !end) {
		more = build_document(reader, &end);
		if (more != NULL)
			fail(reader, &reader->parser.mark,
			     "there is more than one document, and only one is taken");
		if (!end) {
			json_free(root);
			root = NULL;
		}
		json_free(more);
	}
	reader_free(reader);
	return root;
}

struct json *
yaml_parse_all(const char *text, size_t length, const char *name, size_t cap, struct err *err)
{
	struct json *documents, *root;
	struct reader *reader;
	bool end;

	if (!check_size(length, cap, name, err))
		return NULL;
	documents = json_new_array();
	reader = reader_new(text, length, name, YAML_TYPED, err);
	while ((root = build_document(reader, &end)) != NULL) {
		if (json_type(root) == JSON_NULL)
			json_free(root);
		else
			json_append(documents, root);
	}
	reader_free(reader);
	if (end)
		return documents;
	json_free(documents);
	return NULL;
}

bool
yaml_print(const struct json *json, struct buf *out)
{
	return yamlprint_value(out, json, YAMLPRINT_AS_IS);
}

bool
yaml_print_sorted(const struct json *json, struct buf *out)
{
	return yamlprint_value(out, json, YAMLPRINT_SORTED);
}
