#include "core/migrate/backup.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/sha256.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/say.h"

#define FOLDER   "backup"
#define SUFFIX   ".yaml"
#define FILE_CAP (16 * BUF_MIB)
#define NAME_CUT 200 /* bytes of a file's name; what is longer ends in a digest */
#define OLDER    100 /* copies kept of one name */

static const char *
identity(const struct journal_where *where)
{
	return *where->cluster != '\0' ? where->cluster : where->server;
}

/* InferencePool stands twice in the table. */
static bool
is_second(const struct intent *intent)
{
	for (enum kind kind = 0; kind < intent->kind && intent->kind != KIND_COUNT; kind++)
		if (strcmp(kind_row(kind)->object, kind_row(intent->kind)->object) == 0)
			return true;
	return false;
}

static void
add_name(const struct intent *intent, const struct json *object, struct buf *out)
{
	const char *kind = json_string_at(object, "kind");
	char hex[SHA256_HEX];
	struct buf name;

	buf_init(&name, 4 * BUF_KIB);
	buf_printf(&name, "%s.", *intent->ns != '\0' ? intent->ns : "cluster");
	for (const char *c = kind != NULL ? kind : intent->resource; *c != '\0'; c++)
		buf_putc(&name, (char)tolower((unsigned char)*c));
	if (is_second(intent))
		buf_printf(&name, ".%s", intent->group);
	buf_putc(&name, '.');
	for (const char *c = intent->name; *c != '\0'; c++)
		buf_putc(&name, *c == '/' ? '_' : *c);
	sha256_hex(name.bytes, name.length, hex);
	if (name.length > NAME_CUT)
		buf_printf(out, "%.*s-%.16s" SUFFIX, NAME_CUT, name.bytes, hex);
	else
		buf_printf(out, "%s" SUFFIX, name.bytes);
	buf_release(&name);
}

/* A value in a comment: one clean line. */
static void
add_head(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "# %s: ", key);
	text_clean(out, value, strlen(value));
	buf_putc(out, '\n');
}

static void
add_heads(const struct journal_where *where, const struct intent *intent, int64_t wall,
	  struct buf *out)
{
	char time[CLOCK_RFC3339_MAX];

	clock_rfc3339(wall, false, time);
	buf_puts(out, "# A copy from before it was deleted: kubectl apply -f makes it again.\n");
	add_head(out, "context", where->context);
	add_head(out, "cluster", identity(where));
	add_head(out, "time", time);
	add_head(out, "step", step_name(intent->step));
	add_head(out, "pair", intent->pair);
	add_head(out, "undo", intent->undo ? "true" : "false");
}

static struct json *
plain(const struct json *object)
{
	struct json *json = intent_sanitised(object);

	if (text_equal(json_string_at(json, "kind"), "Secret")) {
		json_remove(json, "data");
		json_remove(json, "stringData");
	}
	return json;
}

/* Behind the comments. */
static const char *
body_of(const char *text)
{
	while (*text == '#') {
		text = strchr(text, '\n');
		if (text == NULL)
			return "";
		text++;
	}
	return text;
}

/* The copy of an earlier deletion goes aside, unless it says the same. */
static bool
move_aside(const char *path, const char *body, struct err *err)
{
	char older[4200];
	struct buf text;
	struct err none = { .code = ERR_NONE };
	bool same, done = true;

	buf_init(&text, FILE_CAP);
	if (!file_read(path, FILE_CAP, &text, &none)) {
		buf_release(&text);
		if (none.code == ERR_MISSING)
			return true;
		*err = none;
		return false;
	}
	same = strcmp(body_of(text.bytes), body) == 0;
	for (int i = 1; !same && i <= OLDER; i++) {
		snprintf(older, sizeof older, "%s.%d", path, i);
		if (file_exists(older) && i < OLDER)
			continue;
		done = file_write(older, text.bytes, text.length, err);
		break;
	}
	buf_release(&text);
	return done;
}

/* The head is written anew with the same body, for it says of which step and pair it is now. */
static bool
write_copy(const char *path, const struct buf *head, const struct buf *body, struct err *err)
{
	struct buf text;
	bool done;

	if (!move_aside(path, body->bytes, err))
		return false;
	buf_init(&text, 2 * FILE_CAP);
	buf_add(&text, head->bytes, head->length);
	buf_add(&text, body->bytes, body->length);
	done = text.full ? err_set(err, ERR_SYSTEM, "%s would be too long.", path)
			 : file_write(path, text.bytes, text.length, err);
	buf_release(&text);
	return done;
}

