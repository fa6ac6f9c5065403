#include "core/kube/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *scheme;
	int port;
} schemes[] = {
	{ "http", 80 },
	{ "https", 443 },
	{ "socks5", 1080 },
	{ "socks5h", 1080 },
};

static bool
copy_part(char *out, size_t size, const char *text, size_t length)
{
	if (length >= size)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isgraph((unsigned char)text[i]) && (unsigned char)text[i] < 0x80)
			return false;
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

static bool
parse_port(const char *text, size_t length, struct address *address)
{
	char *end, digits[8];

	if (length == 0)
		return true;
	if (length >= sizeof digits || !copy_part(digits, sizeof digits, text, length))
		return false;
	long port = strtol(digits, &end, 10);
	if (*end != '\0' || !isdigit((unsigned char)*digits) || port < 1 || port > 65535)
		return false;
	address->port = (int)port;
	address->port_given = true;
	return true;
}

static bool
parse_host(const char *text, size_t length, struct address *address)
{
	struct in6_addr parsed;

	if (length > 0 && *text == '[') {
		const char *close = memchr(text, ']', length);
		if (close == NULL)
			return false;
		address->ipv6 = true;
		size_t host = (size_t)(close - text - 1), rest = length - host - 2;
		if (!copy_part(address->host, sizeof address->host, text + 1, host) ||
		    inet_pton(AF_INET6, address->host, &parsed) != 1)
			return false;
		return rest == 0 || (close[1] == ':' && parse_port(close + 2, rest - 1, address));
	}
	const char *colon = memchr(text, ':', length);
	size_t host = colon != NULL ? (size_t)(colon - text) : length;
	if (host == 0 || !copy_part(address->host, sizeof address->host, text, host))
		return false;
	return colon == NULL || parse_port(colon + 1, length - host - 1, address);
}

static bool
parse_scheme(const char *text, size_t length, struct address *address)
{
	if (!copy_part(address->scheme, sizeof address->scheme, text, length))
		return false;
	for (char *c = address->scheme; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		if (strcmp(schemes[i].scheme, address->scheme) != 0)
			continue;
		address->port = schemes[i].port;
		return true;
	}
	return false;
}

bool
address_parse(const char *text, struct address *address)
{
	*address = (struct address){ 0 };
	const char *separator = text != NULL ? strstr(text, "://") : NULL;
	if (separator == NULL || !parse_scheme(text, (size_t)(separator - text), address))
		return false;

	const char *authority = separator + 3;
	size_t length = strcspn(authority, "/?#");
	const char *path = authority + length;
	size_t path_length = strcspn(path, "?#");
	while (path_length > 0 && path[path_length - 1] == '/')
		path_length--;
	if (!copy_part(address->path, sizeof address->path, path, path_length))
		return false;

	const char *at = memrchr(authority, '@', length);
	if (at != NULL) {
		size_t who = (size_t)(at - authority);
		if (!copy_part(address->userinfo, sizeof address->userinfo, authority, who))
			return false;
		authority = at + 1;
		length -= who + 1;
	}
	return parse_host(authority, length, address);
}

bool
address_is_loopback(const struct address *address)
{
	struct in_addr four;

	if (strcasecmp(address->host, "localhost") == 0 || strcmp(address->host, "::1") == 0)
		return true;
	return inet_pton(AF_INET, address->host, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127;
}

void
address_name(const struct address *address, char *text, int size)
{
	snprintf(text, (size_t)size, address->ipv6 ? "[%s]:%d" : "%s:%d", address->host,
		 address->port);
}
