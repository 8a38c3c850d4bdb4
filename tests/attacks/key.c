/* SPDX-License-Identifier: BSD-2-Clause */
/* S: keys that must not be loaded, because they are weak or sign anything. */
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "attack.h"
#include "core/base/b64url.h"
#include "forge.h"

#define ZERO32 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define EC(x, y) "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" x "\",\"y\":\"" \
	y "\"}"
#define OKP(crv, x) "{\"kty\":\"OKP\",\"crv\":\"" crv "\",\"x\":\"" x "\"}"
/* RFC 7515 A.3.1, under other names of its kind. */
#define GOOD_XY(kind) "{" kind ",\"alg\":\"ES256\"," \
	"\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"," \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define OCT(k) "{\"kty\":\"oct\",\"k\":\"" k "\"}"

/* Loaded without any setting of the issuer. */
static const struct attack files[] = {
	{ "S5", EC(ZERO32, ZERO32), JWT_KEY_FILE_INVALID },
	{ "S5", EC("AAAA", ZERO32), JWT_KEY_FILE_INVALID },
	{ "S5", "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" ZERO32 "\"}",
	    JWT_KEY_FILE_INVALID },
	{ "S18", OKP("X25519", ZERO32), JWT_KEY_FILE_INVALID },
	{ "S18", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" ZERO32
	    "\",\"d\":\"" ZERO32 "\"}", JWT_KEY_FILE_INVALID },
	{ "S20", OCT(ZERO32), JWT_KEY_FILE_INVALID },
	{ "S22", "{\"kty\":\"oct\",\"kty\":\"oct\"}", JWT_KEY_FILE_INVALID },
	{ "S22", "hello", JWT_KEY_FILE_INVALID },
	{ "S22", "", JWT_KEY_FILE_INVALID },
	{ "S22", "{\"keys\":[]}", JWT_KEY_FILE_INVALID },
	{ "S22", "{\"keys\":{}}", JWT_KEY_FILE_INVALID },
	{ "S22", "{\"keys\":[{\"kty\":\"EC\"}]}", JWT_KEY_FILE_INVALID },
	{ "S22", GOOD_XY("\"kty\":\"EC\",\"crv\":\"P-256\""), JWT_OK },
	{ "S22", GOOD_XY("\"crv\":\"P-256\""), JWT_KEY_FILE_INVALID },
	{ "S22", GOOD_XY("\"kty\":1,\"crv\":\"P-256\""),
	    JWT_KEY_FILE_INVALID },
	{ "S22", GOOD_XY("\"kty\":\"ec\",\"crv\":\"P-256\""),
	    JWT_KEY_FILE_INVALID },
	{ "S22", GOOD_XY("\"kty\":\"EC\",\"crv\":\"secp256k1\""),
	    JWT_KEY_FILE_INVALID },
	{ "S22", GOOD_XY("\"kty\":\"EC\",\"crv\":256"),
	    JWT_KEY_FILE_INVALID },
	{ "S22", GOOD_XY("\"kty\":\"EC\",\"crv\":\"P-384\""),
	    JWT_KEY_FILE_INVALID },
	{ "S22", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	    JWT_KEY_FILE_INVALID },
};

/* Members that a good ES256 key has besides. */
static const struct attack purposes[] = {
	{ "S22", "", JWT_OK },
	{ "S22", ",\"use\":\"sig\"", JWT_OK },
	{ "S22", ",\"use\":\"enc\"", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"use\":1", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"key_ops\":[\"verify\"]", JWT_OK },
	{ "S22", ",\"key_ops\":[\"sign\"]", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"key_ops\":[]", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"key_ops\":\"verify\"", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"key_ops\":[\"verify\",1]", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"key_ops\":[\"verify\",\"encrypt\"]", JWT_OK },
	{ "S22", ",\"key_ops\":[\"verify\",\"verify\"]",
	    JWT_KEY_FILE_INVALID },
	{ "S22", ",\"alg\":\"ES384\"", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"alg\":\"RS256\"", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"alg\":\"none\"", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"alg\":1", JWT_KEY_FILE_INVALID },
	{ "S22", ",\"kid\":7", JWT_KEY_FILE_INVALID },
	{ "S18", ",\"d\":\"" ZERO32 "\"", JWT_KEY_FILE_INVALID },
	{ "S18", ",\"d\":null", JWT_KEY_FILE_INVALID },
	{ "S18", ",\"p\":\"AAAA\"", JWT_KEY_FILE_INVALID },
	{ "S18", ",\"k\":\"AAAA\"", JWT_KEY_FILE_INVALID },
};

/* Bytes as base64url: free(). */
static char *
encode(const uint8_t *bytes, size_t len)
{
	char *text = calloc(1, b64url_encoded_len(len) + 1);

	if (text == NULL)
		abort();
	b64url_encode(bytes_of(bytes, len), text);
	return text;
}

static void
jwk_ec(const char *row, const char *crv, const uint8_t *x, size_t x_len,
    const uint8_t *y, size_t y_len, enum jwt_reason wanted)
{
	char *tx = encode(x, x_len), *ty = encode(y, y_len);

	attack_keys(row, "", world_text("{\"kty\":\"EC\",\"crv\":\"%s\","
	    "\"x\":\"%s\",\"y\":\"%s\"}", crv, tx, ty), wanted);
	free(tx);
	free(ty);
}

/* S5: coordinates of a good P-521 key, longer, shorter, beyond p. */
static void
coordinates(void)
{
	EVP_PKEY *key = forge_key("P-521");
	uint8_t x[67] = { 0 }, y[67] = { 0 }, p[66];
	BIGNUM *bx = NULL, *by = NULL, *prime = BN_new();

	EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &bx);
	EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &by);
	BN_bn2binpad(bx, x, 67);
	BN_bn2binpad(by, y, 67);
	jwk_ec("S5", "P-521", x + 1, 66, y + 1, 66, JWT_OK);
	jwk_ec("S5", "P-521", x, 67, y + 1, 66, JWT_KEY_FILE_INVALID);
	jwk_ec("S5", "P-521", x + 1, 66, y, 67, JWT_KEY_FILE_INVALID);
	jwk_ec("S5", "P-521", x + 2, 65, y + 1, 66, JWT_KEY_FILE_INVALID);
	jwk_ec("S5", "P-521", y + 1, 66, x + 1, 66, JWT_KEY_FILE_INVALID);
	jwk_ec("S5", "P-384", x + 1, 48, y + 1, 48, JWT_KEY_FILE_INVALID);
	/* x + p is the same point in another spelling. */
	memset(p, 0xff, sizeof(p));
	p[0] = 1;
	BN_bin2bn(p, sizeof(p), prime);
	BN_add(bx, bx, prime);
	BN_bn2binpad(bx, p, sizeof(p));
	jwk_ec("S5", "P-521", p, 66, y + 1, 66, JWT_KEY_FILE_INVALID);
	BN_free(bx);
	BN_free(by);
	BN_free(prime);
	EVP_PKEY_free(key);
}

