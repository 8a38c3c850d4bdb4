/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decrypts a JWE by OpenSSL: finds the content encryption key (CEK) by key
 * agreement or RSA, and then the content.
 *
 * No step is left out when one before it fails: it works on with a random CEK,
 * zeros or our own point, and only the tag decides at the end.
 */
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/base/hash.h"
#include "core/base/openssl.h"
#include "core/jose/crypt.h"
#include "core/jose/crypt_pkey.h"
#include "core/jose/keymat.h"

#define CBC_BLOCK	16
#define RSA_LEN_MAX	(RSA_BITS_MAX / 8)
#define FRAMES_LEN	3584	/* bytes: beyond what a derivation was seen to use */
#define ALG_NAME_MAX	16	/* bytes: ECDH-ES+A256KW has 14 */
/* Three fields with their lengths, and the length of the key in bits. */
#define INFO_MAX	(4 + ALG_NAME_MAX + 2 * (4 + CRYPT_PARTY_MAX) + 4)

/* How long the encrypted key must be; ECDH-ES alone has none. */
static size_t
encrypted_key_len(const struct crypt_key *key, const struct crypt_input *in)
{
	if (in->alg->is_rsa)
		return key->modulus.len;
	if (in->alg->kek_len != 0)
		return in->enc->cek_len + JWE_WRAP_MORE;
	return 0;
}

/*
 * OpenSSL takes tags of 1 to 16 bytes and nonces of 1 to 128, and "unwraps" an
 * empty key, so each length is compared here.
 */
static bool
has_right_lengths(const struct crypt_key *key, const struct crypt_input *in)
{
	if (in->iv.len != in->enc->iv_len || in->tag.len != in->enc->tag_len)
		return false;
	if (in->encrypted_key.len != encrypted_key_len(key, in))
		return false;
	return in->enc->digest == NULL || in->ciphertext.len % CBC_BLOCK == 0;
}

/* Copy from to out if ok; takes the same time if not. */
static void
copy_if(bool ok, const uint8_t *from, uint8_t *out, size_t len)
{
	const uint8_t mask = (uint8_t)(0 - (unsigned)ok);
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (uint8_t)(out[i] ^ (mask & (out[i] ^ from[i])));
}

/*
 * Wipe the stack below the caller: libcrypto leaves Z in frames of its own, as
 * for X25519.
 */
static __attribute__((noinline)) void
wipe_frames(void)
{
	uint8_t frames[FRAMES_LEN];

	explicit_bzero(frames, sizeof(frames));
}

bool
crypt_derive_z(EVP_PKEY *own, EVP_PKEY *peer, size_t len, uint8_t *z)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	size_t got = len;
	bool ok;

	ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	    EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	    EVP_PKEY_derive(ctx, z, &got) == 1 && got == len;
	EVP_PKEY_CTX_free(ctx);
	wipe_frames();
	return ok;
}

/*
 * Agree on Z with the key of the header.  The points of small order of X25519
 * are refused by the derivation alone, so its result counts.  If the point is
 * not on the curve, derive with our own, which takes as long.
 */
static bool
agree(const struct crypt_key *key, const struct crypt_input *in, uint8_t *z)
{
	EVP_PKEY *peer = crypt_point(in->epk_kind, in->epk_x, in->epk_y,
	    bytes_of(NULL, 0));
	EVP_PKEY *other = peer != NULL ? peer : key->pkey;
	bool ok = crypt_derive_z(key->pkey, other,
	    jwe_kind_row(key->kind)->len, z);

	EVP_PKEY_free(peer);
	return ok && peer != NULL;
}

static size_t
put_number(uint8_t *out, size_t number)
{
	out[0] = (uint8_t)(number >> 24);
	out[1] = (uint8_t)(number >> 16);
	out[2] = (uint8_t)(number >> 8);
	out[3] = (uint8_t)number;
	return 4;
}

static size_t
put_field(uint8_t *out, struct bytes value)
{
	size_t len = put_number(out, value.len);

	if (value.len > 0)
		memcpy(out + len, value.ptr, value.len);
	return len + value.len;
}

/*
 * The OtherInfo of RFC 7518 section 4.6.2.  What the key will be used for is
 * the "enc" where the key is the CEK, and otherwise the "alg".
 */
static size_t
write_info(const struct crypt_input *in, size_t key_len, uint8_t *out)
{
	const char *use = in->alg->name;
	size_t len;

	if (in->alg->kek_len == 0)
		use = in->enc->name;
	len = put_field(out, bytes_str(use));
	len += put_field(out + len, in->apu);
	len += put_field(out + len, in->apv);
	return len + put_number(out + len, key_len * 8);
}

/*
 * Concat KDF with SHA-256 (NIST SP 800-56A section 5.8.1).  The "SSKDF" of
 * OpenSSL 3.0 writes to NULL when memory runs out.
 */
