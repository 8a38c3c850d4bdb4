/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One step of the loop in read_string(), copy_character(), from each state that
 * the loop's invariant out <= pos <= end allows, over any bytes: the invariant
 * holds after the step.  A step reads at most 12 bytes from pos on and writes
 * at most 4 at out, so a window of LEN bytes has every case, and the step is
 * sound in a string of any length.
 */
#include "core/base/json.c"

static uint8_t text[LEN + 1];	/* the byte at the end is not of the input */

static void
step(size_t pos, size_t at)
{
	struct reader in = { .pos = text + pos, .end = text + LEN };
	uint8_t *out = text + at;

	any_bytes(text, sizeof(text));
	if (take(&in, '"') || !copy_character(&in, &out))
		return;
	//@ assert in.pos <= in.end;
	//@ assert out <= in.pos;
	//@ assert in.pos > &text[0] + pos;
}

void
main(void)
{
	size_t pos, at;

	for (pos = 0; pos < LEN; pos++) {
		for (at = 0; at <= pos; at++)
			step(pos, at);
	}
}
