#include <ctype.h>
#include <string.h>

#include "core/base/text.h"
#include "core/kube/api.h"

static bool
is_plain_number(const char *text)
{
	if (text == NULL || *text < '1' || *text > '9')
		return false;
	return text[strspn(text, "0123456789")] == '\0';
}

/* By length, then bytes: the numbers are as long as the server likes (KUBERNETES §3.2). */
bool
api_version_older(const char *a, const char *b)
{
	if (!is_plain_number(a) || !is_plain_number(b))
		return false;
	size_t a_length = strlen(a), b_length = strlen(b);
	if (a_length != b_length)
		return a_length < b_length;
	return strcmp(a, b) < 0;
}

static bool
take_number(const char **text, int64_t *number)
{
	if (!isdigit((unsigned char)**text))
		return false;
	*number = 0;
	while (isdigit((unsigned char)**text)) {
		if (*number > (INT64_MAX - 9) / 10)
			return false;
		*number = *number * 10 + (*(*text)++ - '0');
	}
	return true;
}

static bool
take_dot(const char **text)
{
	if (**text != '.')
		return false;
	(*text)++;
	return true;
}

bool
api_git_version(const char *text, struct api_git_version *version)
{
	*version = (struct api_git_version){ .gke = -1 };
	if (text == NULL)
		return false;
	if (*text == 'v')
		text++;
	if (!take_number(&text, &version->major) || !take_dot(&text) ||
	    !take_number(&text, &version->minor) || !take_dot(&text) ||
	    !take_number(&text, &version->patch))
		return false;

	version->prerelease = text_starts(text, "-alpha") || text_starts(text, "-beta") ||
			      text_starts(text, "-rc");
	const char *gke = strstr(text, "-gke.");
	if (gke != NULL) {
		gke += strlen("-gke.");
		if (!take_number(&gke, &version->gke))
			version->gke = -1;
	}
	return true;
}

/* Never by the precedence of semantic versions, which would rank "-gke.N" below the bare version
 * (KUBERNETES §5). */
bool
api_git_version_at_least(const struct api_git_version *version,
			 const struct api_git_version *wanted)
{
	if (wanted->gke >= 0 && version->gke < 0)
		return false;
	if (version->major != wanted->major)
		return version->major > wanted->major;
	if (version->minor != wanted->minor)
		return version->minor > wanted->minor;
	if (version->patch != wanted->patch)
		return version->patch > wanted->patch;
	if (version->prerelease != wanted->prerelease)
		return !version->prerelease;
	return version->gke >= wanted->gke;
}
