#include "core/kube/http.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "core/base/die.h"
#include "core/kube/dispatch.h"
#include "core/kube/tools.h"

#define CONNECT_MOST 10L /* seconds */
#define KEPT_MOST    60L /* seconds a connection may be idle and still be used again */
#define LIVED_MOST   600L
#define KEPT_COUNT   4L
#define USER_TIMEOUT 45000u /* ms without a TCP acknowledgement (KUBERNETES §3.4) */
#define WAIT_MOST    (60 * SECOND)
#define WAIT_FDS     (2 + TOOLS_FDS) /* of a credential plugin, and of other programs */

/* What the library holds for one transfer. */
struct call {
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	char error[CURL_ERROR_SIZE];
};

struct http {
	struct clock clock;
	char *user_agent;
	CURLM *multi;
	struct dispatch dispatch;
	struct tools *tools;
};

/* The library's codes as faults, and whether nothing can have been acted on (KUBERNETES §4.10). */
static const struct code_row {
	CURLcode code;
	enum fault_kind kind;
	bool not_sent;
} code_rows[] = {
	{ CURLE_UNSUPPORTED_PROTOCOL, FAULT_ADDRESS, true },
	{ CURLE_URL_MALFORMAT, FAULT_ADDRESS, true },
	{ CURLE_COULDNT_RESOLVE_PROXY, FAULT_PROXY_NAME, true },
	{ CURLE_COULDNT_RESOLVE_HOST, FAULT_NAME, true },
	{ CURLE_COULDNT_CONNECT, FAULT_REFUSED, true },
	{ CURLE_SSL_CONNECT_ERROR, FAULT_TLS, true },
	{ CURLE_SSL_CERTPROBLEM, FAULT_CLIENT_CERTIFICATE, true },
	{ CURLE_PEER_FAILED_VERIFICATION, FAULT_TLS, true },
	{ CURLE_SSL_CACERT_BADFILE, FAULT_CA_FILE, true },
	{ CURLE_PROXY, FAULT_PROXY, true },
	{ CURLE_OPERATION_TIMEDOUT, FAULT_SLOW, false },
	{ CURLE_PARTIAL_FILE, FAULT_CUT, false },
	{ CURLE_GOT_NOTHING, FAULT_CUT, false },
	{ CURLE_SEND_ERROR, FAULT_RESET, false },
	{ CURLE_RECV_ERROR, FAULT_RESET, false },
};

