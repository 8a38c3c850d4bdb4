/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base64url: what decodes has one spelling, what is encoded decodes again,
 * and OpenSSL's base64 agrees.
 */
#include <openssl/evp.h>

#include "tests/lib/plain64.h"
#include "tests/fuzz/fuzz.h"

/* A decoder that takes one character at a time must say the same. */
static void
check_plain(struct bytes text, bool good, const uint8_t *out)
{
	size_t len = b64url_decoded_len(text.len);
	uint8_t *plain = malloc(len + 1);

	FUZZ_CHECK(plain != NULL);
	FUZZ_CHECK(plain64_decode(text, plain) == good);
	FUZZ_CHECK(!good || bytes_eq(bytes_of(plain, len), bytes_of(out, len)));
	free(plain);
}

/* Decode; if it can be, encoding it again must give the same text. */
static void
check_decode(struct bytes text)
{
	size_t len = b64url_decoded_len(text.len);
	uint8_t *out = malloc(len == 0 ? 1 : len);
	struct secret again = fuzz_copy(text);

	FUZZ_CHECK(out != NULL);
	check_plain(text, b64url_decode(text, out) == JWT_OK, out);
	if (b64url_decode(text, out) == JWT_OK) {
		FUZZ_CHECK(b64url_encoded_len(len) == text.len);
		b64url_encode(bytes_of(out, len), (char *)again.ptr);
		FUZZ_CHECK(bytes_eq(secret_bytes(&again), text));
		/* The same in place. */
		FUZZ_CHECK(b64url_decode(secret_bytes(&again), again.ptr) ==
		    JWT_OK);
		FUZZ_CHECK(bytes_eq(bytes_of(again.ptr, len),
		    bytes_of(out, len)));
	}
	free(out);
	free(again.ptr);
}

/* The spelling of OpenSSL in the other alphabet, without padding. */
static void
check_encode(struct bytes data)
{
	size_t len = b64url_encoded_len(data.len), i;
	char *ours = malloc(len + 1), *theirs = malloc(len + 5);

	FUZZ_CHECK(ours != NULL && theirs != NULL);
	ours[len] = '\0';
	b64url_encode(data, ours);
	EVP_EncodeBlock((uint8_t *)theirs, data.ptr, (int)data.len);
	for (i = 0; i < len; i++) {
		char c = theirs[i];

		FUZZ_CHECK(ours[i] == (c == '+' ? '-' : c == '/' ? '_' : c));
		FUZZ_CHECK(b64url_is_char((uint8_t)ours[i]));
	}
	check_decode(bytes_of(ours, len));
	FUZZ_CHECK(b64url_decode(bytes_of(ours, len), (uint8_t *)ours) ==
	    JWT_OK);
	FUZZ_CHECK(bytes_eq(bytes_of(ours, data.len), data));
	free(ours);
	free(theirs);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_decode(bytes_of(data, size));
	check_encode(bytes_of(data, size));
	return 0;
}
