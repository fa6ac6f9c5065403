/* scenario - the worlds the demo can begin with: YAML built into the program, or the user's own.
 *
 * A stream of manifests, in the order they are created; a manifest without a namespace that needs
 * one goes to "default", and a namespace nobody made is made. Two kinds of document are the
 * scenario's own:
 *
 *   kind: Scenario                         first, optional
 *   gitVersion: v1.34.4                    what /version says unless the user asked for another; a
 *                                          GKE server from v1.34.0-gke.1626000 on brings the CRD of
 *                                          GA pools itself
 *   serves: both                           both, alpha or ga: the groups the gateway controller
 * knows delays: {conditions: 10ms, traffic: 100ms, pods: 2s, collect: 50ms} crds:
 * [gateway-api-v1.4.0, gke]        bundles of crds/README
 *
 *   kind: Repeat                           the objects once for every i from..to, in steps
 *   from: 1
 *   to: 40
 *   step: 1
 *   objects: [...]                         ${i} in any string or key is the number; ${i%12+1}
 * computes from left to right with + - * / %; ${i:2} pads with zeros
 */
#ifndef DEMO_SCENARIO_H
#define DEMO_SCENARIO_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/demo/demo.h"

/* Creates the world `options` name in the empty `demo` and lets its controllers settle. ERR_INPUT
 * names the document and object at fault. demo_scenario_list() of demo.h is implemented here, too.
 */
bool scenario_load(struct demo *demo, const struct demo_options *options, struct err *err);

#endif
