/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted tokens: each alg with each enc and curve, vectors of the RFCs, the
 * rules of the header, each bit of a token flipped, every length.  Attacks that
 * take more than a changed token are in tests/attacks/encryption.c.
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
#include "core/jose/crypt.h"
#include "core/jose/jwe.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

/* The ephemeral key of RFC 8037 appendix A.6. */
#define X25519	"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":" \
	"\"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo\"}"
/* A token inside; whether it is verified plays no part here. */
#define INNER	"eyJhbGciOiJFUzI1NiJ9.e30.AAAA"

static const struct {
	const char *alg;
	enum jwe_kind kind;
} senders[] = {
	{ "ECDH-ES", JWE_P256 }, { "ECDH-ES", JWE_P384 },
	{ "ECDH-ES", JWE_P521 }, { "ECDH-ES", JWE_X25519 },
	{ "ECDH-ES+A128KW", JWE_P256 }, { "ECDH-ES+A128KW", JWE_P384 },
	{ "ECDH-ES+A128KW", JWE_P521 }, { "ECDH-ES+A128KW", JWE_X25519 },
	{ "ECDH-ES+A256KW", JWE_P256 }, { "ECDH-ES+A256KW", JWE_P384 },
	{ "ECDH-ES+A256KW", JWE_P521 }, { "ECDH-ES+A256KW", JWE_X25519 },
	{ "RSA-OAEP-256", JWE_RSA }, { "RSA-OAEP", JWE_RSA },
};
#define SENDERS (sizeof(senders) / sizeof(senders[0]))

static const char *const encs[] = {
	"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"
};
#define ENCS (sizeof(encs) / sizeof(encs[0]))

/* Load a private JWK, which is freed; the caller clears *out. */
static enum jwt_reason
load(char *jwk, struct jwe_key_set *out, struct diag *diag)
{
	struct jwe_key_file file = { .name = "k" };
	struct secret text;
	enum jwt_reason reason;

	*out = (struct jwe_key_set){ .count = 0 };
	assert_int_equal(secret_copy(bytes_str(jwk), &text), JWT_OK);
	free(jwk);
	reason = jwe_key_set_add(out, &file, &text, diag);
	secret_clear(&text);
	return reason;
}

static void
load_key(enum jwe_kind kind, const char *alg, struct jwe_key_set *out)
{
	char *more = world_text(",\"alg\":\"%s\"", alg);
	struct diag diag = { 0 };

	assert_int_equal(load(jwe_make_jwk(jwe_make_key(kind), kind, more), out,
	    &diag), JWT_OK);
	diag_clear(&diag);
	free(more);
}

/* Parse and decrypt; the result, and whether INNER came out. */
static enum jwt_reason
open_with(const struct jwe_key_set *set, const char *token, bool *is_inner)
{
	struct jwe *jwe;
	struct jws *jws = NULL;
	enum jwt_reason reason = jwe_parse(bytes_str(token), &jwe);

	*is_inner = false;
	if (reason == JWT_OK && !jwe_key_fits(jwe, &set->keys[0]))
		reason = JWT_ALG_KEY_MISMATCH;
	if (reason == JWT_OK)
		reason = jwe_decrypt(jwe, &set->keys[0], &jws);
	if (reason == JWT_OK)
		*is_inner = jws_len(jws) == strlen(INNER) &&
		    bytes_eq_str(jws_signing_input(jws), "eyJhbGciOiJFUzI1NiJ9"
		    ".e30");
	/* Nothing of a text whose tag is wrong is left. */
	assert_true(reason == JWT_OK || jwe_inner(jwe).len == 0);
	jws_free(jws);
	jwe_free(jwe);
	return reason;
}

static enum jwt_reason
open_token(const struct jwe_key_set *set, char *token)
{
	bool is_inner;
	enum jwt_reason reason = open_with(set, token, &is_inner);

	assert_int_equal(is_inner, reason == JWT_OK);
	free(token);
	return reason;
}

