#include "tui/screen/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/embed.h"
#include "core/base/file.h"
#include "core/base/text.h"

#define THEME_FILE_MAX (64 * BUF_KIB)
#define SUFFIX         ".theme"

extern const struct embed_file screen_theme_files[];

static const char *const colour_names[8] = { "black", "red",     "green", "yellow",
					     "blue",  "magenta", "cyan",  "white" };

static const struct {
	const char *name;
	unsigned bit;
} attributes[] = {
	{ "bold", STYLE_BOLD },
	{ "dim", STYLE_DIM },
	{ "underline", STYLE_UNDERLINE },
	{ "reverse", STYLE_REVERSE },
};

static bool
colour_of(const char *word, int16_t *colour)
{
	int base = 0;
	int64_t number;

	if (strcmp(word, "default") == 0) {
		*colour = COLOUR_DEFAULT;
		return true;
	}
	if (text_integer(word, 0, 255, &number, NULL)) {
		*colour = (int16_t)number;
		return true;
	}
	if (text_starts(word, "bright-")) {
		base = 8;
		word += strlen("bright-");
	}
	for (int i = 0; i < 8; i++)
		if (strcmp(word, colour_names[i]) == 0) {
			*colour = (int16_t)(base + i);
			return true;
		}
	return false;
}

static unsigned
attribute_of(const char *word)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
		if (strcmp(attributes[i].name, word) == 0)
			return attributes[i].bit;
	return 0;
}

/* "252 on 236 bold"; false with the word that is not understood in `odd`. */
static bool
style_of(char *text, struct style *style, const char **odd)
{
	char *rest = NULL;
	bool behind = false, first = true;

	*style = (struct style){ .fg = COLOUR_DEFAULT, .bg = COLOUR_DEFAULT };
	for (char *word = strtok_r(text, " \t\r", &rest); word != NULL;
	     word = strtok_r(NULL, " \t\r", &rest)) {
		unsigned bit = attribute_of(word);

		*odd = word;
		if (strcmp(word, "on") == 0 && !behind) {
			behind = true;
			first = true;
			continue;
		}
		if (bit != 0 && !(behind && first))
			style->attributes |= bit;
		else if (!first || !colour_of(word, behind ? &style->bg : &style->fg))
			return false;
		first = false;
	}
	*odd = "on";
	return !(behind && first);
}

