/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory or random numbers run out while keys are loaded and tokens decrypted:
 * each allocation fails in turn.  A good token is opened or refused, a bad one
 * is refused, nothing crashes, and nothing stays allocated.  The number of
 * allocations also shows whether a step was left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include "core/jose/jwe.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/nomemory.h"
#include "tests/lib/nomemory_start.h"
#include "tests/lib/world.h"

#define INNER	"eyJhbGciOiJFUzI1NiJ9.e30.AAAA"
#define ZEROS	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
/* A point that is not on P-256. */
#define NOWHERE	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" ZEROS \
	"\",\"y\":\"" ZEROS "\"}"

static const struct {
	enum jwe_kind kind;
	const char *alg, *enc;
} rows[] = {
	{ JWE_P256, "ECDH-ES", "A128CBC-HS256" },
	{ JWE_X25519, "ECDH-ES+A128KW", "A128GCM" },
	{ JWE_RSA, "RSA-OAEP-256", "A256CBC-HS512" },
};
/*
 * libcrypto allocates hundreds of blocks for P-256: a sample of these fails
 * here, and each of them in tests/faults.
 */
#define MANY	200
#define STRIDE	9
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* How often each reason came out. */
struct tally {
	unsigned count[JWT_REASON_COUNT];
};

static unsigned
count_all(const struct tally *tally)
{
	unsigned count = 0, reason;

	for (reason = 0; reason < JWT_REASON_COUNT; reason++)
		count += tally->count[reason];
	return count;
}

static unsigned long
stride(unsigned long sites)
{
	return sites > MANY ? STRIDE : 1;
}

/* In the place of OpenSSL's: these bytes instead of random ones, or none. */
static struct {
	bool fails;
	struct bytes instead;
} random_source;

__attribute__((visibility("default"))) int
RAND_priv_bytes(unsigned char *out, int len)
{
	if (random_source.fails)
		return 0;
	if (random_source.instead.len == 0)
		return RAND_bytes(out, len);
	assert_int_equal(random_source.instead.len, len);
	memcpy(out, random_source.instead.ptr, (size_t)len);
	return 1;
}

/* Load a JWK while the allocation of that number fails. */
static enum jwt_reason
load(const char *jwk, enum nomemory_whose whose, unsigned long at,
    bool onwards, struct jwe_key_set *set)
{
	struct jwe_key_file file = { .name = "k" };
	struct diag diag = { 0 };
	struct secret text;
	enum jwt_reason reason;

	*set = (struct jwe_key_set){ .count = 0 };
	assert_int_equal(secret_copy(bytes_str(jwk), &text), JWT_OK);
	nomemory_arm(whose, at, onwards);
	reason = jwe_key_set_add(set, &file, &text, &diag);
	(void)nomemory_disarm();
	secret_clear(&text);
	diag_clear(&diag);
	return reason;
}

static void
sweep_load(const char *jwk, enum nomemory_whose whose, bool onwards,
    struct tally *out)
{
	struct jwe_key_set set;
	enum jwt_reason usual = load(jwk, whose, 0, false, &set);
	unsigned long at, sites = nomemory.count;

	jwe_key_set_clear(&set);
	for (at = 1; at <= sites; at += stride(sites)) {
		long live = nomemory.live;
		enum jwt_reason reason = load(jwk, whose, at, onwards, &set);

		out->count[reason]++;
		assert_true(reason != JWT_OK || usual == JWT_OK);
		assert_int_equal(set.count, reason == JWT_OK);
		jwe_key_set_clear(&set);
		assert_int_equal(nomemory.live, live);
	}
}

static char *
make_jwk(size_t row)
{
	char *more = world_text(",\"alg\":\"%s\",\"kid\":\"k\"",
	    rows[row].alg);
	char *text = jwe_make_jwk(jwe_make_key(rows[row].kind),
	    rows[row].kind, more);

	free(more);
	return text;
}

