/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks of public keys and secrets that OpenSSL does not make.  A provider, or
 * an attacker in its place, could otherwise publish a key that verifies forged
 * signatures.
 */
#include "core/jose/keymat.h"

const struct keymat_name *
keymat_name(enum key_kind kind)
{
	static const struct keymat_name names[KEY_KINDS] = {
		[KEY_P256] = { "EC", "crv", "P-256" },
		[KEY_P384] = { "EC", "crv", "P-384" },
		[KEY_P521] = { "EC", "crv", "P-521" },
		[KEY_ED25519] = { "OKP", "crv", "Ed25519" },
		[KEY_ED448] = { "OKP", "crv", "Ed448" },
		[KEY_RSA] = { "RSA", NULL, NULL },
		[KEY_OCT] = { "oct", NULL, NULL },
		[KEY_ML_DSA_44] = { "AKP", "alg", "ML-DSA-44" },
		[KEY_ML_DSA_65] = { "AKP", "alg", "ML-DSA-65" },
		[KEY_ML_DSA_87] = { "AKP", "alg", "ML-DSA-87" },
	};

	return &names[kind];
}

size_t
keymat_len(enum key_kind kind)
{
	switch (kind) {
	case KEY_P256:
		return 32;
	case KEY_P384:
		return 48;
	case KEY_P521:
		return 66;
	case KEY_ED25519:
		return 32;
	case KEY_ED448:
		return 57;
	case KEY_ML_DSA_44:
		return 1312;
	case KEY_ML_DSA_65:
		return 1952;
	case KEY_ML_DSA_87:
		return 2592;
	case KEY_RSA:
	case KEY_OCT:
		break;
	}
	return 0;
}

static size_t
bit_length(struct bytes number)
{
	size_t bits = (number.len - 1) * 8;
	unsigned top;

	for (top = number.ptr[0]; top != 0; top >>= 1)
		bits++;
	return bits;
}

static uint32_t
modulo(struct bytes number, uint32_t divisor)
{
	uint32_t rest = 0;
	size_t i;

	for (i = 0; i < number.len; i++)
		rest = (rest << 8 | number.ptr[i]) % divisor;
	return rest;
}

/* Whether rest is a power of 65537 modulo the prime. */
static bool
is_power_of_f4(uint32_t rest, uint32_t prime)
{
	uint32_t power = 1;

	do {
		if (power == rest)
			return true;
		power = power * (65537 % prime) % prime;
	} while (power != 1);
	return false;
}

/*
 * ROCA (CVE-2017-15361): a faulty chip library made moduli that are powers
 * of 65537 modulo every small prime; they can be factored.  A sound modulus
 * passes for one with a probability below 2^-27.  3, 5 and 7 tell nothing: all
 * numbers that they do not divide are such powers.
 */
static bool
is_roca(struct bytes n)
{
	static const uint8_t primes[] = {
		11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71,
		73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139,
		149, 151, 157, 163, 167
	};
	size_t i;

	for (i = 0; i < sizeof(primes); i++) {
		if (!is_power_of_f4(modulo(n, primes[i]), primes[i]))
			return false;
	}
	return true;
}

static const char *
rsa_fault(struct bytes n, struct bytes e)
{
	if (n.len == 0 || e.len == 0)
		return "n or e is empty";
	if (n.ptr[0] == 0 || e.ptr[0] == 0)
		return "n or e has a leading zero octet (RFC 7518 section 2)";
	if (bit_length(n) < RSA_BITS_MIN)
		return "an RSA modulus below 2048 bits";
	if (bit_length(n) > RSA_BITS_MAX)
		return "an RSA modulus above 8192 bits";
	if ((n.ptr[n.len - 1] & 1) == 0)
		return "an even RSA modulus";
	if (e.len > RSA_E_MAX_LEN)
		return "an RSA exponent above 64 bits";
	if ((e.ptr[e.len - 1] & 1) == 0 || (e.len == 1 && e.ptr[0] < 3))
		return "an RSA exponent that is even or below 3";
	if (is_roca(n))
		return "an RSA modulus of the ROCA kind (CVE-2017-15361)";
	return NULL;
}

/* Whether little-endian a is at least b, both of len bytes. */
static bool
at_least(const uint8_t *a, const uint8_t *b, size_t len)
{
	while (len > 0) {
		len--;
		if (a[len] != b[len])
			return a[len] > b[len];
	}
	return true;
}

