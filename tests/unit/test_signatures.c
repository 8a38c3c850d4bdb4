/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signatures and keys: every key against every token, every bit of a token
 * flipped, every truncation.  Forged signatures and keys are in tests/attacks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <openssl/err.h>

#include "core/base/b64url.h"
#include "world.h"

static const enum alg_id algs[] = {
	ALG_ES256, ALG_ES384, ALG_ES512, ALG_ED25519, ALG_ED448, ALG_RS256,
	ALG_RS384, ALG_RS512, ALG_PS256, ALG_PS384, ALG_PS512, ALG_HS256,
	ALG_HS384, ALG_HS512, ALG_ML_DSA_44, ALG_ML_DSA_65, ALG_ML_DSA_87
};

#define ALGS_LEN (sizeof(algs) / sizeof(algs[0]))

static char *
token_of(enum alg_id alg, bool with_kid)
{
	char *header = with_kid ? world_text("{\"alg\":\"%s\",\"kid\":\"%s\"}",
	    alg_row(alg)->name, alg_row(alg)->name) :
	    world_text("{\"alg\":\"%s\"}", alg_row(alg)->name);
	char *token = world_sign(alg, header, "{" WORLD_CLAIMS "}");

	free(header);
	return token;
}

/* A world with one key, and the algorithms line that HMAC needs. */
static void
load_one(struct world *world, enum alg_id alg)
{
	char *line = alg_row(alg)->kind == KEY_OCT ?
	    world_text("algorithms = %s", alg_row(alg)->name) :
	    world_text("%s", "");

	assert_int_equal(world_load(world, line, "", world_jwk(alg)), JWT_OK);
	free(line);
}

static void
test_matrix(void **state)
{
	unsigned passed = 0, refused = 0;
	size_t key, made, kid;

	(void)state;
	for (key = 0; key < ALGS_LEN; key++) {
		struct world world;

		if (!sig_supports(algs[key]))
			continue;
		load_one(&world, algs[key]);
		for (made = 0; made < ALGS_LEN; made++) {
			for (kid = 0; sig_supports(algs[made]) && kid < 2; kid++) {
				char *token = token_of(algs[made], kid == 1);
				enum jwt_reason reason = world_verdict(&world,
				    token);

				assert_int_equal(reason == JWT_OK,
				    key == made);
				passed += reason == JWT_OK;
				refused += reason != JWT_OK;
				free(token);
			}
		}
		world_clear(&world);
	}
	printf("matrix: %u accepted on the diagonal, %u refused\n", passed,
	    refused);
	assert_int_equal(passed, sig_supports(ALG_ML_DSA_44) ? 34 : 28);
	if (!sig_supports(ALG_ML_DSA_44))
		printf("skip - ML-DSA: this OpenSSL does not have it\n");
}

/* One variant of a good token; the number of those accepted. */
static unsigned
try_variant(const struct world *world, const char *text, size_t len)
{
	return world_verdict_bytes(world, bytes_of(text, len), "alice",
	    WORLD_NOW) == JWT_OK;
}

/* Costly algorithms are tried at every seventh place. */
static size_t
stride(enum alg_id alg)
{
	return alg == ALG_ES384 || alg == ALG_ES512 || alg == ALG_ED448 ||
	    alg >= ALG_ML_DSA_44 ? 7 : 1;
}

static void
test_every_bit(void **state)
{
	unsigned tried = 0, accepted = 0;
	size_t i, at;
	unsigned bit;

	(void)state;
	for (i = 0; i < ALGS_LEN; i++) {
		struct world world;
		char *token;

		if (!sig_supports(algs[i]))
			continue;
		load_one(&world, algs[i]);
		token = token_of(algs[i], true);
		assert_int_equal(world_verdict(&world, token), JWT_OK);
		for (at = 0; at < strlen(token); at += stride(algs[i])) {
			for (bit = 0; bit < 8; bit++, tried++) {
				token[at] = (char)(token[at] ^ (1 << bit));
				accepted += try_variant(&world, token,
				    strlen(token));
				token[at] = (char)(token[at] ^ (1 << bit));
			}
		}
		for (at = 0; at < strlen(token); at++, tried++)
			accepted += try_variant(&world, token, at);
		free(token);
		world_clear(&world);
	}
	printf("bits and truncations: %u variants, %u accepted\n", tried,
	    accepted);
	assert_int_equal(accepted, 0);
}

/* One byte put in at every offset. */
static void
test_every_insertion(void **state)
{
	static const char bytes[] = { 'A', '_', '.', '=', 0, '\xff' };
	struct world world;
	char *token, *longer;
	unsigned tried = 0;
	size_t at, i, len;

	(void)state;
	load_one(&world, ALG_ES256);
	token = token_of(ALG_ES256, true);
	len = strlen(token);
	longer = calloc(1, len + 2);
	assert_non_null(longer);
	for (at = 0; at <= len; at++) {
		for (i = 0; i < sizeof(bytes); i++, tried++) {
			memcpy(longer, token, at);
			longer[at] = bytes[i];
			memcpy(longer + at + 1, token + at, len - at);
			assert_int_equal(try_variant(&world, longer, len + 1),
			    0);
		}
	}
	printf("insertions: %u variants, 0 accepted\n", tried);
	free(longer);
	free(token);
	world_clear(&world);
}

