/* SPDX-License-Identifier: BSD-2-Clause */
/* Encrypts tokens for tests: RFC 7516 section 5.1, the other way round. */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/base/b64url.h"
#include "tests/lib/jwe_make.h"
#include "tests/lib/world.h"

#define MUST(condition) ((condition) ? (void)0 : abort())

static void *
cast(const void *from)
{
	union {
		const void *from;
		void *to;
	} both = { .from = from };

	return both.to;
}

char *
jwe_make_b64(struct bytes from)
{
	char *text = calloc(1, b64url_encoded_len(from.len) + 1);

	MUST(text != NULL);
	b64url_encode(from, text);
	return text;
}

EVP_PKEY *
jwe_make_fresh(enum jwe_kind kind)
{
	EVP_PKEY *key;

	if (kind == JWE_RSA)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	else if (kind == JWE_X25519)
		key = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	else
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC",
		    jwe_kind_row(kind)->crv);
	MUST(key != NULL);
	return key;
}

EVP_PKEY *
jwe_make_key(enum jwe_kind kind)
{
	static EVP_PKEY *keys[JWE_KINDS];

	if (keys[kind] == NULL)
		keys[kind] = jwe_make_fresh(kind);
	return keys[kind];
}

/* A number of the key, as a member ",\"name\":\"…\"". */
static char *
number_member(const EVP_PKEY *key, const char *name, const char *param,
    size_t len)
{
	uint8_t bytes[1024];
	BIGNUM *number = NULL;
	char *b64, *text;

	MUST(EVP_PKEY_get_bn_param(key, param, &number) == 1);
	if (len == 0)
		len = (size_t)(EVP_PKEY_get_bits(key) + 7) / 8;
	if (jwe_kind_row(JWE_RSA)->len == len || EVP_PKEY_is_a(key, "RSA"))
		len = (size_t)BN_num_bytes(number);
	MUST(BN_bn2binpad(number, bytes, (int)len) == (int)len);
	BN_clear_free(number);
	b64 = jwe_make_b64(bytes_of(bytes, len));
	text = world_text(",\"%s\":\"%s\"", name, b64);
	free(b64);
	return text;
}

static char *
raw_members(const EVP_PKEY *key, bool is_private)
{
	uint8_t x[32], d[32];
	size_t x_len = sizeof(x), d_len = sizeof(d);
	char *x64, *d64, *text;

	MUST(EVP_PKEY_get_raw_public_key(key, x, &x_len) == 1);
	x64 = jwe_make_b64(bytes_of(x, x_len));
	if (!is_private) {
		text = world_text(",\"x\":\"%s\"", x64);
		free(x64);
		return text;
	}
	MUST(EVP_PKEY_get_raw_private_key(key, d, &d_len) == 1);
	d64 = jwe_make_b64(bytes_of(d, d_len));
	text = world_text(",\"x\":\"%s\",\"d\":\"%s\"", x64, d64);
	free(x64);
	free(d64);
	return text;
}

static char *
jwk_of(const EVP_PKEY *key, enum jwe_kind kind, bool is_private,
    const char *more)
{
	static const char *const ec[] = {
		"x", OSSL_PKEY_PARAM_EC_PUB_X, "y", OSSL_PKEY_PARAM_EC_PUB_Y,
		"d", OSSL_PKEY_PARAM_PRIV_KEY, NULL
	};
	static const char *const rsa[] = {
		"n", OSSL_PKEY_PARAM_RSA_N, "e", OSSL_PKEY_PARAM_RSA_E,
		"d", OSSL_PKEY_PARAM_RSA_D, "p", OSSL_PKEY_PARAM_RSA_FACTOR1,
		"q", OSSL_PKEY_PARAM_RSA_FACTOR2,
		"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1,
		"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2,
		"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1, NULL
	};
	const struct jwe_kind_row *row = jwe_kind_row(kind);
	const char *const *name = kind == JWE_RSA ? rsa : ec;
	char *text, *next, *member;

	if (kind == JWE_RSA)
		text = world_text("{\"kty\":\"RSA\"");
	else
		text = world_text("{\"kty\":\"%s\",\"crv\":\"%s\"", row->kty,
		    row->crv);
	if (kind == JWE_X25519) {
		member = raw_members(key, is_private);
		next = world_text("%s%s%s}", text, member, more);
		free(member);
		free(text);
		return next;
	}
	for (; name[0] != NULL && (is_private || name[0][0] != 'd');
	    name += 2) {
		member = number_member(key, name[0], name[1], row->len);
		next = world_text("%s%s", text, member);
		free(member);
		free(text);
		text = next;
	}
	next = world_text("%s%s}", text, more);
	free(text);
	return next;
}

