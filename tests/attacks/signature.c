/* SPDX-License-Identifier: BSD-2-Clause */
/* S: signatures that are none, under keys that are good. */
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include "attack.h"
#include "forge.h"

/* A curve as ECDSA knows it. */
struct curve {
	const char *name;
	const char *header;
	const char *digest;
	int nid;
	size_t len;		/* of r and of s in bytes */
};

static const struct curve curves[] = {
	{ "P-256", "{\"alg\":\"ES256\"}", "SHA256", NID_X9_62_prime256v1, 32 },
	{ "P-384", "{\"alg\":\"ES384\"}", "SHA384", NID_secp384r1, 48 },
	{ "P-521", "{\"alg\":\"ES512\"}", "SHA512", NID_secp521r1, 66 },
};

/* The order of a curve's group plus a small number. */
static void
near_order(const struct curve *curve, int more, uint8_t *out)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(curve->nid);
	BIGNUM *n = BN_dup(EC_GROUP_get0_order(group));

	if (more < 0)
		BN_sub_word(n, (BN_ULONG)-more);
	else
		BN_add_word(n, (BN_ULONG)more);
	BN_bn2binpad(n, out, (int)curve->len);
	BN_free(n);
	EC_GROUP_free(group);
}

/* S1: each of 0, 1, n - 1, n and n + 1 for r with each of them for s. */
static void
edge_values(const struct curve *curve, const struct world *world)
{
	uint8_t values[5][66] = { { 0 }, { 0 } }, sig[132];
	size_t r, s;

	values[1][curve->len - 1] = 1;
	near_order(curve, -1, values[2]);
	near_order(curve, 0, values[3]);
	near_order(curve, 1, values[4]);
	for (r = 0; r < 5; r++) {
		for (s = 0; s < 5; s++) {
			memcpy(sig, values[r], curve->len);
			memcpy(sig + curve->len, values[s], curve->len);
			attack_token("S1", world, forge_token(curve->header,
			    sig, 2 * curve->len), JWT_SIGNATURE_INVALID);
		}
	}
}

/* number = number +/- n, or n - number; false where it has no room. */
static bool
shift(const struct curve *curve, uint8_t *number, bool negate)
{
	uint8_t order[66];
	BIGNUM *n, *x = BN_bin2bn(number, (int)curve->len, NULL);
	bool fits;

	near_order(curve, 0, order);
	n = BN_bin2bn(order, (int)curve->len, NULL);
	if (negate)
		BN_sub(x, n, x);
	else
		BN_add(x, x, n);
	fits = BN_bn2binpad(x, number, (int)curve->len) > 0;
	BN_free(x);
	BN_free(n);
	return fits;
}

/* S3: s and n - s are both good; S4: r + n and s + n are not. */
static void
other_spellings(const struct curve *curve, const struct world *world,
    EVP_PKEY *key)
{
	struct forge_der sig = forge_signature(key, curve->header,
	    curve->digest, NULL);
	uint8_t copy[132];

	attack_token("S3", world, forge_token(curve->header, sig.ptr,
	    sig.len), JWT_OK);
	shift(curve, sig.ptr + curve->len, true);
	attack_token("S3", world, forge_token(curve->header, sig.ptr,
	    sig.len), JWT_OK);
	memcpy(copy, sig.ptr, sig.len);
	/* P-521 always has room for it, the others nearly never. */
	if (shift(curve, copy, false))
		attack_token("S4", world, forge_token(curve->header, copy,
		    sig.len), JWT_SIGNATURE_INVALID);
	memcpy(copy, sig.ptr, sig.len);
	if (shift(curve, copy + curve->len, false))
		attack_token("S4", world, forge_token(curve->header, copy,
		    sig.len), JWT_SIGNATURE_INVALID);
	free(sig.ptr);
}

/* r or s as a DER INTEGER. */
static size_t
put_integer(const uint8_t *number, size_t len, uint8_t *out)
{
	size_t sign;

	while (len > 1 && number[0] == 0) {
		number++;
		len--;
	}
	sign = (number[0] & 0x80) != 0;
	out[0] = 0x02;
	out[1] = (uint8_t)(len + sign);
	out[2] = 0;
	memcpy(out + 2 + sign, number, len);
	return 2 + sign + len;
}

/* S2: a good signature in DER, or with bytes too many or too few. */
static void
wrong_lengths(const struct curve *curve, const struct world *world,
    EVP_PKEY *key)
{
	static uint8_t longer[12000];
	struct forge_der sig = forge_signature(key, curve->header,
	    curve->digest, NULL);
	uint8_t der[160], *body = der + 3;
	size_t len = put_integer(sig.ptr, curve->len, body), i;

	len += put_integer(sig.ptr + curve->len, curve->len, body + len);
	if (len > 127) {	/* a length of two bytes */
		der[0] = 0x30;
		der[1] = 0x81;
		der[2] = (uint8_t)len;
		attack_token("S2", world, forge_token(curve->header, der,
		    len + 3), JWT_SIGNATURE_INVALID);
	} else {
		body[-2] = 0x30;
		body[-1] = (uint8_t)len;
		attack_token("S2", world, forge_token(curve->header, body - 2,
		    len + 2), JWT_SIGNATURE_INVALID);
	}
	memset(longer, 0, sizeof(longer));
	memcpy(longer, sig.ptr, sig.len);
	for (i = 1; i < 200; i++) {
		if (i != sig.len)
			attack_token("S2", world, forge_token(curve->header,
			    longer, i), JWT_SIGNATURE_INVALID);
	}
	attack_token("S2", world, forge_token(curve->header, longer,
	    sizeof(longer)), JWT_SIGNATURE_INVALID);
	free(sig.ptr);
}

