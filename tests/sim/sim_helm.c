#include "tests/sim/sim_helm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/die.h"
#include "core/base/text.h"
#include "core/base/yaml.h"
#include "core/demo/inside.h"
#include "core/migrate/convert.h"

#define WORDS_MAX 256

struct words { /* of one run, taken apart; borrowed from argv */
	const char *verb, *name, *ns, *revision;
	bool dry;
	const char *const *argv;
};

static const char *
after(const char *const *argv, const char *option)
{
	for (size_t i = 0; argv[i] != NULL; i++)
		if (strcmp(argv[i], option) == 0 && argv[i + 1] != NULL)
			return argv[i + 1];
	return NULL;
}

static struct words
take_apart(const char *const *argv)
{
	bool get = strcmp(argv[1], "get") == 0, look = strcmp(argv[1], "list") == 0;
	struct words words = { .verb = argv[1], .ns = after(argv, "--namespace"), .argv = argv };

	words.name = look ? after(argv, "--filter") : argv[get ? 3 : 2];
	if (strcmp(words.verb, "rollback") == 0)
		words.revision = argv[3];
	for (size_t i = 0; argv[i] != NULL; i++)
		words.dry |= text_starts(argv[i], "--dry-run");
	return words;
}

static bool
is_verb(const struct words *words, const char *verb)
{
	return strcmp(words->verb, verb) == 0;
}

bool
sim_helm_writes(const char *const *argv)
{
	struct words words = take_apart(argv);

	return !words.dry && (is_verb(&words, "install") || is_verb(&words, "upgrade") ||
			      is_verb(&words, "uninstall") || is_verb(&words, "rollback"));
}

char *
sim_helm_path(const char *const *argv)
{
	struct words words = take_apart(argv);
	char path[400];

	snprintf(path, sizeof path, "/helm/releases/%s%s/%s/%s", words.verb,
		 words.dry ? "-dry" : "", words.ns, words.name);
	return die_strdup(path);
}

/* A filter is the name between "^" and "$", its dots escaped. */
static bool
is_named(const struct sim_release *release, const char *name)
{
	const char *have = release->name;

	name += *name == '^';
	for (; *have != '\0'; have++, name++) {
		name += *name == '\\';
		if (*name != *have)
			return false;
	}
	return *name == '\0' || strcmp(name, "$") == 0;
}

static struct sim_release *
find(struct sim *sim, const struct words *words)
{
	for (size_t i = 0; i < SIM_HELM_RELEASES; i++) {
		struct sim_release *release = &sim->helm->releases[i];

		if (*release->status != '\0' && strcmp(release->ns, words->ns) == 0 &&
		    is_named(release, words->name))
			return release;
	}
	return NULL;
}

static void
forget(struct sim_release *release)
{
	json_free(release->manifests);
	json_free(release->before);
	*release = (struct sim_release){ 0 };
}

static struct sim_release *
add(struct sim *sim, const char *ns, const char *name, const char *status)
{
	for (size_t i = 0; i < SIM_HELM_RELEASES; i++) {
		struct sim_release *release = &sim->helm->releases[i];

		if (*release->status != '\0')
			continue;
		snprintf(release->ns, sizeof release->ns, "%s", ns);
		snprintf(release->name, sizeof release->name, "%s", name);
		snprintf(release->status, sizeof release->status, "%s", status);
		release->revision = 1;
		release->manifests = json_new_array();
		return release;
	}
	die("More releases than the simulated helm holds.");
}

/* ---- objects ---- */

static int
send(struct sim *sim, const char *method, const struct json *object, const char *body)
{
	const char *version = json_string_at(object, "apiVersion"),
		   *name = json_string_at(object, "metadata.name"),
		   *ns = json_string_at(object, "metadata.namespace");
	enum kind kind = kind_of_object(version, json_string_at(object, "kind"));
	bool post = strcmp(method, "POST") == 0, patch = strcmp(method, "PATCH") == 0;
	char path[600];

	snprintf(path, sizeof path, "/api%s/%s%s%s/%s%s%s", strchr(version, '/') != NULL ? "s" : "",
		 version, kind_row(kind)->namespaced ? "/namespaces/" : "",
		 kind_row(kind)->namespaced ? ns : "", kind_row(kind)->resource, post ? "" : "/",
		 post ? "" : name);
	return sim_ask(sim, method, path,
		       post    ? "application/json"
		       : patch ? "application/merge-patch+json"
			       : NULL,
		       "Helm/3.19", body);
}

