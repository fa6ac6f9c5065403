/* Every pane, dialog and page at five sizes: the text, then the letters of the roles, each in a
 * file of its own in tests/golden. UPDATE_GOLDEN=1 writes them anew. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "tests/golden/scene.h"
#include "tui/screen/grid.h"
#include "tui/screen/ui.h"

struct golden {
	const char *name;
	struct snapshot *(*make)(const struct settings *settings);
	const char *keys;                        /* blanks between; pressed 1 s apart */
	void (*then)(struct snapshot *snapshot); /* what comes after the keys */
	bool ascii;
	const char *more; /* keys after that */
	enum path path;
};

static struct snapshot *
shift_at_25(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_SHIFT, 250000);

	scene_journal(snapshot);
	return snapshot;
}

static struct snapshot *
before_all(const struct settings *settings)
{
	return scene_classic(settings, STEP_CRDS, 0);
}

static struct snapshot *
before_objectives(const struct settings *settings)
{
	return scene_classic(settings, STEP_OBJECTIVES, 0);
}

static struct snapshot *
all_done(const struct settings *settings)
{
	return scene_classic(settings, STEP_COUNT, PPM_ALL);
}

static struct snapshot *
not_served(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_ATTACH, 0);

	scene_block(snapshot, STEP_ATTACH,
		    "the controller does not serve inference.networking.k8s.io; taken back after "
		    "0.2 s, no traffic had moved",
		    "HTTPRoute default/llm-route (gateway.networking.k8s.io)  ResolvedRefs=False  "
		    "InvalidKind \"referencing "
		    "unsupported backendRef\" by istio.io/gateway",
		    "use a controller that serves the GA group; details with d, what was written "
		    "with J");
	return snapshot;
}

static struct snapshot *
network_died(const struct settings *settings)
{
	struct snapshot *snapshot = shift_at_25(settings);

	scene_silence(snapshot, 14);
	return snapshot;
}

static struct snapshot *
pending(const struct settings *settings)
{
	struct snapshot *snapshot = shift_at_25(settings);

	scene_pending(snapshot);
	return snapshot;
}

static struct snapshot *
forbidden(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_CRDS, 0);

	snapshot->link.state = LINK_FORBIDDEN;
	snapshot->link.text = "list httproutes in all namespaces";
	snapshot->view[KIND_ROUTE].state = VIEW_FORBIDDEN;
	snapshot->locked = true;
	snapshot->locked_why = "list httproutes.gateway.networking.k8s.io is forbidden to viewer "
			       "in all namespaces";
	return snapshot;
}

static struct snapshot *
starting(const struct settings *settings)
{
	return ui_first_snapshot("gke_prod_us-central1_inf", "https://10.0.0.1", settings);
}

static struct snapshot *
crowd(const struct settings *settings)
{
	return scene_crowd(settings, 40);
}

static struct snapshot *
hostile(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_CRDS, 0);
	struct pair *pair = scene_pair(snapshot, 0);

	pair->alpha = "\x1b]0;owned\x07\x1b[2Jpool\r\n\t\xe2\x80\xae!";
	pair->ns = "日本語\x9b";
	snapshot->link.context = "\x1b[31mred\xff";
	return snapshot;
}

static struct snapshot *
creating(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_POOL, 0);

	scene_run(snapshot, STEP_POOL, RUN_SETTLING,
		  "waiting for Deployment default/vllm-llama3-8b-ga-epp to become available");
	return snapshot;
}

static struct snapshot *
final(const struct settings *settings)
{
	return scene_classic(settings, STEP_REMOVE_CRDS, PPM_ALL);
}

static struct snapshot *
checked(const struct settings *settings)
{
	struct snapshot *snapshot = shift_at_25(settings);

	scene_checks(snapshot);
	scene_losses(snapshot);
	return snapshot;
}

static struct snapshot *
frozen(const struct settings *settings)
{
	struct snapshot *snapshot = shift_at_25(settings);

	scene_frozen(snapshot);
	return snapshot;
}

static struct snapshot *
held(const struct settings *settings)
{
	struct snapshot *snapshot = shift_at_25(settings);

	scene_held(snapshot);
	return snapshot;
}

static struct snapshot *
to_choose(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_CRDS, 0);

	scene_choices(snapshot);
	scene_losses(snapshot);
	scene_rights(snapshot);
	scene_block(
		snapshot, STEP_POOL,
		"it is kept by Argo CD (llm-routes), which puts a change back unless it is made "
		"at the source",
		"HTTPRoute default/llm-route (gateway.networking.k8s.io)",
		"commit what it shall be, poolshift plan -o yaml prints it, or go on knowingly: "
		"--force-managed");
	return snapshot;
}

static struct snapshot *
down(const struct settings *settings)
{
	struct snapshot *snapshot = scene_classic(settings, STEP_POOL, 0);

	scene_pair(snapshot, 0)->alpha_uid = "";
	scene_down(snapshot, 42);
	return snapshot;
}

static struct snapshot *
before_detach(const struct settings *settings)
{
	return scene_classic(settings, STEP_DETACH, 0);
}

static void
preview_of_50(struct snapshot *snapshot)
{
	scene_preview_shift(snapshot, 500000);
}