bool
http_global_init(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const char *
http_library(void)
{
	const char *slash = strchr(curl_version(), '/');
	return slash != NULL ? slash + 1 : curl_version();
}

/* The list's strings hold the token. */
static void
wipe_list(struct curl_slist *list)
{
	for (struct curl_slist *item = list; item != NULL; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(list);
}

static void
call_end(struct transfer *t)
{
	struct call *call = t->call;

	if (call == NULL)
		return;
	curl_multi_remove_handle(t->http->multi, call->easy);
	curl_easy_cleanup(call->easy);
	wipe_list(call->headers);
	curl_slist_free_all(call->connect_to);
	free(call);
	t->call = NULL;
}

struct http *
http_new(const struct access *access, const struct clock *clock, const char *user_agent,
	 struct err *err)
{
	struct http *http = die_alloc(sizeof *http);

	if (!dispatch_init(&http->dispatch, access, clock, call_end, err)) {
		free(http);
		return NULL;
	}
	http->clock = *clock;
	http->user_agent = die_strdup(user_agent);
	http->tools = tools_new(clock);
	http->multi = curl_multi_init();
	if (http->multi == NULL)
		die("out of memory for the HTTP library");
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, KEPT_COUNT);
	return http;
}

void
http_watch(struct http *http, const struct access_options *options)
{
	dispatch_watch(&http->dispatch, options);
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	tools_free(http->tools);
	dispatch_release(&http->dispatch);
	curl_multi_cleanup(http->multi);
	free(http->user_agent);
	free(http);
}

static size_t
on_header(char *line, size_t size, size_t count, void *self)
{
	struct transfer *t = self;
	bool wanted = transfer_take_header(t, line, size * count, clock_mono(&t->http->clock));
	return wanted ? size * count : 0;
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *self)
{
	struct transfer *t = self;
	bool wanted = transfer_take_body(t, bytes, size * count, clock_mono(&t->http->clock));
	return wanted ? size * count : 0;
}

static int
on_socket(void *self, curl_socket_t fd, curlsocktype purpose)
{
	unsigned int milliseconds = USER_TIMEOUT;

	(void)self, (void)purpose;
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
	return CURL_SOCKOPT_OK;
}

/* One string of the list for each line. */
static void
set_headers(struct transfer *t, const struct signin_pass *pass, const char *host)
{
	struct buf lines;

	buf_init(&lines, 1 * BUF_MIB);
	transfer_headers(t, t->http->dispatch.access, pass->authorization, host, &lines);
	for (char *line = lines.bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		t->call->headers = curl_slist_append(t->call->headers, line);
	}
	buf_wipe(&lines);
	curl_easy_setopt(t->call->easy, CURLOPT_HTTPHEADER, t->call->headers);
}

static void
set_tls(struct transfer *t, const struct signin_pass *pass)
{
	const struct access *access = t->http->dispatch.access;
	CURL *easy = t->call->easy;

	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (t->where != TRANSPORT_CLUSTER)
		return;
	if (access->insecure) {
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (access->ca.length > 0) {
		/* Without these two the system's CAs would be trusted as well (KUBERNETES §0.3). */
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
		struct curl_blob ca = { access->ca.bytes, access->ca.length, CURL_BLOB_NOCOPY };
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &ca);
	}
	if (pass->certificate == NULL)
		return;
	struct curl_blob certificate = { pass->certificate->bytes, pass->certificate->length,
					 CURL_BLOB_COPY };
	struct curl_blob key = { pass->key->bytes, pass->key->length, CURL_BLOB_COPY };
	curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &certificate);
	curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &key);
}

/* Both always, so that the library does not read the environment by its own rules (§1.7). */
static void
set_proxy(struct transfer *t, const struct address *address)
{
	CURL *easy = t->call->easy;
	bool tls = strcmp(address->scheme, "https") == 0;

	transfer_find_proxy(t, t->http->dispatch.access, address);
	curl_easy_setopt(easy, CURLOPT_PROXY, t->proxy);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, tls ? 1L : 0L);
}

static bool
set_url(struct transfer *t, const struct signin_pass *pass, struct address *address)
{
	struct buf url, connect, host;

	buf_init(&url, 64 * BUF_KIB);
	buf_init(&connect, 2 * BUF_KIB);
	buf_init(&host, 1 * BUF_KIB);
	bool fine = transfer_url(t, t->http->dispatch.access, &t->http->dispatch.server, address,
				 &url, &connect, &host);
	if (fine)
		curl_easy_setopt(t->call->easy, CURLOPT_URL, url.bytes);
	if (fine && connect.length > 0) {
		t->call->connect_to = curl_slist_append(NULL, connect.bytes);
		curl_easy_setopt(t->call->easy, CURLOPT_CONNECT_TO, t->call->connect_to);
	}
	set_headers(t, pass, host.bytes);
	buf_release(&url);
	buf_release(&connect);
	buf_release(&host);
	return fine;
}

static void
set_times(struct transfer *t)
{
	CURL *easy = t->call->easy;
	int64_t whole = transfer_whole_time(t);

	if (whole > 0)
		curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
				 (long)((whole + MILLISECOND - 1) / MILLISECOND));
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_MOST);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 15L);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, KEPT_MOST);
	curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, LIVED_MOST);
	bool kept = dispatch_may_reuse(&t->http->dispatch, t);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, kept ? 0L : 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, t->mode == TRANSPORT_READ ? 0L : 1L);
}