/* helm marks all it makes. */
static void
mark(struct json *object, const char *ns, const char *name)
{
	struct json *meta = json_get_mutable(object, "metadata");
	struct json *labels = json_get_mutable(meta, "labels"),
		    *notes = json_get_mutable(meta, "annotations");

	labels = labels != NULL ? labels : json_set_object(meta, "labels");
	notes = notes != NULL ? notes : json_set_object(meta, "annotations");
	json_set_string(labels, "app.kubernetes.io/managed-by", "Helm");
	json_set_string(notes, "meta.helm.sh/release-name", name);
	json_set_string(notes, "meta.helm.sh/release-namespace", ns);
}

static struct json *
pool_of(const struct words *words, const char *picker)
{
	static const char labels[] = "inferencePool.modelServers.matchLabels.";
	struct json *pool = json_new_object(), *meta, *spec, *match, *ref;

	json_set_string(pool, "apiVersion", GROUP_GA "/v1");
	json_set_string(pool, "kind", "InferencePool");
	meta = json_set_object(pool, "metadata");
	json_set_string(meta, "name", words->name);
	json_set_string(meta, "namespace", words->ns);
	spec = json_set_object(pool, "spec");
	match = json_set_object(json_set_object(spec, "selector"), "matchLabels");
	for (size_t i = 0; words->argv[i] != NULL; i++) {
		const char *word = words->argv[i], *value = strchr(word, '=');
		char key[200];

		if (!text_starts(word, labels) || value == NULL)
			continue;
		word += sizeof labels - 1;
		snprintf(key, sizeof key, "%.*s", (int)(value - word), word);
		json_set_string(match, key, value + 1);
	}
	json_set_integer(json_append(json_set_array(spec, "targetPorts"), json_new_object()),
			 "number", 8000);
	ref = json_set_object(spec, "endpointPickerRef");
	json_set_string(ref, "name", picker);
	json_set_integer(json_set_object(ref, "port"), "number", 9002);
	return pool;
}

static int
replicas_of(const struct words *words)
{
	static const char key[] = "inferenceExtension.replicas=";
	int replicas = 1;

	for (size_t i = 0; words->argv[i] != NULL; i++)
		if (text_starts(words->argv[i], key))
			replicas = atoi(words->argv[i] + sizeof key - 1);
	return replicas;
}

/* In helm's order: rights and settings, Service, Deployment, then other kinds. */
static struct json *
render(const struct words *words)
{
	struct json *list = json_new_array();
	struct arena arena;
	struct convert_picker picker = { .ns = words->ns, .ga = words->name };
	struct json *deployment;

	arena_init(&arena);
	picker.name = picker.cluster = convert_picker_name(words->name, &arena);
	for (const enum kind *kind = convert_parts(); *kind != KIND_COUNT; kind++)
		json_append(list, convert_part(&picker, *kind));
	deployment = convert_part(&picker, KIND_DEPLOYMENT);
	json_set_integer(json_get_mutable(deployment, "spec"), "replicas", replicas_of(words));
	json_append(list, deployment);
	json_append(list, pool_of(words, picker.name));
	arena_release(&arena);
	return list;
}

/* From `from` to before `to`; what is there already is brought to what it says. */
static bool
make(struct sim *sim, const struct sim_release *release, size_t from, size_t to)
{
	bool made = true;

	for (size_t i = from; i < to; i++) {
		struct json *object = json_clone(json_item(release->manifests, i));
		char *body;
		int status;

		mark(object, release->ns, release->name);
		body = json_text(object);
		status = send(sim, "POST", object, body);
		if (status == 409)
			status = send(sim, "PATCH", object, body);
		made = made && status / 100 == 2;
		free(body);
		json_free(object);
	}
	return made;
}

/* The other way round. */
static void
unmake(struct sim *sim, const struct sim_release *release, size_t from, size_t to)
{
	for (size_t i = to; i-- > from;)
		send(sim, "DELETE", json_item(release->manifests, i), NULL);
}

/* ---- runs ---- */

