/* status_json - the Status document of CLI §5, and the head every document shares. One thread. */
#ifndef PLAIN_STATUS_JSON_H
#define PLAIN_STATUS_JSON_H

#include "core/model/settings.h"
#include "core/model/snapshot.h"
#include "tui/plain/jsonout.h"

/* Opens the document and writes apiVersion to nothingToMigrate; the caller closes it. */
void status_json_head(struct jsonout *out, const char *kind, const struct snapshot *snapshot,
		      const struct settings *settings);
void status_json_print(struct buf *page, const struct snapshot *snapshot,
		       const struct settings *settings);
/* What every document says of a step, into an object that is open: name to advice. */
void status_json_step(struct jsonout *out, const struct step_view *view);
/* What all parents of a route say of one condition: the worst of them, pending when there is none.
 */
enum condition_answer status_json_route(const struct object *route, const char *type);
/* `ref` names this pool, by group and kind too. */
bool status_json_names(const struct ref *ref, const struct object *pool);

#endif