static void
set_method(struct transfer *t)
{
	CURL *easy = t->call->easy;

	if (t->body != NULL) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, t->body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_length);
	}
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, t->method);
	if (t->mode == TRANSPORT_READ && strcmp(t->method, "GET") == 0 &&
	    !t->http->dispatch.access->disable_compression)
		curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
}

static void
set_common(struct transfer *t)
{
	CURL *easy = t->call->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, t->http->user_agent);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->call->error);
	curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
}

static void
fail(struct transfer *t, enum fault_kind kind, int64_t after, enum transport_sent sent)
{
	dispatch_broke(&t->http->dispatch, t, kind, t->call->error, after, sent);
}

static void
transfer_broke(struct transfer *t, CURLcode code)
{
	const struct code_row *row = NULL;
	curl_off_t pretransfer = 0;
	long connect_code = 0, verified = 0;

	for (size_t i = 0; i < sizeof code_rows / sizeof *code_rows && row == NULL; i++)
		if (code_rows[i].code == code)
			row = &code_rows[i];
	curl_easy_getinfo(t->call->easy, CURLINFO_PRETRANSFER_TIME_T, &pretransfer);
	curl_easy_getinfo(t->call->easy, CURLINFO_HTTP_CONNECTCODE, &connect_code);
	curl_easy_getinfo(t->call->easy, CURLINFO_SSL_VERIFYRESULT, &verified);
	enum fault_kind kind = row != NULL ? row->kind : FAULT_OTHER;
	bool not_sent = row != NULL && row->not_sent && pretransfer == 0;
	int64_t after = clock_mono(&t->http->clock) - t->began;

	if (t->too_large) {
		fail(t, FAULT_TOO_LARGE, after, SENT_YES);
		return;
	}
	if (code == CURLE_UNSUPPORTED_PROTOCOL && pretransfer > 0)
		kind = FAULT_NOT_HTTP;
	else if (code == CURLE_PEER_FAILED_VERIFICATION)
		kind = fault_of_verification(verified, t->call->error);
	else if (code == CURLE_OPERATION_TIMEDOUT && pretransfer == 0) {
		kind = FAULT_CONNECT_SLOW;
		not_sent = true;
	} else if (*t->proxy != '\0' &&
		   (code == CURLE_COULDNT_CONNECT || (connect_code != 0 && connect_code != 200))) {
		kind = FAULT_PROXY;
		not_sent = true;
	} else if ((code == CURLE_SSL_CONNECT_ERROR || code == CURLE_RECV_ERROR) &&
		   fault_is_about_certificate(t->call->error))
		kind = FAULT_CLIENT_REJECTED;
	fail(t, kind, after, not_sent ? SENT_NO : SENT_MAYBE);
}

static void
transfer_ended(struct transfer *t, CURLcode code)
{
	if (code != CURLE_OK && !transfer_has_enough(t))
		transfer_broke(t, code);
	else
		dispatch_answered(&t->http->dispatch, t);
}

static void
transfer_begin(struct transfer *t, const struct signin_pass *pass)
{
	struct address address;

	t->call = die_alloc(sizeof *t->call);
	t->call->easy = curl_easy_init();
	if (t->call->easy == NULL)
		die("out of memory for a request");
	set_common(t);
	if (!set_url(t, pass, &address)) {
		fail(t, FAULT_ADDRESS, 0, SENT_NO);
		return;
	}
	set_proxy(t, &address);
	set_tls(t, pass);
	set_times(t);
	set_method(t);
	curl_multi_add_handle(t->http->multi, t->call->easy);
}

static void
launch_waiting(struct http *http)
{
	struct signin_pass pass;
	struct transfer *t = NULL;

	while ((t = dispatch_next(&http->dispatch, t, &pass)) != NULL)
		transfer_begin(t, &pass);
}

