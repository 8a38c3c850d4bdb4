/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A word that was mistyped, and a candidate: each pair of lengths up to LEN, and
 * the longest beside short ones.
 */
#include "core/base/nearest.h"

#define ROOM_MAX (NEAREST_MAX + 2)

static void
compare(size_t word_len, size_t candidate_len)
{
	static uint8_t word[ROOM_MAX];
	static char candidate[ROOM_MAX];
	struct nearest nearest;
	size_t i;

	any_bytes(word, sizeof(word));
	for (i = 0; i < candidate_len; i++)
		candidate[i] = (char)Frama_C_interval(1, 127);
	candidate[candidate_len] = '\0';
	nearest = nearest_begin(bytes_of(word + ROOM_MAX - word_len,
	    word_len));
	nearest_try(&nearest, candidate);
	nearest_text(&nearest);
}

void
main(void)
{
	size_t a, b;

	for (a = 1; a <= LEN; a++) {
		for (b = 1; b <= LEN; b++)
			compare(a, b);
	}
	compare(NEAREST_MAX, NEAREST_MAX);
	compare(NEAREST_MAX, 2);
	compare(2, NEAREST_MAX);
	compare(NEAREST_MAX + 1, 2);
	compare(2, NEAREST_MAX + 1);
}
