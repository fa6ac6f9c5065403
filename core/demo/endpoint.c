#include "core/demo/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

bool
endpoint_parse(struct endpoint *endpoint, const char *listen, struct err *err)
{
	const char *colon = strrchr(listen, ':');
	struct sockaddr_in *v4 = (struct sockaddr_in *)&endpoint->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&endpoint->address;
	int64_t port;
	char host[64];

	if (!colon || !text_integer(colon + 1, 0, 65535, &port, NULL))
		return err_set(err, ERR_INPUT,
			       "\"%.100s\" is no address to listen on; give one like 127.0.0.1:0",
			       listen);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - listen), listen);
	endpoint->port = (int)port;
	if (*host == '\0' || text_equal(host, "localhost"))
		snprintf(host, sizeof(host), "127.0.0.1");
	snprintf(endpoint->host, sizeof(endpoint->host), "%s", host);
	if (text_equal(host, "[::1]")) {
		v6->sin6_family = AF_INET6;
		v6->sin6_addr = in6addr_loopback;
		return true;
	}
	v4->sin_family = AF_INET;
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1 && ntohl(v4->sin_addr.s_addr) >> 24 == 127)
		return true;
	return err_set(err, ERR_INPUT,
		       "the demo listens on the loopback only, not on \"%.60s\"; give an address "
		       "like 127.0.0.1:0",
		       host);
}

bool
endpoint_is_loopback(const char *host)
{
	if (!host)
		return true;
	return text_starts(host, "127.") || text_starts(host, "localhost") ||
	       text_starts(host, "[::1]");
}

bool
endpoint_kubeconfig(const struct endpoint *endpoint, struct buf *out)
{
	return buf_printf(out,
			  "apiVersion: v1\n"
			  "kind: Config\n"
			  "current-context: demo\n"
			  "clusters:\n"
			  "- name: demo\n"
			  "  cluster:\n"
			  "    server: http://%s:%d\n"
			  "users:\n"
			  "- name: demo\n"
			  "  user:\n"
			  "    token: admin\n"
			  "- name: demo-viewer\n"
			  "  user:\n"
			  "    token: admin\n"
			  "    as: viewer\n"
			  "contexts:\n"
			  "- name: demo\n"
			  "  context: {cluster: demo, user: demo, namespace: default}\n"
			  "- name: demo-viewer\n"
			  "  context: {cluster: demo, user: demo-viewer, namespace: default}\n",
			  endpoint->host, endpoint->port);
}
