/* SPDX-License-Identifier: BSD-2-Clause */
/* The run of plain characters in read_string(), from each state; json_string. */
#include "core/base/json.c"

static uint8_t text[LEN + 1];

static void
run(size_t pos, size_t at)
{
	struct reader in = { .pos = text + pos, .end = text + LEN };
	uint8_t *out = text + at;

	any_bytes(text, sizeof(text));
	copy_plain(&in, &out);
	//@ assert in.pos <= in.end;
	//@ assert out <= in.pos;
}

void
main(void)
{
	size_t pos, at;

	for (pos = 0; pos <= LEN; pos++) {
		for (at = 0; at <= pos; at++)
			run(pos, at);
	}
}
