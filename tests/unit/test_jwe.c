/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypted tokens: each alg with each enc and curve, vectors of the RFCs, each
 * bit of a token flipped, every length.  The rules of the header are in
 * test_jwe_header.c; attacks that take more than a changed token are in
 * tests/attacks/encryption.c.
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

/* apu and apv of every length at which something could change. */
static void
test_parties(void **state)
{
	static const uint8_t party[CRYPT_PARTY_MAX] = { 'p' };
	static const size_t lens[] = { 0, 1, 2, CRYPT_PARTY_MAX };
	struct jwe_recipe recipe = { .alg = "ECDH-ES", .enc = "A256CBC-HS512" };
	struct jwe_key_set set;
	size_t i, count = sizeof(lens) / sizeof(lens[0]);

	(void)state;
	load_key(JWE_P521, recipe.alg, &set);
	for (i = 0; i < count * count; i++) {
		recipe.apu = bytes_of(party, lens[i / count]);
		recipe.apv = bytes_of(party, lens[i % count]);
		assert_int_equal(open_token(&set, make(&recipe, JWE_P521)),
		    JWT_OK);
	}
	jwe_key_set_clear(&set);
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

/*
 * Each part ends in a character that has bits to spare.  If they are set, the
 * bytes are the same, but the text is not canonical.
 */
static void
test_spare_bits(void **state)
{
	struct jwe_recipe recipe = {
		.alg = "ECDH-ES+A128KW", .enc = "A128CBC-HS256"
	};
	struct jwe_key_set set;
	size_t dot, i;

	(void)state;
	load_key(JWE_P256, recipe.alg, &set);
	for (dot = 1; dot <= 4; dot++) {
		char *token = make(&recipe, JWE_P256), *at = token;

		for (i = 0; i < dot; i++)
			at = strchr(at, '.') + 1;
		at += strcspn(at, ".") - 1;
		assert_non_null(strchr("AEIMQUYcgkosw048", *at));
		(*at)++;	/* the next one of the alphabet, too */
		assert_int_equal(open_token(&set, token), JWT_DECRYPT_FAILED);
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

#define A32	"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

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


int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_appendix_c),
		cmocka_unit_test(test_rfc8037),
		cmocka_unit_test(test_parties),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_spare_bits),
		cmocka_unit_test(test_error_queue),
		cmocka_unit_test(test_old_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
