#include "core/kube/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/die.h"
#include "core/base/text.h"
#include "core/kube/proxyenv.h"

#define WRITE_MOST      (40 * SECOND)
#define READ_MOST       (60 * SECOND)
#define READ_SILENCE    (30 * SECOND)
#define STREAM_SILENCE  (150 * SECOND)
#define ERROR_BODY_CAP  (64 * BUF_KIB)
#define ERROR_BODY_MOST (1 * BUF_MIB)
#define PROXY_CAP       (4 * BUF_KIB)

struct transfer *
transfer_new(const struct transport_request *request, int64_t id, int64_t mono)
{
	struct transfer *t = die_alloc(sizeof *t);

	t->id = id;
	t->where = request->where;
	t->mode = request->mode;
	t->next_page = request->next_page;
	t->method = die_strdup(request->method);
	t->path = die_strdup(request->path);
	t->asked_host = die_strdup(request->host);
	t->content_type = die_strdup(request->content_type);
	t->accept = die_strdup(request->accept);
	t->host = die_strdup("");
	t->proxy = die_strdup("");
	if (request->body != NULL) {
		t->body_length = request->body_length;
		t->body = die_alloc(t->body_length + 1);
		memcpy(t->body, request->body, t->body_length);
	}
	t->cap = request->cap;
	t->timeout = request->timeout;
	t->began = t->heard = mono;
	headers_init(&t->head);
	buf_init(&t->answer, t->cap > ERROR_BODY_CAP ? t->cap : ERROR_BODY_CAP);
	return t;
}

void
transfer_free(struct transfer *t)
{
	headers_release(&t->head);
	buf_release(&t->answer);
	free(t->method);
	free(t->path);
	free(t->asked_host);
	free(t->content_type);
	free(t->accept);
	free(t->body);
	free(t->host);
	free(t->proxy);
	free(t);
}

static void
set_text(char **text, const char *value)
{
	free(*text);
	*text = die_strdup(value);
}

bool
transfer_url(struct transfer *t, const struct access *access, const struct address *server,
	     struct address *address, struct buf *url, struct buf *connect, struct buf *host)
{
	char name[300];

	*address = *server;
	if (t->where == TRANSPORT_OUTSIDE &&
	    (!address_parse(t->path, address) || !text_starts(address->scheme, "http"))) {
		set_text(&t->host, t->path);
		return false;
	}
	address_name(address, name, sizeof name);
	set_text(&t->host, name);
	if (t->where == TRANSPORT_OUTSIDE) {
		if (t->asked_host != NULL && text_is_dns_subdomain(t->asked_host))
			buf_puts(host, t->asked_host);
		return buf_puts(url, t->path);
	}
	const char *certified = access->tls_server_name;
	if (certified == NULL || strcmp(server->scheme, "https") != 0)
		return buf_printf(url, "%s%s", access->server, t->path);
	/* The certificate's name stands in the URL, the real host is dialled and named in Host
	 * (§1.6). */
	buf_printf(url, "%s://%s:%d%s%s", server->scheme, certified, server->port, server->path,
		   t->path);
	buf_printf(connect, "%s:%d:%s", certified, server->port, name);
	if (!server->port_given)
		*strrchr(name, ':') = '\0';
	return buf_puts(host, name);
}

void
transfer_headers(const struct transfer *t, const struct access *access, const char *authorization,
		 const char *host, struct buf *lines)
{
	buf_printf(lines, "Accept: %s\n", t->accept != NULL ? t->accept : "application/json");
	/* Empty: the library's own is not sent. */
	buf_puts(lines, "Expect:\n");
	if (t->content_type != NULL)
		buf_printf(lines, "Content-Type: %s\n", t->content_type);
	if (*host != '\0')
		buf_printf(lines, "Host: %s\n", host);
	if (t->where != TRANSPORT_CLUSTER)
		return;
	if (authorization != NULL)
		buf_printf(lines, "%s\n", authorization);
	for (size_t i = 0; i < access->impersonate_count; i++)
		buf_printf(lines, "%s: %s\n", access->impersonate[i].name,
			   access->impersonate[i].value);
}

void
transfer_find_proxy(struct transfer *t, const struct access *access, const struct address *address)
{
	struct buf found;

	buf_init(&found, PROXY_CAP);
	if (t->where == TRANSPORT_OUTSIDE)
		proxyenv_find(address, &found);
	else
		buf_puts(&found, access->proxy_url != NULL ? access->proxy_url : "");
	/* The proxy looks names up, as with kubectl (§0.10). */
	if (found.length > 0 && text_starts(found.bytes, "socks5://")) {
		struct buf there;
		buf_init(&there, PROXY_CAP + 1);
		buf_printf(&there, "socks5h%s", found.bytes + strlen("socks5"));
		set_text(&t->proxy, there.bytes);
		buf_release(&there);
	} else
		set_text(&t->proxy, found.length > 0 ? found.bytes : "");
	buf_release(&found);
}