/* Entries of a set that are not for us, and RSA keys that name no algorithm. */
static void
test_key_choice(void **state)
{
	struct world world;

	(void)state;
	assert_int_equal(world_load(&world, "", "", world_set(
	    world_jwk_with(ALG_RS256, ",\"use\":\"enc\",\"kid\":\"a\""),
	    world_jwk_with(ALG_ED25519, ",\"kid\":\"a\""), NULL)), JWT_OK);
	assert_int_equal(world.diag.count, 1);
	world_clear(&world);
	assert_int_equal(world_load(&world, "", "", world_jwk_with(ALG_RS256,
	    "")), JWT_CONFIG_INVALID);
	world_clear(&world);
	assert_int_equal(world_load(&world, "algorithms = PS256", "",
	    world_jwk_with(ALG_RS256, "")), JWT_OK);
	world_clear(&world);
}

/* More than eight keys could have made it: no guessing. */
static void
test_ambiguous(void **state)
{
	struct world world;
	char *set = world_jwk_with(ALG_ED25519, ""), *more, *token;
	unsigned count;

	(void)state;
	for (count = 2; count <= 9; count++) {
		char *key = world_jwk_fresh(ALG_ED25519, "");

		more = world_text("%s,%s", set, key);
		free(key);
		free(set);
		set = more;
		if (count < 8)
			continue;
		assert_int_equal(world_load(&world, "", "", world_text(
		    "{\"keys\":[%s]}", set)), JWT_OK);
		token = token_of(ALG_ED25519, false);
		assert_int_equal(world_verdict(&world, token), count == 8 ?
		    JWT_OK : JWT_KEY_AMBIGUOUS);
		free(token);
		world_clear(&world);
	}
	free(set);
}

/* The host's queue of OpenSSL errors is as it was. */
static void
test_error_queue(void **state)
{
	static const enum alg_id with[] = { ALG_ES256, ALG_RS256, ALG_PS256 };
	static const uint8_t zeros[32];
	struct keymat off_curve = {
		.kind = KEY_P256, .x = bytes_of(zeros, 32),
		.y = bytes_of(zeros, 32)
	};
	struct sig_key *key;
	struct world world;
	char *token;
	size_t i;

	(void)state;
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, 7);
	for (i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		load_one(&world, with[i]);
		token = token_of(with[i], true);
		token[strlen(token) - 20] = token[strlen(token) - 20] == 'A' ?
		    'B' : 'A';
		assert_int_equal(world_verdict(&world, token),
		    JWT_SIGNATURE_INVALID);
		free(token);
		world_clear(&world);
	}
	assert_int_equal(sig_key_new(&off_curve, &key), JWT_OK);
	assert_int_equal(sig_key_build(key), JWT_KEY_FILE_INVALID);
	sig_key_free(key);
	(void)sig_supports(ALG_ML_DSA_44);
	assert_int_equal(ERR_GET_LIB(ERR_get_error()), ERR_LIB_USER);
	assert_int_equal(ERR_get_error(), 0);
}

/* sig_verify() itself holds a key to its kind, whoever calls it. */
static void
test_key_kind(void **state)
{
	static const uint8_t zeros[64];
	struct keymat mat = { .kind = KEY_OCT, .x = bytes_of(zeros, 64) };
	struct sig_key *key;

	(void)state;
	assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
	assert_int_equal(sig_verify(key, ALG_ES256, bytes_str("x"),
	    bytes_of(zeros, 64)), JWT_ALG_KEY_MISMATCH);
	assert_int_equal(sig_verify(key, ALG_HS256, bytes_str("x"),
	    bytes_of(zeros, 32)), JWT_SIGNATURE_INVALID);
	/* What is kept of the last one does not serve another algorithm. */
	assert_int_equal(sig_verify(key, ALG_HS512, bytes_str("x"),
	    bytes_of(zeros, 64)), JWT_SIGNATURE_INVALID);
	assert_int_equal(sig_verify(key, ALG_HS256, bytes_str("x"),
	    bytes_of(zeros, 32)), JWT_SIGNATURE_INVALID);
	sig_key_free(key);
	/* A secret shorter than the hash, whoever bound it to that. */
	mat.x.len = 63;
	assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
	assert_int_equal(sig_verify(key, ALG_HS512, bytes_str("x"),
	    bytes_of(zeros, 64)), JWT_ALG_KEY_MISMATCH);
	sig_key_free(key);
}

/* The length of each kind of key, and one byte more or less. */
static void
test_key_lengths(void **state)
{
	static const struct {
		enum key_kind kind;
		size_t len;
	} rows[] = {
		{ KEY_P256, 32 }, { KEY_P384, 48 }, { KEY_P521, 66 },
		{ KEY_ED25519, 32 }, { KEY_ED448, 57 },
		{ KEY_ML_DSA_44, 1312 }, { KEY_ML_DSA_65, 1952 },
		{ KEY_ML_DSA_87, 2592 }, { KEY_RSA, 0 }, { KEY_OCT, 0 }
	};
	static uint8_t bytes[2600];
	size_t i, len;

	(void)state;
	memset(bytes, 0x55, sizeof(bytes));
	bytes[56] = 0;	/* the sign octet of Ed448 */
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(keymat_len(rows[i].kind), rows[i].len);
		for (len = rows[i].len - 1; rows[i].len != 0 &&
		    len <= rows[i].len + 1; len++) {
			struct keymat mat = {
				.kind = rows[i].kind,
				.x = bytes_of(bytes, len),
				.y = bytes_of(bytes, rows[i].len)
			};

			assert_int_equal(keymat_fault(&mat) == NULL,
			    len == rows[i].len);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_every_insertion),
		cmocka_unit_test(test_key_choice),
		cmocka_unit_test(test_ambiguous),
		cmocka_unit_test(test_error_queue),
		cmocka_unit_test(test_key_kind),
		cmocka_unit_test(test_key_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
