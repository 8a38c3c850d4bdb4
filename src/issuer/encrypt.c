/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypts tokens by OpenSSL.  Every token has a new content key (CEK), a new
 * IV, and for ECDH-ES a new key of the sender, so none is ever used twice.
 */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/base/b64url.h"
#include "core/base/openssl.h"
#include "core/jose/crypt_pkey.h"
#include "core/jose/jwe.h"
#include "issuer/encrypt.h"

#define CBC_BLOCK	16
#define HEADER_TEXT_MAX	((size_t)8192)	/* bytes: a kid has 2 K in JSON */
#define RSA_LEN_MAX	(RSA_BITS_MAX / 8)
#define PARTS		5

/* A token that is being made; zeroed before use. */
struct making {
	const struct encrypt_key *to;
	struct bytes plain;
	EVP_PKEY *pkey;			/* the public half of to */
	struct crypt_input input;	/* views of the buffers below */
	uint8_t cek[JWE_CEK_MAX];
	struct secret epk_x, epk_y;
	struct secret aad, encrypted_key, iv, text, tag;
};

/* ---- the public key ---- */

static EVP_PKEY *
rsa_public(struct bytes n, struct bytes e)
{
	uint8_t native_n[RSA_LEN_MAX], native_e[RSA_E_MAX_LEN];
	OSSL_PARAM params[] = {
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, native_n, n.len),
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, native_e, e.len),
		OSSL_PARAM_END
	};

	openssl_native(n, native_n);
	openssl_native(e, native_e);
	return openssl_pkey("RSA", EVP_PKEY_PUBLIC_KEY, params);
}

/* NULL if the public numbers are not those of a sound key. */
static EVP_PKEY *
public_half(const struct encrypt_key *key)
{
	struct crypt_numbers in = encrypt_key_numbers(key);
	struct keymat rsa = { .kind = KEY_RSA, .x = in.x, .y = in.y };
	const struct jwe_kind_row *row = jwe_kind_row(key->kind);

	if (key->kind == JWE_RSA && keymat_fault(&rsa) != NULL)
		return NULL;
	if (key->kind == JWE_RSA)
		return rsa_public(in.x, in.y);
	if (in.x.len != row->len || (row->has_y && in.y.len != row->len))
		return NULL;
	return crypt_point(key->kind, in.x, in.y, bytes_of(NULL, 0));
}

bool
encrypt_is_sound(const struct encrypt_key *key)
{
	EVP_PKEY *pkey = public_half(key);
	bool ok = pkey != NULL;

	EVP_PKEY_free(pkey);
	return ok;
}

/* ---- the header ---- */

static void
put_epk(struct json_write *json, const struct making *m)
{
	const struct jwe_kind_row *row = jwe_kind_row(m->to->kind);

	json_write_name(json, bytes_str("epk"));
	json_write_object(json);
	json_write_member(json, "kty", row->kty);
	json_write_member(json, "crv", row->crv);
	json_write_name(json, bytes_str("x"));
	json_write_b64url(json, secret_bytes(&m->epk_x));
	if (row->has_y) {
		json_write_name(json, bytes_str("y"));
		json_write_b64url(json, secret_bytes(&m->epk_y));
	}
	json_write_close(json);
}

/* Write the header, and take it in base64url as what the tag authenticates. */
static enum jwt_reason
make_header(struct making *m)
{
	struct json_write json;
	struct secret text;
	enum jwt_reason reason;

	json_write_start(&json, HEADER_TEXT_MAX);
	json_write_object(&json);
	json_write_member(&json, "alg", m->input.alg->name);
	json_write_member(&json, "enc", m->input.enc->name);
	json_write_member(&json, "cty", "JWT");
	if (m->to->kid[0] != '\0')
		json_write_member(&json, "kid", m->to->kid);
	if (!m->input.alg->is_rsa)
		put_epk(&json, m);
	json_write_close(&json);
	reason = json_write_finish(&json, &text);
	if (reason != JWT_OK)
		return reason;
	reason = secret_alloc(b64url_encoded_len(text.len), &m->aad);
	if (reason == JWT_OK)
		b64url_encode(secret_bytes(&text), (char *)m->aad.ptr);
	secret_clear(&text);
	m->input.aad = secret_bytes(&m->aad);
	return reason;
}

/* ---- the content key ---- */

static bool
take_coordinate(const EVP_PKEY *pkey, const char *param, size_t len,
    struct secret *out)
{
	BIGNUM *number = NULL;
	bool ok;

	ok = EVP_PKEY_get_bn_param(pkey, param, &number) == 1 &&
	    secret_alloc(len, out) == JWT_OK &&
	    BN_bn2binpad(number, out->ptr, (int)len) == (int)len;
	BN_free(number);
	return ok;
}

