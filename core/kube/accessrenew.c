#include "core/kube/accessrenew.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/file.h"

struct accessrenew {
	struct access_options options;
	const struct access *now;     /* the first, or `read` */
	struct access *read, *before; /* the last two that were read again, or NULL */
	struct file_stamp *stamps;    /* of now->files, in their order; all 0 for a missing one */
	size_t count;
	struct err problem;
};

static struct file_stamp
stamp_of(const char *path)
{
	struct file_stamp stamp = { 0 };

	return file_stamp(path, &stamp) ? stamp : (struct file_stamp){ 0 };
}

static void
take_stamps(struct accessrenew *renew)
{
	const char *const *files = renew->now->files;

	free(renew->stamps);
	renew->count = 0;
	while (files != NULL && files[renew->count] != NULL)
		renew->count++;
	renew->stamps = die_alloc((renew->count + 1) * sizeof *renew->stamps);
	for (size_t i = 0; i < renew->count; i++)
		renew->stamps[i] = stamp_of(files[i]);
}

static bool
has_changed(const struct accessrenew *renew)
{
	for (size_t i = 0; i < renew->count; i++) {
		struct file_stamp now = stamp_of(renew->now->files[i]);
		const struct file_stamp *then = &renew->stamps[i];

		if (now.mtime != then->mtime || now.inode != then->inode || now.size != then->size)
			return true;
	}
	return false;
}

struct accessrenew *
accessrenew_new(const struct access *first, const struct access_options *options)
{
	struct accessrenew *renew = die_alloc(sizeof *renew);

	renew->options = *options;
	/* Another current-context in the file is not another context here. */
	if (*first->context != '\0')
		renew->options.context = first->context;
	renew->options.ns = first->ns;
	renew->now = first;
	take_stamps(renew);
	return renew;
}

static void
drop(struct access *access)
{
	if (access == NULL)
		return;
	access_release(access);
	free(access);
}

void
accessrenew_free(struct accessrenew *renew)
{
	if (renew == NULL)
		return;
	drop(renew->read);
	drop(renew->before);
	free(renew->stamps);
	free(renew);
}

const struct access *
accessrenew_look(struct accessrenew *renew)
{
	struct access *fresh;
	struct err err;

	if (!has_changed(renew))
		return NULL;
	fresh = die_alloc(sizeof *fresh);
	if (!access_load(fresh, &renew->options, &err)) {
		free(fresh);
		err_set(&renew->problem, err.code,
			"The kubeconfig was changed, and what it says now cannot be used: %s",
			err.text);
		return NULL;
	}
	renew->problem.code = ERR_NONE;
	drop(renew->before);
	renew->before = renew->read;
	renew->now = renew->read = fresh;
	take_stamps(renew);
	return fresh;
}

const char *
accessrenew_problem(const struct accessrenew *renew)
{
	return renew->problem.code != ERR_NONE ? renew->problem.text : NULL;
}
