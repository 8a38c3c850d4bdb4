/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A list in the metadata of a provider: a word goes to the end of each text
 * that has room for it, or for a byte less, or is full, and then another word.
 */
#include "login/provider_metadata.c"

static uint8_t word[ROOM(LEN)];

/* The unit takes a word for visible, or not. */
bool
value_is_visible(struct bytes text, uint8_t first)
{
	(void)first;
	READ_ALL(text);
	return any_bool() != 0;
}

static void
add(size_t have)
{
	static char text[ALGS_SIZE];
	size_t i;

	memset(text, 'a', have);
	text[have] = '\0';
	for (i = 0; i < LEN; i++)
		word[i] = (uint8_t)Frama_C_interval(1, 255);
	add_word(bytes_of(word, LEN), text);
	add_word(bytes_of(word, 1), text);
	//@ assert text[ALGS_SIZE - 1] == 0;
}

void
main(void)
{
	size_t have;

	add(0);
	add(1);
	for (have = ALGS_SIZE - LEN - 4; have < ALGS_SIZE; have++)
		add(have);
}