/* Returns when it wants to be called again. */
static int64_t
drive(struct http *http)
{
	int running, left;
	CURLMsg *message;

	dispatch_step(&http->dispatch);
	launch_waiting(http);
	curl_multi_perform(http->multi, &running);
	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		char *self = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
		transfer_ended((struct transfer *)(void *)self, code);
	}
	/* What a 401 put back goes out before we sleep. */
	launch_waiting(http);
	int64_t due = dispatch_step(&http->dispatch);
	int64_t tools = tools_step(http->tools, http->dispatch.access, http->dispatch.signin);
	return tools < due ? tools : due;
}

static int64_t
http_start(void *self, const struct transport_request *request)
{
	struct http *http = self;
	struct transfer *t = dispatch_add(&http->dispatch, request);

	t->http = http;
	return t->id;
}

static int64_t
http_run(void *self, const struct transport_program *program)
{
	return tools_run(((struct http *)self)->tools, program);
}

static void
http_stop(void *self, int64_t id)
{
	tools_stop(((struct http *)self)->tools, id);
}

static void
http_cancel(void *self, int64_t id)
{
	struct http *http = self;

	if (!tools_cancel(http->tools, id))
		dispatch_cancel(&http->dispatch, id);
}

static bool
http_collect(void *self, struct transport_event *event)
{
	struct dispatch *dispatch = &((struct http *)self)->dispatch;
	struct transfer *t = transfer_with_event(dispatch->transfers);

	if (t == NULL)
		return tools_collect(((struct http *)self)->tools, event);
	transfer_event(t, event, clock_mono(&dispatch->clock));
	if (event->kind == TRANSPORT_DONE)
		transfer_free(transfer_unlink(&dispatch->transfers, t->id));
	return true;
}

static void
http_wait(void *self, int64_t deadline)
{
	struct http *http = self;
	struct curl_waitfd waits[WAIT_FDS];
	size_t count;
	int fds[WAIT_FDS], moved;

	int64_t due = drive(http), mono = clock_mono(&http->clock);
	if (transfer_with_event(http->dispatch.transfers) != NULL || tools_ended(http->tools))
		return;
	due = due < mono + WAIT_MOST ? due : mono + WAIT_MOST;
	if (deadline < due)
		due = deadline;
	signin_fds(http->dispatch.signin, fds, &count);
	count += tools_fds(http->tools, fds + count, WAIT_FDS - count);
	for (size_t i = 0; i < count; i++)
		waits[i] = (struct curl_waitfd){ .fd = fds[i], .events = CURL_WAIT_POLLIN };
	int64_t pause = due > mono ? (due - mono + MILLISECOND - 1) / MILLISECOND : 0;
	curl_multi_poll(http->multi, waits, (unsigned int)count, (int)pause, &moved);
	drive(http);
}

static void
http_wake(void *self)
{
	const struct http *http = self;
	curl_multi_wakeup(http->multi);
}

static void
http_refresh(void *self)
{
	struct http *http = self;

	dispatch_hurry(&http->dispatch);
}

static const char *
http_sign_in(void *self)
{
	const struct http *http = self;
	return dispatch_problem(&http->dispatch);
}

static enum transport_login
http_login(void *self)
{
	const struct http *http = self;
	return signin_login(http->dispatch.signin);
}

static bool
http_log_in(void *self, struct err *err)
{
	struct http *http = self;
	return signin_log_in(http->dispatch.signin, err);
}

static uint64_t
http_renewals(void *self)
{
	const struct http *http = self;
	return http->dispatch.renewals;
}

struct transport
http_transport(struct http *http)
{
	return (struct transport){
		.self = http,
		.start = http_start,
		.run = http_run,
		.stop = http_stop,
		.cancel = http_cancel,
		.collect = http_collect,
		.wait = http_wait,
		.wake = http_wake,
		.refresh = http_refresh,
		.sign_in = http_sign_in,
		.login = http_login,
		.log_in = http_log_in,
		.renewals = http_renewals,
	};
}
