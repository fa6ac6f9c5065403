#include "core/demo/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "core/base/die.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/demo/endpoint.h"
#include "core/demo/gateway.h"
#include "core/demo/identity.h"
#include "core/demo/inside.h"

#define BODY_CAP        (4 * BUF_MIB) /* more than the API takes, so that it can say 413 itself */
#define CONNECTIONS_MAX 1000
#define IDLE_SECONDS    300 /* of a kept-alive connection */
#define GROUPS_MAX      IDENTITY_GROUPS_MAX
#define HEADERS_MAX     64
#define STEP_LEAST      (1 * MILLISECOND) /* between two steps that were not asked for */

/* One open watch and the connection that carries it. */
struct stream {
	struct server *server;
	struct demo_watch *watch;
	struct MHD_Connection *connection;
	struct buf said; /* read from the watch, not yet taken by the socket */
	bool asleep;     /* the connection is suspended until the watch has something to say */
	bool over;
	struct stream *next, *previous;
};

struct server {
	struct demo *demo;
	struct clock clock;
	pthread_mutex_t lock; /* of everything below, and of the demo */
	pthread_cond_t poked;
	pthread_t stepper;
	bool stepping; /* the thread runs */
	bool changed, stopping;
	struct stream *streams;
	struct MHD_Daemon *api, *gateway;
	struct endpoint endpoint; /* of the API */
	int gateway_port;
};

/* A request whose body is still coming. */
struct upload {
	char *target; /* as it was on the wire, before libmicrohttpd takes it apart */
	struct buf body;
	bool begun;
};

static void
wake_streams(struct server *server)
{
	for (struct stream *stream = server->streams; stream; stream = stream->next) {
		if (!stream->asleep || (!server->stopping && !demo_watch_ready(stream->watch)))
			continue;
		stream->asleep = false;
		MHD_resume_connection(stream->connection);
	}
}

/* A suspended connection is not looked at, so that its reader has gone shows only here: else
 * those who watch and leave would take every connection there is. */