static const struct golden goldens[] = {
	{ "starting", starting, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "fresh", scene_fresh, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-new", before_all, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-pool-made", before_objectives, "3", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-creating", creating, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-shift", shift_at_25, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-shift-ascii", shift_at_25, "", NULL, true, "", PATH_ZERO_DOWNTIME },
	{ "classic-wanted", shift_at_25, "Right L L", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-typed", shift_at_25, "5 3 3 . 5", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "classic-done", all_done, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "migration", shift_at_25, "6 6", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "not-served", not_served, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "network-died", network_died, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "forbidden", forbidden, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "crowd", crowd, "End", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "crowd-filter", crowd, "/ t e a m - 0 3", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "hostile", hostile, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "asking", shift_at_25, "= 5 0 Enter", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "preview", shift_at_25, "= 5 0 Enter", preview_of_50, false, "", PATH_ZERO_DOWNTIME },
	{ "preview-diff", shift_at_25, "= 5 0 Enter", preview_of_50, false, "d",
	  PATH_ZERO_DOWNTIME },
	{ "final", final, "X", scene_preview_final, false, "g k e _ p", PATH_ZERO_DOWNTIME },
	{ "abort", shift_at_25, "A", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "watch", shift_at_25, "w", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "journal", shift_at_25, "J", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "help", shift_at_25, "?", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "details", shift_at_25, "2 d", scene_detail, false, "", PATH_ZERO_DOWNTIME },
	{ "checks", checked, "v", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "report", checked, "R", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "frozen", frozen, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "freeze", shift_at_25, "f i n c i d e n t Enter", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "unfreeze", frozen, "f", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "pending", pending, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "lease-held", held, "", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "choices", to_choose, "e Down", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "choices-priority", to_choose, "3 e Enter", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "plan", to_choose, "p", NULL, false, "", PATH_ZERO_DOWNTIME },
	{ "losses", to_choose, "o", NULL, true, "", PATH_ZERO_DOWNTIME },
	{ "detach", before_detach, "E", scene_preview_detach, false, "", PATH_SIMPLE },
	{ "simple-down", down, "", NULL, false, "", PATH_SIMPLE },
	{ "command", shift_at_25, ": s t e p Space a t Tab", NULL, false, "", PATH_ZERO_DOWNTIME },
};

static const struct {
	int columns, rows;
} sizes[] = { { 80, 24 }, { 120, 40 }, { 160, 50 }, { 40, 12 }, { 20, 6 } };

static void
press_all(struct ui *ui, const struct snapshot *snapshot, const char *keys, int64_t *now)
{
	char key[32];
	struct press press;
	struct command command;

	while (*keys != '\0') {
		int length = (int)strcspn(keys, " ");

		snprintf(key, sizeof(key), "%.*s", length, keys);
		keys += length + (keys[length] == ' ');
		assert_true(press_parse(key, &press));
		*now += MILLISECOND;
		ui_tick(ui, *now, SCENE_WALL);
		if (ui_handle(ui, snapshot, &press, &command) == ANSWER_COMMAND)
			ui_sent(ui, 1);
	}
}

static void
draw(const struct golden *golden, int columns, int rows, struct buf *out)
{
	struct settings settings = settings_default();
	struct ui_options options = { .settings = &settings };
	struct ui *ui = ui_new(&options, NULL);
	struct snapshot *snapshot;
	struct grid grid;
	int64_t now = SCENE_MONO;

	settings.path = golden->path;
	snapshot = golden->make(&settings);
	ui_resize(ui, columns, rows);
	ui_tick(ui, now, SCENE_WALL);
	ui_see(ui, snapshot);
	press_all(ui, snapshot, golden->keys, &now);
	if (golden->then != NULL)
		golden->then(snapshot);
	ui_see(ui, snapshot);
	press_all(ui, snapshot, golden->more, &now);
	grid_init(&grid, columns, rows, golden->ascii);
	ui_draw(ui, snapshot, &grid);
	buf_printf(out, "== %s %dx%d\n", golden->name, columns, rows);
	grid_text(&grid, out);
	buf_puts(out, "-- roles\n");
	grid_letters(&grid, out);
	grid_release(&grid);
	snapshot_free(snapshot);
	ui_free(ui);
}

static const char *
folder(void)
{
	const char *source = getenv("srcdir");
	static char path[1000];

	snprintf(path, sizeof(path), "%s/tests/golden",
		 source == NULL || source[0] == '\0' ? "." : source);
	return path;
}

static void
screens_look_as_their_goldens(void **state)
{
	int different = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		struct buf out, old;
		char path[1200];

		buf_init(&out, 4 * BUF_MIB);
		buf_init(&old, 4 * BUF_MIB);
		for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++)
			draw(&goldens[i], sizes[k].columns, sizes[k].rows, &out);
		snprintf(path, sizeof(path), "%s/%s.txt", folder(), goldens[i].name);
		if (getenv("UPDATE_GOLDEN") != NULL) {
			FILE *file = fopen(path, "w");

			assert_non_null(file);
			assert_int_equal(fwrite(out.bytes, 1, out.length, file), out.length);
			fclose(file);
		} else if (!file_read(path, 4 * BUF_MIB, &old, NULL) ||
			   strcmp(old.bytes, out.bytes) != 0) {
			print_message("%s differs; now it is:\n%s", path, out.bytes);
			different++;
		}
		buf_release(&old);
		buf_release(&out);
	}
	assert_int_equal(different, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(screens_look_as_their_goldens) };

	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests_name("golden", tests, NULL, NULL);
}
