#include "core/kube/fault.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/kube/redact.h"

/* In the texts: %h host, %p proxy, %c CA, %s seconds, %m MiB. */
static const struct row {
	enum err_code code;
	bool detailed; /* the library's words help here */
	const char *happened, *next;
} rows[FAULT_KINDS] = {
	[FAULT_NAME] = { ERR_NETWORK, false, "The name of %h is not known to DNS.",
			 "Check the address, the network and the VPN." },
	[FAULT_REFUSED] = { ERR_NETWORK, true, "Nobody answers at %h.",
			    "Check that the cluster runs and that the network and the VPN reach "
			    "it." },
	[FAULT_CONNECT_SLOW] = { ERR_NETWORK, false, "No connection to %h within %s s.",
				 "Check the VPN, the firewall, and the cluster's authorized "
				 "networks." },
	[FAULT_SLOW] = { ERR_NETWORK, false, "%h did not answer within %s s.",
			 "Try again, or allow more time." },
	[FAULT_SILENT] = { ERR_NETWORK, false, "%h was silent for %s s.",
			   "The connection is made anew." },
	[FAULT_PROXY] = { ERR_NETWORK, true, "The proxy %p did not connect to %h.",
			  "Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY." },
	[FAULT_PROXY_NAME] = { ERR_NETWORK, false, "The name of the proxy %p is not known to DNS.",
			       "Check proxy-url in the kubeconfig, and HTTPS_PROXY." },
	[FAULT_UNKNOWN_CA] = { ERR_NETWORK, false,
			       "The certificate of %h is not signed by a CA that is trusted (%c).",
			       "Something stands in between, or the cluster was made anew: get its "
			       "kubeconfig again." },
	[FAULT_EXPIRED] = { ERR_NETWORK, false, "The certificate of %h has expired.",
			    "Check this machine's clock; if it is right, the cluster's certificate "
			    "must be renewed." },
	[FAULT_NOT_YET_VALID] = { ERR_NETWORK, false, "The certificate of %h is not valid yet.",
				  "This machine's clock is probably wrong." },
	[FAULT_NAME_MISMATCH] = { ERR_NETWORK, true, "The certificate of %h is for another name.",
				  "Check the server's address, or set tls-server-name." },
	[FAULT_TLS] = { ERR_NETWORK, true, "No secure connection to %h could be made.",
			"Check that an API server listens there and what stands in between." },
	[FAULT_CLIENT_REJECTED] = { ERR_AUTH, true, "%h does not accept the client certificate.",
				    "It may have expired or belong to another cluster: get the "
				    "kubeconfig again." },
	[FAULT_CLIENT_CERTIFICATE] = { ERR_AUTH, true,
				       "The client certificate for %h or its key cannot be used.",
				       "Check client-certificate and client-key in the "
				       "kubeconfig." },
	[FAULT_CA_FILE] = { ERR_INPUT, true,
			    "The certificate authority for %h cannot be used (%c).",
			    "It must be in PEM form: get the kubeconfig again." },
	[FAULT_NOT_HTTP] = { ERR_NETWORK, false, "What answers at %h does not speak HTTP.",
			     "Check the server address of the context and its port." },
	[FAULT_CUT] = { ERR_NETWORK, false, "The answer of %h ended early.", "It is asked again." },
	[FAULT_RESET] = { ERR_NETWORK, true, "The connection to %h broke.", "It is made anew." },
	[FAULT_TOO_LARGE] = { ERR_REJECTED, false,
			      "The answer of %h is larger than %m MiB, the most that is read.",
			      "Look for an object that is far too large." },
	[FAULT_DROPPED] = { ERR_NETWORK, false, "The connection to %h was closed here.",
			    "It is made anew." },
	[FAULT_ADDRESS] = { ERR_INPUT, false, "The address %h cannot be used.",
			    "It must be http:// or https://, a host, and a path." },
	[FAULT_OTHER] = { ERR_NETWORK, true, "The request to %h failed.", "Try again." },
};

static void
add_clean(struct buf *text, const char *bytes, const char *otherwise)
{
	struct buf hidden;

	if (bytes == NULL || *bytes == '\0') {
		buf_puts(text, otherwise);
		return;
	}
	buf_init(&hidden, 4 * BUF_KIB);
	redact_secrets(&hidden, bytes, strnlen(bytes, 300));
	text_clean(text, hidden.bytes, hidden.length);
	buf_release(&hidden);
}

static void
add_filled(struct buf *text, const char *form, const struct fault *fault)
{
	for (; *form != '\0'; form++) {
		if (*form != '%') {
			buf_putc(text, *form);
			continue;
		}
		switch (*++form) {
		case 'h':
			add_clean(text, fault->host, "the server");
			break;
		case 'p':
			add_clean(text, fault->proxy, "in between");
			break;
		case 'c':
			add_clean(text, fault->ca, "this system's");
			break;
		case 's':
			buf_printf(text, "%lld", (long long)fault->seconds);
			break;
		default:
			buf_printf(text, "%zu", fault->cap < BUF_MIB ? 1 : fault->cap / BUF_MIB);
		}
	}
}

void
fault_explain(const struct fault *fault, struct err *err)
{
	const struct row *row = &rows[fault->kind];
	struct buf text;

	buf_init(&text, 4 * BUF_KIB);
	add_filled(&text, row->happened, fault);
	if (row->detailed && fault->detail != NULL && *fault->detail != '\0') {
		text.bytes[--text.length] = '\0';
		buf_puts(&text, " (");
		add_clean(&text, fault->detail, "");
		buf_puts(&text, ").");
	}
	if (fault->proxy != NULL && row->code == ERR_NETWORK &&
	    strstr(row->happened, "%p") == NULL) {
		buf_puts(&text, " It goes through the proxy ");
		add_clean(&text, fault->proxy, "");
		buf_putc(&text, '.');
	}
	buf_putc(&text, ' ');
	buf_puts(&text, row->next);
	err_set(err, row->code, "%s", text.bytes);
	buf_release(&text);
}

/* X509_V_ERR_*, as the library tells them. */
static const struct {
	long verified;
	enum fault_kind kind;
} verifications[] = {
	{ 2, FAULT_UNKNOWN_CA },  { 9, FAULT_NOT_YET_VALID },  { 10, FAULT_EXPIRED },
	{ 18, FAULT_UNKNOWN_CA }, { 19, FAULT_UNKNOWN_CA },    { 20, FAULT_UNKNOWN_CA },
	{ 21, FAULT_UNKNOWN_CA }, { 62, FAULT_NAME_MISMATCH }, { 64, FAULT_NAME_MISMATCH },
};

enum fault_kind
fault_of_verification(long result, const char *detail)
{
	/* The library looks at the name before it tells what the chain was worth. */
	if (strstr(detail, "subject name") != NULL || strstr(detail, "does not match") != NULL)
		return FAULT_NAME_MISMATCH;
	for (size_t i = 0; i < sizeof verifications / sizeof *verifications; i++)
		if (verifications[i].verified == result)
			return verifications[i].kind;
	return FAULT_TLS;
}

/* "sslv3 alert bad certificate", "tlsv13 alert certificate required", "tlsv1 alert unknown ca". */
bool
fault_is_about_certificate(const char *detail)
{
	const char *alert = strstr(detail, "alert ");

	return alert != NULL &&
	       (strstr(alert, "certificate") != NULL || strstr(alert, "unknown ca") != NULL);
}
