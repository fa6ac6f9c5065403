#include "core/kube/proxyenv.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *
either(const char *upper, const char *lower)
{
	const char *value = getenv(upper);
	return value != NULL && *value != '\0' ? value : getenv(lower);
}

static bool
bits_equal(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, (size_t)whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

/* "10.0.0.0/8" against an address that is a number. */
static bool
in_network(const char *network, const char *host)
{
	char base[64], *end;
	const char *slash = strchr(network, '/');

	if (slash == NULL || (size_t)(slash - network) >= sizeof base)
		return false;
	snprintf(base, sizeof base, "%.*s", (int)(slash - network), network);
	long bits = strtol(slash + 1, &end, 10);
	if (end == slash + 1 || *end != '\0' || bits < 0)
		return false;
	for (int i = 0; i < 2; i++) {
		unsigned char a[16], b[16];
		int family = i == 0 ? AF_INET : AF_INET6;
		if (bits <= (i == 0 ? 32 : 128) && inet_pton(family, base, a) == 1 &&
		    inet_pton(family, host, b) == 1)
			return bits_equal(a, b, (int)bits);
	}
	return false;
}

static bool
is_number(const char *host)
{
	unsigned char parsed[16];
	return inet_pton(AF_INET, host, parsed) == 1 || inet_pton(AF_INET6, host, parsed) == 1;
}

/* A bare domain means itself and all below it, with a leading dot or "*." only those below. */
static bool
in_domain(const char *domain, const char *host)
{
	if (strncmp(domain, "*.", 2) == 0)
		domain++;
	size_t domain_length = strlen(domain), host_length = strlen(host);
	if (domain_length == 0 || host_length < domain_length ||
	    strcasecmp(host + host_length - domain_length, domain) != 0)
		return false;
	if (*domain == '.')
		return host_length > domain_length;
	return host_length == domain_length || host[host_length - domain_length - 1] == '.';
}

static bool
entry_names(char *entry, const struct address *address)
{
	if (strcmp(entry, "*") == 0 || in_network(entry, address->host))
		return true;
	char *close = *entry == '[' ? strchr(entry, ']') : NULL;
	char *colon = close != NULL ? strchr(close, ':') : strchr(entry, ':');
	/* Two colons without brackets are an IPv6 address, not a port. */
	if (close == NULL && colon != NULL && strchr(colon + 1, ':') != NULL)
		colon = NULL;
	if (colon != NULL) {
		if (atoi(colon + 1) != address->port)
			return false;
		*colon = '\0';
	}
	if (close != NULL) {
		*close = '\0';
		entry++;
	}
	if (is_number(address->host))
		return strcasecmp(entry, address->host) == 0;
	return in_domain(entry, address->host);
}

bool
proxyenv_excludes(const char *list, const struct address *address)
{
	while (list != NULL && *list != '\0') {
		char entry[300];
		list += strspn(list, ", \t");
		size_t length = strcspn(list, ", \t");
		if (length > 0 && length < sizeof entry) {
			memcpy(entry, list, length);
			entry[length] = '\0';
			if (entry_names(entry, address))
				return true;
		}
		list += length;
	}
	return false;
}

bool
proxyenv_find(const struct address *address, struct buf *out)
{
	bool tls = strcmp(address->scheme, "https") == 0;
	const char *proxy =
		tls ? either("HTTPS_PROXY", "https_proxy") : either("HTTP_PROXY", "http_proxy");

	if (proxy == NULL || *proxy == '\0' || address_is_loopback(address))
		return false;
	if (proxyenv_excludes(either("NO_PROXY", "no_proxy"), address))
		return false;
	/* "proxy:3128" is an http proxy, as it is for kubectl. */
	return buf_printf(out, "%s%s", strstr(proxy, "://") == NULL ? "http://" : "", proxy);
}