static void
ecdsa(const struct curve *curve)
{
	EVP_PKEY *key = forge_key(curve->name);
	struct world world;

	forge_load(&world, "", forge_pem(key));
	edge_values(curve, &world);
	other_spellings(curve, &world, key);
	wrong_lengths(curve, &world, key);
	world_clear(&world);
	EVP_PKEY_free(key);
}

/* S13: a good RSA signature, s + n for s, a byte less, a zero in front. */
static void
rsa_lengths(EVP_PKEY *key, const struct world *world)
{
	static const char header[] = "{\"alg\":\"RS256\"}";
	struct forge_der sig = forge_signature(key, header, "SHA256", NULL);
	BIGNUM *n = NULL, *s = BN_bin2bn(sig.ptr, (int)sig.len, NULL);
	uint8_t longer[257] = { 0 };

	attack_token("S13", world, forge_token(header, sig.ptr, sig.len),
	    JWT_OK);
	attack_token("S13", world, forge_token(header, sig.ptr, sig.len - 1),
	    JWT_SIGNATURE_INVALID);
	memcpy(longer + 1, sig.ptr, sig.len);
	attack_token("S13", world, forge_token(header, longer,
	    sizeof(longer)), JWT_SIGNATURE_INVALID);
	EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
	BN_add(s, s, n);
	BN_bn2binpad(s, longer, sizeof(longer));
	/* As long as the modulus where it fits, else a byte longer. */
	attack_token("S13", world, forge_token(header,
	    longer + (longer[0] == 0), sizeof(longer) - (longer[0] == 0)),
	    JWT_SIGNATURE_INVALID);
	BN_bn2binpad(n, longer, 256);
	attack_token("S13", world, forge_token(header, longer, 256),
	    JWT_SIGNATURE_INVALID);
	BN_free(n);
	BN_free(s);
	free(sig.ptr);
}

/* The DigestInfo of SHA-256 (RFC 8017 section 9.2), and of SHA-512. */
static const uint8_t info256[19] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
	0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20
};
static const uint8_t info512[19] = {
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
	0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x20
};
/* Without the NULL of the parameters. */
static const uint8_t info_short[17] = {
	0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
	0x03, 0x04, 0x02, 0x01, 0x04, 0x20
};

/* An encoded message of PKCS#1 v1.5 that is wrong in one thing. */
struct padding {
	uint8_t first, type, fill, end;
	const uint8_t *info;
	size_t info_len;
	size_t garbage;		/* bytes behind the hash */
};

static const struct padding paddings[] = {
	{ 0, 1, 0xff, 0, info256, sizeof(info256), 0 },	/* the good one */
	{ 0, 2, 0xff, 0, info256, sizeof(info256), 0 },
	{ 0, 0, 0x00, 0, info256, sizeof(info256), 0 },
	{ 0, 1, 0xfe, 0, info256, sizeof(info256), 0 },
	{ 0, 1, 0xff, 1, info256, sizeof(info256), 0 },
	{ 0, 1, 0xff, 0, info512, sizeof(info512), 0 },
	{ 0, 1, 0xff, 0, info_short, sizeof(info_short), 0 },
	{ 0, 1, 0xff, 0, NULL, 0, 0 },
	{ 0, 1, 0xff, 0, info256, sizeof(info256), 1 },
	{ 0, 1, 0xff, 0, info256, sizeof(info256), 100 },
	{ 0, 1, 0xff, 0, info256, sizeof(info256), 194 },
};

/* S14: each of them, made with the private key itself. */
static void
rsa_paddings(EVP_PKEY *key, const struct world *world)
{
	static const char header[] = "{\"alg\":\"RS256\"}";
	char *input = forge_signing_input(header);
	uint8_t hash[32], em[256];
	size_t i;

	SHA256((uint8_t *)input, strlen(input), hash);
	for (i = 0; i < sizeof(paddings) / sizeof(paddings[0]); i++) {
		const struct padding *p = &paddings[i];
		size_t at = sizeof(em) - p->garbage - sizeof(hash);
		struct forge_der sig;

		memset(em, p->fill, sizeof(em));
		memset(em + sizeof(em) - p->garbage, 0x5a, p->garbage);
		memcpy(em + at, hash, sizeof(hash));
		at -= p->info_len;
		if (p->info != NULL)
			memcpy(em + at, p->info, p->info_len);
		em[at - 1] = p->end;
		em[0] = p->first;
		em[1] = p->type;
		sig = forge_rsa_raw(key, em, sizeof(em));
		attack_token("S14", world, forge_token(header, sig.ptr,
		    sig.len), i == 0 ? JWT_OK : JWT_SIGNATURE_INVALID);
		free(sig.ptr);
	}
	free(input);
}

