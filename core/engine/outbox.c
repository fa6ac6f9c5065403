#include "core/engine/outbox.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/die.h"

struct outbox {
	_Atomic(struct snapshot *) slot;
	int fd; /* eventfd */
};

struct outbox *
outbox_new(void)
{
	struct outbox *outbox = die_alloc(sizeof *outbox);

	outbox->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (outbox->fd < 0)
		die("This system gives no event descriptor: too many open files?");
	return outbox;
}

void
outbox_free(struct outbox *outbox)
{
	if (outbox == NULL)
		return;
	snapshot_free(atomic_exchange(&outbox->slot, NULL));
	close(outbox->fd);
	free(outbox);
}

int
outbox_fd(const struct outbox *outbox)
{
	return outbox->fd;
}

void
outbox_put(struct outbox *outbox, struct snapshot *snapshot)
{
	const uint64_t one = 1;

	snapshot_free(atomic_exchange(&outbox->slot, snapshot));
	/* It can only fail when the counter is full, and then it is readable already. */
	if (write(outbox->fd, &one, sizeof one) < 0)
		return;
}

struct snapshot *
outbox_take(struct outbox *outbox)
{
	uint64_t count;

	/* First the signal, then the slot: the other way round a snapshot put in between would wait
	 * unseen. */
	if (read(outbox->fd, &count, sizeof count) < 0)
		count = 0;
	return atomic_exchange(&outbox->slot, NULL);
}