bool
transfer_take_header(struct transfer *t, const char *line, size_t length, int64_t mono)
{
	t->heard = mono;
	if (!headers_take(&t->head, line, length)) {
		t->too_large = true;
		return false;
	}
	if (t->head.complete && t->mode == TRANSPORT_STREAM && t->head.status == 200)
		t->news = true;
	return true;
}

bool
transfer_take_body(struct transfer *t, const char *bytes, size_t length, int64_t mono)
{
	t->heard = mono;
	if (t->head.status >= 300) {
		size_t room =
			t->answer.length < ERROR_BODY_CAP ? ERROR_BODY_CAP - t->answer.length : 0;
		buf_add(&t->answer, bytes, length < room ? length : room);
		t->error_bytes += length;
		return t->error_bytes <= ERROR_BODY_MOST;
	}
	if (t->mode == TRANSPORT_STREAM)
		t->news = true;
	if (t->answer.length + length <= t->cap && buf_add(&t->answer, bytes, length))
		return true;
	t->too_large = true;
	return false;
}

bool
transfer_has_enough(const struct transfer *t)
{
	return t->head.status >= 300 && t->error_bytes > ERROR_BODY_MOST;
}

int64_t
transfer_whole_time(const struct transfer *t)
{
	if (t->mode == TRANSPORT_STREAM)
		return 0;
	if (t->timeout > 0)
		return t->timeout;
	return t->mode == TRANSPORT_WRITE ? WRITE_MOST : READ_MOST;
}

int64_t
transfer_silence(const struct transfer *t)
{
	if (t->mode == TRANSPORT_STREAM)
		return t->timeout > 0 ? t->timeout : STREAM_SILENCE;
	return t->mode == TRANSPORT_READ && t->timeout == 0 ? READ_SILENCE : NEVER;
}

void
transfer_put_back(struct transfer *t)
{
	t->replayed = true;
	t->news = t->too_large = false;
	headers_release(&t->head);
	headers_init(&t->head);
	buf_clear(&t->answer);
	t->error_bytes = 0;
}

void
transfer_fail(struct transfer *t, const struct access *access, enum fault_kind kind,
	      const char *detail, int64_t after, enum transport_sent sent)
{
	struct fault fault = {
		.kind = kind,
		.host = t->host,
		.proxy = *t->proxy != '\0' ? t->proxy : NULL,
		.detail = detail,
		.seconds = (after + SECOND - 1) / SECOND,
		.cap = t->cap,
	};

	if (t->where == TRANSPORT_CLUSTER && access->ca.length > 0)
		fault.ca = access->ca_file != NULL ? access->ca_file : "the one in the kubeconfig";
	fault_explain(&fault, &t->err);
	t->sent = sent;
	t->done = true;
}

void
transfer_event(struct transfer *t, struct transport_event *event, int64_t mono)
{
	*event = (struct transport_event){
		.kind = t->news ? TRANSPORT_DATA : TRANSPORT_DONE,
		.id = t->id,
		.status = t->head.status,
		.sent = t->news ? SENT_YES : t->sent,
		.body = t->answer,
		.retry_after = t->head.retry_after,
		.apf = t->head.apf,
		.server_date = t->head.date,
	};
	buf_init(&t->answer, t->answer.cap);
	memcpy(event->content_type, t->head.content_type, sizeof event->content_type);
	memcpy(event->served_by, t->head.served_by, sizeof event->served_by);
	if (t->news) {
		t->news = false;
		buf_init(&event->warnings, 1);
		return;
	}
	event->warnings = t->head.warnings;
	buf_init(&t->head.warnings, t->head.warnings.cap);
	event->err = t->err;
	event->latency = mono - t->began;
}

int64_t
transfer_silent_at(const struct transfer *t)
{
	int64_t silence = transfer_silence(t);
	return silence == NEVER ? NEVER : t->heard + silence;
}

void
transfer_append(struct transfer **list, struct transfer *t)
{
	while (*list != NULL)
		list = &(*list)->next;
	*list = t;
}

struct transfer *
transfer_unlink(struct transfer **list, int64_t id)
{
	while (*list != NULL && (*list)->id != id)
		list = &(*list)->next;
	struct transfer *t = *list;
	if (t != NULL)
		*list = t->next;
	return t;
}

struct transfer *
transfer_with_event(struct transfer *list)
{
	while (list != NULL && !list->news && !list->done)
		list = list->next;
	return list;
}