static char *
make(const struct jwe_recipe *recipe, enum jwe_kind kind)
{
	return jwe_make(recipe, jwe_make_key(kind), kind, bytes_str(INNER));
}

/* Every alg with every enc, and its key against the tokens of all others. */
static void
test_matrix(void **state)
{
	unsigned opened = 0, refused = 0;
	size_t key, sender, enc;

	(void)state;
	for (key = 0; key < SENDERS; key++) {
		struct jwe_key_set set;

		load_key(senders[key].kind, senders[key].alg, &set);
		for (sender = 0; sender < SENDERS * ENCS; sender++) {
			enc = sender % ENCS;
			struct jwe_recipe recipe = {
				.alg = senders[sender / ENCS].alg,
				.enc = encs[enc]
			};
			enum jwt_reason reason = open_token(&set, make(&recipe,
			    senders[sender / ENCS].kind));

			assert_int_equal(reason, sender / ENCS == key ?
			    JWT_OK : JWT_ALG_KEY_MISMATCH);
			opened += reason == JWT_OK;
			refused += reason != JWT_OK;
		}
		jwe_key_set_clear(&set);
	}
	printf("matrix: %u opened, %u refused\n", opened, refused);
	assert_int_equal(opened, SENDERS * ENCS);
}

/* Another key of the same kind and alg. */
static void
test_other_key(void **state)
{
	size_t sender, enc;

	(void)state;
	for (sender = 0; sender < SENDERS; sender++) {
		EVP_PKEY *other = jwe_make_fresh(senders[sender].kind);
		struct jwe_key_set set;

		load_key(senders[sender].kind, senders[sender].alg, &set);
		for (enc = 0; enc < ENCS; enc++) {
			struct jwe_recipe recipe = {
				.alg = senders[sender].alg, .enc = encs[enc]
			};

			assert_int_equal(open_token(&set, jwe_make(&recipe,
			    other, senders[sender].kind, bytes_str(INNER))),
			    JWT_DECRYPT_FAILED);
		}
		jwe_key_set_clear(&set);
		EVP_PKEY_free(other);
	}
}

/*
 * RFC 7518 appendix C: Alice's ephemeral key and Bob's private key give the
 * derived key VqqN6vgjbSBcIijNcacQGg.  The content was encrypted with exactly
 * that key by openssl, outside of this program's KDF, so it opens only if the
 * agreement, the OtherInfo and the KDF are those of the RFC.
 */
static void
test_appendix_c(void **state)
{
	static const char bob[] =
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ECDH-ES\","
	    "\"x\":\"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ\","
	    "\"y\":\"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck\","
	    "\"d\":\"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw\"}";
	static const char header[] =
	    "{\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\",\"apu\":\"QWxpY2U\","
	    "\"apv\":\"Qm9i\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\","
	    "\"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps\"}}";
	uint8_t key[16], iv[12] = { 1 }, text[sizeof(INNER)], tag[16];
	char *aad = jwe_make_b64(bytes_str(header));
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	struct jwe_key_set set;
	struct diag diag = { 0 };
	char *iv64, *text64, *tag64;
	int len;

	(void)state;
	assert_int_equal(b64url_decode(bytes_str("VqqN6vgjbSBcIijNcacQGg"),
	    key), JWT_OK);
	assert_int_equal(EVP_EncryptInit_ex2(ctx, EVP_aes_128_gcm(), key, iv,
	    NULL), 1);
	assert_int_equal(EVP_EncryptUpdate(ctx, NULL, &len,
	    (const uint8_t *)aad, (int)strlen(aad)), 1);
	assert_int_equal(EVP_EncryptUpdate(ctx, text, &len,
	    (const uint8_t *)INNER, (int)strlen(INNER)), 1);
	assert_int_equal(EVP_EncryptFinal_ex(ctx, text + len, &len), 1);
	assert_int_equal(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16,
	    tag), 1);
	EVP_CIPHER_CTX_free(ctx);
	iv64 = jwe_make_b64(bytes_of(iv, sizeof(iv)));
	text64 = jwe_make_b64(bytes_of(text, strlen(INNER)));
	tag64 = jwe_make_b64(bytes_of(tag, sizeof(tag)));
	assert_int_equal(load(world_text("%s", bob), &set, &diag), JWT_OK);
	assert_int_equal(open_token(&set, world_text("%s..%s.%s.%s", aad, iv64,
	    text64, tag64)), JWT_OK);
	jwe_key_set_clear(&set);
	free(aad);
	free(iv64);
	free(text64);
	free(tag64);
}