/* S15: the salt is as long as the hash, MGF1 has the same hash. */
static void
pss_salts(EVP_PKEY *key, const struct world *world)
{
	static const char header[] = "{\"alg\":\"PS256\"}";
	static const struct {
		struct forge_padding padding;
		enum jwt_reason reason;
	} rows[] = {
		{ { RSA_PKCS1_PSS_PADDING, 32, "SHA256" }, JWT_OK },
		{ { RSA_PKCS1_PSS_PADDING, 0, "SHA256" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, 20, "SHA256" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, 31, "SHA256" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, 33, "SHA256" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, 64, "SHA256" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_MAX, "SHA256" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, 32, "SHA1" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PSS_PADDING, 32, "SHA512" },
		    JWT_SIGNATURE_INVALID },
		{ { RSA_PKCS1_PADDING, 0, NULL }, JWT_SIGNATURE_INVALID },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct forge_der sig = forge_signature(key, header, "SHA256",
		    &rows[i].padding);

		attack_token("S15", world, forge_token(header, sig.ptr,
		    sig.len), rows[i].reason);
		free(sig.ptr);
	}
}

static void
rsa(void)
{
	EVP_PKEY *key = forge_key("RSA");
	struct world world;

	forge_load(&world, "algorithms = RS256", forge_pem(key));
	rsa_lengths(key, &world);
	rsa_paddings(key, &world);
	world_clear(&world);
	forge_load(&world, "algorithms = PS256", forge_pem(key));
	pss_salts(key, &world);
	world_clear(&world);
	EVP_PKEY_free(key);
}

/* little-endian number += order, in place; the carry has room in the last byte. */
static void
add_order(uint8_t *number, const uint8_t *order, size_t len)
{
	unsigned carry = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		carry += (unsigned)number[i] + order[i];
		number[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

/* S16: S + L for S, a byte less, a byte more. */
static void
eddsa(void)
{
	static const char header[] = "{\"alg\":\"EdDSA\"}";
	static const uint8_t order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c,
		0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0x10
	};
	EVP_PKEY *key = forge_key("ED25519");
	struct forge_der sig = forge_signature(key, header, NULL, NULL);
	struct world world;

	forge_load(&world, "", forge_pem(key));
	attack_token("S16", &world, forge_token(header, sig.ptr, 64), JWT_OK);
	attack_token("S16", &world, forge_token(header, sig.ptr, 63),
	    JWT_SIGNATURE_INVALID);
	attack_token("S16", &world, forge_token(header, sig.ptr, 65),
	    JWT_SIGNATURE_INVALID);
	add_order(sig.ptr + 32, order, sizeof(order));
	attack_token("S16", &world, forge_token(header, sig.ptr, 64),
	    JWT_SIGNATURE_INVALID);
	world_clear(&world);
	free(sig.ptr);
	EVP_PKEY_free(key);
}

/* S19: parts of the tag; S21: a tag that agrees in all bytes but one. */
static void
hmac(void)
{
	static const char header[] = "{\"alg\":\"HS256\"}";
	static const size_t lengths[] = { 1, 16, 31, 33 };
	struct secret tag = { 0 };
	char *input = forge_signing_input(header), *bare, *padded;
	struct world world;
	size_t i;

	forge_load(&world, "algorithms = HS256", world_jwk(ALG_HS256));
	if (!keypair_sign(world_key(ALG_HS256), bytes_str(input), &tag))
		abort();
	bare = forge_token(header, tag.ptr, 0);
	padded = world_text("%s=", bare);
	attack_token("S19", &world, forge_token(header, tag.ptr, 32), JWT_OK);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint8_t part[33] = { 0 };

		memcpy(part, tag.ptr, 32);
		attack_token("S19", &world, forge_token(header, part,
		    lengths[i]), JWT_SIGNATURE_INVALID);
	}
	attack_token("S19", &world, bare, JWT_TOKEN_FORM);
	attack_token("S19", &world, padded, JWT_TOKEN_FORM);
	attack_token("S19", &world, world_text("%s", input), JWT_TOKEN_FORM);
	for (i = 0; i < 32; i++) {
		tag.ptr[i] ^= 1;
		attack_token("S21", &world, forge_token(header, tag.ptr, 32),
		    JWT_SIGNATURE_INVALID);
		tag.ptr[i] ^= 1;
	}
	secret_clear(&tag);
	free(input);
	world_clear(&world);
}

void
attack_signatures(void)
{
	size_t i;

	for (i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		ecdsa(&curves[i]);
	rsa();
	eddsa();
	hmac();
}
