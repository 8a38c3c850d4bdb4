/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and signatures by OpenSSL.
 *
 * Keys are built from their numbers with EVP_PKEY_fromdata(), which reads no
 * format.  Nothing global in OpenSSL is set, and our entries are removed from
 * its error queue: the program around us may be sshd, which uses the same
 * OpenSSL.
 */
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "core/base/openssl.h"
#include "core/base/secret.h"
#include "core/jose/ecdsa.h"
#include "core/jose/sig.h"

struct sig_key {
	struct keymat numbers;	/* views of bytes */
	EVP_PKEY *pkey;		/* NULL until it is built; of a secret always */
	EVP_MAC_CTX *mac;	/* of a secret: ready for mac_alg; or NULL */
	enum alg_id mac_alg;
	size_t size;		/* of bytes */
	uint8_t bytes[];
};

static EVP_PKEY *
ec_pkey(const struct keymat *mat)
{
	uint8_t point[1 + 2 * EC_COORD_MAX];
	size_t len = keymat_len(mat->kind);
	const char *group = keymat_name(mat->kind)->value;
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    openssl_readable(group), strlen(group)),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
		    1 + 2 * len),
		OSSL_PARAM_END
	};

	point[0] = 0x04;
	memcpy(point + 1, mat->x.ptr, len);
	memcpy(point + 1 + len, mat->y.ptr, len);
	return openssl_pkey("EC", EVP_PKEY_PUBLIC_KEY, params);
}

static EVP_PKEY *
rsa_pkey(const struct keymat *mat)
{
	uint8_t n[RSA_BITS_MAX / 8], e[RSA_E_MAX_LEN];
	OSSL_PARAM params[] = {
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, n, mat->x.len),
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, e, mat->y.len),
		OSSL_PARAM_END
	};

	openssl_native(mat->x, n);
	openssl_native(mat->y, e);
	return openssl_pkey("RSA", EVP_PKEY_PUBLIC_KEY, params);
}

/* OpenSSL knows Ed25519, Ed448 and ML-DSA by the names that a JWK has. */
static EVP_PKEY *
raw_pkey(const struct keymat *mat)
{
	const char *type = keymat_name(mat->kind)->value;
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
		    openssl_readable(mat->x.ptr), mat->x.len),
		OSSL_PARAM_END
	};

	return openssl_pkey(type, EVP_PKEY_PUBLIC_KEY, params);
}

static EVP_PKEY *
new_pkey(const struct keymat *mat)
{
	switch (mat->kind) {
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
		return ec_pkey(mat);
	case KEY_RSA:
		return rsa_pkey(mat);
	default:
		return raw_pkey(mat);
	}
}

/* Whether this OpenSSL has keys of a type. */
static bool
is_known(const char *type)
{
	EVP_KEYMGMT *keymgmt;
	bool known;

	ERR_set_mark();
	keymgmt = EVP_KEYMGMT_fetch(NULL, type, NULL);
	ERR_pop_to_mark();
	known = keymgmt != NULL;
	EVP_KEYMGMT_free(keymgmt);	/* it may be NULL */
	return known;
}

/* A key of a kind that is unknown can never be built, so it is not made. */
static enum jwt_reason
check_kind(enum key_kind kind)
{
	if (sig_supports((enum alg_id)__builtin_ctz(alg_by_kind(kind))))
		return JWT_OK;
	if (!openssl_is_up())
		return JWT_OUT_OF_MEMORY;
	return JWT_ALG_UNSUPPORTED;
}

enum jwt_reason
sig_key_new(const struct keymat *mat, struct sig_key **out)
{
	size_t size = mat->x.len + mat->y.len;
	enum jwt_reason reason = check_kind(mat->kind);
	struct sig_key *key;

	*out = NULL;
	if (reason != JWT_OK)
		return reason;
	key = calloc(1, sizeof(*key) + size);
	if (key == NULL)
		return JWT_OUT_OF_MEMORY;
	memcpy(key->bytes, mat->x.ptr, mat->x.len);
	if (mat->y.len > 0)
		memcpy(key->bytes + mat->x.len, mat->y.ptr, mat->y.len);
	key->size = size;
	key->numbers = (struct keymat){
		.kind = mat->kind,
		.x = bytes_of(key->bytes, mat->x.len),
		.y = bytes_of(key->bytes + mat->x.len, mat->y.len)
	};
	*out = key;
	return JWT_OK;
}

