/* SPDX-License-Identifier: BSD-2-Clause */
/* The length of a character, and the writing of one: no more than 4 bytes. */
#include "core/base/utf8.h"

static uint8_t in[ROOM(LEN)], out[4];

void
main(void)
{
	size_t len;

	any_bytes(in, LEN);
	len = utf8_len(bytes_of(in, LEN));
	//@ assert len <= 4 && len <= LEN;
	len = utf8_put((uint32_t)Frama_C_interval(0, 0x7fffffff), out);
	//@ assert 1 <= len <= 4;
}
