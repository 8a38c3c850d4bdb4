/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ECDSA signatures in DER, compared with what OpenSSL writes: each width, each
 * number of leading zeros, and a first byte that needs a sign octet or not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <openssl/crypto.h>
#include <openssl/ecdsa.h>

#include "core/jose/ecdsa.h"

#define WIDTH_MAX 66

/* A number whose first zeros bytes are 0, the next one is first. */
static void
fill(uint8_t *number, size_t width, size_t zeros, uint8_t first)
{
	size_t i;

	for (i = 0; i < width; i++)
		number[i] = i < zeros ? 0 : (uint8_t)(i * 29 + 1);
	if (zeros < width)
		number[zeros] = first;
}

static void
compare(const uint8_t *signature, size_t width)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	uint8_t ours[ECDSA_DER_MAX], *theirs = NULL;
	size_t len = ecdsa_to_der(bytes_of(signature, 2 * width), ours);
	int want;

	assert_true(ECDSA_SIG_set0(pair,
	    BN_bin2bn(signature, (int)width, NULL),
	    BN_bin2bn(signature + width, (int)width, NULL)));
	want = i2d_ECDSA_SIG(pair, &theirs);
	assert_int_equal(len, want);
	assert_memory_equal(ours, theirs, len);
	OPENSSL_free(theirs);
	ECDSA_SIG_free(pair);
}

static void
compare_width(size_t width)
{
	static const uint8_t firsts[] = { 0x01, 0x7f, 0x80, 0xff };
	uint8_t signature[2 * WIDTH_MAX];
	size_t r, s, i;

	for (r = 0; r <= width; r++) {
		for (s = 0; s <= width; s++) {
			for (i = 0; i < 4 * 4; i++) {
				fill(signature, width, r, firsts[i / 4]);
				fill(signature + width, width, s,
				    firsts[i % 4]);
				compare(signature, width);
			}
		}
	}
}

static void
test_p256(void **state)
{
	(void)state;
	compare_width(32);
}

static void
test_p384(void **state)
{
	(void)state;
	compare_width(48);
}

static void
test_p521(void **state)
{
	(void)state;
	compare_width(66);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_p256),
		cmocka_unit_test(test_p384),
		cmocka_unit_test(test_p521),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
