/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token with its two dots at any places is taken apart, and each part is
 * within it.  A text with another number of dots is refused before.
 */
#include "core/jose/jws.c"

static uint8_t in[LEN];

/* Any bytes that are not dots, but for two. */
static void
set_dots(size_t first, size_t second)
{
	size_t i;

	any_bytes(in, LEN);
	for (i = 0; i < LEN; i++) {
		if (in[i] == '.')
			in[i] = 'A';
	}
	in[first] = '.';
	in[second] = '.';
}

static void
take_apart(void)
{
	struct jws jws = { 0 };

	if (split(bytes_of(in, LEN), &jws) != JWT_OK)
		return;
	READ_ALL(jws.header.raw);
	READ_ALL(jws.payload.raw);
	READ_ALL(jws.signature.raw);
	READ_ALL(jws.signing_input);
}

void
main(void)
{
	size_t first, second;

	for (first = 0; first < LEN; first++) {
		for (second = first + 1; second < LEN; second++) {
			set_dots(first, second);
			take_apart();
		}
	}
}
