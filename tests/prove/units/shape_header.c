/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a text starts as the header of a token does. */
#include "core/jose/shape.c"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	any_bytes(in, LEN);
	is_header_start(bytes_of(in, LEN));
}
