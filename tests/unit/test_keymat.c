/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of keys, and the table of algorithms that they are for: each
 * value beside a line that is drawn, with the fault that is named for it.  And
 * keys that are made of numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "core/jose/sig.h"

#define RSA_LEN	256	/* bytes of the modulus of most tests */

/* The fault of a key starts with that text; NULL: it has none. */
static void
expect(enum key_kind kind, struct bytes x, struct bytes y, const char *wanted)
{
	struct keymat mat = { .kind = kind, .x = x, .y = y };
	const char *fault = keymat_fault(&mat);

	if (wanted == NULL && fault == NULL)
		return;
	if (wanted == NULL || fault == NULL ||
	    strncmp(fault, wanted, strlen(wanted)) != 0)
		fail_msg("\"%s\" instead of \"%s\"",
		    fault == NULL ? "no fault" : fault,
		    wanted == NULL ? "no fault" : wanted);
}

/* A number of equal bytes, but for those at its two ends. */
static struct bytes
fill(uint8_t *number, size_t len, uint8_t first, uint8_t middle, uint8_t last)
{
	memset(number, middle, len);
	number[0] = first;
	number[len - 1] = last;
	return bytes_of(number, len);
}

static void
test_rsa(void **state)
{
	static const struct {
		size_t len;
		uint8_t first, last;
		const char *e;
		size_t e_len;
		const char *fault;
	} rows[] = {
		{ 256, 0x80, 1, "\1\0\1", 3, NULL },
		{ 256, 0x80, 1, "\1\0\1", 0, "n or e is empty" },
		{ 256, 0x00, 1, "\1\0\1", 3, "n or e has a leading zero" },
		{ 256, 0x01, 1, "\1\0\1", 3, "an RSA modulus below 2048" },
		{ 256, 0x7f, 1, "\1\0\1", 3, "an RSA modulus below 2048" },
		{ 257, 0x01, 1, "\1\0\1", 3, NULL },
		{ 1, 0x01, 1, "\1\0\1", 3, "an RSA modulus below 2048" },
		{ 1024, 0xff, 1, "\1\0\1", 3, NULL },
		{ 1025, 0x01, 1, "\1\0\1", 3, "an RSA modulus above 8192" },
		{ 256, 0x80, 2, "\1\0\1", 3, "an even RSA modulus" },
		{ 256, 0x80, 1, "\0\1", 2, "n or e has a leading zero" },
		{ 256, 0x80, 1, "\1\0\0\0\0\0\0\1", 8, NULL },
		{ 256, 0x80, 1, "\1\0\0\0\0\0\0\0\1", 9, "an RSA exponent above" },
		{ 256, 0x80, 1, "\1", 1, "an RSA exponent that is even or" },
		{ 256, 0x80, 1, "\2", 1, "an RSA exponent that is even or" },
		{ 256, 0x80, 1, "\3", 1, NULL },
		{ 256, 0x80, 1, "\4", 1, "an RSA exponent that is even or" },
		{ 256, 0x80, 1, "\1\1", 2, NULL },
		{ 256, 0x80, 1, "\1\2", 2, "an RSA exponent that is even or" },
	};
	uint8_t n[1025];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(KEY_RSA, fill(n, rows[i].len, rows[i].first, 0x5a,
		    rows[i].last), bytes_of(rows[i].e, rows[i].e_len),
		    rows[i].fault);
}

/* The product of all odd primes up to 167, but for one. */
static BIGNUM *
product_without(unsigned left_out)
{
	BIGNUM *product = BN_new();
	unsigned prime, k;

	assert_true(BN_one(product));
	for (prime = 3; prime <= 167; prime += 2) {
		for (k = 3; k * k <= prime && prime % k != 0; k += 2)
			;
		if (k * k > prime && prime != left_out)
			assert_true(BN_mul_word(product, prime));
	}
	return product;
}

/*
 * Check an odd number of 2,048 bits that is such a power of 65537 modulo the
 * small primes, but for one: that leaves the rest 2.
 */
