/* SPDX-License-Identifier: BSD-2-Clause */
/* The words that say who asks, in a prompt of a server. */
#include "askpass/word.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	any_bytes(in, LEN);
	word_len(bytes_of(in, LEN));
	word_is_in(bytes_of(in, LEN));
}
