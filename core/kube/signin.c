#include "core/kube/signin.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/kube/accessuser.h"
#include "core/kube/execcred.h"

#define TOKEN_REREAD       (50 * SECOND)
#define CERTIFICATE_REREAD (5 * MINUTE)
#define PEM_CAP            (4 * BUF_MIB)

struct signin {
	const struct access *access;
	struct clock clock;
	struct execcred *exec; /* or NULL */
	struct buf token, certificate, key;
	struct buf header;                    /* "Authorization: ..." */
	int64_t token_read, certificate_read; /* mono */
	uint64_t generation; /* 0 is before anything came of a plugin, whose runs count from 1 */
	uint64_t certificate_generation;
	struct err refused; /* what to say after a second 401; code ERR_NONE otherwise */
};

static bool
copy_bytes(struct buf *to, const struct buf *from)
{
	if (to->length == from->length &&
	    (from->length == 0 || memcmp(to->bytes, from->bytes, from->length) == 0))
		return false;
	if (to->length > 0)
		explicit_bzero(to->bytes, to->length);
	buf_clear(to);
	buf_add(to, from->bytes, from->length);
	return true;
}

static void
make_header(struct signin *signin)
{
	buf_clear(&signin->header);
	if (signin->token.length > 0)
		buf_printf(&signin->header, "Authorization: Bearer %s", signin->token.bytes);
	else if (signin->access->basic.length > 0) {
		buf_puts(&signin->header, "Authorization: Basic ");
		text_base64_encode(&signin->header, signin->access->basic.bytes,
				   signin->access->basic.length);
	}
}

struct signin *
signin_new(const struct access *access, const struct clock *clock)
{
	struct signin *signin = die_alloc(sizeof *signin);

	signin->access = access;
	signin->clock = *clock;
	buf_init(&signin->token, 256 * BUF_KIB);
	buf_init(&signin->header, 512 * BUF_KIB);
	buf_init(&signin->certificate, PEM_CAP);
	buf_init(&signin->key, PEM_CAP);
	signin->certificate_generation = 1;
	if (!text_starts(access->server, "https://"))
		return signin;
	if (access->exec != NULL)
		signin->exec = execcred_new(access, clock);
	signin->token_read = signin->certificate_read = clock_mono(clock);
	copy_bytes(&signin->token, &access->token);
	copy_bytes(&signin->certificate, &access->certificate);
	copy_bytes(&signin->key, &access->key);
	make_header(signin);
	return signin;
}

void
signin_free(struct signin *signin)
{
	if (signin == NULL)
		return;
	execcred_free(signin->exec);
	buf_wipe(&signin->token);
	buf_wipe(&signin->header);
	buf_wipe(&signin->certificate);
	buf_wipe(&signin->key);
	free(signin);
}

static bool
is_signed(const struct signin *signin)
{
	return text_starts(signin->access->server, "https://");
}

/* A read that fails keeps the token that was there (§1.4). */
static void
read_token(struct signin *signin)
{
	struct buf fresh;

	signin->token_read = clock_mono(&signin->clock);
	buf_init(&fresh, 256 * BUF_KIB);
	if (accessuser_read_token(signin->access->token_file, &fresh, NULL) &&
	    copy_bytes(&signin->token, &fresh)) {
		signin->generation++;
		make_header(signin);
	}
	buf_wipe(&fresh);
}

/* Both or neither: a rotation that is half done is read again next time. */
static void
read_certificate(struct signin *signin)
{
	const struct access *access = signin->access;
	struct buf certificate, key;

	signin->certificate_read = clock_mono(&signin->clock);
	buf_init(&certificate, PEM_CAP);
	buf_init(&key, PEM_CAP);
	bool fine = access->certificate_file != NULL
			    ? file_read(access->certificate_file, PEM_CAP, &certificate, NULL)
			    : buf_add(&certificate, access->certificate.bytes,
				      access->certificate.length);
	fine = fine &&
	       (access->key_file != NULL ? file_read(access->key_file, PEM_CAP, &key, NULL)
					 : buf_add(&key, access->key.bytes, access->key.length));
	if (fine && certificate.length > 0 && key.length > 0) {
		bool changed = copy_bytes(&signin->certificate, &certificate);
		changed = copy_bytes(&signin->key, &key) || changed;
		if (changed) {
			signin->certificate_generation++;
			signin->generation++;
		}
	}
	buf_wipe(&certificate);
	buf_wipe(&key);
}

