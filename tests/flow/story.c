#include "tests/flow/story.h"

#include "core/base/diff.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/migrate/intent.h"

void
story_expect(struct flow *flow, const struct outcome *outcome, int exit, const char *text_has)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	if (outcome != NULL && outcome->exit == exit && text_contains(outcome->text, text_has))
		return;
	for (size_t i = 0; snapshot != NULL && i < snapshot->event_count; i++)
		print_message("    %s\n", snapshot->events[i].text);
	if (snapshot != NULL)
		print_message("    link %d %s, run %d %s, locked: %s\n", snapshot->link.state,
			      snapshot->link.text, snapshot->run.phase, snapshot->run.text,
			      snapshot->locked_why);
	if (outcome == NULL)
		fail_msg("no outcome%s", flow_killed(flow) ? ": killed" : "");
	fail_msg("exit %d \"%s\", expected %d with \"%s\"", outcome->exit, outcome->text, exit,
		 text_has);
}

bool
story_exists(struct flow *flow, const char *path)
{
	struct json *json = flow_get(flow, path);
	bool exists = json != NULL;

	json_free(json);
	return exists;
}

static const char *const lists[] = {
	ALPHA_API "/inferencepools",
	ALPHA_API "/inferencemodels",
	ALPHA_API "/inferenceobjectives",
	GA_API "/inferencepools",
	"/apis/gateway.networking.k8s.io/v1/httproutes",
	"/apis/apps/v1/deployments",
	"/api/v1/services",
	"/api/v1/serviceaccounts",
	"/api/v1/configmaps",
	"/apis/rbac.authorization.k8s.io/v1/roles",
	"/apis/rbac.authorization.k8s.io/v1/rolebindings",
	"/apis/rbac.authorization.k8s.io/v1/clusterroles",
	"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
};

char *
story_cluster(struct flow *flow)
{
	struct buf out;

	buf_init(&out, 16 * BUF_MIB);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct json *list = flow_get(flow, lists[i]);
		for (const struct json *c = json_first(json_get(list, "items")); c != NULL;
		     c = json_next(c)) {
			struct json *whole = intent_sanitised(c);
			/* A Service made again gets a new address, as on any cluster. */
			json_remove(json_get_mutable(whole, "spec"), "clusterIP");
			json_remove(json_get_mutable(whole, "spec"), "clusterIPs");
			buf_printf(&out, "--- %s\n", lists[i]);
			yaml_print_sorted(whole, &out);
			json_free(whole);
		}
		json_free(list);
	}
	for (size_t i = 0; i < 2; i++)
		buf_printf(&out, "%s %d\n", i == 0 ? ALPHA_CRD : MODEL_CRD,
			   story_exists(flow, i == 0 ? ALPHA_CRD : MODEL_CRD));
	char *text = buf_take(&out);
	buf_release(&out);
	return text;
}

void
story_same(const char *after, const char *before)
{
	struct buf diff;

	buf_init(&diff, 1 * BUF_MIB);
	if (strcmp(after, before) != 0) {
		diff_unified(&diff, "before", before, "after", after);
		fail_msg("the cluster is not as it was:\n%s", diff.bytes);
	}
	buf_release(&diff);
}

void
story_finished(struct flow *flow)
{
	assert_string_equal(flow_weights(flow), "ga 100");
	assert_false(story_exists(flow, ALPHA_CRD));
	assert_false(story_exists(flow, MODEL_CRD));
	assert_true(
		story_exists(flow, CRD_PATH "inferenceobjectives.inference.networking.x-k8s.io"));
	assert_true(story_exists(flow, GA_API
				 "/namespaces/default/inferencepools/vllm-llama3-8b-instruct-ga"));
}

void
story_no_open_write(struct flow *flow)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	assert_non_null(snapshot);
	for (size_t i = 0; i < snapshot->journal_count; i++)
		if (strstr(snapshot->journal[i].text, "no answer yet") != NULL)
			fail_msg("%s", snapshot->journal[i].text);
}

void
story_no_failed_write(struct flow *flow)
{
	const struct snapshot *snapshot = flow_snapshot(flow);

	assert_non_null(snapshot);
	for (size_t i = 0; i < snapshot->journal_count; i++)
		if (!snapshot->journal[i].ok)
			fail_msg("%s", snapshot->journal[i].text);
}

struct command
story_command(enum command_kind kind, enum step_id step, const char *pair)
{
	return (struct command){ .kind = kind, .step = step, .pair = pair, .goal = PPM_UNKNOWN };
}