/* All of these with one JWK; an answer that it is bad needs memory, too. */
static void
sweep_jwk(const char *jwk)
{
	struct tally ours = { { 0 } }, theirs = { { 0 } };

	sweep_load(jwk, NOMEMORY_OURS, false, &ours);
	sweep_load(jwk, NOMEMORY_OURS, true, &ours);
	assert_int_equal(count_all(&ours) > 0, NOMEMORY_HAS_OURS);
	assert_int_equal(ours.count[JWT_OUT_OF_MEMORY] +
	    ours.count[JWT_KEY_FILE_INVALID], count_all(&ours));
	assert_true(ours.count[JWT_KEY_FILE_INVALID] <= 2);
	sweep_load(jwk, NOMEMORY_LIBCRYPTO, false, &theirs);
	sweep_load(jwk, NOMEMORY_LIBCRYPTO, true, &theirs);
	/* It does not always say that memory was what it lacked. */
	assert_int_equal(theirs.count[JWT_OUT_OF_MEMORY] +
	    theirs.count[JWT_KEY_FILE_INVALID] + theirs.count[JWT_OK],
	    count_all(&theirs));
	assert_true(theirs.count[JWT_OUT_OF_MEMORY] > 0);
}

/* Change the first character of a number. */
static void
spoil(char *jwk, const char *name)
{
	char *label = world_text("\"%s\":\"", name);
	char *at = strstr(jwk, label) + strlen(label);

	*at = *at == 'A' ? 'B' : 'A';
	free(label);
}

/* A number of the key of each row that makes the key bad. */
static const char *const names[ROWS] = { "d", "x", "dp" };

static void
test_load(void **state)
{
	size_t row;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		char *jwk = make_jwk(row);

		sweep_jwk(jwk);
		spoil(jwk, names[row]);
		sweep_jwk(jwk);
		free(jwk);
	}
}

/* The first key of a process. */
static enum jwt_reason
start_x25519(void)
{
	static const char bob[] = "{\"kty\":\"OKP\",\"crv\":\"X25519\","
	    "\"alg\":\"ECDH-ES\","
	    "\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\","
	    "\"d\":\"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os\"}";
	struct jwe_key_set set;

	return load(bob, NOMEMORY_LIBCRYPTO, 1, true, &set);
}

static void
test_start(void **state)
{
	(void)state;
	nomemory_expect_start(start_x25519);
}

/* Parse and decrypt while the allocation of that number fails. */
static enum jwt_reason
open_token(const struct jwe_key_set *set, const char *token,
    enum nomemory_whose whose, unsigned long at, bool onwards)
{
	struct jwe *jwe;
	static uint8_t byte;
	struct jws *const nowhere = (void *)&byte;	/* what *out had before */
	struct jws *jws = NULL;
	enum jwt_reason reason;

	nomemory_arm(whose, at, onwards);
	reason = jwe_parse(bytes_str(token), &jwe);
	if (reason == JWT_OK) {
		jws = nowhere;
		reason = jwe_decrypt(jwe, &set->keys[0], &jws);
	}
	(void)nomemory_disarm();
	assert_int_equal(jws != NULL, reason == JWT_OK);
	if (jws != NULL)
		assert_true(bytes_eq_str(jwe_inner(jwe), INNER));
	jws_free(jws);
	jwe_free(jwe);
	return reason;
}

static void
sweep_open(const struct jwe_key_set *set, const char *token,
    enum nomemory_whose whose, bool onwards, struct tally *out)
{
	enum jwt_reason usual = open_token(set, token, whose, 0, false);
	unsigned long at, sites = nomemory.count;

	for (at = 1; at <= sites; at += stride(sites)) {
		long live = nomemory.live;
		enum jwt_reason reason = open_token(set, token, whose, at,
		    onwards);

		out->count[reason]++;
		assert_true(reason != JWT_OK || usual == JWT_OK);
		assert_int_equal(nomemory.live, live);
	}
}