/*
 * RFC 8037 appendix A.6: Bob's key and the ephemeral one give this Z, which was
 * not computed here: the token is encrypted with what the RFC says.
 */
static void
test_rfc8037(void **state)
{
	static const char bob[] =
	    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"alg\":\"ECDH-ES+A128KW\","
	    "\"x\":\"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08\","
	    "\"d\":\"XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os\"}";
	static const uint8_t z[] = {
		0x4a, 0x5d, 0x9d, 0x5b, 0xa4, 0xce, 0x2d, 0xe1, 0x72, 0x8e,
		0x3b, 0xf4, 0x80, 0x35, 0x0f, 0x25, 0xe0, 0x7e, 0x21, 0xc9,
		0x47, 0xd1, 0x9e, 0x33, 0x76, 0xf0, 0x9b, 0x3c, 0x1e, 0x16,
		0x17, 0x42
	};
	struct jwe_recipe recipe = {
		.alg = "ECDH-ES+A128KW", .enc = "A128GCM", .epk = X25519,
		.z = bytes_of(z, sizeof(z))
	};
	struct jwe_key_set set;
	struct diag diag = { 0 };

	(void)state;
	assert_int_equal(load(world_text("%s", bob), &set, &diag), JWT_OK);
	assert_int_equal(open_token(&set, make(&recipe, JWE_X25519)), JWT_OK);
	jwe_key_set_clear(&set);
}

#define EC	"\"alg\":\"ECDH-ES\",\"enc\":\"A128GCM\""
#define RSA	"\"alg\":\"RSA-OAEP-256\",\"enc\":\"A128GCM\""
#define A32	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define EPK(members)	"{" EC ",\"epk\":{" members "}}"
#define WITH(members)	"{" EC ",\"epk\":" X25519 "," members "}"