/* Take the public point of the key that was made for this one token. */
static bool
take_epk(const EVP_PKEY *pkey, struct making *m)
{
	size_t len = jwe_kind_row(m->to->kind)->len;

	if (m->to->kind != JWE_X25519)
		return take_coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_X, len,
		    &m->epk_x) && take_coordinate(pkey,
		    OSSL_PKEY_PARAM_EC_PUB_Y, len, &m->epk_y);
	return secret_alloc(len, &m->epk_x) == JWT_OK &&
	    EVP_PKEY_get_raw_public_key(pkey, m->epk_x.ptr, &len) == 1;
}

static EVP_PKEY *
new_ephemeral(enum jwe_kind kind)
{
	if (kind == JWE_X25519)
		return EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	return EVP_PKEY_Q_keygen(NULL, NULL, "EC", jwe_kind_row(kind)->crv);
}

/* AES Key Wrap (RFC 3394) of the CEK. */
static bool
wrap(struct making *m, struct bytes kek)
{
	const char *name = kek.len == 16 ? "AES-128-WRAP" : "AES-256-WRAP";
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t len = m->input.enc->cek_len;
	int done = 0;
	bool ok = false;

	if (cipher == NULL || ctx == NULL ||
	    secret_alloc(len + JWE_WRAP_MORE, &m->encrypted_key) != JWT_OK)
		goto out;
	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	ok = EVP_EncryptInit_ex2(ctx, cipher, kek.ptr, NULL, NULL) == 1 &&
	    EVP_EncryptUpdate(ctx, m->encrypted_key.ptr, &done, m->cek,
	    (int)len) == 1 && (size_t)done == m->encrypted_key.len;
out:
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return ok;
}

/*
 * Agree on a key with the host (RFC 7518 section 4.6): it is the CEK, or it
 * wraps the CEK.  A public X25519 key of small order is refused by the
 * derivation.
 */
static bool
agree(struct making *m)
{
	EVP_PKEY *own = new_ephemeral(m->to->kind);
	size_t z_len = jwe_kind_row(m->to->kind)->len;
	size_t kek_len = m->input.alg->kek_len;
	uint8_t z[EC_COORD_MAX], kek[JWE_KEK_MAX];
	bool ok;

	ok = own != NULL && take_epk(own, m) &&
	    crypt_derive_z(own, m->pkey, z_len, z);
	if (ok && kek_len == 0)
		ok = crypt_derive_key(&m->input, bytes_of(z, z_len), m->cek,
		    m->input.enc->cek_len);
	else if (ok)
		ok = crypt_derive_key(&m->input, bytes_of(z, z_len), kek,
		    kek_len) && wrap(m, bytes_of(kek, kek_len));
	explicit_bzero(z, sizeof(z));
	explicit_bzero(kek, sizeof(kek));
	EVP_PKEY_free(own);
	return ok;
}

/* RSAES-OAEP (RFC 7518 section 4.3) of the CEK. */
static bool
encrypt_by_rsa(struct making *m)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, m->pkey, NULL);
	const char *digest = m->input.alg->digest;
	size_t len = (size_t)EVP_PKEY_get_size(m->pkey);
	bool ok;

	if (ctx == NULL || secret_alloc(len, &m->encrypted_key) != JWT_OK) {
		EVP_PKEY_CTX_free(ctx);
		return false;
	}
	ok = EVP_PKEY_encrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, digest, NULL) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, digest, NULL) == 1 &&
	    EVP_PKEY_encrypt(ctx, m->encrypted_key.ptr, &len, m->cek,
	    m->input.enc->cek_len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool
make_key(struct making *m)
{
	if (RAND_priv_bytes(m->cek, (int)m->input.enc->cek_len) != 1)
		return false;
	if (m->input.alg->is_rsa)
		return encrypt_by_rsa(m);
	return agree(m);
}

/* ---- the content ---- */

/* Make the buffers, and a new IV. */
static bool
make_room(struct making *m)
{
	const struct jwe_enc *enc = m->input.enc;

	if (secret_alloc(enc->iv_len, &m->iv) != JWT_OK ||
	    secret_alloc(enc->tag_len, &m->tag) != JWT_OK ||
	    secret_alloc(m->plain.len + CBC_BLOCK, &m->text) != JWT_OK)
		return false;
	m->input.iv = secret_bytes(&m->iv);
	return RAND_bytes(m->iv.ptr, (int)m->iv.len) == 1;
}

/* Encrypt with a context that knows its cipher; to m->text. */
static bool
encrypt_text(EVP_CIPHER_CTX *ctx, struct making *m)
{
	int len = 0, rest = 0;

	if (EVP_EncryptUpdate(ctx, m->text.ptr, &len, m->plain.ptr,
	    (int)m->plain.len) != 1 ||
	    EVP_EncryptFinal_ex(ctx, m->text.ptr + len, &rest) != 1)
		return false;
	m->text.len = (size_t)len + (size_t)rest;
	m->input.ciphertext = secret_bytes(&m->text);
	return true;
}

/* AES-GCM (RFC 7518 section 5.3). */
static bool
seal_gcm(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, struct making *m)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG,
		    m->tag.ptr, m->tag.len),
		OSSL_PARAM_END
	};
	int len = 0;

	return EVP_EncryptInit_ex2(ctx, cipher, m->cek, m->iv.ptr,
	    NULL) == 1 && EVP_EncryptUpdate(ctx, NULL, &len, m->aad.ptr,
	    (int)m->aad.len) == 1 && encrypt_text(ctx, m) &&
	    EVP_CIPHER_CTX_get_params(ctx, params) == 1;
}

