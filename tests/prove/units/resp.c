/* SPDX-License-Identifier: BSD-2-Clause */
/* The reply of a Redis: it is within what came, and so is its text. */
#include "host/state/resp.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	struct resp_reply reply;
	size_t used;

	any_bytes(in, LEN);
	if (resp_parse(bytes_of(in, LEN), &reply, &used) != RESP_DONE)
		return;
	//@ assert used <= LEN;
	if (reply.type == RESP_BULK || reply.type == RESP_STATUS ||
	    reply.type == RESP_ERROR)
		READ_ALL(reply.text);
}