/* A P-256 key's SubjectPublicKeyInfo up to its point. */
static const uint8_t spki_p256[26] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
	0x07, 0x03, 0x42, 0x00
};

static void
pem(const char *row, const char *label, struct forge_der der,
    enum jwt_reason wanted)
{
	attack_keys(row, "", forge_pem_of(label, der), wanted);
}

/* S6: the point at infinity is one octet of zero. */
static void
infinity(void)
{
	uint8_t der[27] = { 0 };

	memcpy(der, spki_p256, sizeof(spki_p256));
	der[1] = 0x19;
	der[24] = 0x02;
	pem("S6", "PUBLIC KEY", (struct forge_der){ der, sizeof(der) },
	    JWT_KEY_FILE_INVALID);
	attack_keys("S6", "", world_text("%s", EC("", "")),
	    JWT_KEY_FILE_INVALID);
}

static void
set(EVP_PKEY *key, const char *param, const char *value)
{
	if (EVP_PKEY_set_utf8_string_param(key, param, value) != 1)
		abort();
}

/* S7, S8: forms of a point and of a curve that OpenSSL takes. */
static void
forms(void)
{
	EVP_PKEY *key = forge_key("P-256");
	struct forge_der der = forge_spki(key);
	uint8_t point[65], *generator;

	pem("S7", "PUBLIC KEY", der, JWT_OK);
	memcpy(point, der.ptr + 26, sizeof(point));
	free(der.ptr);
	set(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed");
	der = forge_spki(key);
	pem("S7", "PUBLIC KEY", der, JWT_KEY_FILE_INVALID);
	free(der.ptr);
	set(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "hybrid");
	der = forge_spki(key);
	pem("S7", "PUBLIC KEY", der, JWT_KEY_FILE_INVALID);
	free(der.ptr);
	set(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
	set(key, OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_EXPLICIT);
	der = forge_spki(key);
	pem("S8", "PUBLIC KEY", der, JWT_KEY_FILE_INVALID);
	/* CurveBall: the victim's point is the generator, the secret is 1. */
	generator = memmem(der.ptr, der.len, "\x6b\x17\xd1\xf2", 4);
	if (generator == NULL)
		abort();
	memcpy(generator, point + 1, 64);
	pem("S8", "PUBLIC KEY", der, JWT_KEY_FILE_INVALID);
	free(der.ptr);
	EVP_PKEY_free(key);
}

/* A modulus of that many bits, all bytes but the ends 0x5a. */
static void
rsa_key(const char *row, size_t bits, uint8_t first, uint8_t last,
    const char *e, enum jwt_reason wanted)
{
	size_t len = (bits + 7) / 8;
	uint8_t *n = malloc(len);
	char *text;

	if (n == NULL)
		abort();
	memset(n, 0x5a, len);
	n[0] = first;
	n[len - 1] = last;
	text = encode(n, len);
	attack_keys(row, "", world_text("{\"kty\":\"RSA\",\"alg\":\"RS256\","
	    "\"n\":\"%s\",\"e\":\"%s\"}", text, e), wanted);
	free(text);
	free(n);
}

static void
rsa_keys(void)
{
	rsa_key("S9", 2048, 0x80, 1, "AQ", JWT_KEY_FILE_INVALID);
	rsa_key("S9", 2048, 0x80, 1, "AAAB", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 1, "AQAB", JWT_OK);
	rsa_key("S10", 2048, 0x80, 1, "Aw", JWT_OK);
	rsa_key("S10", 2048, 0x80, 1, "AA", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 1, "Ag", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 1, "", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 2, "AQAB", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 1, "__________8", JWT_OK);
	rsa_key("S10", 2048, 0x80, 1, "AQAAAAAAAAAB", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 1, "AQAA", JWT_KEY_FILE_INVALID);
	rsa_key("S10", 2048, 0x80, 1, "AQABAA", JWT_KEY_FILE_INVALID);
	rsa_key("S11", 512, 0x80, 1, "AQAB", JWT_KEY_FILE_INVALID);
	rsa_key("S11", 1024, 0x80, 1, "AQAB", JWT_KEY_FILE_INVALID);
	rsa_key("S11", 2048, 0x7f, 1, "AQAB", JWT_KEY_FILE_INVALID);
	rsa_key("S11", 2056, 0x00, 1, "AQAB", JWT_KEY_FILE_INVALID);
	rsa_key("S12", 8192, 0xff, 1, "AQAB", JWT_OK);
	rsa_key("S12", 8200, 0x01, 1, "AQAB", JWT_KEY_FILE_INVALID);
	rsa_key("S12", 65536, 0x80, 1, "AQAB", JWT_KEY_FILE_INVALID);
}

/* S10: zeros where RFC 7518 wants none, in front; and where they may be. */
static void
rsa_zeros(void)
{
	uint8_t n[257];
	char *text;

	memset(n, 0x5a, sizeof(n));
	n[0] = 0;
	n[1] = 0x80;
	n[2] = 0;
	n[256] = 1;
	text = encode(n, 257);
	attack_keys("S10", "", world_text("{\"kty\":\"RSA\",\"alg\":\"RS256\","
	    "\"n\":\"%s\",\"e\":\"AQAB\"}", text), JWT_KEY_FILE_INVALID);
	free(text);
	text = encode(n + 1, 256);
	attack_keys("S10", "", world_text("{\"kty\":\"RSA\",\"alg\":\"RS256\","
	    "\"n\":\"%s\",\"e\":\"AQAB\"}", text), JWT_OK);
	attack_keys("S10", "", world_text("{\"kty\":\"RSA\",\"alg\":\"RS256\","
	    "\"n\":\"%s\",\"e\":\"AAEAAQ\"}", text), JWT_KEY_FILE_INVALID);
	attack_keys("S10", "", world_text("{\"kty\":\"RSA\",\"alg\":\"RS256\","
	    "\"n\":\"%s\"}", text), JWT_KEY_FILE_INVALID);
	attack_keys("S10", "", world_text("%s", "{\"kty\":\"RSA\",\"alg\":"
	    "\"RS256\",\"n\":\"\",\"e\":\"AQAB\"}"), JWT_KEY_FILE_INVALID);
	free(text);
}

/* S23: a modulus that is a power of 65537 modulo every small prime. */
static void
roca(void)
{
	BIGNUM *product = BN_new(), *n = BN_new(), *f4 = BN_new();
	BN_CTX *ctx = BN_CTX_new();
	uint8_t bytes[256];
	unsigned prime, k;
	char *text;

	BN_one(product);
	for (prime = 3; prime <= 167; prime += 2) {
		for (k = 3; k * k <= prime && prime % k != 0; k += 2)
			;
		if (k * k > prime)
			BN_mul_word(product, prime);
	}
	BN_set_word(f4, 65537);
	BN_mod_sqr(n, f4, product, ctx);
	BN_lshift(f4, product, 2047 - BN_num_bits(product) + 1);
	BN_add(n, n, f4);	/* odd as 65537^2 mod product is, or with it */
	if (!BN_is_odd(n))
		BN_add(n, n, product);
	BN_bn2binpad(n, bytes, sizeof(bytes));
	text = encode(bytes, sizeof(bytes));
	attack_keys("S23", "", world_text("{\"kty\":\"RSA\",\"alg\":\"RS256\","
	    "\"n\":\"%s\",\"e\":\"AQAB\"}", text), JWT_KEY_FILE_INVALID);
	free(text);
	BN_free(product);
	BN_free(n);
	BN_free(f4);
	BN_CTX_free(ctx);
}

/* S17: y of each point of small order, and spellings beyond p. */
static void
small_order(void)
{
	static const char *const ys[] = {
		/* little-endian: what stands first, fills, stands last */
		"\x00\x00\x00", "\x01\x00\x00", "\xec\xff\x7f", "\xed\xff\x7f",
		"\xee\xff\x7f", "\xf0\xff\x7f", "\xff\xff\x7f"
	};
	static const char *const order8[] = {
		"JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
		"JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU",
		"xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
		"xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o"
	};
	size_t i, sign;

	for (i = 0; i < 2 * sizeof(ys) / sizeof(ys[0]); i++) {
		uint8_t y[57];
		char *text;

		sign = (i & 1) << 7;
		memset(y, ys[i / 2][1], 32);
		y[0] = (uint8_t)ys[i / 2][0];
		y[31] = (uint8_t)((uint8_t)ys[i / 2][2] | sign);
		text = encode(y, 32);
		attack_keys("S17", "", world_text(OKP("Ed25519", "%s"), text),
		    JWT_KEY_FILE_INVALID);
		free(text);
		/* Ed448 has the same three; its p has a hole in the middle. */
		memset(y, ys[i / 2][1], 56);
		y[0] = i / 2 == 2 ? 0xfe : i / 2 == 3 ? 0xff :
		    (uint8_t)ys[i / 2][0];
		if (y[1] == 0xff && i / 2 < 6)
			y[28] = 0xfe;
		y[56] = (uint8_t)sign;
		text = encode(y, 57);
		attack_keys("S17", "", world_text(OKP("Ed448", "%s"), text),
		    i / 2 == 4 || i / 2 == 5 ? JWT_OK : JWT_KEY_FILE_INVALID);
		free(text);
	}
	for (i = 0; i < sizeof(order8) / sizeof(order8[0]); i++)
		attack_keys("S17", "", world_text(OKP("Ed25519", "%s"),
		    order8[i]), JWT_KEY_FILE_INVALID);
}

/* S18: a private key where a public one belongs, under each of its names. */
static void
private_keys(void)
{
	EVP_PKEY *key = forge_key("P-256"), *x25519 = forge_key("X25519");
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;

	if (bio == NULL || PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL,
	    0, NULL, NULL) != 1)
		abort();
	len = BIO_get_mem_data(bio, &data);
	attack_keys("S18", "", world_text("%.*s", (int)len, data),
	    JWT_KEY_FILE_INVALID);
	attack_keys("S18", "", forge_pem(x25519), JWT_KEY_FILE_INVALID);
	attack_keys("S18", "algorithms = RS256", forge_pem(key),
	    JWT_CONFIG_INVALID);
	BIO_free(bio);
	EVP_PKEY_free(key);
	EVP_PKEY_free(x25519);
}

/* S22: what may not stand around a key in PEM, or behind it in DER. */
static void
junk(void)
{
	EVP_PKEY *key = forge_key("P-256");
	struct forge_der der = forge_spki(key);
	char *text = forge_pem(key);

	attack_keys("S22", "", world_text("%s", text), JWT_OK);
	attack_keys("S22", "", world_text("junk\n%s", text),
	    JWT_KEY_FILE_INVALID);
	attack_keys("S22", "", world_text("%sjunk\n", text),
	    JWT_KEY_FILE_INVALID);
	attack_keys("S22", "", world_text("%s%s", text, text),
	    JWT_KEY_FILE_INVALID);
	attack_keys("S22", "", forge_pem_of("EC PUBLIC KEY", der),
	    JWT_KEY_FILE_INVALID);
	der.len += 4;
	pem("S22", "PUBLIC KEY", der, JWT_KEY_FILE_INVALID);
	free(der.ptr);
	free(text);
	EVP_PKEY_free(key);
}

static void
secrets(void)
{
	attack_keys("S20", "algorithms = HS256", world_text("%s",
	    OCT("AAAA")), JWT_KEY_FILE_INVALID);
	attack_keys("S20", "algorithms = HS256", world_text("%s", OCT("")),
	    JWT_KEY_FILE_INVALID);
	attack_keys("S20", "algorithms = HS256", world_text("%s",
	    OCT("c2VjcmV0")), JWT_KEY_FILE_INVALID);	/* "secret" */
	attack_keys("S20", "algorithms = HS256", world_text("%s",
	    OCT(ZERO32)), JWT_OK);
	attack_keys("S20", "algorithms = HS512", world_text("%s",
	    "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"" ZERO32 "\"}"),
	    JWT_KEY_FILE_INVALID);
}

/* S22: a kid of 256 bytes is one, one of 257 is not. */
static void
long_kids(void)
{
	size_t len;

	for (len = JWK_KID_MAX; len <= JWK_KID_MAX + 1; len++) {
		char *more = world_text(",\"kid\":\"%0*d\"", (int)len, 0);

		attack_keys("S22", "", world_jwk_with(ALG_ES256, more),
		    len == JWK_KID_MAX ? JWT_OK : JWT_KEY_FILE_INVALID);
		free(more);
	}
}

void
attack_key_files(void)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		attack_keys(files[i].row, "", world_text("%s", files[i].text),
		    files[i].reason);
	for (i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++)
		attack_keys(purposes[i].row, "", world_jwk_with(ALG_ES256,
		    purposes[i].text), purposes[i].reason);
	long_kids();
	coordinates();
	infinity();
	forms();
	rsa_keys();
	rsa_zeros();
	roca();
	small_order();
	private_keys();
	junk();
	secrets();
}
