/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of a binary text of SSH, one after another. */
#include "core/base/ssh_fields.h"

static uint8_t in[ROOM(LEN)];

void
main(void)
{
	struct ssh_fields fields = { .rest = { in, LEN } };
	struct bytes field;
	int i;

	any_bytes(in, LEN);
	for (i = 0; i < 4; i++) {
		field = ssh_fields_string(&fields);
		READ_ALL(field);
		ssh_fields_number(&fields);
	}
}
