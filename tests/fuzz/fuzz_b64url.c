/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Base64url: the decoder agrees with one that takes one character at a time,
 * what decodes has one spelling, what is encoded decodes again, and OpenSSL's
 * base64 agrees.
 */
#include <openssl/evp.h>

#include "tests/lib/plain64.h"
#include "tests/fuzz/fuzz.h"

/* Memory for so many bytes; malloc() of none may give NULL. */
#define ROOM(len) ((len) + ((len) == 0))

/* Each character, and all of them, by the alphabet as it is written down. */
static void
check_characters(struct bytes text)
{
	bool all = true;
	size_t i;

	for (i = 0; i < text.len; i++) {
		bool is_one = plain64_value(text.ptr[i]) >= 0;

		FUZZ_CHECK(b64url_is_char(text.ptr[i]) == is_one);
		all = all && is_one;
	}
	FUZZ_CHECK(b64url_is_text(text) == all);
}

/* In its own memory: the same, and nothing after the bytes changes. */
static void
check_in_place(struct bytes text, bool good, struct bytes plain)
{
	struct secret copy = fuzz_copy(text);
	size_t len = b64url_decoded_len(text.len);

	FUZZ_CHECK((b64url_decode(secret_bytes(&copy), copy.ptr) == JWT_OK) ==
	    good);
	FUZZ_CHECK(!good || bytes_eq(bytes_of(copy.ptr, len), plain));
	FUZZ_CHECK(bytes_eq(bytes_of(copy.ptr + len, text.len - len),
	    bytes_of(text.ptr + len, text.len - len)));
	free(copy.ptr);
}

/*
 * A decoder that takes one character at a time must say the same, into memory
 * of exactly that size.  What can be decoded is the same text when it is encoded
 * again.
 */
static void
check_decode(struct bytes text)
{
	size_t len = b64url_decoded_len(text.len);
	uint8_t *plain = malloc(ROOM(len)), *out = malloc(ROOM(len));
	struct secret again = fuzz_copy(text);
	bool good;

	FUZZ_CHECK(plain != NULL && out != NULL);
	good = plain64_decode(text, plain);
	FUZZ_CHECK((b64url_decode(text, out) == JWT_OK) == good);
	check_in_place(text, good, bytes_of(plain, len));
	if (good) {
		FUZZ_CHECK(bytes_eq(bytes_of(out, len), bytes_of(plain, len)));
		FUZZ_CHECK(b64url_encoded_len(len) == text.len);
		b64url_encode(bytes_of(out, len), (char *)again.ptr);
		FUZZ_CHECK(bytes_eq(secret_bytes(&again), text));
	}
	free(plain);
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
	}
	check_characters(bytes_of(ours, len));
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
	check_characters(bytes_of(data, size));
	check_decode(bytes_of(data, size));
	check_encode(bytes_of(data, size));
	return 0;
}
