/* SPDX-License-Identifier: BSD-2-Clause */
/* The names that a token may lead to. */
#include "core/policy/account.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	any_bytes(in, LEN);
	account_name_is_valid(bytes_of(in, LEN));
	account_name_is_exact(bytes_of(in, LEN));
	account_name_is_bare(bytes_of(in, LEN));
}