/* All of these with one token. */
static void
sweep_token(const struct jwe_key_set *set, const char *token)
{
	struct tally ours = { { 0 } }, theirs = { { 0 } };

	sweep_open(set, token, NOMEMORY_OURS, false, &ours);
	sweep_open(set, token, NOMEMORY_OURS, true, &ours);
	assert_int_equal(count_all(&ours) > 0, NOMEMORY_HAS_OURS);
	assert_int_equal(ours.count[JWT_OUT_OF_MEMORY], count_all(&ours));
	sweep_open(set, token, NOMEMORY_LIBCRYPTO, false, &theirs);
	sweep_open(set, token, NOMEMORY_LIBCRYPTO, true, &theirs);
	assert_int_equal(theirs.count[JWT_DECRYPT_FAILED] +
	    theirs.count[JWT_OK], count_all(&theirs));
}

enum fault { NO_FAULT, BAD_KEY, BAD_TAG };

/*
 * A token for the key of a row.  A bad key is an encrypted key that is not ours;
 * ECDH-ES alone has none, and gets an epk that is not on its curve.
 */
static char *
make(size_t row, struct bytes content_key, enum fault fault)
{
	struct jwe_recipe recipe = {
		.alg = rows[row].alg, .enc = rows[row].enc,
		.content_key = content_key,
		.epk = row == 0 && fault == BAD_KEY ? NOWHERE : NULL
	};
	struct jwe_parts parts;
	char *token;

	jwe_make_parts(&recipe, jwe_make_key(rows[row].kind), rows[row].kind,
	    bytes_str(INNER), &parts);
	if (parts.key.len > 0)
		parts.key.ptr[1] ^= fault == BAD_KEY;
	parts.tag.ptr[0] ^= fault == BAD_TAG;
	token = jwe_parts_join(&parts);
	jwe_parts_clear(&parts);
	return token;
}

static void
load_row(size_t row, struct jwe_key_set *set)
{
	char *jwk = make_jwk(row);

	assert_int_equal(load(jwk, NOMEMORY_OURS, 0, false, set), JWT_OK);
	free(jwk);
}

static void
test_open(void **state)
{
	size_t row;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		char *good = make(row, bytes_of(NULL, 0), NO_FAULT);
		char *bad = make(row, bytes_of(NULL, 0), BAD_TAG);
		struct jwe_key_set set;

		load_row(row, &set);
		sweep_token(&set, good);
		sweep_token(&set, bad);
		jwe_key_set_clear(&set);
		free(good);
		free(bad);
	}
}

/*
 * Tokens of an attacker who hopes that a step that fails for want of memory
 * leaves zeros: Z, the key that is derived, or the content key.
 */
static void
test_zeros(void **state)
{
	static const uint8_t zeros[JWE_CEK_MAX];
	size_t row, i;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		const struct jwe_enc *enc = jwe_enc_by_name(bytes_str(
		    rows[row].enc));
		struct jwe_key_set set;

		load_row(row, &set);
		for (i = 0; i < 2; i++) {
			struct jwe_recipe recipe = {
				.alg = rows[row].alg, .enc = rows[row].enc
			};
			char *token;

			if (i == 0)
				recipe.content_key = bytes_of(zeros,
				    enc->cek_len);
			else if (rows[row].kind != JWE_RSA)
				recipe.z = bytes_of(zeros, 32);
			else
				continue;
			token = jwe_make(&recipe, jwe_make_key(
			    rows[row].kind), rows[row].kind, bytes_str(INNER));
			assert_int_equal(open_token(&set, token, NOMEMORY_OURS,
			    0, false), JWT_DECRYPT_FAILED);
			sweep_token(&set, token);
			free(token);
		}
		jwe_key_set_clear(&set);
	}
}