static bool
concat_kdf(struct bytes z, struct bytes info, uint8_t *out, size_t len)
{
	uint8_t text[4 + EC_COORD_MAX + INFO_MAX], round[HASH_LEN];
	size_t done = 0, number = 0, part;
	bool ok = true;

	memcpy(text + 4, z.ptr, z.len);
	memcpy(text + 4 + z.len, info.ptr, info.len);
	for (; done < len; done += part) {
		part = len - done < HASH_LEN ? len - done : HASH_LEN;
		(void)put_number(text, ++number);
		ok = hash_sha256(bytes_of(text, 4 + z.len + info.len),
		    round) == JWT_OK && ok;
		if (ok)
			memcpy(out + done, round, part);
	}
	explicit_bzero(text, sizeof(text));
	explicit_bzero(round, sizeof(round));
	return ok;
}

bool
crypt_derive_key(const struct crypt_input *in, struct bytes z, uint8_t *out,
    size_t len)
{
	uint8_t info[INFO_MAX];

	return concat_kdf(z, bytes_of(info, write_info(in, len, info)), out,
	    len);
}

/*
 * AES Key Wrap (RFC 3394); out has room for the wrapped key, whose length was
 * compared before: OpenSSL takes an empty one.
 */
static bool
unwrap(struct bytes kek, struct bytes wrapped, uint8_t *out)
{
	const char *name = kek.len == 16 ? "AES-128-WRAP" : "AES-256-WRAP";
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0;
	bool ok = false;

	if (cipher == NULL || ctx == NULL)
		goto out;
	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	ok = EVP_DecryptInit_ex2(ctx, cipher, kek.ptr, NULL, NULL) == 1 &&
	    EVP_DecryptUpdate(ctx, out, &len, wrapped.ptr,
	    (int)wrapped.len) == 1;
out:
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return ok;
}

/* Find the CEK by key agreement (RFC 7518 section 4.6, RFC 8037). */
static void
recover_by_agreement(const struct crypt_key *key,
    const struct crypt_input *in, uint8_t *cek)
{
	uint8_t z[EC_COORD_MAX] = { 0 }, agreed[JWE_CEK_MAX] = { 0 };
	uint8_t unwrapped[JWE_CEK_MAX + JWE_WRAP_MORE] = { 0 };
	size_t len = in->alg->kek_len;
	const uint8_t *found = unwrapped;
	bool agrees, derived, ok;

	if (len == 0) {
		len = in->enc->cek_len;
		found = agreed;
	}
	agrees = agree(key, in, z);
	derived = crypt_derive_key(in, bytes_of(z,
	    jwe_kind_row(key->kind)->len), agreed, len);
	ok = agrees && derived;
	if (found == unwrapped) {
		bool is_whole = unwrap(bytes_of(agreed, len),
		    in->encrypted_key, unwrapped);

		ok = ok && is_whole;
	}
	copy_if(ok, found, cek, in->enc->cek_len);
	explicit_bzero(z, sizeof(z));
	explicit_bzero(agreed, sizeof(agreed));
	explicit_bzero(unwrapped, sizeof(unwrapped));
}

static bool
decrypt_oaep(EVP_PKEY *pkey, const char *digest, struct bytes from,
    struct secret *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok;

	ok = ctx != NULL && EVP_PKEY_decrypt_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, digest, NULL) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, digest, NULL) == 1 &&
	    EVP_PKEY_decrypt(ctx, out->ptr, &out->len, from.ptr,
	    from.len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/*
 * Find the CEK by RSAES-OAEP (RFC 7518 section 4.3).  A number that is not
 * below the modulus would be refused sooner than others: it is made smaller,
 * and what comes out of it does not count.
 */
static enum jwt_reason
recover_by_rsa(const struct crypt_key *key, const struct crypt_input *in,
    uint8_t *cek)
{
	uint8_t number[RSA_LEN_MAX];
	size_t len = in->encrypted_key.len;
	bool is_below = memcmp(in->encrypted_key.ptr, key->modulus.ptr,
	    len) < 0;
	struct secret found;
	bool ok;

	if (secret_alloc(len, &found) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	memcpy(number, in->encrypted_key.ptr, len);
	if (!is_below)
		number[0] = 0;
	ok = decrypt_oaep(key->pkey, in->alg->digest, bytes_of(number, len),
	    &found);
	ok = ok && is_below && found.len == in->enc->cek_len;
	copy_if(ok, found.ptr, cek, in->enc->cek_len);
	secret_clear(&found);
	return JWT_OK;
}

static enum jwt_reason
recover_cek(const struct crypt_key *key, const struct crypt_input *in,
    uint8_t *cek)
{
	if (in->alg->is_rsa)
		return recover_by_rsa(key, in, cek);
	recover_by_agreement(key, in, cek);
	return JWT_OK;
}

/*
 * AES-GCM (RFC 7518 section 5.3).  The text is in *plain before the tag is
 * compared, so it is wiped by the caller unless this is true.
 */
static bool
open_gcm(EVP_CIPHER_CTX *ctx, const struct crypt_input *in,
    const uint8_t *cek, struct secret *plain)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG,
		    openssl_readable(in->tag.ptr), in->tag.len),
		OSSL_PARAM_END
	};
	int len = 0, rest = 0;

	if (EVP_DecryptInit_ex2(ctx, NULL, cek, in->iv.ptr, params) != 1 ||
	    EVP_DecryptUpdate(ctx, NULL, &len, in->aad.ptr,
	    (int)in->aad.len) != 1 ||
	    EVP_DecryptUpdate(ctx, plain->ptr, &len, in->ciphertext.ptr,
	    (int)in->ciphertext.len) != 1 ||
	    EVP_DecryptFinal_ex(ctx, plain->ptr, &rest) != 1)
		return false;	/* GCM has no last block: that writes nothing */
	plain->len = (size_t)len;
	return true;
}