static void
expect_power(long exponent, unsigned left_out, const char *fault)
{
	BIGNUM *product = product_without(left_out), *n = BN_new();
	BIGNUM *more = BN_new(), *power = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	uint8_t number[RSA_LEN];

	assert_true(BN_set_word(n, 65537) &&
	    BN_set_word(power, (BN_ULONG)labs(exponent)));
	if (exponent < 0)
		assert_non_null(BN_mod_inverse(n, n, product, ctx));
	assert_true(BN_mod_exp(n, n, power, product, ctx));
	assert_true(BN_lshift(more, product, RSA_LEN * 8 -
	    BN_num_bits(product)));
	assert_true(BN_add(n, n, more));
	while (!BN_is_odd(n) ||
	    (left_out != 0 && BN_mod_word(n, left_out) != 2))
		assert_true(BN_add(n, n, product));
	assert_int_equal(BN_bn2binpad(n, number, sizeof(number)), RSA_LEN);
	expect(KEY_RSA, bytes_of(number, sizeof(number)),
	    bytes_of("\1\0\1", 3), fault);
	BN_free(product);
	BN_free(n);
	BN_free(more);
	BN_free(power);
	BN_CTX_free(ctx);
}

/* Every power counts, the last one before they repeat as well; and each prime. */
static void
test_roca(void **state)
{
	static const char fault[] = "an RSA modulus of the ROCA kind";

	(void)state;
	expect_power(0, 0, fault);
	expect_power(1, 0, fault);
	expect_power(2, 0, fault);
	expect_power(-1, 0, fault);
	expect_power(2, 11, NULL);
	expect_power(2, 37, NULL);
	expect_power(2, 73, NULL);
	expect_power(2, 157, NULL);
	/* 3, 5 and 7 tell nothing. */
	expect_power(2, 5, fault);
}

/* The ends of y, little-endian, and what is between them. */
struct edwards {
	uint8_t first, middle, last;
	const char *fault;
};

/* The sign of x changes nothing. */
static void
test_ed25519(void **state)
{
	static const char other[] = "an Ed25519 key that is not in canonical";
	static const char small[] = "an Ed25519 key of small order";
	static const struct edwards rows[] = {
		{ 0, 0, 0, small }, { 1, 0, 0, small }, { 2, 0, 0, NULL },
		{ 0, 0, 1, NULL }, { 1, 0, 1, NULL }, { 0, 1, 0, NULL },
		{ 0xeb, 0xff, 0x7f, NULL }, { 0xec, 0xff, 0x7f, small },
		{ 0xed, 0xff, 0x7f, other }, { 0xee, 0xff, 0x7f, other },
		{ 0xff, 0xff, 0x7f, other }, { 0xff, 0xff, 0x7e, NULL },
		{ 0xff, 0xfe, 0x7f, NULL }, { 0xec, 0xff, 0x7e, NULL },
	};
	uint8_t y[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)fill(y, sizeof(y), rows[i].first, rows[i].middle,
		    rows[i].last);
		expect(KEY_ED25519, bytes_of(y, sizeof(y)), bytes_of(NULL, 0),
		    rows[i].fault);
		y[31] |= 0x80;
		expect(KEY_ED25519, bytes_of(y, sizeof(y)), bytes_of(NULL, 0),
		    rows[i].fault);
	}
}

/* p is 2^448 - 2^224 - 1: its bytes are ff but for one, and for the sign. */
static void
test_ed448(void **state)
{
	static const char other[] = "an Ed448 key that is not in canonical";
	static const char small[] = "an Ed448 key of small order";
	static const struct {
		uint8_t first, middle, at28, last;
		const char *fault;
	} rows[] = {
		{ 0, 0, 0, 0, small }, { 1, 0, 0, 0, small },
		{ 2, 0, 0, 0, NULL }, { 0, 0, 1, 0, NULL },
		{ 1, 0, 1, 0, NULL }, { 0xfd, 0xff, 0xfe, 0, NULL },
		{ 0xfe, 0xff, 0xfe, 0, small }, { 0xff, 0xff, 0xfe, 0, other },
		{ 0, 0xff, 0xff, 0, other }, { 0xff, 0xff, 0xfd, 0, NULL },
		{ 0xff, 0xfe, 0xfe, 0, NULL }, { 0, 0, 0, 1, other },
	};
	uint8_t y[57];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)fill(y, sizeof(y), rows[i].first, rows[i].middle,
		    rows[i].last);
		y[28] = rows[i].at28;
		expect(KEY_ED448, bytes_of(y, sizeof(y)), bytes_of(NULL, 0),
		    rows[i].fault);
		y[56] |= 0x80;
		expect(KEY_ED448, bytes_of(y, sizeof(y)), bytes_of(NULL, 0),
		    rows[i].fault);
	}
}

