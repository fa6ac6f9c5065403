#include "core/base/clock.h"
#include "tui/plain/checks_text.h"
#include "tui/plain/cmd.h"
#include "tui/plain/follow.h"
#include "tui/plain/page.h"
#include "tui/plain/status_json.h"

static void
verify_json(struct buf *page, const struct snapshot *snapshot, const struct settings *settings)
{
	const struct verification *verification = &snapshot->verification;
	const struct probe_view *probe = &verification->probe;
	struct jsonout out = { .buf = page };

	status_json_head(&out, "Verification", snapshot, settings);
	jsonout_bool(&out, "ok", verification->ok);
	jsonout_open(&out, "checks", '[');
	for (size_t i = 0; i < verification->check_count; i++) {
		const struct check *check = &verification->checks[i];
		jsonout_open(&out, NULL, '{');
		jsonout_string(&out, "name", check->name);
		jsonout_string(&out, "object", check->object);
		jsonout_bool(&out, "ok", check->ok);
		jsonout_string(&out, "detail", check->detail);
		jsonout_close(&out, '}');
	}
	jsonout_close(&out, ']');
	if (!verification->probed) {
		jsonout_null(&out, "probe");
	} else {
		jsonout_open(&out, "probe", '{');
		jsonout_string(&out, "url", probe->url);
		jsonout_integer(&out, "status", probe->status);
		jsonout_integer(&out, "milliseconds", probe->latency / MILLISECOND);
		jsonout_text(&out, "servedBy", probe->served_by);
		jsonout_text(&out, "error", probe->error);
		jsonout_close(&out, '}');
	}
	jsonout_close(&out, '}');
	buf_putc(page, '\n');
}

int
cmd_verify(struct options *options)
{
	const struct command command = { .kind = COMMAND_VERIFY,
					 .step = STEP_VERIFY,
					 .goal = PPM_UNKNOWN };
	struct follow follow;
	struct buf page;
	int code = follow_open(&follow, options);

	buf_init(&page, PAGE_CAP);
	if (code != 0)
		goto out;
	if (follow.snapshot->plan.nothing_to_migrate && !follow.snapshot->plan.ever_migrated) {
		page_say("There is nothing to migrate, and so nothing to verify.");
		code = 4;
		goto out;
	}
	code = follow_command(&follow, &command);
	if (!follow.snapshot->verification.ran)
		goto out;
	if (options->output == OUTPUT_JSON)
		verify_json(&page, follow.snapshot, &options->settings);
	else
		checks_text(&page, &follow.snapshot->verification);
	int printed = page_print(&page, stdout);
	code = code != 0 ? code : printed;
out:
	buf_release(&page);
	follow_close(&follow);
	return code;
}