bool
backup_write(const struct journal_where *where, const struct intent *intent,
	     const struct json *object, int64_t wall, struct err *err)
{
	struct buf path, head, body;
	struct json *json = plain(object);
	bool done;

	buf_init(&path, 4 * BUF_KIB);
	buf_init(&head, 64 * BUF_KIB);
	buf_init(&body, FILE_CAP);
	buf_printf(&path, "%s/" FOLDER, where->state_folder);
	done = file_make_folder(path.bytes, err);
	buf_putc(&path, '/');
	add_name(intent, object, &path);
	add_heads(where, intent, wall, &head);
	if (done && !yaml_print(json, &body))
		done = err_set(err, ERR_SYSTEM, "It is too large for a copy.");
	done = done && write_copy(path.bytes, &head, &body, err);
	json_free(json);
	buf_release(&path);
	buf_release(&head);
	buf_release(&body);
	return done ||
	       err_wrap(err,
			"%s is not deleted, nor is anything else: no copy of it can be kept "
			"on this machine",
			intent->title);
}

/* The value of a line of the head, in `arena`; "" when there is none. */
static const char *
head_of(const char *text, const char *key, struct arena *arena)
{
	size_t length = strlen(key);

	for (; *text == '#'; text++) {
		const char *end = strchr(text, '\n');

		if (end == NULL)
			break;
		if (strncmp(text, "# ", 2) == 0 && strncmp(text + 2, key, length) == 0 &&
		    strncmp(text + 2 + length, ": ", 2) == 0)
			return arena_bytes(arena, text + length + 4,
					   (size_t)(end - text) - length - 4);
		text = end;
	}
	return "";
}

static bool
adopt_one(const struct journal_where *where, const struct world *world, struct journal *journal,
	  const struct buf *text, const char *path)
{
	struct arena arena;
	struct json *json = NULL;
	enum step_id step;
	enum kind kind;
	const char *ns, *name;
	struct intent_list list = { 0 };
	int64_t wall = 0;
	bool adopted = false;

	arena_init(&arena);
	step = step_by_name(head_of(text->bytes, "step", &arena));
	if (step == STEP_COUNT ||
	    !text_equal(head_of(text->bytes, "cluster", &arena), identity(where)) ||
	    !text_equal(head_of(text->bytes, "undo", &arena), "false"))
		goto out;
	json = yaml_parse(text->bytes, text->length, path, YAML_TYPED, NULL);
	kind = kind_of_object(json_string_at(json, "apiVersion"), json_string_at(json, "kind"));
	ns = json_string_at(json, "metadata.namespace");
	name = json_string_at(json, "metadata.name");
	if (json == NULL || kind == KIND_COUNT || name == NULL)
		goto out;
	ns = ns != NULL ? ns : "";
	if (world_find(world, kind, ns, name) != NULL)
		goto out;
	struct intent *intent = intent_add(&list, &arena, VERB_DELETE, kind, ns, name);
	intent->body = "";
	intent->step = step;
	intent->pair = head_of(text->bytes, "pair", &arena);
	intent->title = say_title(&arena, kind, ns, name);
	intent->summary = "known by its copy in the folder backup alone";
	clock_parse_rfc3339(head_of(text->bytes, "time", &arena), &wall);
	journal_adopt(journal, intent, json, wall);
	adopted = true;
out:
	json_free(json);
	arena_release(&arena);
	return adopted;
}

size_t
backup_adopt(const struct journal_where *where, const struct world *world, struct journal *journal)
{
	char **names;
	size_t count, adopted = 0;
	struct buf folder;

	buf_init(&folder, 4 * BUF_KIB);
	buf_printf(&folder, "%s/" FOLDER, where->state_folder);
	if (!file_is_folder(folder.bytes) ||
	    !file_list(folder.bytes, SUFFIX, &names, &count, NULL)) {
		buf_release(&folder);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct buf path, text;

		buf_init(&path, 8 * BUF_KIB);
		buf_init(&text, FILE_CAP);
		buf_printf(&path, "%s/%s", folder.bytes, names[i]);
		if (file_read(path.bytes, FILE_CAP, &text, NULL))
			adopted += adopt_one(where, world, journal, &text, path.bytes);
		buf_release(&path);
		buf_release(&text);
	}
	file_list_free(names, count);
	buf_release(&folder);
	return adopted;
}
