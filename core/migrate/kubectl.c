#include "core/migrate/kubectl.h"

#include <string.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/release.h"
#include "core/migrate/say.h"

#define TEXT_MAX (4 * BUF_MIB)
#define AS_US    "--field-manager=poolshift"

/* Up to the object. */
static const char *const commands[] = {
	[VERB_CREATE] = ("create " AS_US " -f -"),
	[VERB_APPLY] = ("apply --server-side " AS_US " -f -"),
	[VERB_PATCH] = ("patch --type=json " AS_US),
	[VERB_DELETE] = "delete --cascade=background",
};

/* "EOF", with underscores added until no line of the body is the same. */
static void
choose_delimiter(struct buf *out, const char *body)
{
	buf_puts(out, "EOF");
	for (const char *line = body; *line != '\0';) {
		size_t length = strcspn(line, "\n");

		if (length == out->length && strncmp(line, out->bytes, length) == 0) {
			buf_putc(out, '_');
			line = body;
			continue;
		}
		line += length + (line[length] == '\n');
	}
}

static void
add_here_document(struct buf *out, const char *body)
{
	struct json *json = json_parse(body, strlen(body), NULL);
	struct buf yaml, delimiter;

	buf_init(&yaml, TEXT_MAX);
	buf_init(&delimiter, BUF_KIB);
	if (json == NULL || !yaml_print(json, &yaml)) {
		buf_clear(&yaml);
		buf_puts(&yaml, body);
	}
	if (yaml.length == 0 || yaml.bytes[yaml.length - 1] != '\n')
		buf_putc(&yaml, '\n');
	choose_delimiter(&delimiter, yaml.bytes);
	buf_printf(out, " <<'%s'\n", delimiter.bytes);
	buf_puts(out, yaml.bytes);
	buf_puts(out, delimiter.bytes);
	buf_release(&yaml);
	buf_release(&delimiter);
	json_free(json);
}

/* kubectl patch knows no basis of its own, so the guards stand in the patch, as they go over the
 * wire (KUBERNETES §4.4). */
static void
add_guarded_patch(struct buf *out, const struct intent *intent)
{
	struct json *ops = json_parse(intent->body, strlen(intent->body), NULL);
	struct buf text;

	buf_init(&text, TEXT_MAX);
	if (ops != NULL && *intent->uid != '\0') {
		const char *const guards[][2] = { { "/metadata/uid", intent->uid },
						  { "/metadata/resourceVersion",
						    intent->version_seen } };

		for (size_t i = 0; i < 2; i++) {
			struct json *op = json_new_object();

			json_set_string(op, "op", "replace");
			json_set_string(op, "path", guards[i][0]);
			json_set_string(op, "value", guards[i][1]);
			json_insert(ops, i, op);
		}
	}
	if (ops == NULL || !json_print(ops, &text)) {
		buf_clear(&text);
		buf_puts(&text, intent->body);
	}
	buf_puts(out, " -p ");
	text_shell_word(out, text.bytes);
	buf_release(&text);
	json_free(ops);
}

static void
add_named_object(struct buf *out, const struct intent *intent)
{
	buf_printf(out, " %s%s%s ", intent->resource, *intent->group != '\0' ? "." : "",
		   intent->group);
	text_shell_word(out, intent->name);
	if (*intent->ns != '\0') {
		buf_puts(out, " -n ");
		text_shell_word(out, intent->ns);
	}
}

const char *
kubectl_command(const struct intent *intent, const char *context, struct arena *arena)
{
	bool whole = intent->verb == VERB_CREATE || intent->verb == VERB_APPLY;
	struct buf out;
	const char *text;

	if (release_is(intent))
		return release_command(intent, context, arena);
	buf_init(&out, 2 * TEXT_MAX);
	buf_puts(&out, "kubectl ");
	if (*context != '\0') {
		buf_puts(&out, "--context ");
		text_shell_word(&out, context);
		buf_putc(&out, ' ');
	}
	buf_puts(&out, commands[intent->verb]);
	if (intent->verb == VERB_APPLY && intent->force)
		buf_puts(&out, " --force-conflicts");
	if (!whole)
		add_named_object(&out, intent);
	if (whole)
		add_here_document(&out, intent->body);
	else if (intent->verb == VERB_PATCH)
		add_guarded_patch(&out, intent);
	text = say_lines(arena, out.bytes);
	buf_release(&out);
	return text;
}
