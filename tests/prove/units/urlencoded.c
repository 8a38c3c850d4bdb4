/* SPDX-License-Identifier: BSD-2-Clause */
/* A name or a value of a form is decoded in its place. */
#include "core/base/urlencoded.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	size_t len = LEN;

	any_bytes(in, LEN);
	if (urlencoded_decode(in, &len)) {
		//@ assert len <= LEN;
	}
}
