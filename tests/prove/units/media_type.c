/* SPDX-License-Identifier: BSD-2-Clause */
/* Two media types of LEN bytes each. */
#include "core/jose/media_type.h"

static uint8_t a[ROOM(LEN)], b[ROOM(LEN)];

void
main(void)
{
	any_bytes(a, LEN);
	any_bytes(b, LEN);
	media_type_is_valid(bytes_of(a, LEN));
	media_type_eq(bytes_of(a, LEN), bytes_of(b, LEN));
	media_type_never_logs_in(bytes_of(a, LEN));
}