static void
test_lengths(void **state)
{
	static const uint8_t bytes[2593];
	static const struct {
		enum key_kind kind;
		size_t x, y;
		const char *fault;
	} rows[] = {
		{ KEY_OCT, 0, 0, "a number of the key is missing" },
		{ KEY_OCT, 1, 0, "a secret below 256 bits" },
		{ KEY_OCT, 31, 0, "a secret below 256 bits" },
		{ KEY_OCT, 32, 0, NULL }, { KEY_OCT, 1024, 0, NULL },
		{ KEY_OCT, 1025, 0, "a secret above 1024 bytes" },
		{ KEY_RSA, 0, 3, "a number of the key is missing" },
		{ KEY_P256, 0, 32, "a number of the key is missing" },
		{ KEY_P256, 1, 32, "a coordinate or public key of the wrong" },
		{ KEY_P256, 32, 0, "a coordinate of the wrong length" },
		{ KEY_P384, 48, 49, "a coordinate of the wrong length" },
		{ KEY_P521, 66, 65, "a coordinate of the wrong length" },
		{ KEY_P521, 66, 66, NULL },
		{ KEY_ED25519, 0, 0, "a number of the key is missing" },
		{ KEY_ML_DSA_44, 1312, 0, NULL },
		{ KEY_ML_DSA_44, 1313, 0, "a coordinate or public key of the" },
		{ KEY_ML_DSA_65, 1952, 0, NULL },
		{ KEY_ML_DSA_65, 1953, 0, "a coordinate or public key of the" },
		{ KEY_ML_DSA_87, 2592, 0, NULL },
		{ KEY_ML_DSA_87, 2593, 0, "a coordinate or public key of the" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].kind, bytes_of(bytes, rows[i].x),
		    bytes_of(bytes, rows[i].y), rows[i].fault);
}

