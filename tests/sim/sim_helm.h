/* sim_helm - a helm of its own over the simulated cluster: its releases, and how a run of it may
 * end.
 *
 * It knows the official chart inferencepool v1.0.0 and the words this program says to helm. A
 * run goes in two halves, so that it can be broken off in between: half of the objects are there
 * then, and the release is pending. For tests; one thread.
 */
#ifndef TESTS_SIM_HELM_H
#define TESTS_SIM_HELM_H

#include "tests/sim/sim_inside.h"

#define SIM_HELM_RELEASES 4

struct sim_release {
	char ns[64], name[64];
	char status[32]; /* "" for none */
	int revision;
	struct json *manifests; /* array of objects, in the order they are made */
	struct json *before; /* those of the revision before an upgrade that has not ended well */
};

struct sim_helm {
	struct sim_release releases[SIM_HELM_RELEASES];
};

/* The alpha pool of the case and its picker belong to a release from now on. */
void sim_helm_adopt(struct sim *sim, const char *ns, const char *pool, const char *picker);
void sim_helm_release(struct sim_helm *helm);

/* What a run is: "GET" or, of one that changes something, "RUN", and a path to tell it by. */
bool sim_helm_writes(const char *const *argv);
char *sim_helm_path(const char *const *argv); /* "/helm/releases/install/default/NAME" */
/* The first half of a run that changes something; false when it would not even begin. */
bool sim_helm_begin(struct sim *sim, const struct sim_call *call);
/* All of it, or the rest; what it says comes into `event`. */
void sim_helm_run(struct sim *sim, struct sim_call *call, struct transport_event *event);
/* It stopped there by itself: the release failed. */
void sim_helm_fail(struct sim *sim, const struct sim_call *call);
/* Releases as text, for comparing clusters, and as a number. */
void sim_helm_print(const struct sim_helm *helm, struct buf *out);

#endif
