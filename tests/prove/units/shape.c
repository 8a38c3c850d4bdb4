/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An answer at a prompt: whether a token is at its start, after a byte, in its
 * middle, or at its last byte.  token_like looks at the other places.
 */
#include "core/jose/shape.c"

static uint8_t in[ROOM(LEN)];

static void
look_at(size_t at)
{
	any_bytes(in, LEN);
	is_token_at(bytes_of(in, LEN), at);
}

void
main(void)
{
	any_bytes(in, LEN);
	shape_is_start(bytes_of(in, LEN));
	look_at(0);
	look_at(1);
	look_at(LEN / 2);
	look_at(LEN - 1);
}
