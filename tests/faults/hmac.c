/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The comparison of HMACs takes the same time for all of them, to be run by
 * valgrind: the key counts as memory that was never set, so does what is
 * made of it, and each branch and each address that depends on it is an
 * error.  Only the answer of CRYPTO_memcmp(), one bit, may be looked at.
 *
 *	hmac			must be without errors
 *
 * The control, where sig.c was compiled with memcmp() in its place, must
 * have some.  Linked with the core's objects.
 */
#include <dlfcn.h>
#include <stdio.h>

#include <valgrind/memcheck.h>

#include "core/jose/sig.h"

#define SHOWN __attribute__((visibility("default")))

int CRYPTO_memcmp(const void *a, const void *b, size_t len);

/* Stands in front of libcrypto's, which does the work. */
SHOWN int
CRYPTO_memcmp(const void *a, const void *b, size_t len)
{
	union {
		void *address;
		int (*call)(const void *, const void *, size_t);
	} real = { .address = dlsym(RTLD_NEXT, "CRYPTO_memcmp") };
	int result = real.call(a, b, len);

	VALGRIND_MAKE_MEM_DEFINED(&result, sizeof(result));
	return result;
}

/* A signature that differs early, late, or not at all. */
static enum jwt_reason
verify(struct sig_key *key, enum alg_id id, size_t wrong)
{
	static const char message[] = "header.payload";
	uint8_t mac[64] = { 0 };
	size_t len = alg_row(id)->sig_len;

	mac[wrong < len ? wrong : 0] ^= 1;
	return sig_verify(key, id, bytes_str(message), bytes_of(mac, len));
}

int
main(void)
{
	static const enum alg_id ids[] = { ALG_HS256, ALG_HS384, ALG_HS512 };
	uint8_t secret[64] = "a secret of sixty-four bytes, as long as HS512 "
	    "wants it to be";
	struct keymat mat = {
		.kind = KEY_OCT, .x = bytes_of(secret, sizeof(secret))
	};
	struct sig_key *key;
	size_t i, wrong;

	/* Once before: what libcrypto sets up is not what is measured. */
	if (sig_key_new(&mat, &key) != JWT_OK ||
	    verify(key, ALG_HS256, 0) != JWT_SIGNATURE_INVALID)
		return 2;
	sig_key_free(key);
	VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof(secret));
	if (sig_key_new(&mat, &key) != JWT_OK)
		return 2;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		for (wrong = 0; wrong < 64; wrong += 21) {
			if (verify(key, ids[i], wrong) != JWT_SIGNATURE_INVALID)
				return 3;
		}
	}
	sig_key_free(key);
	printf("done\n");
	return 0;
}