/* Only the coordinates of EC get zeros, and only if there is a number. */
static void
test_pad(void **state)
{
	static const uint8_t bytes[66] = { 7, 8, 9 };
	static const struct {
		enum key_kind kind;
		size_t x, y, padded_x, padded_y;
	} rows[] = {
		{ KEY_P256, 32, 32, 32, 32 }, { KEY_P256, 31, 32, 32, 32 },
		{ KEY_P256, 32, 1, 32, 32 }, { KEY_P384, 46, 47, 48, 48 },
		{ KEY_P256, 0, 32, 0, 32 }, { KEY_P256, 32, 0, 32, 0 },
		{ KEY_P521, 66, 65, 66, 66 }, { KEY_P256, 33, 34, 33, 34 },
		{ KEY_ED25519, 31, 0, 31, 0 }, { KEY_RSA, 31, 3, 31, 3 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct keymat mat = {
			.kind = rows[i].kind, .x = bytes_of(bytes, rows[i].x),
			.y = bytes_of(bytes, rows[i].y)
		};
		struct arena arena = { 0 };
		bool padded = false;

		assert_int_equal(keymat_pad(&arena, &mat, &padded), JWT_OK);
		assert_int_equal(mat.x.len, rows[i].padded_x);
		assert_int_equal(mat.y.len, rows[i].padded_y);
		assert_int_equal(padded, mat.x.len + mat.y.len !=
		    rows[i].x + rows[i].y);
		if (mat.x.len > rows[i].x)
			assert_int_equal(mat.x.ptr[0], 0);
		else
			assert_ptr_equal(mat.x.ptr, bytes);
		if (rows[i].x > 0)
			assert_memory_equal(mat.x.ptr + mat.x.len - rows[i].x,
			    bytes, rows[i].x);
		if (rows[i].y > 0)
			assert_memory_equal(mat.y.ptr + mat.y.len - rows[i].y,
			    bytes, rows[i].y);
		arena_clear(&arena);
	}
}

/* The sizes of FIPS 204 table 2; of a hash, OpenSSL knows them. */
static void
test_algorithms(void **state)
{
	static const size_t ml_dsa[] = { 2420, 3309, 4627 };
	unsigned id;

	(void)state;
	for (id = 0; id < ALG_COUNT; id++) {
		const struct alg *alg = alg_row((enum alg_id)id);

		assert_int_equal(alg->id, id);
		if (alg->scheme != SCHEME_HMAC)
			assert_int_equal(alg->key_min, 0);
		switch (alg->scheme) {
		case SCHEME_HMAC:
			assert_int_equal(alg->sig_len, EVP_MD_get_size(
			    EVP_get_digestbyname(alg->digest)));
			assert_int_equal(alg->key_min, alg->sig_len);
			break;
		case SCHEME_ECDSA:
			assert_int_equal(alg->sig_len, 2 *
			    keymat_len(alg->kind));
			break;
		case SCHEME_EDDSA:
			assert_int_equal(alg->sig_len, 2 *
			    keymat_len(alg->kind));
			break;
		case SCHEME_RSA_PKCS1:
		case SCHEME_RSA_PSS:
			assert_int_equal(alg->sig_len, 0);
			break;
		case SCHEME_ML_DSA:
			assert_int_equal(alg->sig_len, ml_dsa[id -
			    ALG_ML_DSA_44]);
			break;
		}
	}
}

/* Exactly one of the algorithms, the first, the last or any. */
static void
test_single(void **state)
{
	enum alg_id id = ALG_RS512;
	unsigned a, b;

	(void)state;
	assert_false(alg_single(0, &id));
	for (a = 0; a < ALG_COUNT; a++) {
		for (b = 0; b < ALG_COUNT; b++) {
			bool single = alg_single(ALG_BIT(a) | ALG_BIT(b), &id);

			assert_int_equal(single, a == b);
			if (single)
				assert_int_equal(id, a);
		}
	}
}

/* A key has the numbers that it was made of, a number of one byte as well. */
static void
test_keys(void **state)
{
	static const uint8_t bytes[64] = { 1, 2, 3 };
	static const struct keymat rows[] = {
		{ KEY_OCT, { bytes, 32 }, { NULL, 0 } },
		{ KEY_OCT, { bytes, 33 }, { NULL, 0 } },
		{ KEY_OCT, { bytes + 1, 32 }, { NULL, 0 } },
		{ KEY_ED25519, { bytes, 32 }, { NULL, 0 } },
		{ KEY_P256, { bytes, 32 }, { bytes + 1, 32 } },
		{ KEY_P256, { bytes, 32 }, { bytes, 32 } },
		{ KEY_RSA, { bytes, 32 }, { bytes + 2, 1 } },
		{ KEY_RSA, { bytes, 32 }, { bytes + 1, 1 } },
	};
	struct sig_key *keys[sizeof(rows) / sizeof(rows[0])];
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct keymat *mat;

		assert_int_equal(sig_key_new(&rows[i], &keys[i]), JWT_OK);
		mat = sig_key_numbers(keys[i]);
		assert_int_equal(mat->kind, rows[i].kind);
		assert_true(bytes_eq(mat->x, rows[i].x));
		assert_true(bytes_eq(mat->y, rows[i].y));
		for (k = 0; k <= i; k++)
			assert_int_equal(sig_key_equal(keys[k], keys[i]),
			    k == i);
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		sig_key_free(keys[i]);
	sig_key_free(NULL);
}

/* The longest RSA key has room, and one with e = 3. */
static void
test_longest(void **state)
{
	uint8_t n[RSA_BITS_MAX / 8];
	struct keymat mat = {
		.kind = KEY_RSA, .x = fill(n, sizeof(n), 0xff, 0x5a, 1)
	};
	struct sig_key *key;
	size_t len;

	(void)state;
	for (len = 1; len <= RSA_E_MAX_LEN; len += RSA_E_MAX_LEN - 1) {
		mat.y = bytes_of("\3\0\0\0\0\0\0\1", len);
		assert_int_equal(sig_key_new(&mat, &key), JWT_OK);
		assert_int_equal(sig_key_build(key), JWT_OK);
		assert_int_equal(sig_verify(key, ALG_RS256, bytes_str("x"),
		    mat.x), JWT_SIGNATURE_INVALID);
		sig_key_free(key);
	}
}

/* OpenSSL has all but ML-DSA, which it has from 3.5 on. */
static void
test_support(void **state)
{
	static const uint8_t zeros[2592];
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "ML-DSA-44", NULL);
	unsigned id;

	(void)state;
	for (id = 0; id < ALG_COUNT; id++) {
		bool known = sig_supports((enum alg_id)id);
		enum key_kind kind = alg_row((enum alg_id)id)->kind;
		struct keymat mat = {
			.kind = kind, .x = bytes_of(zeros, keymat_len(kind))
		};
		struct sig_key *key = (struct sig_key *)&mat;

		assert_int_equal(known, id < ALG_ML_DSA_44 || ctx != NULL);
		assert_int_equal(sig_key_new(&mat, &key), known ? JWT_OK :
		    JWT_ALG_UNSUPPORTED);
		assert_int_equal(key != NULL, known);
		sig_key_free(key);
	}
	EVP_PKEY_CTX_free(ctx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_roca),
		cmocka_unit_test(test_ed25519),
		cmocka_unit_test(test_ed448),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_pad),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_support),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