/* Headers in front of ".AAAA.AAAA.AAAA.AAAA", by jwe_parse() alone. */
static const struct {
	const char *header;
	enum jwt_reason reason;
} headers[] = {
	{ "{" EC ",\"epk\":" X25519 "}", JWT_OK },
	{ "{" RSA "}", JWT_OK },
	{ "{" RSA ",\"cty\":\"JWT\",\"typ\":\"JWT\"}", JWT_OK },
	{ "{" RSA ",\"cty\":\"jwt\",\"typ\":\"anything\"}", JWT_OK },
	{ "{" RSA ",\"cty\":\"application/JWT\"}", JWT_OK },
	{ "{" RSA ",\"cty\":\"json\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"cty\":\"\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"cty\":null}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"cty\":[\"JWT\"]}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"typ\":1}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"kid\":\"k\"}", JWT_OK },
	{ "{" RSA ",\"kid\":1}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"kid\":null}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"iss\":\"x\",\"sub\":\"y\",\"aud\":[\"z\"]}", JWT_OK },
	{ "{" RSA ",\"x5t\":\"x\",\"x5c\":[\"x\"]}", JWT_OK },
	{ "{" RSA ",\"jwk\":{}}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"jku\":\"https://evil\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"x5u\":\"https://evil\"}", JWT_HEADER_INVALID },
	{ "{" RSA ",\"crit\":[\"exp\"],\"exp\":1}", JWT_CRIT_UNSUPPORTED },
	{ "{" RSA ",\"crit\":[]}", JWT_CRIT_UNSUPPORTED },
	{ "{" RSA ",\"zip\":\"DEF\"}", JWT_ENCRYPTION_UNSUPPORTED },
	{ "{" RSA ",\"p2c\":1000}", JWT_ENCRYPTION_UNSUPPORTED },
	{ "{" RSA ",\"p2s\":\"AAAAAAAAAAA\"}", JWT_ENCRYPTION_UNSUPPORTED },
	/* alg and enc */
	{ "{\"enc\":\"A128GCM\"}", JWT_HEADER_INVALID },
	{ "{\"alg\":\"RSA-OAEP-256\"}", JWT_TOKEN_FORM },
	{ "{\"alg\":1,\"enc\":\"A128GCM\"}", JWT_HEADER_INVALID },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":null}", JWT_HEADER_INVALID },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A192GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A192CBC-HS384\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"a128gcm\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA-OAEP-384\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"rsa-oaep-256\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"RSA1_5\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"A256GCMKW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"ECDH-ES+A192KW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"none\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	{ "{\"alg\":\"ES256\",\"enc\":\"A128GCM\"}",
	    JWT_ENCRYPTION_UNSUPPORTED },
	/* epk */
	{ "{" EC "}", JWT_HEADER_INVALID },
	{ "{" EC ",\"epk\":null}", JWT_HEADER_INVALID },
	{ "{" EC ",\"epk\":\"" A32 "\"}", JWT_HEADER_INVALID },
	{ EPK(""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32 "\""), JWT_OK },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32 "A\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":[\"" A32 "\"]"),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32
	    "\",\"d\":\"" A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" A32
	    "\",\"d\":null"), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"X448\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"X25519\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"OKP\",\"crv\":\"P-256\",\"x\":\"" A32 "\",\"y\":\""
	    A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A32 "\",\"y\":\""
	    A32 "\""), JWT_OK },	/* the length is all that counts here */
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A32 "\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" A32 "\",\"y\":\"\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"A" A32 "\",\"y\":\""
	    A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" A32 "\",\"y\":\""
	    A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"" A32
	    "\",\"y\":\"" A32 "\""), JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\""),
	    JWT_HEADER_INVALID },
	{ EPK("\"kty\":\"oct\",\"k\":\"" A32 "\""), JWT_HEADER_INVALID },
	/* apu and apv */
	{ WITH("\"apu\":\"QWxpY2U\",\"apv\":\"Qm9i\""), JWT_OK },
	{ WITH("\"apu\":\"\",\"apv\":\"\""), JWT_OK },
	{ WITH("\"apu\":\"A\""), JWT_HEADER_INVALID },
	{ WITH("\"apv\":\"A\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":\"QWxpY2V\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":\"QWxp Y2U\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":\"QWxpY2U=\""), JWT_HEADER_INVALID },
	{ WITH("\"apu\":1"), JWT_HEADER_INVALID },
	{ WITH("\"apv\":null"), JWT_HEADER_INVALID },
	/* JSON */
	{ "{" RSA ",\"alg\":\"RSA-OAEP\"}", JWT_JSON_DUPLICATE },
	{ "{" RSA ",}", JWT_JSON_INVALID },
};

static enum jwt_reason
parse(char *token)
{
	struct jwe *jwe;
	enum jwt_reason reason = jwe_parse(bytes_str(token), &jwe);

	assert_non_null(jwe);
	assert_int_equal(jwe_parsed(jwe), reason);
	assert_int_equal(jwe_len(jwe), strlen(token));
	jwe_free(jwe);
	free(token);
	return reason;
}

