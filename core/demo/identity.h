/* identity - who asks: the token and the impersonation of one request, as the API server sees them.
 *
 * kubectl sends no token over plain http, so whoever reaches the loopback port without one is the
 * admin; a token or Impersonate-User makes somebody else of them. Under the owner's lock.
 */
#ifndef DEMO_IDENTITY_H
#define DEMO_IDENTITY_H

#include "core/demo/demo.h"

#define IDENTITY_GROUPS_MAX 16

struct identity { /* strings borrowed from the request and the demo */
	const char *user;
	const char *const *groups;
	bool other; /* impersonated */
	const char *joined[IDENTITY_GROUPS_MAX + 2];
};

/* From the Authorization and Impersonate-User headers, either NULL when absent. False with the
 * response made (401, 403) when it may not be. */
bool identity_find(struct demo *demo, const char *authorization, const char *impersonate,
		   struct identity *identity, struct demo_response *response);
/* The Impersonate-Group headers; nothing unless a user is impersonated. At most
 * IDENTITY_GROUPS_MAX are taken. */
void identity_join(struct identity *identity, const char *const *groups, size_t count);

#endif
