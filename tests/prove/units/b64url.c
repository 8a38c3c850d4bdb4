/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text of each length up to LEN, in memory of exactly that size, and results in
 * memory of exactly the size that b64url.h says.
 */
#include "core/base/b64url.h"

static void
decode(size_t len)
{
	uint8_t *in = malloc(ROOM(len));
	uint8_t *out = malloc(ROOM(b64url_decoded_len(len)));
	enum jwt_reason reason;

	if (in == NULL || out == NULL)
		return;
	any_bytes(in, len);
	b64url_is_text(bytes_of(in, len));
	reason = b64url_decode(bytes_of(in, len), out);
	reason = b64url_decode(bytes_of(in, len), in);	/* in its place */
	(void)reason;
}

static void
encode(size_t len)
{
	uint8_t *in = malloc(ROOM(len));
	char *out = malloc(ROOM(b64url_encoded_len(len)));

	if (in == NULL || out == NULL)
		return;
	any_bytes(in, len);
	b64url_encode(bytes_of(in, len), out);
}

void
main(void)
{
	size_t len;

	for (len = 0; len <= LEN; len++) {
		decode(len);
		encode(len);
	}
	b64url_is_char((uint8_t)Frama_C_interval(0, 255));
}
