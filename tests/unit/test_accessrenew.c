#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/kube/accessrenew.h"

#define CONFIG(current, server, more)                                      \
	"current-context: " current "\n"                                   \
	"contexts:\n"                                                      \
	"- {name: one, context: {cluster: c, user: u, namespace: food}}\n" \
	"- {name: two, context: {cluster: d, user: u}}\n"                  \
	"clusters:\n"                                                      \
	"- {name: c, cluster: {server: \"" server "\"" more "}}\n"         \
	"- {name: d, cluster: {server: \"https://d\"}}\n"                  \
	"users: [{name: u, user: {token: t}}]\n"
#define PEM(letter) "-----BEGIN CERTIFICATE-----\n" letter "AAA\n-----END CERTIFICATE-----\n"

struct desk {
	char folder[64], config[128], ca[128];
	struct access_options options;
	struct access first;
	struct accessrenew *renew;
};

static void
put(const char *path, const char *text)
{
	assert_true(file_write(path, text, strlen(text), NULL));
}

static void
open_desk(struct desk *desk, const char *text)
{
	*desk = (struct desk){ .folder = "/tmp/test_accessrenew.XXXXXX" };
	assert_non_null(mkdtemp(desk->folder));
	snprintf(desk->config, sizeof desk->config, "%s/config", desk->folder);
	snprintf(desk->ca, sizeof desk->ca, "%s/ca.crt", desk->folder);
	put(desk->ca, PEM("A"));
	put(desk->config, text);
	desk->options.kubeconfig = desk->config;
	assert_true(access_load(&desk->first, &desk->options, NULL));
	desk->renew = accessrenew_new(&desk->first, &desk->options);
}

static void
close_desk(struct desk *desk)
{
	accessrenew_free(desk->renew);
	access_release(&desk->first);
	unlink(desk->config);
	unlink(desk->ca);
	rmdir(desk->folder);
}

static void
a_rewritten_kubeconfig_is_read_again_once(void **state)
{
	struct desk desk;

	(void)state;
	open_desk(&desk, CONFIG("one", "https://a", ""));
	assert_null(accessrenew_look(desk.renew));
	put(desk.config, CONFIG("one", "https://b", ""));
	assert_string_equal(accessrenew_look(desk.renew)->server, "https://b");
	assert_null(accessrenew_look(desk.renew));
	put(desk.config, CONFIG("one", "https://c", ""));
	assert_string_equal(accessrenew_look(desk.renew)->server, "https://c");
	close_desk(&desk);
}

static void
another_current_context_in_the_file_changes_nothing_here(void **state)
{
	struct desk desk;
	const struct access *fresh;

	(void)state;
	open_desk(&desk, CONFIG("one", "https://a", ""));
	put(desk.config, CONFIG("two", "https://a", ""));
	fresh = accessrenew_look(desk.renew);
	assert_string_equal(fresh->context, "one");
	assert_string_equal(fresh->server, "https://a");
	assert_string_equal(fresh->ns, "food");
	close_desk(&desk);
}

static void
a_kubeconfig_half_written_is_told_and_not_used(void **state)
{
	struct desk desk;

	(void)state;
	open_desk(&desk, CONFIG("one", "https://a", ""));
	put(desk.config, "contexts: [");
	assert_null(accessrenew_look(desk.renew));
	assert_non_null(strstr(accessrenew_problem(desk.renew),
			       "The kubeconfig was changed, and what it says now cannot be used"));
	put(desk.config, CONFIG("one", "https://b", ""));
	assert_string_equal(accessrenew_look(desk.renew)->server, "https://b");
	assert_null(accessrenew_problem(desk.renew));
	close_desk(&desk);
}

static void
a_ca_file_that_was_replaced_is_read_again(void **state)
{
	struct desk desk;

	(void)state;
	open_desk(&desk, CONFIG("one", "https://a", ", certificate-authority: ca.crt"));
	assert_string_equal(desk.first.ca.bytes, PEM("A"));
	put(desk.ca, PEM("B"));
	assert_string_equal(accessrenew_look(desk.renew)->ca.bytes, PEM("B"));
	close_desk(&desk);
}

static void
a_text_has_no_file_that_could_change(void **state)
{
	struct access_options options = { .text = CONFIG("one", "https://a", "") };
	struct access first;
	struct accessrenew *renew;

	(void)state;
	assert_true(access_load(&first, &options, NULL));
	renew = accessrenew_new(&first, &options);
	assert_null(accessrenew_look(renew));
	accessrenew_free(renew);
	access_release(&first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rewritten_kubeconfig_is_read_again_once),
		cmocka_unit_test(another_current_context_in_the_file_changes_nothing_here),
		cmocka_unit_test(a_kubeconfig_half_written_is_told_and_not_used),
		cmocka_unit_test(a_ca_file_that_was_replaced_is_read_again),
		cmocka_unit_test(a_text_has_no_file_that_could_change),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