static void
end_left_streams(struct server *server)
{
	for (struct stream *stream = server->streams; stream; stream = stream->next) {
		const union MHD_ConnectionInfo *info = MHD_get_connection_info(
			stream->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		int fd = info->connect_fd;

		if (!stream->asleep || recv(fd, &(char){ 0 }, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
			continue;
		stream->over = true;
		stream->asleep = false;
		MHD_resume_connection(stream->connection);
	}
}

static void
wait_until(struct server *server, int64_t due)
{
	struct timespec at;
	int64_t left;

	if (due == NEVER) {
		pthread_cond_wait(&server->poked, &server->lock);
		return;
	}
	left = due - clock_mono(&server->clock);
	if (left < STEP_LEAST)
		left = STEP_LEAST;
	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += (time_t)(left / SECOND);
	at.tv_nsec += (long)(left % SECOND);
	if (at.tv_nsec >= SECOND) {
		at.tv_sec++;
		at.tv_nsec -= SECOND;
	}
	pthread_cond_timedwait(&server->poked, &server->lock, &at);
}

/* The demo's time: acts when something is due or was written, sleeps otherwise. */
static void *
step_thread(void *self)
{
	struct server *server = self;

	pthread_mutex_lock(&server->lock);
	while (!server->stopping) {
		int64_t due;

		server->changed = false;
		due = demo_step(server->demo);
		wake_streams(server);
		if (!server->changed && !server->stopping)
			wait_until(server, due);
	}
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

static ssize_t
stream_read(void *self, uint64_t position, char *out, size_t room)
{
	struct stream *stream = self;
	struct server *server = stream->server;
	ssize_t count = 0;

	(void)position;
	pthread_mutex_lock(&server->lock);
	if (stream->said.length == 0 && !stream->over)
		stream->over = !demo_watch_read(stream->watch, &stream->said);
	if (stream->said.length > 0) {
		count = (ssize_t)(stream->said.length < room ? stream->said.length : room);
		memcpy(out, stream->said.bytes, (size_t)count);
		buf_drop(&stream->said, (size_t)count);
	} else if (stream->over || server->stopping) {
		count = MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		stream->asleep = true;
		MHD_suspend_connection(stream->connection);
	}
	pthread_mutex_unlock(&server->lock);
	return count;
}

static void
stream_free(void *self)
{
	struct stream *stream = self;
	struct server *server = stream->server;

	pthread_mutex_lock(&server->lock);
	if (stream->previous)
		stream->previous->next = stream->next;
	else
		server->streams = stream->next;
	if (stream->next)
		stream->next->previous = stream->previous;
	demo_watch_free(stream->watch);
	pthread_mutex_unlock(&server->lock);
	buf_release(&stream->said);
	free(stream);
}

static struct MHD_Response *
stream_response(struct server *server, struct MHD_Connection *connection, struct demo_watch *watch)
{
	struct stream *stream = die_alloc(sizeof(*stream));
	struct MHD_Response *response;

	*stream = (struct stream){
		.server = server,
		.watch = watch,
		.connection = connection,
	};
	buf_init(&stream->said, 512 * BUF_MIB);
	pthread_mutex_lock(&server->lock);
	end_left_streams(server);
	stream->next = server->streams;
	if (server->streams)
		server->streams->previous = stream;
	server->streams = stream;
	pthread_mutex_unlock(&server->lock);
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 32 * 1024, stream_read,
						     stream, stream_free);
	if (!response)
		die("no memory for a watch");
	return response;
}

static const char *
header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

struct words {
	const char *name;
	const char *items[GROUPS_MAX];
	size_t count;
};

static enum MHD_Result
collect_words(void *self, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct words *words = self;

	(void)kind;
	if (strcasecmp(name, words->name) == 0 && value && words->count < GROUPS_MAX)
		words->items[words->count++] = value;
	return MHD_YES;
}

static bool
identify(struct server *server, struct MHD_Connection *connection, struct identity *identity,
	 struct demo_response *response)
{
	struct words words = { .name = "Impersonate-Group" };

	if (!identity_find(server->demo, header(connection, "Authorization"),
			   header(connection, "Impersonate-User"), identity, response))
		return false;
	MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_words, &words);
	identity_join(identity, words.items, words.count);
	return true;
}

static void
add_header(struct MHD_Response *out, const char *name, const char *value)
{
	MHD_add_response_header(out, name, value);
}

static void
add_warnings(struct MHD_Response *out, const struct buf *warnings)
{
	for (const char *at = warnings->bytes; *at;) {
		size_t length = strcspn(at, "\n");
		struct buf value;

		buf_init(&value, 8 * BUF_KIB);
		buf_puts(&value, "299 - \"");
		for (size_t i = 0; i < length; i++) {
			if (at[i] == '"' || at[i] == '\\')
				buf_putc(&value, '\\');
			buf_putc(&value, at[i]);
		}
		buf_putc(&value, '"');
		add_header(out, "Warning", value.bytes);
		buf_release(&value);
		at += length + (at[length] == '\n');
	}
}

/* `response` is used up: its body or its watch belongs to the connection now. */
static enum MHD_Result
send_response(struct server *server, struct MHD_Connection *connection,
	      struct demo_response *response)
{
	struct MHD_Response *out;
	enum MHD_Result result;
	char number[16];

	if (response->watch) {
		out = stream_response(server, connection, response->watch);
		response->watch = NULL;
	} else {
		size_t length = response->body.length;

		out = MHD_create_response_from_buffer(length, buf_take(&response->body),
						      MHD_RESPMEM_MUST_FREE);
	}
	add_header(out, "Content-Type", response->content_type);
	add_header(out, "Cache-Control", "no-cache, private");
	add_warnings(out, &response->warnings);
	if (response->retry_after > 0) {
		snprintf(number, sizeof(number), "%d", response->retry_after);
		add_header(out, "Retry-After", number);
	}
	result = MHD_queue_response(connection, (unsigned)response->status, out);
	MHD_destroy_response(out);
	return result;
}

static bool
authorised_host(struct MHD_Connection *connection, struct demo_response *response)
{
	if (endpoint_is_loopback(header(connection, "Host")))
		return true;
	response->status = 403;
	response->content_type = "text/plain; charset=utf-8";
	buf_puts(&response->body, "this demo answers only to names of the loopback\n");
	return false;
}

static enum MHD_Result
answer_api(struct server *server, struct MHD_Connection *connection, const char *target,
	   const char *method, const struct buf *body)
{
	struct demo_response response;
	struct identity identity = { 0 };
	enum MHD_Result result;
	int64_t before;

	demo_response_init(&response);
	pthread_mutex_lock(&server->lock);
	before = demo_version(server->demo);
	if (authorised_host(connection, &response) &&
	    identify(server, connection, &identity, &response)) {
		struct demo_request request = {
			.method = method,
			.target = target,
			.content_type = header(connection, "Content-Type"),
			.accept = header(connection, "Accept"),
			.user = identity.user,
			.groups = identity.groups,
			.user_agent = header(connection, "User-Agent"),
			.body = body->bytes,
			.body_length = body->length,
		};

		demo_handle(server->demo, &request, &response);
	}
	/* A new watch has deadlines of its own, too. */
	if (demo_version(server->demo) != before || response.watch) {
		server->changed = true;
		pthread_cond_signal(&server->poked);
	}
	pthread_mutex_unlock(&server->lock);
	result = send_response(server, connection, &response);
	demo_response_release(&response);
	return result;
}

struct headers {
	struct gateway_header items[HEADERS_MAX];
	size_t count;
};

static enum MHD_Result
collect_headers(void *self, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct headers *headers = self;

	(void)kind;
	if (headers->count < HEADERS_MAX)
		headers->items[headers->count++] =
			(struct gateway_header){ .name = name, .value = value ? value : "" };
	return MHD_YES;
}

static enum MHD_Result
answer_gateway(struct server *server, struct MHD_Connection *connection, const char *target,
	       const char *method, const struct buf *body)
{
	struct headers headers = { 0 };
	struct buf answer;
	struct MHD_Response *out;
	enum MHD_Result result;
	const char *host_header = header(connection, "Host");
	char host[260], served_by[300] = "", path[2000];
	int code;

	snprintf(host, sizeof(host), "%.*s", host_header ? (int)strcspn(host_header, ":") : 0,
		 host_header ? host_header : "");
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(target, "?"), target);
	MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_headers, &headers);
	buf_init(&answer, BUF_MIB);
	pthread_mutex_lock(&server->lock);
	code = gateway_answer(server->demo->gateway,
			      &(struct gateway_request){
				      .method = method,
				      .path = path,
				      .host = host,
				      .headers = headers.items,
				      .header_count = headers.count,
				      .body = body->bytes,
				      .body_length = body->length,
			      },
			      &answer, served_by);
	pthread_mutex_unlock(&server->lock);
	out = MHD_create_response_from_buffer(answer.length, answer.bytes, MHD_RESPMEM_MUST_COPY);
	buf_release(&answer);
	add_header(out, "Content-Type", "application/json");
	if (*served_by)
		add_header(out, GATEWAY_SERVED_BY, served_by);
	result = MHD_queue_response(connection, (unsigned)code, out);
	MHD_destroy_response(out);
	return result;
}

