/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a text has the outer form of an encrypted token. */
#include "core/jose/jwe.c"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	any_bytes(in, LEN);
	jwe_has_form(bytes_of(in, LEN));
}
