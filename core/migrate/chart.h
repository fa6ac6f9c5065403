/* chart - the GA pool and its picker made by helm: which values the chart gets, what has to be true
 * before, and what it cannot do itself.
 *
 * The traps of chart v1.0.0 stand beside what answers them (DOMAIN §5). The release is called like
 * the GA pool. Pure; intents live in the stage's arena.
 */
#ifndef MIGRATE_CHART_H
#define MIGRATE_CHART_H

#include "core/migrate/step.h"

#define CHART_REFERENCE "oci://registry.k8s.io/gateway-api-inference-extension/charts/inferencepool"
#define CHART_VERSION   "v1.0.0"

/* What its provider gke makes beside GKE's policies. */
#define MONITORING_GROUP    "monitoring.googleapis.com"
#define MONITORING_VERSION  "v1"
#define MONITORING_RESOURCE "clusterpodmonitorings"

/* --installer helm; with auto where the alpha pool belongs to a release and helm is on the PATH. */
bool chart_wanted(const struct stage *stage, const struct pair *pair);
/* What a run of ours left half done is still there. */
bool chart_is_half(const struct stage *stage, const struct pair *pair);
/* With provider gke: it makes a GCPBackendPolicy, a HealthCheckPolicy and a
 * ClusterPodMonitoring, too. */
bool chart_for_gke(const struct stage *stage, const struct pair *pair);
/* Why helm cannot make it, or make it anew; for a new one, names that are taken included. */
bool chart_blocked(const struct stage *stage, const struct pair *pair, struct step_status *status);
/* What is left of a failed install goes first; then the install, or the upgrade of what stands
 * (upgrade.h), then chart_finish(). */
void chart_writes(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* What no value of the chart says: whose place the pool takes, and a FailOpen. Counts the writes;
 * `out` NULL: only that. */
size_t chart_finish(const struct stage *stage, const struct pair *pair, struct intent_list *out);
/* It stands by helm, whole or half, and this program made it: taken back by helm. */
bool chart_made(const struct stage *stage, const struct pair *pair);
void chart_back(const struct stage *stage, const struct pair *pair, struct intent_list *out);

#endif
