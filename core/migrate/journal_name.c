#include "core/migrate/journal_name.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/sha256.h"

#define SUFFIX ".jsonl"

/* "prod-eu-3f2a....jsonl": the context for people, the cluster for us. */
static char *
file_name(const struct journal_where *where, const char *mark)
{
	struct buf out;
	char *name;

	buf_init(&out, 200);
	for (const char *c = where->context; *c != '\0' && out.length < 80; c++)
		buf_putc(&out, isalnum((unsigned char)*c) || (*c == '-' && c > where->context)
				       ? *c
				       : '_');
	if (out.length == 0)
		buf_puts(&out, "cluster");
	buf_puts(&out, mark);
	name = buf_take(&out);
	buf_release(&out);
	return name;
}

/* The file of this cluster, whatever the context was called when it was begun. */
char *
journal_name_path(const struct journal_where *where, struct err *err)
{
	const char *identity = *where->cluster != '\0' ? where->cluster : where->server;
	char hex[SHA256_HEX], mark[32], *path, *name;
	char **names;
	size_t count;
	struct buf out;

	if (!file_make_folder(where->state_folder, err))
		return NULL;
	sha256_hex(identity, strlen(identity), hex);
	snprintf(mark, sizeof(mark), "-%.16s" SUFFIX, hex);
	if (!file_list(where->state_folder, mark, &names, &count, err))
		return NULL;
	name = count > 0 ? die_strdup(names[0]) : file_name(where, mark);
	buf_init(&out, 8 * BUF_KIB);
	buf_printf(&out, "%s/%s", where->state_folder, name);
	path = buf_take(&out);
	buf_release(&out);
	file_list_free(names, count);
	free(name);
	return path;
}
