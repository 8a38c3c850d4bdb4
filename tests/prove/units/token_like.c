/* SPDX-License-Identifier: BSD-2-Clause */
/* An answer at a prompt: whether it holds a token, and without its ends. */
#include "core/jose/shape.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	struct bytes inside;

	any_bytes(in, LEN);
	shape_is_token_like(bytes_of(in, LEN));
	any_bytes(in, LEN);
	inside = shape_trim(bytes_of(in, LEN));
	READ_ALL(inside);
}
