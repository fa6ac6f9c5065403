#include "core/kube/transport.h"

void
transport_event_release(struct transport_event *event)
{
	if (event == NULL)
		return;
	buf_release(&event->body);
	buf_release(&event->warnings);
	*event = (struct transport_event){ 0 };
}
