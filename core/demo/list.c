#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/demo/call.h"
#include "core/demo/selector.h"

struct page {
	int64_t version;                          /* the list is as of this one */
	int64_t limit;                            /* INT64_MAX for all */
	const char *after_namespace, *after_name; /* the last object of the page before, or NULL */
};

/* A continue token is base64 of this JSON; opaque to clients. */
static void
write_token(const struct store_object *last, int64_t version, struct buf *out)
{
	struct json *token = json_new_object();
	char *text;

	json_set_integer(token, "rv", version);
	json_set_string(token, "ns", last->namespace);
	json_set_string(token, "name", last->name);
	text = json_text(token);
	text_base64_encode(out, text, strlen(text));
	free(text);
	json_free(token);
}

/* The remainder of a list whose start is forgotten: a token without a version goes on with what is
 * there now. */
static bool
forgotten(struct call *call, const struct json *token)
{
	const struct store_object last = {
		.namespace = json_string_at(token, "ns"),
		.name = json_string_at(token, "name"),
	};
	struct buf more;

	buf_init(&more, 4 * BUF_KIB);
	write_token(&last, -1, &more);
	call->status->more = buf_take(&more);
	buf_release(&more);
	return status_expired(call->status, "The provided continue parameter is too old to display "
					    "a consistent list result. You can start "
					    "a new list without the continue parameter, or use the "
					    "continue token in this response to "
					    "retrieve the remainder of the results. Continuing "
					    "with the provided token results in an "
					    "inconsistent list - objects that were created, "
					    "modified, or deleted between the time the first "
					    "chunk was returned and now may show up in the list.");
}

/* `token` lives as long as the page. */
static bool
read_token(struct call *call, const char *text, struct json **token, struct page *page)
{
	struct buf plain;
	int64_t version;

	buf_init(&plain, 4 * BUF_KIB);
	*token = text_base64_decode(&plain, text, strlen(text))
			 ? json_parse(plain.bytes, plain.length, NULL)
			 : NULL;
	buf_release(&plain);
	page->after_namespace = json_string_at(*token, "ns");
	page->after_name = json_string_at(*token, "name");
	if (!page->after_namespace || !page->after_name)
		return status_bad_request(call->status,
					  "invalid continue token: continue key is not valid: it "
					  "was not made by this server");
	version = json_integer_at(*token, "rv", 0);
	if (version < 0)
		return true;
	if (version < store_oldest(call->demo->store))
		return forgotten(call, *token);
	page->version = version;
	return true;
}

/* resourceVersion and resourceVersionMatch; the caller has refused versions of the future. */
static bool
read_version(struct call *call, struct page *page)
{
	const char *version = request_parameter(call->request, "resourceVersion");
	const char *match = request_parameter(call->request, "resourceVersionMatch");
	int64_t number = 0;
	bool exact;

	if (!version || !*version) {
		if (!match || !*match)
			return true;
		status_cause(call->status, "FieldValueForbidden", "resourceVersionMatch",
			     "Forbidden: resourceVersionMatch is forbidden unless resourceVersion "
			     "is provided");
		status_invalid(call->status, "meta.k8s.io", "ListOptions", "");
		return false;
	}
	text_integer(version, 0, INT64_MAX, &number, NULL);
	if (text_equal(match, "Exact") && number == 0) {
		status_cause(call->status, "FieldValueForbidden", "resourceVersionMatch",
			     "Forbidden: resourceVersionMatch \"exact\" is forbidden for "
			     "resourceVersion \"0\"");
		status_invalid(call->status, "meta.k8s.io", "ListOptions", "");
		return false;
	}
	exact = text_equal(match, "Exact") || (!match && number > 0 && page->limit != INT64_MAX);
	if (number == 0)
		page->limit = INT64_MAX; /* served from the cache, whole */
	if (!exact)
		return true;
	if (number < store_oldest(call->demo->store))
		return status_expired(call->status,
				      "The resourceVersion for the provided list is too old.");
	page->version = number;
	return true;
}

static bool
comes_after(const struct store_object *object, const struct page *page)
{
	int order;

	if (!page->after_name)
		return true;
	order = strcmp(object->namespace, page->after_namespace);
	return order > 0 || (order == 0 && strcmp(object->name, page->after_name) > 0);
}

/* Moves what belongs to the page to the front of `objects`; how many are left behind it, or -1 when
 * that is not known. */
static int64_t
choose(struct call *call, const struct selector *selector, const struct page *page,
       const struct store_object **objects, size_t count, size_t *chosen)
{
	size_t i = 0, n = 0;

	for (; i < count && (int64_t)n < page->limit; i++) {
		if (!comes_after(objects[i], page))
			continue;
		if (selector_any(selector) ||
		    selector_matches(selector, store_value(call->demo->store, objects[i])))
			objects[n++] = objects[i];
	}
	*chosen = n;
	if (i == count)
		return 0;
	return selector_any(selector) ? (int64_t)(count - i) : -1;
}

static void
send(struct call *call, const struct selector *selector, const struct page *page)
{
	size_t count, chosen;
	const struct store_object **objects =
		store_at(call->demo->store, call->row->group, call->row->resource,
			 call->request->namespace, page->version, &count);
	int64_t rest = choose(call, selector, page, objects, count, &chosen);
	struct view_list list = {
		.objects = objects, .count = chosen, .version = page->version, .remaining = rest
	};
	struct buf more;

	buf_init(&more, 4 * BUF_KIB);
	if (rest != 0 && chosen > 0) {
		write_token(objects[chosen - 1], page->version, &more);
		list.more = more.bytes;
	}
	view_list(call->demo, &call->view, call->row, call->version, &list, &call->response->body);
	call->response->status = 200;
	call->response->content_type = call->view.yaml ? "application/yaml" : "application/json";
	buf_release(&more);
	free(objects);
}

bool
list_answer(struct call *call)
{
	const char *token_text = request_parameter(call->request, "continue");
	const char *limit = request_parameter(call->request, "limit");
	struct page page = { .version = store_version(call->demo->store), .limit = INT64_MAX };
	struct json *token = NULL;
	struct selector *selector;
	bool good;

	if (limit && *limit && (!text_integer(limit, 0, INT64_MAX, &page.limit, NULL)))
		return status_bad_request(
			call->status, "strconv.ParseInt: parsing \"%.40s\": invalid syntax", limit);
	if (page.limit == 0)
		page.limit = INT64_MAX;
	if (token_text && *token_text)
		good = read_token(call, token_text, &token, &page);
	else
		good = read_version(call, &page);
	selector = selector_new(request_parameter(call->request, "labelSelector"),
				request_parameter(call->request, "fieldSelector"),
				call->row->builtin, call->status);
	if (good && selector)
		send(call, selector, &page);
	selector_free(selector);
	json_free(token);
	return good && selector;
}
