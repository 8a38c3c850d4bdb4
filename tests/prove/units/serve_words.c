/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of an ssh client. */
#include "issuerd/serve_words.h"

static uint8_t in[ROOM(LEN)];

/* It only reads; fuzz_serve_words has the real one. */
bool
grants_audience_is_valid(struct bytes audience)
{
	READ_ALL(audience);
	return any_bool() != 0;
}

void
main(void)
{
	struct serve_words words;
	size_t i;

	any_bytes(in, LEN);
	if (serve_words_read(bytes_of(in, LEN), &words) != NULL)
		return;
	for (i = 0; i < words.audience_count; i++)
		READ_ALL(words.audience[i]);
}