char *
jwe_make_jwk(const EVP_PKEY *key, enum jwe_kind kind, const char *more)
{
	return jwk_of(key, kind, true, more);
}

static void
random_secret(size_t len, struct secret *out)
{
	MUST(secret_alloc(len, out) == JWT_OK);
	MUST(RAND_bytes(out->ptr, (int)len) == 1);
}

static void
agree(EVP_PKEY *own, EVP_PKEY *peer, struct secret *z)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);

	MUST(secret_alloc(66, z) == JWT_OK);
	MUST(EVP_PKEY_derive_init(ctx) == 1 &&
	    EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	    EVP_PKEY_derive(ctx, z->ptr, &z->len) == 1);
	EVP_PKEY_CTX_free(ctx);
}

void
jwe_make_self(EVP_PKEY *key, struct secret *z)
{
	agree(key, key, z);
}

static size_t
put(uint8_t *out, struct bytes value)
{
	out[0] = out[1] = 0;
	out[2] = (uint8_t)(value.len >> 8);
	out[3] = (uint8_t)value.len;
	if (value.len > 0)
		memcpy(out + 4, value.ptr, value.len);
	return 4 + value.len;
}

static void
kdf(const struct jwe_recipe *r, struct bytes z, const char *use, size_t len,
    uint8_t *out)
{
	uint8_t info[2048];
	size_t at = put(info, bytes_str(use));
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, r->kdf ? r->kdf : "SSKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM params[4];

	at += put(info + at, r->apu);
	at += put(info + at, r->apv);
	info[at++] = 0;
	info[at++] = 0;
	info[at++] = (uint8_t)(len * 8 >> 8);
	info[at++] = (uint8_t)(len * 8);
	params[0] = OSSL_PARAM_construct_utf8_string("digest",
	    cast("SHA256"), 0);
	params[1] = OSSL_PARAM_construct_octet_string("key", cast(z.ptr),
	    z.len);
	params[2] = OSSL_PARAM_construct_octet_string("info", info, at);
	params[3] = OSSL_PARAM_construct_end();
	MUST(EVP_KDF_derive(ctx, out, len, params) == 1);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

static void
wrap(struct bytes kek, struct bytes cek, struct secret *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	const EVP_CIPHER *cipher = kek.len == 16 ? EVP_aes_128_wrap() :
	    EVP_aes_256_wrap();
	int len;

	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	MUST(secret_alloc(cek.len + 8, out) == JWT_OK);
	MUST(EVP_EncryptInit_ex2(ctx, cipher, kek.ptr, NULL, NULL) == 1 &&
	    EVP_EncryptUpdate(ctx, out->ptr, &len, cek.ptr,
	    (int)cek.len) == 1);
	EVP_CIPHER_CTX_free(ctx);
}

static void
encrypt_oaep(const struct jwe_recipe *r, EVP_PKEY *key, struct bytes cek,
    struct secret *out)
{
	const char *digest = r->digest ? r->digest :
	    jwe_alg_by_name(bytes_str(r->alg))->digest;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	MUST(secret_alloc((size_t)EVP_PKEY_get_size(key), out) == JWT_OK);
	MUST(EVP_PKEY_encrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, digest, NULL) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, r->mgf ? r->mgf : digest,
	    NULL) == 1 &&
	    EVP_PKEY_encrypt(ctx, out->ptr, &out->len, cek.ptr, cek.len) == 1);
	EVP_PKEY_CTX_free(ctx);
}