static void
say_no(struct transport_event *event, const char *words)
{
	event->sent = SENT_YES;
	buf_printf(&event->warnings, "Error: %s\n", words);
	err_set(&event->err, ERR_REJECTED, "helm ended with 1.");
}

/* Why it would not begin; NULL when it would. */
static const char *
refusal(struct sim *sim, const struct words *words, const struct sim_release *release)
{
	if (is_verb(words, "install")) {
		if (release != NULL)
			return "INSTALLATION FAILED: cannot re-use a name that is still in use";
		if (store_get(sim->demo->store, GROUP_CRD, "customresourcedefinitions", "",
			      "inferencepools." GROUP_GA) == NULL)
			return "INSTALLATION FAILED: unable to build kubernetes objects from "
			       "release manifest: no matches for kind \"InferencePool\"";
		return NULL;
	}
	if (release == NULL)
		return "uninstall: Release not loaded: release: not found";
	if (is_verb(words, "uninstall") && strcmp(release->status, "uninstalled") == 0)
		return "the release is already deleted";
	if (is_verb(words, "upgrade") && strcmp(release->status, "uninstalled") == 0)
		return "UPGRADE FAILED: it has no deployed releases";
	if (text_starts(release->status, "pending-") &&
	    (is_verb(words, "upgrade") || (is_verb(words, "rollback") && release->before == NULL)))
		return "another operation (install/upgrade/rollback) is in progress";
	return NULL;
}

static void
set_status(struct sim_release *release, const char *status)
{
	snprintf(release->status, sizeof release->status, "%s", status);
}

static bool
is_uninstall(const struct words *words)
{
	return is_verb(words, "uninstall");
}

bool
sim_helm_begin(struct sim *sim, const struct sim_call *call)
{
	struct words words = take_apart(call->argv);
	struct sim_release *release = find(sim, &words);
	size_t half;

	if (refusal(sim, &words, release) != NULL)
		return false;
	if (release == NULL) {
		release = add(sim, words.ns, words.name, "pending-install");
		json_free(release->manifests);
		release->manifests = render(&words);
	} else if (is_uninstall(&words)) {
		set_status(release, "uninstalling");
	} else if (is_verb(&words, "upgrade")) {
		json_free(release->before);
		release->before = release->manifests;
		release->manifests = render(&words);
		set_status(release, "pending-upgrade");
		release->revision++;
	} else {
		if (release->before != NULL) {
			json_free(release->manifests);
			release->manifests = json_clone(release->before);
		}
		set_status(release, "pending-rollback");
		release->revision++;
	}
	half = json_count(release->manifests) / 2;
	if (is_uninstall(&words))
		unmake(sim, release, half, json_count(release->manifests));
	else
		make(sim, release, 0, half);
	return true;
}

/* The second half. */
static void
end(struct sim *sim, const struct words *words, struct sim_release *release,
    struct transport_event *event)
{
	size_t count = json_count(release->manifests);
	bool keep = false;

	if (!is_uninstall(words)) {
		bool made = make(sim, release, count / 2, count);

		set_status(release, made ? "deployed" : "failed");
		if (made) {
			json_free(release->before);
			release->before = NULL;
		}
		if (!made)
			say_no(event, "an object was refused");
		return;
	}
	unmake(sim, release, 0, count / 2);
	for (size_t i = 0; words->argv[i] != NULL; i++)
		keep |= strcmp(words->argv[i], "--keep-history") == 0;
	if (keep)
		set_status(release, "uninstalled");
	else
		forget(release);
}

void
sim_helm_fail(struct sim *sim, const struct sim_call *call)
{
	struct words words = take_apart(call->argv);
	struct sim_release *release = find(sim, &words);

	if (release != NULL && !is_uninstall(&words))
		set_status(release, "failed");
}

static void
list(const struct sim_release *release, struct transport_event *event)
{
	buf_puts(&event->body, "[");
	if (release != NULL)
		buf_printf(&event->body,
			   "{\"name\":\"%s\",\"namespace\":\"%s\",\"revision\":\"%d\",\"status\":"
			   "\"%s\"}",
			   release->name, release->ns, release->revision, release->status);
	buf_puts(&event->body, "]\n");
}

static void
print_manifests(const struct json *manifests, struct buf *out)
{
	for (const struct json *c = json_first(manifests); c != NULL; c = json_next(c)) {
		buf_puts(out, "---\n");
		yaml_print(c, out);
	}
}

