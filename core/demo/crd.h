/* crd - CustomResourceDefinitions on their way up and down: names accepted, established, served;
 * terminating, emptied, gone.
 *
 * Follows the store's history. A CRD that goes takes all its objects with it at once and waits for
 * those that finalizers hold (KUBERNETES §4.9). Times by the demo's clock and speed. Not shared
 * between threads without the demo's lock.
 */
#ifndef DEMO_CRD_H
#define DEMO_CRD_H

#include <stdint.h>

#include "core/demo/inside.h"

struct crds;

struct crds *crd_new(void);
void crd_free(struct crds *crds);

/* Does what is due. The mono time of the next deadline or NEVER. */
int64_t crd_step(struct demo *demo);
/* At once, whatever the delays: for a scenario being loaded. */
void crd_establish(struct demo *demo, const char *name);

#endif
