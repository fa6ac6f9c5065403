/* view - the forms an object is answered in: as it is, metadata alone, or a table; JSON or YAML.
 *
 * Follows the Accept header (`as=Table;g=meta.k8s.io;v=v1`). Stored text is copied, not parsed,
 * where the form allows it, so that thousands of objects are listed quickly. Not shared between
 * threads without the demo's lock.
 */
#ifndef DEMO_VIEW_H
#define DEMO_VIEW_H

#include "core/demo/inside.h"
#include "core/demo/kinds.h"
#include "core/demo/request.h"

enum view_form { VIEW_PLAIN, VIEW_PARTIAL, VIEW_TABLE };
enum view_include {
	VIEW_INCLUDE_METADATA,
	VIEW_INCLUDE_OBJECT,
	VIEW_INCLUDE_NONE
}; /* in rows of a table */

struct view {
	enum view_form form;
	bool as_list; /* the ...List form was asked for, though it is one object: the real server
			 fails, too */
	bool yaml;
	enum view_include include;
};

/* False with 406 when nothing acceptable is asked for. */
bool view_negotiate(const struct request *request, struct view *view, struct status *status);

/* One object. `text` is what the store holds, or a compact print that begins as stored text does.
 */
void view_object(struct demo *demo, const struct view *view, const struct kinds_row *row,
		 const struct kinds_version *version, const char *text, size_t length, bool columns,
		 struct buf *out);

struct view_list {
	const struct store_object *const *objects;
	size_t count;
	int64_t version;   /* of the list */
	const char *more;  /* continue token or NULL */
	int64_t remaining; /* items after these, -1 unknown */
};
void view_list(struct demo *demo, const struct view *view, const struct kinds_row *row,
	       const struct kinds_version *version, const struct view_list *list, struct buf *out);

/* Prints `json` (taken) as the view says. */
void view_json(const struct view *view, struct json *json, struct buf *out);

#endif