static void *
begin_upload(void *self, const char *target, struct MHD_Connection *connection)
{
	struct upload *upload = die_alloc(sizeof(*upload));

	(void)self;
	(void)connection;
	upload->target = die_strdup(target);
	buf_init(&upload->body, BODY_CAP);
	return upload;
}

static void
end_upload(void *self, struct MHD_Connection *connection, void **state,
	   enum MHD_RequestTerminationCode why)
{
	struct upload *upload = *state;

	(void)self;
	(void)connection;
	(void)why;
	if (!upload)
		return;
	free(upload->target);
	buf_release(&upload->body);
	free(upload);
	*state = NULL;
}

/* True when the request is whole. */
static bool
take_upload(struct upload *upload, const char *bytes, size_t *size)
{
	if (!upload->begun) {
		upload->begun = true;
		return false;
	}
	if (*size == 0)
		return true;
	buf_add(&upload->body, bytes, *size);
	*size = 0;
	return false;
}

static enum MHD_Result
on_api(void *self, struct MHD_Connection *connection, const char *path, const char *method,
       const char *version, const char *bytes, size_t *size, void **state)
{
	struct upload *upload = *state;

	(void)path;
	(void)version;
	if (!take_upload(upload, bytes, size))
		return MHD_YES;
	return answer_api(self, connection, upload->target, method, &upload->body);
}