static bool
update_mac(EVP_MAC_CTX *ctx, struct bytes part)
{
	return EVP_MAC_update(ctx, part.ptr, part.len) == 1;
}

/* HMAC of the header, the IV, the text, and the header's length in bits. */
bool
crypt_mac(const struct crypt_input *in, struct bytes key, uint8_t *out)
{
	uint8_t bits[8] = { 0 };
	EVP_MAC_CTX *ctx = openssl_hmac(in->enc->digest, key);
	size_t len = 0;
	bool ok;

	put_number(bits + 4, in->aad.len * 8);
	ok = ctx != NULL && update_mac(ctx, in->aad) && update_mac(ctx, in->iv) &&
	    update_mac(ctx, in->ciphertext) &&
	    update_mac(ctx, bytes_of(bits, sizeof(bits))) &&
	    EVP_MAC_final(ctx, out, &len, EVP_MAX_MD_SIZE) == 1;
	EVP_MAC_CTX_free(ctx);
	return ok;
}

/*
 * AES-CBC with HMAC (RFC 7518 section 5.2): the first half of the CEK is the
 * key of the HMAC.  Nothing is decrypted before the HMAC is right, or the
 * padding could be guessed.
 */
static bool
open_cbc(EVP_CIPHER_CTX *ctx, const struct crypt_input *in,
    const uint8_t *cek, struct secret *plain)
{
	size_t half = in->enc->cek_len / 2;
	uint8_t mac[EVP_MAX_MD_SIZE];
	int len = 0, rest = 0;
	bool ok;

	ok = crypt_mac(in, bytes_of(cek, half), mac) &&
	    CRYPTO_memcmp(mac, in->tag.ptr, in->tag.len) == 0;
	explicit_bzero(mac, sizeof(mac));
	if (!ok)
		return false;
	if (EVP_DecryptInit_ex2(ctx, NULL, cek + half, in->iv.ptr, NULL) != 1 ||
	    EVP_DecryptUpdate(ctx, plain->ptr, &len, in->ciphertext.ptr,
	    (int)in->ciphertext.len) != 1 ||
	    EVP_DecryptFinal_ex(ctx, plain->ptr + len, &rest) != 1)
		return false;
	plain->len = (size_t)len + (size_t)rest;
	return true;
}

static bool
open_content(const struct crypt_input *in, const uint8_t *cek,
    struct secret *plain)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, in->enc->cipher, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	bool ok = cipher != NULL && ctx != NULL &&
	    EVP_DecryptInit_ex2(ctx, cipher, NULL, NULL, NULL) == 1;

	if (ok && in->enc->digest == NULL)
		ok = open_gcm(ctx, in, cek, plain);
	else if (ok)
		ok = open_cbc(ctx, in, cek, plain);
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	return ok;
}

static enum jwt_reason
decrypt(const struct crypt_key *key, const struct crypt_input *in,
    uint8_t *cek, struct secret *plain)
{
	enum jwt_reason reason;

	if (RAND_priv_bytes(cek, (int)in->enc->cek_len) != 1)
		return JWT_INTERNAL;
	reason = recover_cek(key, in, cek);
	if (reason != JWT_OK)
		return reason;
	if (open_content(in, cek, plain))
		return JWT_OK;
	return JWT_DECRYPT_FAILED;
}

enum jwt_reason
crypt_decrypt(const struct crypt_key *key, const struct crypt_input *in,
    struct secret *plain)
{
	uint8_t cek[JWE_CEK_MAX];
	enum jwt_reason reason = JWT_INTERNAL;

	*plain = (struct secret){ 0 };
	if (!has_right_lengths(key, in))
		return JWT_DECRYPT_FAILED;
	/* libcrypto has started: it made the key. */
	if (secret_alloc(in->ciphertext.len + CBC_BLOCK, plain) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	ERR_set_mark();
	reason = decrypt(key, in, cek, plain);
	ERR_pop_to_mark();
	explicit_bzero(cek, sizeof(cek));
	if (reason != JWT_OK)
		secret_clear(plain);
	return reason;
}