/*
 * Refuse points of small order on edwards25519: each has one of these values as
 * y, encoded little-endian and without the sign of x.  A key of small order
 * verifies a forged signature for any message (RFC 8032 section 5.1.7 does not
 * refuse it).  A y >= p is refused as well: it is a second spelling of a key.
 */
static const char *
ed25519_fault(struct bytes x)
{
	static const uint8_t p[32] = {
		0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f
	};
	static const uint8_t small[5][32] = {
		{ 0 },		/* order 4 */
		{ 1 },		/* order 1 */
		{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		  0xff, 0x7f },	/* order 2: p - 1 */
		{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3,
		  0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05,
		  0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
		  0xfc, 0x05 },	/* order 8 */
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c,
		  0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
		  0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		  0x03, 0x7a }	/* order 8 */
	};
	uint8_t y[32];
	size_t i;

	memcpy(y, x.ptr, sizeof(y));
	y[31] &= 0x7f;
	if (at_least(y, p, sizeof(y)))
		return "an Ed25519 key that is not in canonical form";
	for (i = 0; i < 5; i++) {
		if (memcmp(y, small[i], sizeof(y)) == 0)
			return "an Ed25519 key of small order, which signs anything";
	}
	return NULL;
}

/* Ed448: the points of small order have y = 0, 1 or p - 1. */
static const char *
ed448_fault(struct bytes x)
{
	uint8_t p[57], one[57] = { 1 }, zero[57] = { 0 };
	uint8_t y[57];

	memset(p, 0xff, 56);	/* 2^448 - 2^224 - 1 */
	p[28] = 0xfe;
	p[56] = 0;
	memcpy(y, x.ptr, sizeof(y));
	y[56] &= 0x7f;
	if (at_least(y, p, sizeof(y)))
		return "an Ed448 key that is not in canonical form";
	p[0]--;
	if (memcmp(y, p, sizeof(y)) == 0 || memcmp(y, one, sizeof(y)) == 0 ||
	    memcmp(y, zero, sizeof(y)) == 0)
		return "an Ed448 key of small order, which signs anything";
	return NULL;
}

static const char *
oct_fault(struct bytes k)
{
	if (k.len < OCT_MIN_LEN)
		return "a secret below 256 bits (RFC 7518 section 3.2)";
	if (k.len > OCT_MAX_LEN)
		return "a secret above 1024 bytes";
	return NULL;
}

const char *
keymat_fault(const struct keymat *mat)
{
	size_t len = keymat_len(mat->kind);

	if (mat->x.len == 0)
		return "a number of the key is missing or not base64url";
	if (len != 0 && mat->x.len != len)
		return "a coordinate or public key of the wrong length";
	switch (mat->kind) {
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
		if (mat->y.len != len)
			return "a coordinate of the wrong length";
		return NULL;
	case KEY_ED25519:
		return ed25519_fault(mat->x);
	case KEY_ED448:
		return ed448_fault(mat->x);
	case KEY_RSA:
		return rsa_fault(mat->x, mat->y);
	case KEY_OCT:
		return oct_fault(mat->x);
	case KEY_ML_DSA_44:
	case KEY_ML_DSA_65:
	case KEY_ML_DSA_87:
		return NULL;
	}
	return "an unknown kind of key";
}

static enum jwt_reason
pad_coordinate(struct arena *arena, size_t len, struct bytes *number,
    bool *padded)
{
	uint8_t *whole;

	if (number->len == 0 || number->len >= len)
		return JWT_OK;
	whole = arena_alloc(arena, len);
	if (whole == NULL)
		return JWT_OUT_OF_MEMORY;
	memcpy(whole + (len - number->len), number->ptr, number->len);
	*number = bytes_of(whole, len);
	*padded = true;
	return JWT_OK;
}

enum jwt_reason
keymat_pad(struct arena *arena, struct keymat *mat, bool *padded)
{
	size_t len = keymat_len(mat->kind);
	enum jwt_reason reason;

	if (!bytes_eq_str(bytes_str(keymat_name(mat->kind)->kty), "EC"))
		return JWT_OK;
	reason = pad_coordinate(arena, len, &mat->x, padded);
	if (reason != JWT_OK)
		return reason;
	return pad_coordinate(arena, len, &mat->y, padded);
}