static enum MHD_Result
on_gateway(void *self, struct MHD_Connection *connection, const char *path, const char *method,
	   const char *version, const char *bytes, size_t *size, void **state)
{
	struct upload *upload = *state;

	(void)path;
	(void)version;
	if (!take_upload(upload, bytes, size))
		return MHD_YES;
	return answer_gateway(self, connection, upload->target, method, &upload->body);
}

static struct MHD_Daemon *
listen_with(struct server *server, MHD_AccessHandlerCallback handler, int port, int *bound)
{
	struct sockaddr_storage address = server->endpoint.address;
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon;
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_ALLOW_SUSPEND_RESUME;

	if (address.ss_family == AF_INET6) {
		((struct sockaddr_in6 *)&address)->sin6_port = htons((uint16_t)port);
		flags |= MHD_USE_IPv6;
	} else {
		((struct sockaddr_in *)&address)->sin_port = htons((uint16_t)port);
	}
	daemon = MHD_start_daemon(flags, 0, NULL, NULL, handler, server, MHD_OPTION_SOCK_ADDR,
				  (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK,
				  begin_upload, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_upload, NULL,
				  MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
				  MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
				  MHD_OPTION_END);
	info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	*bound = info ? info->port : 0;
	return daemon;
}

static bool
open_sockets(struct server *server, struct err *err)
{
	const char *host = server->endpoint.host;
	int port = server->endpoint.port;

	server->gateway = listen_with(server, on_gateway, 0, &server->gateway_port);
	if (!server->gateway)
		return err_set(err, ERR_SYSTEM, "no port of %s opens for the demo's gateway", host);
	demo_set_gateway_address(server->demo, host, server->gateway_port);
	server->api = listen_with(server, on_api, port, &server->endpoint.port);
	if (server->api)
		return true;
	return err_set(err, port ? ERR_INPUT : ERR_SYSTEM,
		       "port %d of %s could not be opened for the demo's API; somebody else may "
		       "have it, port 0 takes a free one",
		       port, host);
}

struct server *
server_start(const struct server_options *options, struct err *err)
{
	struct server *server = die_alloc(sizeof(*server));
	const char *listen = options->listen ? options->listen : "127.0.0.1:0";
	pthread_condattr_t attributes;

	server->clock = options->demo.clock;
	pthread_mutex_init(&server->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&server->poked, &attributes);
	pthread_condattr_destroy(&attributes);
	if (!endpoint_parse(&server->endpoint, listen, err))
		goto failed;
	server->demo = demo_new(&options->demo, err);
	if (!server->demo || !open_sockets(server, err))
		goto failed;
	if (pthread_create(&server->stepper, NULL, step_thread, server) != 0) {
		err_set(err, ERR_SYSTEM, "no thread could be started for the demo cluster");
		goto failed;
	}
	server->stepping = true;
	return server;
failed:
	server_stop(server);
	return NULL;
}

int
server_port(const struct server *server)
{
	return server->endpoint.port;
}

int
server_gateway_port(const struct server *server)
{
	return server->gateway_port;
}

bool
server_kubeconfig(const struct server *server, struct buf *out)
{
	return endpoint_kubeconfig(&server->endpoint, out);
}

bool
server_write_kubeconfig(const struct server *server, const char *path, struct err *err)
{
	struct buf text;
	bool good;

	buf_init(&text, 16 * BUF_KIB);
	good = server_kubeconfig(server, &text) && file_write(path, text.bytes, text.length, err);
	buf_release(&text);
	return good;
}

void
server_stop(struct server *server)
{
	if (!server)
		return;
	pthread_mutex_lock(&server->lock);
	server->stopping = true;
	pthread_cond_signal(&server->poked);
	pthread_mutex_unlock(&server->lock);
	if (server->stepping)
		pthread_join(server->stepper, NULL);
	/* Suspended connections have to run again to be closed. */
	pthread_mutex_lock(&server->lock);
	wake_streams(server);
	pthread_mutex_unlock(&server->lock);
	if (server->api)
		MHD_stop_daemon(server->api);
	if (server->gateway)
		MHD_stop_daemon(server->gateway);
	demo_free(server->demo);
	pthread_cond_destroy(&server->poked);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
