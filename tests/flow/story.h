/* story - what the stories share: outcomes told when they are not the expected ones, and the
 * cluster as kubectl sees it. */
#ifndef TESTS_STORY_H
#define TESTS_STORY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/flow/flow.h"

#define ALPHA_API  "/apis/inference.networking.x-k8s.io/v1alpha2"
#define GA_API     "/apis/inference.networking.k8s.io/v1"
#define ROUTE_PATH "/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes/llm-route"
#define CRD_PATH   "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
#define ALPHA_CRD  CRD_PATH "inferencepools.inference.networking.x-k8s.io"
#define MODEL_CRD  CRD_PATH "inferencemodels.inference.networking.x-k8s.io"

/* Fails with everything that was told when the outcome is not this. */
void story_expect(struct flow *flow, const struct outcome *outcome, int exit, const char *text_has);
bool story_exists(struct flow *flow, const char *path);
/* Everything of the migration's that a person made, as sorted YAML without what a server fills in;
 * the caller frees. */
char *story_cluster(struct flow *flow);
/* Fails with the difference. */
void story_same(const char *after, const char *before);
/* No α object, no α CRD, all traffic on GA. */
void story_finished(struct flow *flow);
/* Every write of the journal has an outcome. */
void story_no_open_write(struct flow *flow);
/* Every write of the journal was done. */
void story_no_failed_write(struct flow *flow);
struct command story_command(enum command_kind kind, enum step_id step, const char *pair);

#endif