static void
test_headers(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		char *header = jwe_make_b64(bytes_str(headers[i].header));
		enum jwt_reason reason = parse(world_text(
		    "%s.AAAA.AAAA.AAAA.AAAA", header));

		if (reason != headers[i].reason)
			print_error("%s: %s\n", headers[i].header,
			    reason_name(reason));
		assert_int_equal(reason, headers[i].reason);
		free(header);
	}
}

/* A header whose apu has len bytes. */
static enum jwt_reason
parse_party(const char *name, size_t len)
{
	uint8_t *party = calloc(1, len);
	char *text = jwe_make_b64(bytes_of(party, len));
	char *json = world_text(WITH("\"%s\":\"%s\""), name, text);
	char *header = jwe_make_b64(bytes_str(json));
	enum jwt_reason reason = parse(world_text("%s.A.A.A.A", header));

	free(party);
	free(text);
	free(json);
	free(header);
	return reason;
}

static void
test_limits(void **state)
{
	char *kid = world_text("%0*d", JWK_KID_MAX + 1, 0);
	char *json = world_text("{" RSA ",\"kid\":\"%s\"}", kid);
	char *header = jwe_make_b64(bytes_str(json)), *long_text;

	(void)state;
	assert_int_equal(parse_party("apu", CRYPT_PARTY_MAX), JWT_OK);
	assert_int_equal(parse_party("apv", CRYPT_PARTY_MAX), JWT_OK);
	assert_int_equal(parse_party("apu", CRYPT_PARTY_MAX + 1),
	    JWT_HEADER_INVALID);
	assert_int_equal(parse_party("apv", CRYPT_PARTY_MAX + 1),
	    JWT_HEADER_INVALID);
	assert_int_equal(parse(world_text("%s.A.A.A.A", header)),
	    JWT_HEADER_INVALID);
	free(header);
	free(json);
	kid[JWK_KID_MAX] = '\0';
	json = world_text("{" RSA ",\"kid\":\"%s\"}", kid);
	header = jwe_make_b64(bytes_str(json));
	assert_int_equal(parse(world_text("%s.A.A.A.A", header)), JWT_OK);
	free(header);
	free(json);
	free(kid);
	/* The token, and its header. */
	header = jwe_make_b64(bytes_str("{" RSA "}"));
	long_text = world_text("%0*d", TOKEN_MAX - (int)strlen(header) - 7, 0);
	assert_int_equal(parse(world_text("%s.A.A.%s.A", header, long_text)),
	    JWT_OK);
	assert_int_equal(parse(world_text("%s.AA.A.%s.A", header, long_text)),
	    JWT_TOKEN_TOO_LONG);
	free(header);
	json = world_text("{" RSA ",\"a\":\"%0*d\"}", HEADER_MAX -
	    (int)strlen("{" RSA ",\"a\":\"\"}"), 0);
	header = jwe_make_b64(bytes_str(json));
	assert_int_equal(strlen(json), HEADER_MAX);
	assert_int_equal(parse(world_text("%s.A.A.A.A", header)), JWT_OK);
	assert_int_equal(parse(world_text("%sAAAA.A.A.A.A", header)),
	    JWT_TOKEN_TOO_LONG);
	free(long_text);
	free(header);
	free(json);
}