enum jwt_reason
sig_key_build(struct sig_key *key)
{
	enum jwt_reason reason = JWT_OK;

	if (key->pkey != NULL || key->numbers.kind == KEY_OCT)
		return JWT_OK;
	if (!openssl_is_up())
		return JWT_OUT_OF_MEMORY;
	ERR_set_mark();
	key->pkey = new_pkey(&key->numbers);
	if (key->pkey == NULL)
		reason = JWT_KEY_FILE_INVALID;
	if (key->pkey == NULL && ERR_GET_REASON(ERR_peek_last_error()) ==
	    ERR_R_MALLOC_FAILURE)
		reason = JWT_OUT_OF_MEMORY;
	ERR_pop_to_mark();
	return reason;
}

const struct keymat *
sig_key_numbers(const struct sig_key *key)
{
	return &key->numbers;
}

bool
sig_key_equal(const struct sig_key *a, const struct sig_key *b)
{
	return a->numbers.kind == b->numbers.kind &&
	    bytes_eq(a->numbers.x, b->numbers.x) &&
	    bytes_eq(a->numbers.y, b->numbers.y);
}

void
sig_key_free(struct sig_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	EVP_MAC_CTX_free(key->mac);
	explicit_bzero(key->bytes, key->size);	/* it may be a secret */
	free(key);
}

bool
sig_supports(enum alg_id alg)
{
	if (alg_row(alg)->scheme != SCHEME_ML_DSA)
		return true;
	return openssl_is_up() && is_known(alg_row(alg)->name);
}

/*
 * Set the padding of RSA, and the one length of salt that PSS may have: by
 * itself OpenSSL takes any.  RFC 7518 section 3.5: MGF1 has the hash of the
 * message, which is OpenSSL's default.
 */
static bool
set_padding(EVP_PKEY_CTX *ctx, enum alg_scheme scheme)
{
	int padding = RSA_PKCS1_PADDING, salt = RSA_PSS_SALTLEN_DIGEST;
	OSSL_PARAM params[] = {
		OSSL_PARAM_int(OSSL_SIGNATURE_PARAM_PAD_MODE, &padding),
		OSSL_PARAM_END,
		OSSL_PARAM_END
	};

	if (scheme != SCHEME_RSA_PKCS1 && scheme != SCHEME_RSA_PSS)
		return true;
	if (scheme == SCHEME_RSA_PSS) {
		padding = RSA_PKCS1_PSS_PADDING;
		params[1] = (OSSL_PARAM)OSSL_PARAM_int(
		    OSSL_SIGNATURE_PARAM_PSS_SALTLEN, &salt);
	}
	return EVP_PKEY_CTX_set_params(ctx, params) == 1;
}

static enum jwt_reason
verify_pkey(EVP_PKEY *pkey, const struct alg *alg, struct bytes message,
    struct bytes signature)
{
	enum jwt_reason reason = JWT_INTERNAL;
	EVP_PKEY_CTX *pctx = NULL;	/* borrowed from ctx */
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx == NULL)
		return JWT_OUT_OF_MEMORY;
	if (EVP_DigestVerifyInit(ctx, &pctx, openssl_digest(alg->digest), NULL,
	    pkey) != 1 || !set_padding(pctx, alg->scheme))
		goto out;
	/* 0 is a mismatch, negative a malformed signature: only 1 is success. */
	if (EVP_DigestVerify(ctx, signature.ptr, signature.len, message.ptr,
	    message.len) == 1)
		reason = JWT_OK;
	else
		reason = JWT_SIGNATURE_INVALID;
out:
	EVP_MD_CTX_free(ctx);
	return reason;
}

/* Verify an ECDSA signature of a hash. */
static enum jwt_reason
verify_hash(EVP_PKEY *pkey, struct bytes hash, struct bytes der)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	enum jwt_reason reason = JWT_INTERNAL;

	if (ctx == NULL)
		return JWT_OUT_OF_MEMORY;
	if (EVP_PKEY_verify_init(ctx) != 1)
		goto out;
	/* As above, only 1 is success. */
	if (EVP_PKEY_verify(ctx, der.ptr, der.len, hash.ptr, hash.len) == 1)
		reason = JWT_OK;
	else
		reason = JWT_SIGNATURE_INVALID;
