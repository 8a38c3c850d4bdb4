/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A decryption must leave neither the CEK nor Z on the stack, and the making of a
 * key must not leave its private number there.
 * tests/faults/residue.c looks at a whole login.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dlfcn.h>

#include <openssl/rand.h>

#include "core/base/openssl.h"
#include "core/jose/crypt_pkey.h"
#include "core/jose/jwe.h"
#include "core/jose/keymat.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/residue.h"
#include "tests/lib/world.h"

#define INNER	"eyJhbGciOiJFUzI1NiJ9.e30.AAAA"

/* A cipher that nobody can fetch. */
static const char *missing = "";

/* In the place of OpenSSL's. */
__attribute__((visibility("default"))) EVP_CIPHER *
EVP_CIPHER_fetch(OSSL_LIB_CTX *ctx, const char *name, const char *properties)
{
	union {
		void *address;
		EVP_CIPHER *(*call)(OSSL_LIB_CTX *, const char *,
		    const char *);
	} theirs;

	/* Before anything that would overwrite the stack. */
	if (strcmp(name, missing) == 0)
		return NULL;
	theirs.address = dlsym(RTLD_NEXT, "EVP_CIPHER_fetch");
	return theirs.call(ctx, name, properties);
}

struct job {
	struct jwe *jwe;	/* NULL: make a key of the numbers instead */
	const struct jwe_key *key;
	struct crypt_numbers numbers;
	struct bytes left;	/* the control leaves this; or empty */
	enum jwt_reason reason;
};

static void
work(void *ctx)
{
	struct job *job = ctx;
	struct crypt_key *key = NULL;
	struct jws *jws = NULL;
	const char *fault;

	if (job->jwe == NULL)
		job->reason = crypt_key_new(&job->numbers, &key, &fault);
	else
		job->reason = jwe_decrypt(job->jwe, job->key, &jws);
	jws_free(jws);
	crypt_key_free(key);
	if (job->left.len > 0)
		residue_leave(job->left);
}

enum how { GOOD, BAD_TAG, NO_CIPHER, DIRTY, CONTROL };

/*
 * Decrypt, and look for the CEK and Z.  After a bad tag nothing runs that would
 * overwrite what was left, and without a cipher for the content nothing after
 * the CEK was found.  A dirty stack shows what is read before it is set.
 */
static bool
leaves(const char *alg, enum jwe_kind kind, const char *enc, enum how how)
{
	struct jwe_recipe recipe = { .alg = alg, .enc = enc };
	char *more = world_text(",\"alg\":\"%s\"", alg), *token;
	char *jwk = jwe_make_jwk(jwe_make_key(kind), kind, more);
	struct jwe_key_file file = { .name = "k" };
	struct jwe_key_set set = { .count = 0 };
	struct diag diag = { 0 };
	struct jwe_parts parts;
	struct secret text;
	struct job job = { .reason = JWT_INTERNAL };
	uint8_t *stack;
	bool found;

	jwe_make_parts(&recipe, jwe_make_key(kind), kind, bytes_str(INNER),
	    &parts);
	parts.tag.ptr[0] ^= how == BAD_TAG;
	token = jwe_parts_join(&parts);
	assert_int_equal(secret_copy(bytes_str(jwk), &text), JWT_OK);
	assert_int_equal(jwe_key_set_add(&set, &file, &text, &diag), JWT_OK);
	secret_clear(&text);
	assert_int_equal(jwe_parse(bytes_str(token), &job.jwe), JWT_OK);
	job.key = &set.keys[0];
	if (how == CONTROL)
		job.left = secret_bytes(&parts.cek);
	if (how == NO_CIPHER)
		missing = jwe_enc_by_name(bytes_str(enc))->cipher;
	stack = residue_run(work, &job, how == DIRTY ? 0xa5 : 0);
	missing = "";
	assert_int_equal(job.reason, how == BAD_TAG || how == NO_CIPHER ?
	    JWT_DECRYPT_FAILED : JWT_OK);
	found = residue_holds(stack, secret_bytes(&parts.cek)) ||
	    residue_holds(stack, secret_bytes(&parts.z));
	/* The right tag would make a token of the one that was refused. */
	if (how == BAD_TAG)
		found = found || residue_holds(stack, bytes_of(
		    parts.tag.ptr + 1, parts.tag.len - 1));
	free(stack);
	jwe_free(job.jwe);
	jwe_key_set_clear(&set);
	jwe_parts_clear(&parts);
	free(token);
	free(jwk);
	free(more);
	return found;
}

static void
test_stack(void **state)
{
	static const struct {
		const char *alg;
		enum jwe_kind kind;
	} rows[] = {
		{ "ECDH-ES", JWE_P256 }, { "ECDH-ES", JWE_X25519 },
		{ "ECDH-ES+A256KW", JWE_P256 },
		{ "ECDH-ES+A128KW", JWE_X25519 }, { "RSA-OAEP-256", JWE_RSA },
	};
	static const char *const encs[] = { "A256GCM", "A256CBC-HS512" };
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		assert_false(leaves(rows[i / 2].alg, rows[i / 2].kind,
		    encs[i % 2], GOOD));
		assert_false(leaves(rows[i / 2].alg, rows[i / 2].kind,
		    encs[i % 2], BAD_TAG));
		assert_false(leaves(rows[i / 2].alg, rows[i / 2].kind,
		    encs[i % 2], NO_CIPHER));
		assert_false(leaves(rows[i / 2].alg, rows[i / 2].kind,
		    encs[i % 2], DIRTY));
		assert_true(leaves(rows[i / 2].alg, rows[i / 2].kind,
		    encs[i % 2], CONTROL));
	}
}

/*
 * A private number, and a point that is not on the curve: the key is refused,
 * so nothing runs that would overwrite what was left.
 */
static void
test_number(void **state)
{
	static const enum jwe_kind kinds[] = { JWE_P256, JWE_P384, JWE_P521 };
	static const uint8_t zeros[EC_COORD_MAX];
	uint8_t number[EC_COORD_MAX] = { 0 }, native[EC_COORD_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = jwe_kind_row(kinds[i])->len;
		struct job job = { .reason = JWT_INTERNAL };
		struct bytes point = bytes_of(zeros, len);
		uint8_t *stack;

		assert_int_equal(RAND_bytes(number + 1, (int)len - 1), 1);
		openssl_native(bytes_of(number, len), native);
		job.numbers = (struct crypt_numbers){
			.kind = kinds[i], .x = point, .y = point,
			.d = bytes_of(number, len)
		};
		stack = residue_run(work, &job, 0);
		assert_int_equal(job.reason, JWT_KEY_FILE_INVALID);
		assert_false(residue_holds(stack, bytes_of(number, len)));
		assert_false(residue_holds(stack, bytes_of(native, len)));
		free(stack);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