static void
test_form(void **state)
{
	static const struct {
		const char *text;
		bool is_form;
	} texts[] = {
		{ "", false }, { "....", false }, { "a.b.c.d.e", false },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b", false },
		{ "eyJhbGciOiJSUzI1NiJ9.", false },
		{ "eyJhbGciOiJSUzI1NiJ9..", true },
		{ "eyJhbGciOiJSUzI1NiJ9..b", true },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c", true },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c.d", true },
		{ "eyJhbGciOiJSUzI1NiJ9....", true },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c.d.e", false },
		{ "eyJhbGciOiJSUzI1NiJ9.a.b.c d.e", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(jwe_has_form(bytes_str(texts[i].text)),
		    texts[i].is_form);
	assert_int_equal(parse(world_text("eyJhbGciOiJSUzI1NiJ9.a.b.c")),
	    JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJhbGciOiJSUzI1NiJ9.a.b.c.d.e")),
	    JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJhbGciOiJSUzI1NiJ9..")),
	    JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text(".a.b.c.d")), JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJh*.a.b.c.d")), JWT_TOKEN_FORM);
	assert_int_equal(parse(world_text("eyJhb.a.b.c.d")), JWT_TOKEN_BASE64);
}

/* Whether a text of three or four dots is taken for the start of a token. */
static bool
is_begun(const struct jwe_parts *parts, size_t tag_chars, bool has_tag)
{
	char *token = jwe_parts_join(parts);
	char *tag = strrchr(token, '.');
	struct jwe *jwe;
	bool begun;

	tag[has_tag ? 1 + tag_chars : 0] = '\0';
	(void)!jwe_parse(bytes_str(token), &jwe);
	begun = jwe_is_begun(jwe);
	jwe_free(jwe);
	free(token);
	return begun;
}

static void
test_begun(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ENCS; i++) {
		struct jwe_recipe recipe = {
			.alg = "ECDH-ES", .enc = encs[i]
		};
		size_t whole = b64url_encoded_len(jwe_enc_by_name(
		    bytes_str(encs[i]))->tag_len);
		struct jwe_parts parts;

		jwe_make_parts(&recipe, jwe_make_key(JWE_P256), JWE_P256,
		    bytes_str(INNER), &parts);
		assert_true(is_begun(&parts, 0, false));
		assert_true(is_begun(&parts, 0, true));
		assert_true(is_begun(&parts, whole - 1, true));
		assert_false(is_begun(&parts, whole, true));
		/* A header without enc is not that of a JWE. */
		free(parts.header);
		parts.header = world_text("{\"alg\":\"ES256\"}");
		assert_false(is_begun(&parts, 0, false));
		assert_false(is_begun(&parts, 0, true));
		/* An unknown enc may have any tag, but must have one. */
		free(parts.header);
		parts.header = world_text("{\"alg\":\"dir\",\"enc\":\"x\"}");
		assert_true(is_begun(&parts, 0, false));
		assert_true(is_begun(&parts, 0, true));
		assert_false(is_begun(&parts, 1, true));
		jwe_parts_clear(&parts);
	}
}

/* Flip each bit of one part, and count what is opened. */
static unsigned
flip(const struct jwe_key_set *set, struct jwe_parts *parts,
    struct bytes part, uint8_t *bytes, unsigned *tried)
{
	unsigned opened = 0;
	bool is_inner;
	size_t bit;

	for (bit = 0; bit < part.len * 8; bit++) {
		char *token;

		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		token = jwe_parts_join(parts);
		/* A header may hold NUL then; join ends it there. */
		opened += open_with(set, token, &is_inner) == JWT_OK;
		free(token);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		(*tried)++;
	}
	return opened;
}

static unsigned
flip_all(const struct jwe_key_set *set, struct jwe_parts *parts,
    unsigned *tried)
{
	unsigned opened;

	opened = flip(set, parts, bytes_str(parts->header),
	    (uint8_t *)parts->header, tried);
	opened += flip(set, parts, secret_bytes(&parts->key), parts->key.ptr,
	    tried);
	opened += flip(set, parts, secret_bytes(&parts->iv), parts->iv.ptr,
	    tried);
	opened += flip(set, parts, secret_bytes(&parts->text), parts->text.ptr,
	    tried);
	return opened + flip(set, parts, secret_bytes(&parts->tag),
	    parts->tag.ptr, tried);
}