/* Nothing stays allocated of a key and of a token when it is used again. */
static void
test_leaks(void **state)
{
	size_t row, i;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		char *good = make(row, bytes_of(NULL, 0), NO_FAULT);
		char *bad = make(row, bytes_of(NULL, 0), BAD_KEY);
		long live = 0, crypto_live = 0;

		for (i = 0; i < 4; i++) {
			struct jwe_key_set set;

			/* Twice, because the first time prepares more. */
			if (i == 2) {
				live = nomemory.live;
				crypto_live = nomemory.crypto_live;
			}
			load_row(row, &set);
			assert_int_equal(open_token(&set, good, NOMEMORY_OURS,
			    0, false), JWT_OK);
			assert_int_equal(open_token(&set, bad, NOMEMORY_OURS,
			    0, false), JWT_DECRYPT_FAILED);
			jwe_key_set_clear(&set);
		}
		assert_int_equal(nomemory.live, live);
		assert_int_equal(nomemory.crypto_live, crypto_live);
		free(good);
		free(bad);
	}
}

/*
 * How many blocks libcrypto still has after its end, in a process that makes a
 * token of a row, and may decrypt it.
 */
static long
left_after(size_t row, bool decrypts)
{
	int ends[2], status;
	long left = -1;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		struct jwe_key_set set;
		char *token;

		signal(SIGSEGV, SIG_DFL);
		token = make(row, bytes_of(NULL, 0), NO_FAULT);
		if (decrypts) {
			load_row(row, &set);
			(void)open_token(&set, token, NOMEMORY_OURS, 0, false);
			jwe_key_set_clear(&set);
		}
		OPENSSL_cleanup();
		left = nomemory.crypto_live;
		_exit(write(ends[1], &left, sizeof(left)) != sizeof(left));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(ends[0], &left, sizeof(left)), sizeof(left));
	close(ends[0]);
	close(ends[1]);
	return left;
}

/* An algorithm that was fetched is given back: libcrypto frees it at its end. */
static void
test_fetched(void **state)
{
	size_t row;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		/* Both processes have the key of this one. */
		(void)jwe_make_key(rows[row].kind);
		assert_int_equal(left_after(row, true), left_after(row, false));
	}
}

/* A token that is cut is not called one of a wrong form without memory. */
static void
test_cut(void **state)
{
	char *token = make(0, bytes_of(NULL, 0), NO_FAULT);
	struct jwe_key_set none = { .count = 0 };
	struct tally tally = { { 0 } };

	(void)state;
	*strrchr(token, '.') = '\0';
	assert_int_equal(open_token(&none, token, NOMEMORY_OURS, 0, false),
	    JWT_TOKEN_FORM);
	sweep_open(&none, token, NOMEMORY_OURS, false, &tally);
	assert_int_equal(tally.count[JWT_OUT_OF_MEMORY], count_all(&tally));
	free(token);
}

static enum jwt_reason
open_row(size_t row, char *token)
{
	struct jwe_key_set set;
	enum jwt_reason reason;

	load_row(row, &set);
	reason = open_token(&set, token, NOMEMORY_OURS, 0, false);
	jwe_key_set_clear(&set);
	free(token);
	return reason;
}

/*
 * RFC 7516 section 11.5: a content key that cannot be recovered is replaced by
 * a random one.  So a token opens whose content is encrypted with that one.
 */
static void
test_random(void **state)
{
	static const uint8_t known[JWE_CEK_MAX] = "not random in this test";
	size_t row;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		struct bytes key = bytes_of(known, jwe_enc_by_name(bytes_str(
		    rows[row].enc))->cek_len);

		random_source.instead = key;
		assert_int_equal(open_row(row, make(row, key, BAD_KEY)),
		    JWT_OK);
		assert_int_equal(open_row(row, make(row, key, NO_FAULT)),
		    JWT_DECRYPT_FAILED);
		random_source.instead = bytes_of(NULL, 0);
		random_source.fails = true;
		assert_int_equal(open_row(row, make(row, bytes_of(NULL, 0),
		    NO_FAULT)), JWT_INTERNAL);
		random_source.fails = false;
	}
}