static bool
parse_line(struct theme *theme, const char *name, int number, char *line, struct err *err)
{
	char *value, *end;
	const char *odd;
	enum role role;

	line += strspn(line, " \t\r");
	if (*line == '\0' || *line == '#')
		return true;
	value = strchr(line, '=');
	if (value == NULL)
		return err_set(err, ERR_INPUT,
			       "theme %s, line %d: there is no '='; write ROLE = STYLE", name,
			       number);
	for (end = value; end > line && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	value += 1 + strspn(value + 1, " \t");
	if (strcmp(line, "about") == 0) {
		snprintf(theme->about, sizeof(theme->about), "%s", value);
		return true;
	}
	role = role_by_name(line);
	if (role == ROLE_COUNT)
		return err_set(
			err, ERR_INPUT,
			"theme %s, line %d: there is no role '%s'; see the help page for them",
			name, number, line);
	value[strcspn(value, "#")] = '\0';
	if (!style_of(value, &theme->styles[role], &odd))
		return err_set(err, ERR_INPUT,
			       "theme %s, line %d: '%s' is not understood; write a colour, 'on' "
			       "and a colour, "
			       "then bold, dim, underline or reverse",
			       name, number, odd);
	return true;
}

bool
theme_parse(struct theme *theme, const char *name, const char *text, struct err *err)
{
	char *copy = strdup(text), *next = copy;
	int number = 0;
	bool ok = copy != NULL;

	*theme = (struct theme){ 0 };
	snprintf(theme->name, sizeof(theme->name), "%s", name);
	for (int i = 0; i < ROLE_COUNT; i++)
		theme->styles[i] = (struct style){ .fg = COLOUR_DEFAULT, .bg = COLOUR_DEFAULT };
	while (ok && next != NULL) {
		char *line = strsep(&next, "\n");

		ok = parse_line(theme, name, ++number, line, err);
	}
	free(copy);
	return ok;
}

static const struct embed_file *
built_in(const char *name)
{
	size_t length = strlen(name);

	for (const struct embed_file *file = screen_theme_files; file->name != NULL; file++)
		if (text_starts(file->name, name) && strcmp(file->name + length, SUFFIX) == 0)
			return file;
	return NULL;
}

static bool
load_file(struct theme *theme, const char *name, const char *path, struct err *err)
{
	struct buf text;
	bool ok;

	buf_init(&text, THEME_FILE_MAX);
	ok = file_read(path, THEME_FILE_MAX, &text, err) &&
	     theme_parse(theme, name, text.bytes, err);
	buf_release(&text);
	return ok;
}

bool
theme_load(struct theme *theme, const char *name, const char *folder, struct err *err)
{
	const struct embed_file *file = built_in(name);
	char path[4096];

	if (strchr(name, '/') != NULL)
		return load_file(theme, strrchr(name, '/') + 1, name, err);
	if (folder != NULL) {
		snprintf(path, sizeof(path), "%s/%s" SUFFIX, folder, name);
		if (file_exists(path))
			return load_file(theme, name, path, err);
	}
	if (file != NULL)
		return theme_parse(theme, name, file->bytes, err);
	return err_set(err, ERR_INPUT,
		       "there is no theme '%s'; built in are 16, colour-blind, dark, "
		       "high-contrast, light and mono",
		       name);
}

static void
add_name(struct theme_list *list, const char *file)
{
	char name[THEME_NAME_MAX];
	int length = (int)(strlen(file) - strlen(SUFFIX));

	if (length <= 0 || length >= THEME_NAME_MAX || list->count == THEMES_MAX)
		return;
	snprintf(name, sizeof(name), "%.*s", length, file);
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->names[i], name) == 0)
			return;
	memcpy(list->names[list->count++], name, sizeof(name));
}

void
theme_names(struct theme_list *list, const char *folder)
{
	char **names;
	size_t count;

	*list = (struct theme_list){ 0 };
	for (const struct embed_file *file = screen_theme_files; file->name != NULL; file++)
		add_name(list, file->name);
	if (folder == NULL || !file_is_folder(folder) ||
	    !file_list(folder, SUFFIX, &names, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++)
		add_name(list, names[i]);
	file_list_free(names, count);
}

const char *
theme_default(int colours, bool no_color)
{
	if (no_color || colours < 8)
		return "mono";
	return colours < 256 ? "16" : "dark";
}

/* xterm's 256 colours: a cube of six levels from 16 on, then 24 greys from 232 on. */
static void
rgb_of(int colour, int rgb[3])
{
	static const int levels[6] = { 0, 95, 135, 175, 215, 255 };

	if (colour >= 232) {
		rgb[0] = rgb[1] = rgb[2] = 8 + (colour - 232) * 10;
		return;
	}
	colour -= 16;
	rgb[0] = levels[colour / 36];
	rgb[1] = levels[colour / 6 % 6];
	rgb[2] = levels[colour % 6];
}

int
theme_colour(int colour, int colours)
{
	int rgb[3], most, index = 0;

	if (colour < colours || colour < 0)
		return colour;
	if (colour < 16)
		return colour - 8;
	rgb_of(colour, rgb);
	most = rgb[0] > rgb[1] ? rgb[0] : rgb[1];
	most = rgb[2] > most ? rgb[2] : most;
	if (most < 64)
		return 0;
	for (int i = 0; i < 3; i++)
		if (rgb[i] * 3 >= most * 2)
			index |= 1 << i;
	if (colours >= 16 && most < 140 && index == 7)
		return 8;
	return colours >= 16 && most > 190 ? index + 8 : index;
}