/* Each bit of each part of a token of each alg, and of each enc. */
static void
test_bits(void **state)
{
	unsigned opened = 0, tried = 0;
	size_t i;

	(void)state;
	for (i = 0; i < SENDERS + ENCS; i++) {
		/* First each alg, then each enc with ECDH-ES on X25519. */
		size_t sender = i < SENDERS ? i : 3;
		struct jwe_recipe recipe = {
			.alg = senders[sender].alg, .enc = encs[i % ENCS]
		};
		struct jwe_key_set set;
		struct jwe_parts parts;

		/* The slow curves take long: a bit of each is tried by X25519. */
		if (senders[sender].kind == JWE_P384 ||
		    senders[sender].kind == JWE_P521)
			continue;
		load_key(senders[sender].kind, senders[sender].alg, &set);
		jwe_make_parts(&recipe, jwe_make_key(senders[sender].kind),
		    senders[sender].kind, bytes_str(INNER), &parts);
		opened += flip_all(&set, &parts, &tried);
		jwe_parts_clear(&parts);
		jwe_key_set_clear(&set);
	}
	printf("bits: %u tried, %u opened\n", tried, opened);
	assert_int_equal(opened, 0);
}

/* Set one part to len bytes: what it had, then zeros. */
static void
resize(struct secret *part, size_t len)
{
	struct secret other;

	assert_int_equal(secret_alloc(len, &other), JWT_OK);
	memcpy(other.ptr, part->ptr, len < part->len ? len : part->len);
	secret_clear(part);
	*part = other;
}

/* Every length of one part but the right one, up to most. */
static void
try_lengths(const struct jwe_key_set *set, const struct jwe_recipe *recipe,
    enum jwe_kind kind, size_t which, size_t most)
{
	size_t len;

	for (len = 0; len <= most; len++) {
		struct jwe_parts parts;
		struct secret *all[] = {
			&parts.key, &parts.iv, &parts.text, &parts.tag
		};
		bool is_right;

		jwe_make_parts(recipe, jwe_make_key(kind), kind,
		    bytes_str(INNER), &parts);
		is_right = len == all[which]->len;
		resize(all[which], len);
		assert_int_equal(open_token(set, jwe_parts_join(&parts)),
		    is_right ? JWT_OK : JWT_DECRYPT_FAILED);
		jwe_parts_clear(&parts);
	}
}

static void
test_lengths(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SENDERS * ENCS; i++) {
		struct jwe_recipe recipe = {
			.alg = senders[i / ENCS].alg, .enc = encs[i % ENCS]
		};
		enum jwe_kind kind = senders[i / ENCS].kind;
		struct jwe_key_set set;

		if (kind == JWE_P384 || kind == JWE_P521)
			continue;
		load_key(kind, recipe.alg, &set);
		try_lengths(&set, &recipe, kind, 0, kind == JWE_RSA ? 0 : 80);
		try_lengths(&set, &recipe, kind, 1, 17);
		try_lengths(&set, &recipe, kind, 2, strlen(INNER) + 3);
		try_lengths(&set, &recipe, kind, 3, 65);
		jwe_key_set_clear(&set);
	}
}

/* A part that is not base64url, or not canonical, gives nothing away. */
static void
test_encoding(void **state)
{
	struct jwe_recipe recipe = { .alg = "ECDH-ES+A128KW", .enc = "A128GCM" };
	struct jwe_key_set set;
	size_t dot, i;

	(void)state;
	load_key(JWE_P256, recipe.alg, &set);
	for (dot = 1; dot <= 4; dot++) {
		char *token = make(&recipe, JWE_P256), *at = token;

		for (i = 0; i < dot; i++)
			at = strchr(at, '.') + 1;
		/* With 1 to 3 characters more, one of the lengths is wrong. */
		for (i = 1; i <= 3; i++)
			assert_int_equal(open_token(&set, world_text(
			    "%.*s%.*s%s", (int)(at - token), token, (int)i,
			    "___", at)), JWT_DECRYPT_FAILED);
		free(token);
	}
	jwe_key_set_clear(&set);
}