/* The header, the encrypted key, and the CEK that the content gets. */
static void
make_header(const struct jwe_recipe *r, const char *epk,
    struct jwe_parts *out)
{
	char *apu = jwe_make_b64(r->apu), *apv = jwe_make_b64(r->apv);
	char *parties = world_text("%s%s%s%s%s%s",
	    r->apu.len ? ",\"apu\":\"" : "", apu, r->apu.len ? "\"" : "",
	    r->apv.len ? ",\"apv\":\"" : "", apv, r->apv.len ? "\"" : "");

	if (r->header != NULL)
		out->header = world_text("%s", r->header);
	else
		out->header = world_text("{\"alg\":\"%s\",\"enc\":\"%s\"%s%s%s"
		    "%s}", r->alg, r->enc, epk != NULL ? ",\"epk\":" : "",
		    epk != NULL ? epk : "", parties,
		    r->members != NULL ? r->members : "");
	free(parties);
	free(apu);
	free(apv);
}

static void
make_agreed(const struct jwe_recipe *r, EVP_PKEY *key, enum jwe_kind kind,
    struct secret *cek, struct jwe_parts *out)
{
	const struct jwe_alg *alg = jwe_alg_by_name(bytes_str(r->alg));
	EVP_PKEY *ephemeral = jwe_make_fresh(kind);
	char *epk = jwk_of(ephemeral, kind, false, "");
	const char *use = alg->kek_len > 0 ? r->alg : r->enc;
	struct secret z;
	uint8_t kek[64];

	agree(ephemeral, key, &z);
	if (r->z.len > 0) {
		secret_clear(&z);
		MUST(secret_copy(r->z, &z) == JWT_OK);
	}
	if (r->algorithm_id != NULL)
		use = r->algorithm_id;
	make_header(r, r->epk != NULL ? r->epk : epk, out);
	if (alg->kek_len == 0) {
		kdf(r, secret_bytes(&z), use, cek->len, cek->ptr);
		MUST(secret_alloc(0, &out->key) == JWT_OK);
	} else {
		kdf(r, secret_bytes(&z), use, alg->kek_len, kek);
		wrap(bytes_of(kek, alg->kek_len), r->cek.len > 0 ? r->cek :
		    secret_bytes(cek), &out->key);
	}
	out->z = z;
	free(epk);
	EVP_PKEY_free(ephemeral);
}

static void
encrypt_gcm(const struct jwe_enc *enc, struct bytes cek, struct bytes aad,
    struct bytes plain, struct jwe_parts *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, enc->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len;

	MUST(secret_alloc(plain.len, &out->text) == JWT_OK);
	MUST(EVP_EncryptInit_ex2(ctx, cipher, NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN,
	    (int)out->iv.len, NULL) == 1 &&
	    EVP_EncryptInit_ex2(ctx, NULL, cek.ptr, out->iv.ptr, NULL) == 1 &&
	    EVP_EncryptUpdate(ctx, NULL, &len, aad.ptr, (int)aad.len) == 1 &&
	    EVP_EncryptUpdate(ctx, out->text.ptr, &len, plain.ptr,
	    (int)plain.len) == 1 &&
	    EVP_EncryptFinal_ex(ctx, out->text.ptr + len, &len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16,
	    out->tag.ptr) == 1);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
}

static void
encrypt_cbc(const struct jwe_recipe *r, const struct jwe_enc *enc,
    struct bytes key, struct bytes plain, struct jwe_parts *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, enc->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t len = (plain.len / 16 + 1) * 16;
	uint8_t *padded = calloc(1, len);
	int done;

	MUST(padded != NULL && secret_alloc(len, &out->text) == JWT_OK);
	memcpy(padded, plain.ptr, plain.len);
	memset(padded + plain.len, (int)(len - plain.len), len - plain.len);
	if (r->bad_padding)
		padded[len - 1] = 0x55;
	MUST(EVP_EncryptInit_ex2(ctx, cipher, key.ptr, out->iv.ptr, NULL) == 1);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	MUST(EVP_EncryptUpdate(ctx, out->text.ptr, &done, padded,
	    (int)len) == 1);
	free(padded);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
}

static void
authenticate(const struct jwe_recipe *r, const struct jwe_enc *enc,
    struct bytes key, struct bytes aad, struct jwe_parts *out)
{
	size_t len = aad.len + out->iv.len + out->text.len + 8, mac_len;
	uint8_t *all = calloc(1, len), mac[64];
	size_t bits = r->length_in_bytes ? aad.len : aad.len * 8;