/* How often libcrypto allocates for a token with that encrypted key. */
static unsigned long
work_for(const struct jwe_key_set *set, struct bytes number)
{
	struct jwe_recipe recipe = { .alg = rows[2].alg, .enc = rows[2].enc };
	struct jwe_parts parts;
	char *token;

	jwe_make_parts(&recipe, jwe_make_key(JWE_RSA), JWE_RSA,
	    bytes_str(INNER), &parts);
	assert_int_equal(parts.key.len, number.len);
	memcpy(parts.key.ptr, number.ptr, number.len);
	token = jwe_parts_join(&parts);
	jwe_parts_clear(&parts);
	assert_int_equal(open_token(set, token, NOMEMORY_LIBCRYPTO, 0, false),
	    JWT_DECRYPT_FAILED);
	free(token);
	return nomemory.count;
}

/*
 * A number that is not below the modulus costs as much as any other: OpenSSL,
 * which refuses it before it computes, would need little more than half.
 */
static void
test_large(void **state)
{
	uint8_t modulus[256], below[256], most[256];
	BIGNUM *n = NULL;
	struct jwe_key_set set;
	unsigned long usual;

	(void)state;
	assert_int_equal(EVP_PKEY_get_bn_param(jwe_make_key(JWE_RSA),
	    OSSL_PKEY_PARAM_RSA_N, &n), 1);
	assert_int_equal(BN_bn2binpad(n, modulus, sizeof(modulus)),
	    sizeof(modulus));
	BN_free(n);
	memcpy(below, modulus, sizeof(below));
	below[sizeof(below) - 1]--;	/* it is odd */
	memset(most, 0xff, sizeof(most));
	load_row(2, &set);
	/* The first time prepares more. */
	(void)work_for(&set, bytes_of(below, sizeof(below)));
	usual = work_for(&set, bytes_of(below, sizeof(below)));
	assert_true(work_for(&set, bytes_of(modulus, sizeof(modulus))) >
	    usual * 3 / 4);
	assert_true(work_for(&set, bytes_of(most, sizeof(most))) >
	    usual * 3 / 4);
	jwe_key_set_clear(&set);
}

/*
 * The last error is still the one of the host, and no mark is left.  That the
 * host ran out of memory once is not why a key is refused.
 */
static void
expect_host_error(void)
{
	unsigned long last = ERR_peek_last_error();

	assert_int_equal(ERR_GET_LIB(last), ERR_LIB_USER);
	assert_int_equal(ERR_GET_REASON(last), ERR_R_MALLOC_FAILURE);
	assert_int_equal(ERR_pop_to_mark(), 0);
	ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
}

static void
test_errors(void **state)
{
	size_t row;

	(void)state;
	for (row = 0; row < ROWS; row++) {
		char *bad = make(row, bytes_of(NULL, 0), BAD_KEY);
		char *jwk = make_jwk(row);
		struct jwe_key_set set;

		ERR_clear_error();
		ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
		assert_int_equal(load(jwk, NOMEMORY_OURS, 0, false, &set),
		    JWT_OK);
		expect_host_error();
		assert_int_equal(open_token(&set, bad, NOMEMORY_OURS, 0,
		    false), JWT_DECRYPT_FAILED);
		expect_host_error();
		jwe_key_set_clear(&set);
		spoil(jwk, names[row]);
		assert_int_equal(load(jwk, NOMEMORY_OURS, 0, false, &set),
		    JWT_KEY_FILE_INVALID);
		expect_host_error();
		jwe_key_set_clear(&set);
		free(jwk);
		free(bad);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),	/* before others start it */
		cmocka_unit_test(test_fetched),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_leaks),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_errors),
	};

	nomemory_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