static void
read_files(struct signin *signin, bool now)
{
	const struct access *access = signin->access;
	int64_t mono = clock_mono(&signin->clock);

	if (access->token_file != NULL && (now || mono - signin->token_read >= TOKEN_REREAD))
		read_token(signin);
	if ((access->certificate_file != NULL || access->key_file != NULL) &&
	    (now || mono - signin->certificate_read >= CERTIFICATE_REREAD))
		read_certificate(signin);
}

static void
take_plugin_pass(struct signin *signin)
{
	const struct execcred_pass *given = execcred_pass(signin->exec);

	if (signin->generation == given->generation)
		return;
	signin->generation = given->generation;
	copy_bytes(&signin->token, &given->token);
	bool changed = copy_bytes(&signin->certificate, &given->certificate);
	changed = copy_bytes(&signin->key, &given->key) || changed;
	signin->certificate_generation += changed;
	make_header(signin);
}

enum signin_state
signin_ask(struct signin *signin, struct signin_pass *pass, struct err *err)
{
	*pass = (struct signin_pass){ .generation = signin->generation,
				      .certificate_generation = signin->certificate_generation };
	if (!is_signed(signin))
		return SIGNIN_READY;
	if (signin->exec != NULL) {
		enum execcred_state state = execcred_want(signin->exec, err);
		if (state != EXECCRED_READY)
			return state == EXECCRED_RUNNING ? SIGNIN_WAITING : SIGNIN_FAILED;
		take_plugin_pass(signin);
	} else
		read_files(signin, false);
	pass->authorization = signin->header.length > 0 ? signin->header.bytes : NULL;
	if (signin->certificate.length > 0) {
		pass->certificate = &signin->certificate;
		pass->key = &signin->key;
	}
	pass->generation = signin->generation;
	pass->certificate_generation = signin->certificate_generation;
	return SIGNIN_READY;
}

static const char *
refusal_advice(const struct access *access)
{
	if (access->exec != NULL)
		return "The plugin signs in as somebody this cluster does not know: sign in again "
		       "with its own tool.";
	if (access->token_file != NULL || access->token.length > 0)
		return "The token may have expired: make the kubeconfig anew, or pass a fresh "
		       "token.";
	if (access->certificate.length > 0)
		return "The client certificate may have expired or belong to another cluster.";
	if (access->basic.length > 0)
		return "Check the user name and the password.";
	return "The kubeconfig holds no credentials for this cluster.";
}

bool
signin_refused(struct signin *signin, uint64_t generation)
{
	if (!is_signed(signin))
		return false;
	if (signin->generation != generation)
		return true;
	if (signin->exec != NULL)
		return execcred_invalidate(signin->exec, generation);
	read_files(signin, true);
	return signin->generation != generation;
}

void
signin_rejected(struct signin *signin)
{
	if (signin->exec != NULL)
		execcred_rejected(signin->exec);
	err_set(&signin->refused, ERR_AUTH,
		"The cluster does not accept the credentials of user \"%s\". %s",
		signin->access->user, refusal_advice(signin->access));
}

void
signin_accepted(struct signin *signin)
{
	if (signin->exec != NULL)
		execcred_accepted(signin->exec);
	signin->refused.code = ERR_NONE;
}

void
signin_hurry(struct signin *signin)
{
	if (signin->exec != NULL)
		execcred_hurry(signin->exec);
	else if (is_signed(signin))
		read_files(signin, true);
}

enum transport_login
signin_login(const struct signin *signin)
{
	if (signin->exec == NULL || signin->access->exec->interactive == EXEC_NEVER)
		return LOGIN_NONE;
	return execcred_is_asking(signin->exec) ? LOGIN_RUNNING : LOGIN_POSSIBLE;
}

bool
signin_log_in(struct signin *signin, struct err *err)
{
	if (signin->exec == NULL)
		return err_set(err, ERR_INPUT,
			       "There is nobody to ask: user \"%s\" of the kubeconfig has no "
			       "credential plugin.",
			       signin->access->user);
	signin->refused.code = ERR_NONE;
	return execcred_ask_person(signin->exec, err);
}

void
signin_fds(const struct signin *signin, int fds[2], size_t *count)
{
	*count = 0;
	if (signin->exec != NULL)
		execcred_fds(signin->exec, fds, count);
}

int64_t
signin_step(struct signin *signin)
{
	return signin->exec != NULL ? execcred_step(signin->exec) : NEVER;
}

const char *
signin_problem(const struct signin *signin)
{
	const char *problem = signin->exec != NULL ? execcred_problem(signin->exec) : NULL;
	if (problem != NULL)
		return problem;
	return signin->refused.code != ERR_NONE ? signin->refused.text : NULL;
}