	MUST(all != NULL);
	memcpy(all, aad.ptr, aad.len);
	memcpy(all + aad.len, out->iv.ptr, out->iv.len);
	memcpy(all + aad.len + out->iv.len, out->text.ptr, out->text.len);
	all[len - 1] = (uint8_t)bits;
	all[len - 2] = (uint8_t)(bits >> 8);
	all[len - 3] = (uint8_t)(bits >> 16);
	MUST(EVP_Q_mac(NULL, "HMAC", NULL, enc->digest, NULL, key.ptr, key.len,
	    all, len, mac, sizeof(mac), &mac_len) != NULL);
	memcpy(out->tag.ptr, mac, enc->tag_len);
	free(all);
}

static void
encrypt_content(const struct jwe_recipe *r, const struct secret *cek,
    struct bytes plain, struct jwe_parts *out)
{
	const struct jwe_enc *enc = jwe_enc_by_name(bytes_str(r->enc));
	char *aad = jwe_make_b64(bytes_str(out->header));
	size_t half = cek->len / 2;
	struct bytes first = bytes_of(cek->ptr, half);
	struct bytes second = bytes_of(cek->ptr + half, half);

	random_secret(r->iv_len > 0 ? r->iv_len : enc->iv_len, &out->iv);
	MUST(secret_alloc(enc->tag_len, &out->tag) == JWT_OK);
	if (enc->digest == NULL) {
		encrypt_gcm(enc, secret_bytes(cek), bytes_str(aad), plain, out);
	} else {
		encrypt_cbc(r, enc, r->swap_halves ? first : second, plain,
		    out);
		authenticate(r, enc, r->swap_halves ? second : first,
		    bytes_str(aad), out);
	}
	free(aad);
}

void
jwe_make_parts(const struct jwe_recipe *recipe, EVP_PKEY *key,
    enum jwe_kind kind, struct bytes plain, struct jwe_parts *out)
{
	const struct jwe_enc *enc = jwe_enc_by_name(bytes_str(recipe->enc));
	struct secret cek;

	*out = (struct jwe_parts){ .header = NULL };
	random_secret(enc->cek_len, &cek);
	if (kind == JWE_RSA) {
		make_header(recipe, NULL, out);
		encrypt_oaep(recipe, key, recipe->cek.len > 0 ? recipe->cek :
		    secret_bytes(&cek), &out->key);
	} else {
		make_agreed(recipe, key, kind, &cek, out);
	}
	if (recipe->content_key.len > 0) {
		secret_clear(&cek);
		MUST(secret_copy(recipe->content_key, &cek) == JWT_OK);
	}
	encrypt_content(recipe, &cek, plain, out);
	out->cek = cek;
}

char *
jwe_parts_join(const struct jwe_parts *parts)
{
	char *header = jwe_make_b64(bytes_str(parts->header));
	char *key = jwe_make_b64(secret_bytes(&parts->key));
	char *iv = jwe_make_b64(secret_bytes(&parts->iv));
	char *text = jwe_make_b64(secret_bytes(&parts->text));
	char *tag = jwe_make_b64(secret_bytes(&parts->tag));
	char *token = world_text("%s.%s.%s.%s.%s", header, key, iv, text, tag);

	free(header);
	free(key);
	free(iv);
	free(text);
	free(tag);
	return token;
}

void
jwe_parts_clear(struct jwe_parts *parts)
{
	free(parts->header);
	secret_clear(&parts->key);
	secret_clear(&parts->iv);
	secret_clear(&parts->text);
	secret_clear(&parts->tag);
	secret_clear(&parts->cek);
	secret_clear(&parts->z);
}

char *
jwe_make(const struct jwe_recipe *recipe, EVP_PKEY *key, enum jwe_kind kind,
    struct bytes plain)
{
	struct jwe_parts parts;
	char *token;

	jwe_make_parts(recipe, key, kind, plain, &parts);
	token = jwe_parts_join(&parts);
	jwe_parts_clear(&parts);
	return token;
}