out:
	EVP_PKEY_CTX_free(ctx);
	return reason;
}

/*
 * The hash is made here, and whole: given the message, OpenSSL 3.0 would look
 * up the hash by its name a second time, for each signature.
 */
static enum jwt_reason
verify_ecdsa(EVP_PKEY *pkey, const struct alg *alg, struct bytes message,
    struct bytes signature)
{
	uint8_t hash[EVP_MAX_MD_SIZE], der[ECDSA_DER_MAX];
	unsigned len = 0;
	enum jwt_reason reason;

	if (EVP_Digest(message.ptr, message.len, hash, &len,
	    openssl_digest(alg->digest), NULL) != 1)
		return JWT_OUT_OF_MEMORY;
	reason = verify_hash(pkey, bytes_of(hash, len),
	    bytes_of(der, ecdsa_to_der(signature, der)));
	explicit_bzero(der, sizeof(der));
	return reason;
}

/*
 * A context that is ready for a message.  The work that depends on the secret
 * alone is done once, and its result stays with the key.
 */
static EVP_MAC_CTX *
start_mac(struct sig_key *key, const struct alg *alg)
{
	if (key->mac_alg != alg->id) {
		EVP_MAC_CTX_free(key->mac);
		key->mac = NULL;
	}
	if (key->mac == NULL) {
		key->mac = openssl_hmac(alg->digest, key->numbers.x);
		key->mac_alg = alg->id;
	}
	if (key->mac == NULL)
		return NULL;
	return EVP_MAC_CTX_dup(key->mac);
}

static enum jwt_reason
verify_hmac(struct sig_key *key, const struct alg *alg, struct bytes message,
    struct bytes signature)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	size_t len = 0;
	enum jwt_reason reason = JWT_INTERNAL;
	EVP_MAC_CTX *ctx;

	if (key->numbers.x.len < alg->key_min)
		return JWT_ALG_KEY_MISMATCH;
	ctx = start_mac(key, alg);
	if (ctx == NULL || EVP_MAC_update(ctx, message.ptr, message.len) != 1 ||
	    EVP_MAC_final(ctx, mac, &len, sizeof(mac)) != 1 ||
	    len != alg->sig_len)
		goto out;
	if (CRYPTO_memcmp(mac, signature.ptr, len) == 0)
		reason = JWT_OK;
	else
		reason = JWT_SIGNATURE_INVALID;
out:
	EVP_MAC_CTX_free(ctx);
	explicit_bzero(mac, sizeof(mac));
	return reason;
}

/* An RSA modulus has no leading zero octet, so it is as long as its number. */
static size_t
expected_len(const struct sig_key *key, const struct alg *alg)
{
	if (alg->sig_len != 0)
		return alg->sig_len;
	return key->numbers.x.len;
}

static enum jwt_reason
verify_by_scheme(struct sig_key *key, const struct alg *alg,
    struct bytes message, struct bytes signature)
{
	switch (alg->scheme) {
	case SCHEME_ECDSA:
		return verify_ecdsa(key->pkey, alg, message, signature);
	case SCHEME_HMAC:
		return verify_hmac(key, alg, message, signature);
	case SCHEME_EDDSA:
	case SCHEME_RSA_PKCS1:
	case SCHEME_RSA_PSS:
	case SCHEME_ML_DSA:
		return verify_pkey(key->pkey, alg, message, signature);
	}
	return JWT_INTERNAL;
}

enum jwt_reason
sig_verify(struct sig_key *key, enum alg_id id, struct bytes message,
    struct bytes signature)
{
	const struct alg *alg = alg_row(id);
	enum jwt_reason reason;

	if (key->numbers.kind != alg->kind)
		return JWT_ALG_KEY_MISMATCH;
	reason = sig_key_build(key);
	if (reason != JWT_OK)
		return reason;
	if (signature.len != expected_len(key, alg))
		return JWT_SIGNATURE_INVALID;
	if (!openssl_is_up())
		return JWT_OUT_OF_MEMORY;
	ERR_set_mark();
	reason = verify_by_scheme(key, alg, message, signature);
	ERR_pop_to_mark();
	return reason;
}
