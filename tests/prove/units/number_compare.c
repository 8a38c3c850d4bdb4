/* SPDX-License-Identifier: BSD-2-Clause */
/* Two numbers of LEN bytes each. */
#include "core/base/number.h"

static uint8_t a[ROOM(LEN)], b[ROOM(LEN)];

void
main(void)
{
	any_bytes(a, LEN);
	any_bytes(b, LEN);
	if (number_is_valid(bytes_of(a, LEN)) &&
	    number_is_valid(bytes_of(b, LEN)))
		number_compare(bytes_of(a, LEN), bytes_of(b, LEN));
}
