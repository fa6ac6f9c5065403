/* address - an http(s) or socks5 URL taken apart: scheme, who, host, port, path.
 *
 * Only what a server or a proxy address needs; query and fragment are dropped. Any thread; no I/O.
 * The parts are copies.
 */
#ifndef KUBE_ADDRESS_H
#define KUBE_ADDRESS_H

#include <stdbool.h>

struct address {
	char scheme[16];    /* lower case: "https" */
	char userinfo[256]; /* "user:password", or "" */
	char host[256];     /* without the brackets of IPv6 */
	bool ipv6;
	int port; /* given, or what the scheme implies; 0 when neither */
	bool port_given;
	char path[1024]; /* "" or "/prefix" without a trailing '/' */
};

/* False when it is not scheme://host[:port][/path], or a part is too long or holds a space or
 * control character. */
bool address_parse(const char *text, struct address *address);
/* localhost, 127.0.0.0/8, ::1. */
bool address_is_loopback(const struct address *address);
/* "host:port", "[::1]:6443": for messages and CONNECT_TO. */
void address_name(const struct address *address, char *text, int size);

#endif
