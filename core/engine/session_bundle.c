/* A bundle of CRDs from wherever the person says it is, as one text. */
#include <string.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/session.h"
#include "core/kube/http.h"
#include "core/migrate/bundle.h"

#define URL_TIMEOUT (60 * SECOND)

static bool
is_loopback(const char *url)
{
	static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]" };
	const char *host = strstr(url, "://") + strlen("://");

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		if (text_starts(host, hosts[i]) && strchr(":/", host[strlen(hosts[i])]) != NULL)
			return true;
	return false;
}

static bool
take(const char *url, const struct transport_event *event, struct buf *out, struct err *err)
{
	if (event->err.code != ERR_NONE)
		return err_set(err, event->err.code, "The bundle %s cannot be read: %s", url,
			       event->err.text);
	if (event->status >= 300 && event->status < 400)
		return err_set(err, ERR_INPUT,
			       "The bundle %s is somewhere else (HTTP %d), and no redirect is "
			       "followed. Download it and give "
			       "the file: --bundle FILE.",
			       url, event->status);
	if (event->status != 200)
		return err_set(err, ERR_INPUT,
			       "The bundle %s cannot be read: HTTP %d. Look at the address, or "
			       "give a file.",
			       url, event->status);
	return buf_add(out, event->body.bytes, event->body.length) ||
	       err_set(err, ERR_INPUT, "The bundle %s is larger than 8 MiB.", url);
}

/* Nothing of a cluster goes along: the transport's own address is never asked. */
static bool
read_url(const char *url, struct buf *out, struct err *err)
{
	struct access nobody = {
		.server = "https://localhost", .context = "", .cluster = "", .user = "", .ns = ""
	};
	struct clock clock = clock_system();
	struct http *http = http_new(&nobody, &clock, "poolshift", err);
	struct transport_request request = {
		.where = TRANSPORT_OUTSIDE,
		.mode = TRANSPORT_READ,
		.method = "GET",
		.path = url,
		.accept = "*/*",
		.cap = BUNDLE_MAX,
		.timeout = URL_TIMEOUT,
	};
	struct transport_event event;
	bool taken = false, done = false;

	if (http == NULL)
		return false;
	struct transport transport = http_transport(http);
	int64_t deadline = clock_mono(&clock) + URL_TIMEOUT + 5 * SECOND;
	transport.start(transport.self, &request);
	while (!done && clock_mono(&clock) < deadline) {
		transport.wait(transport.self, deadline);
		while (!done && transport.collect(transport.self, &event)) {
			done = event.kind == TRANSPORT_DONE;
			if (done)
				taken = take(url, &event, out, err);
			transport_event_release(&event);
		}
	}
	if (!done)
		err_set(err, ERR_NETWORK, "The bundle %s did not come within 60 s.", url);
	http_free(http);
	return taken;
}

static bool
read_folder(const char *folder, struct buf *out, struct err *err)
{
	static const char *const suffixes[] = { ".yaml", ".yml", ".json" };
	size_t files = 0;
	bool whole = true;

	for (size_t s = 0; whole && s < sizeof suffixes / sizeof *suffixes; s++) {
		char **names;
		size_t count;

		if (!file_list(folder, suffixes[s], &names, &count, err))
			return false;
		for (size_t i = 0; whole && i < count; i++, files++) {
			struct buf path, text;

			buf_init(&path, 8 * BUF_KIB);
			buf_init(&text, BUNDLE_MAX);
			buf_printf(&path, "%s/%s", folder, names[i]);
			whole = file_read(path.bytes, BUNDLE_MAX, &text, err);
			if (whole &&
			    (!buf_puts(out, "---\n") || !buf_add(out, text.bytes, text.length) ||
			     !buf_puts(out, "\n")))
				whole = err_set(err, ERR_INPUT,
						"The bundle %s is larger than 8 MiB.", folder);
			buf_release(&path);
			buf_release(&text);
		}
		file_list_free(names, count);
	}
	if (whole && files == 0)
		return err_set(err, ERR_INPUT,
			       "The folder %s holds no .yaml, .yml or .json file to be a bundle.",
			       folder);
	return whole;
}

bool
session_read_bundle(const char *where, struct buf *out, struct err *err)
{
	if (text_starts(where, "https://"))
		return read_url(where, out, err);
	if (text_starts(where, "http://")) {
		if (is_loopback(where))
			return read_url(where, out, err);
		return err_set(err, ERR_INPUT,
			       "The bundle %s would come unprotected; use https, or a file.",
			       where);
	}
	if (file_is_folder(where))
		return read_folder(where, out, err);
	return file_read(where, BUNDLE_MAX, out, err);
}
