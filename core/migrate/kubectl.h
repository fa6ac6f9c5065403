/* kubectl - what a person would type for an intent: kubectl with its object, or helm for a release.
 *
 * Any thread; pure.
 */
#ifndef MIGRATE_KUBECTL_H
#define MIGRATE_KUBECTL_H

#include "core/migrate/intent.h"

/* The equivalent command, quoted for a POSIX shell, with a here-document for bodies; `context`
 * may be "". Never a secret. */
const char *kubectl_command(const struct intent *intent, const char *context, struct arena *arena);

#endif
