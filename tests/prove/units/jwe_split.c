/* SPDX-License-Identifier: BSD-2-Clause */
/* An encrypted token is taken apart; each of its parts is within it. */
#include "core/jose/jwe.c"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	struct jwe jwe = { 0 };

	any_bytes(in, LEN);
	if (split(bytes_of(in, LEN), &jwe) != JWT_OK)
		return;
	READ_ALL(jwe.raw_header);
	READ_ALL(jwe.raw_key);
	READ_ALL(jwe.raw_iv);
	READ_ALL(jwe.raw_text);
	READ_ALL(jwe.raw_tag);
}
