/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A prompt of a server, whole: up to LEN bytes of any value, alone and before the
 * ends that the module's prompts have.  "?" in an end is any byte.
 *
 * bytes_trim() leaves a text of some length, whose bytes may have any value, too.
 * Its model here leaves the whole prompt, so LEN bounds the length after the trim.
 * The real function is looked at by itself.
 */
#include "core/base/bytes.h"

static struct bytes
all_of(struct bytes text)
{
	return text;
}

#define bytes_trim all_of
#include "askpass/prompt.c"
#undef bytes_trim

static void
look_at(size_t len, const char *end)
{
	static const char *prompts[] = { "Token:", "JWT" };
	const struct config config = {
		.prompts = { .item = prompts, .count = 2 },
		.overrides = { .item = prompts, .count = 2 }
	};
	size_t end_len = strlen(end), i;
	uint8_t *in = malloc(len + end_len);

	if (in == NULL)
		return;
	any_bytes(in, len);
	for (i = 0; i < end_len; i++) {
		in[len + i] = (uint8_t)end[i];
		if (end[i] == '?')
			any_bytes(in + len + i, 1);
	}
	prompt_from(bytes_of(in, len + end_len), &config);
	prompt_is_override(bytes_of(in, len + end_len), &config);
	free(in);
}

static void
trim(void)
{
	static uint8_t in[LEN];
	struct bytes text;

	any_bytes(in, LEN);
	text = bytes_trim(bytes_of(in, LEN));
	READ_ALL(text);
}

void
main(void)
{
	size_t len;

	trim();
	for (len = 0; len <= LEN; len++) {
		look_at(len, "");
		look_at(len, "Token:");
		look_at(len, "JWT part ?? (from byte ?????):");
	}
}