/* The last error of the host, and how many it has. */
static unsigned
count_errors(unsigned long *last)
{
	unsigned count = 0;
	unsigned long error;

	while ((error = ERR_get_error()) != 0) {
		*last = error;
		count++;
	}
	return count;
}

/* Good and bad tokens and keys leave the errors of the host as they were. */
static void
test_error_queue(void **state)
{
	unsigned long last = 0;
	size_t i, part;

	(void)state;
	ERR_clear_error();
	for (i = 0; i < SENDERS * ENCS; i++) {
		struct jwe_recipe recipe = {
			.alg = senders[i / ENCS].alg, .enc = encs[i % ENCS]
		};
		enum jwe_kind kind = senders[i / ENCS].kind;
		struct jwe_key_set set;

		for (part = 0; part < 3; part++) {
			struct jwe_parts parts;
			char *token;
			bool is_inner;

			jwe_make_parts(&recipe, jwe_make_key(kind), kind,
			    bytes_str(INNER), &parts);
			if (part == 1)
				parts.tag.ptr[0] ^= 1;
			if (part == 2 && parts.key.len > 0)
				parts.key.ptr[0] ^= 1;
			token = jwe_parts_join(&parts);
			ERR_clear_error();
			ERR_raise(ERR_LIB_USER, 7);
			load_key(kind, recipe.alg, &set);
			(void)open_with(&set, token, &is_inner);
			assert_int_equal(count_errors(&last), 1);
			assert_int_equal(ERR_GET_LIB(last), ERR_LIB_USER);
			jwe_key_set_clear(&set);
			jwe_parts_clear(&parts);
			free(token);
		}
	}
}

/* Memory that the host ran out of once is not why a key is refused. */
static void
test_old_error(void **state)
{
	static const char x25519[] = "{\"kty\":\"OKP\",\"crv\":\"X25519\","
	    "\"alg\":\"ECDH-ES\",\"x\":\"" A32 "\",\"d\":\"" A32 "\"}";
	struct jwe_key_set set;
	struct diag diag = { 0 };
	unsigned long last = 0;

	(void)state;
	ERR_clear_error();
	ERR_raise(ERR_LIB_USER, ERR_R_MALLOC_FAILURE);
	assert_int_equal(load(world_text("%s", x25519), &set, &diag),
	    JWT_KEY_FILE_INVALID);
	assert_int_equal(count_errors(&last), 1);
	assert_int_equal(ERR_GET_REASON(last), ERR_R_MALLOC_FAILURE);
	jwe_key_set_clear(&set);
	diag_clear(&diag);
}

/* A curve that is not in the table is no other curve of its kty. */
static void
test_kinds(void **state)
{
	static const struct {
		const char *kty, *crv;
		int kind;	/* or -1 */
	} rows[] = {
		{ "EC", "P-256", JWE_P256 }, { "EC", "P-384", JWE_P384 },
		{ "EC", "P-521", JWE_P521 }, { "OKP", "X25519", JWE_X25519 },
		{ "RSA", "", JWE_RSA }, { "RSA", "P-256", JWE_RSA },
		{ "EC", "", -1 }, { "EC", "P-192", -1 }, { "EC", "P-52", -1 },
		{ "EC", "X25519", -1 }, { "EC", "secp256k1", -1 },
		{ "OKP", "", -1 }, { "OKP", "X448", -1 },
		{ "OKP", "P-256", -1 }, { "ec", "P-256", -1 },
		{ "oct", "", -1 }, { "", "P-256", -1 }
	};
	enum jwe_kind kind;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool found = jwe_kind_by_names(bytes_str(rows[i].kty),
		    bytes_str(rows[i].crv), &kind);

		assert_int_equal(found ? (int)kind : -1, rows[i].kind);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_appendix_c),
		cmocka_unit_test(test_rfc8037),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_begun),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_error_queue),
		cmocka_unit_test(test_old_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
