/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key that an agreement gives (RFC 7518 section 4.6.2): the bytes of the
 * RFC, and no key at all where a hash of it could not be made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/b64url.h"
#include "core/base/openssl.h"
#include "core/jose/crypt_pkey.h"
#include "core/jose/jwe_alg.h"
#include "tests/lib/nomemory.h"

/* Z of RFC 7518 appendix C. */
static const uint8_t z[] = {
	0x9e, 0x56, 0xd9, 0x1d, 0x81, 0x71, 0x35, 0xd3, 0x72, 0x83, 0x42, 0x83,
	0xbf, 0x84, 0x26, 0x9c, 0xfb, 0x31, 0x6e, 0xa3, 0xda, 0x80, 0x6a, 0x48,
	0xf6, 0xda, 0xa7, 0x79, 0x8c, 0xfe, 0x90, 0xc4
};

static struct crypt_input
input(const char *enc)
{
	return (struct crypt_input){
		.alg = jwe_alg_by_name(bytes_str("ECDH-ES")),
		.enc = jwe_enc_by_name(bytes_str(enc)),
		.apu = bytes_str("Alice"), .apv = bytes_str("Bob")
	};
}

static void
test_appendix_c(void **state)
{
	struct crypt_input in = input("A128GCM");
	uint8_t key[16], wanted[16];

	(void)state;
	assert_int_equal(b64url_decode(bytes_str("VqqN6vgjbSBcIijNcacQGg"),
	    wanted), JWT_OK);
	assert_true(crypt_derive_key(&in, bytes_of(z, sizeof(z)), key,
	    sizeof(key)));
	assert_memory_equal(key, wanted, sizeof(wanted));
}

/* A key of 64 bytes takes two hashes, and is refused if one of them fails. */
static void
test_no_memory(void **state)
{
	struct crypt_input in = input("A256CBC-HS512");
	uint8_t key[64], usual[64];
	unsigned long at, sites, refused = 0;
	bool ok;

	(void)state;
	assert_true(openssl_is_up());
	nomemory_arm(NOMEMORY_LIBCRYPTO, 0, false);
	assert_true(crypt_derive_key(&in, bytes_of(z, sizeof(z)), usual,
	    sizeof(usual)));
	sites = nomemory_disarm();
	assert_true(sites >= 2);
	for (at = 1; at <= sites; at++) {
		nomemory_arm(NOMEMORY_LIBCRYPTO, at, false);
		ok = crypt_derive_key(&in, bytes_of(z, sizeof(z)), key,
		    sizeof(key));
		(void)nomemory_disarm();
		refused += !ok;
		if (ok)
			assert_memory_equal(key, usual, sizeof(usual));
	}
	assert_true(refused >= 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_appendix_c),
		cmocka_unit_test(test_no_memory),
	};

	nomemory_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