/* What it would make: as the whole release in JSON, or as YAML alone. */
static void
preview(const struct words *words, struct transport_event *event)
{
	struct json *manifests = render(words), *release = json_new_object();
	struct buf yaml;
	char *text;

	buf_init(&yaml, 4 * BUF_MIB);
	print_manifests(manifests, &yaml);
	json_set_string(release, "manifest", yaml.bytes);
	text = json_text(release);
	buf_puts(&event->body, words->dry ? text : yaml.bytes);
	free(text);
	buf_release(&yaml);
	json_free(release);
	json_free(manifests);
}

static void
ask(struct sim *sim, const struct words *words, struct transport_event *event)
{
	struct sim_release *release = find(sim, words);
	const char *no = words->dry ? refusal(sim, words, release) : NULL;

	if (strcmp(words->verb, "list") == 0)
		list(release, event);
	else if (no != NULL)
		say_no(event, no);
	else if (strcmp(words->verb, "get") != 0)
		preview(words, event);
	else if (release == NULL)
		say_no(event, "release: not found");
	else
		print_manifests(release->manifests, &event->body);
}

void
sim_helm_run(struct sim *sim, struct sim_call *call, struct transport_event *event)
{
	struct words words = take_apart(call->argv);
	const char *no;

	event->sent = SENT_YES;
	if (!call->write) {
		ask(sim, &words, event);
		return;
	}
	no = call->begun ? NULL : refusal(sim, &words, find(sim, &words));
	if (no != NULL) {
		say_no(event, no);
		return;
	}
	if (!call->begun)
		sim_helm_begin(sim, call);
	end(sim, &words, find(sim, &words), event);
	buf_printf(&event->body, "release \"%s\" %sed\n", words.name, words.verb);
}

/* ---- as a part of the world ---- */

static void
adopt(struct sim *sim, struct sim_release *release, const char *group, const char *resource,
      const char *name)
{
	const struct store_object *object =
		store_get(sim->demo->store, group, resource, release->ns, name);
	struct json *whole, *marks;
	char path[400], *body;

	if (object == NULL)
		return;
	whole = sim_sanitised(store_value(sim->demo->store, object));
	mark(whole, release->ns, release->name);
	marks = json_new_object();
	json_set(json_set_object(marks, "metadata"), "annotations",
		 json_clone(json_at(whole, "metadata.annotations")));
	json_set(json_get_mutable(marks, "metadata"), "labels",
		 json_clone(json_at(whole, "metadata.labels")));
	body = json_text(marks);
	snprintf(path, sizeof path, "/api%s/%s/namespaces/%s/%s/%s", *group != '\0' ? "s" : "",
		 json_string_at(whole, "apiVersion"), release->ns, resource, name);
	if (sim_send(sim, "PATCH", path, "application/merge-patch+json", body) != 200)
		die("%s could not be given to a release.", path);
	free(body);
	json_free(marks);
	json_append(release->manifests, whole);
}

void
sim_helm_adopt(struct sim *sim, const char *ns, const char *pool, const char *picker)
{
	struct sim_release *release = add(sim, ns, pool, "deployed");

	adopt(sim, release, "", "services", picker);
	adopt(sim, release, "apps", "deployments", picker);
	adopt(sim, release, GROUP_ALPHA, "inferencepools", pool);
}

void
sim_helm_release(struct sim_helm *helm)
{
	for (size_t i = 0; i < SIM_HELM_RELEASES; i++) {
		json_free(helm->releases[i].manifests);
		json_free(helm->releases[i].before);
	}
}

bool
sim_release_is_half(const struct sim *sim)
{
	for (size_t i = 0; i < SIM_HELM_RELEASES; i++) {
		const char *status = sim->helm->releases[i].status;

		if (*status != '\0' && strcmp(status, "deployed") != 0 &&
		    strcmp(status, "uninstalled") != 0)
			return true;
	}
	return false;
}

void
sim_helm_print(const struct sim_helm *helm, struct buf *out)
{
	for (size_t i = 0; i < SIM_HELM_RELEASES; i++)
		if (*helm->releases[i].status != '\0')
			buf_printf(out, "--- helm %s/%s %s\n", helm->releases[i].ns,
				   helm->releases[i].name, helm->releases[i].status);
}