/*
 * AES-CBC with HMAC (RFC 7518 section 5.2): the first half of the CEK is the
 * key of the HMAC, and the tag is the first half of the HMAC.
 */
static bool
seal_cbc(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *cipher, struct making *m)
{
	size_t half = m->input.enc->cek_len / 2;
	uint8_t mac[EVP_MAX_MD_SIZE];
	bool ok;

	ok = EVP_EncryptInit_ex2(ctx, cipher, m->cek + half, m->iv.ptr,
	    NULL) == 1 && encrypt_text(ctx, m) &&
	    crypt_mac(&m->input, bytes_of(m->cek, half), mac);
	if (ok)
		memcpy(m->tag.ptr, mac, m->tag.len);
	explicit_bzero(mac, sizeof(mac));
	return ok;
}

static bool
seal(struct making *m)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, m->input.enc->cipher,
	    NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = cipher != NULL && ctx != NULL && make_room(m);

	if (ok && m->input.enc->digest == NULL)
		ok = seal_gcm(ctx, cipher, m);
	else if (ok)
		ok = seal_cbc(ctx, cipher, m);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return ok;
}

/* ---- the token ---- */

/* Join the parts (RFC 7516 section 7.1); the header is encoded already. */
static enum jwt_reason
join(const struct making *m, struct secret *out)
{
	const struct secret *parts[] = {
		&m->encrypted_key, &m->iv, &m->text, &m->tag
	};
	size_t size = m->aad.len, i;
	enum jwt_reason reason;
	char *at;

	for (i = 0; i < PARTS - 1; i++)
		size += 1 + b64url_encoded_len(parts[i]->len);
	reason = secret_alloc(size, out);
	if (reason != JWT_OK)
		return reason;
	memcpy(out->ptr, m->aad.ptr, m->aad.len);
	at = (char *)out->ptr + m->aad.len;
	for (i = 0; i < PARTS - 1; i++) {
		*at++ = '.';
		b64url_encode(secret_bytes(parts[i]), at);
		at += b64url_encoded_len(parts[i]->len);
	}
	return JWT_OK;
}

/* Decrypt with the private half, where it is there. */
static enum jwt_reason
check_opens(const struct encrypt_key *key, struct jwe *jwe)
{
	struct crypt_numbers numbers = encrypt_key_numbers(key);
	struct jwe_key opens = { .alg = key->alg };
	const char *fault = NULL;
	struct jws *jws = NULL;
	enum jwt_reason reason;

	if (!key->has_private)
		return JWT_OK;
	reason = crypt_key_new(&numbers, &opens.key, &fault);
	if (reason != JWT_OK)
		goto out;
	reason = jwe_decrypt(jwe, &opens, &jws);
	if (reason != JWT_OK)
		goto out;
	reason = jws_parsed(jws);
out:
	jws_free(jws);
	crypt_key_free(opens.key);
	return reason;
}

/* Look at the token with the code of the hosts, before it is handed out. */
static enum jwt_reason
check_token(const struct encrypt_key *key, struct bytes token)
{
	struct jwe *jwe = NULL;
	enum jwt_reason reason = jwe_parse(token, &jwe);

	if (reason != JWT_OK)
		goto out;
	reason = check_opens(key, jwe);
out:
	jwe_free(jwe);
	return reason;
}

static enum jwt_reason
make(struct making *m, struct secret *out)
{
	enum jwt_reason reason;

	m->pkey = public_half(m->to);
	if (m->pkey == NULL || !make_key(m))
		return JWT_INTERNAL;
	reason = make_header(m);
	if (reason != JWT_OK)
		return reason;
	if (!seal(m))
		return JWT_INTERNAL;
	reason = join(m, out);
	if (reason != JWT_OK)
		return reason;
	return check_token(m->to, secret_bytes(out));
}

static void
wipe(struct making *m)
{
	EVP_PKEY_free(m->pkey);
	explicit_bzero(m->cek, sizeof(m->cek));
	secret_clear(&m->epk_x);
	secret_clear(&m->epk_y);
	secret_clear(&m->aad);
	secret_clear(&m->encrypted_key);
	secret_clear(&m->iv);
	secret_clear(&m->text);
	secret_clear(&m->tag);
}

enum jwt_reason
encrypt_token(struct bytes token, const struct encrypt_key *key,
    const struct jwe_enc *enc, struct secret *out)
{
	struct making m = {
		.to = key, .plain = token,
		.input = { .alg = key->alg, .enc = enc }
	};
	enum jwt_reason reason = JWT_INTERNAL;

	*out = (struct secret){ 0 };
	ERR_set_mark();
	reason = make(&m, out);
	ERR_pop_to_mark();
	wipe(&m);
	if (reason != JWT_OK)
		secret_clear(out);
	return reason;
}
