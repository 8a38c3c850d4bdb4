/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys as numbers, and OpenSSL's keys made from them.
 *
 * The numbers are kept, not OpenSSL's objects, because a JWK consists of them.
 * Each OpenSSL key lives for one operation.
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/base/openssl.h"
#include "issuer/keypair.h"

static const struct keypair_number ec_numbers[] = {
	{ "x", OSSL_PKEY_PARAM_EC_PUB_X, false, true },
	{ "y", OSSL_PKEY_PARAM_EC_PUB_Y, false, true },
	{ "d", OSSL_PKEY_PARAM_PRIV_KEY, true, true },
	{ NULL, NULL, false, false }
};
static const struct keypair_number okp_numbers[] = {
	{ "x", OSSL_PKEY_PARAM_PUB_KEY, false, false },
	{ "d", OSSL_PKEY_PARAM_PRIV_KEY, true, false },
	{ NULL, NULL, false, false }
};
/* RFC 9964: priv is the seed; OpenSSL before 3.5 has no name for it. */
static const struct keypair_number akp_numbers[] = {
	{ "pub", OSSL_PKEY_PARAM_PUB_KEY, false, false },
	{ "priv", "seed", true, false },
	{ NULL, NULL, false, false }
};
static const struct keypair_number rsa_numbers[] = {
	{ "n", OSSL_PKEY_PARAM_RSA_N, false, true },
	{ "e", OSSL_PKEY_PARAM_RSA_E, false, true },
	{ "d", OSSL_PKEY_PARAM_RSA_D, true, true },
	{ "p", OSSL_PKEY_PARAM_RSA_FACTOR1, true, true },
	{ "q", OSSL_PKEY_PARAM_RSA_FACTOR2, true, true },
	{ "dp", OSSL_PKEY_PARAM_RSA_EXPONENT1, true, true },
	{ "dq", OSSL_PKEY_PARAM_RSA_EXPONENT2, true, true },
	{ "qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1, true, true },
	{ NULL, NULL, false, false }
};
static const struct keypair_number oct_numbers[] = {
	{ "k", NULL, true, false },
	{ NULL, NULL, false, false }
};

const struct keypair_number *
keypair_numbers(enum key_kind kind)
{
	switch (kind) {
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
		return ec_numbers;
	case KEY_ED25519:
	case KEY_ED448:
		return okp_numbers;
	case KEY_RSA:
		return rsa_numbers;
	case KEY_ML_DSA_44:
	case KEY_ML_DSA_65:
	case KEY_ML_DSA_87:
		return akp_numbers;
	case KEY_OCT:
		break;
	}
	return oct_numbers;
}

/* OpenSSL's name of a kind; for an EC key the name of its group. */
static const char *
openssl_name(enum key_kind kind)
{
	static const char *const names[] = {
		[KEY_P256] = "P-256", [KEY_P384] = "P-384",
		[KEY_P521] = "P-521", [KEY_ED25519] = "ED25519",
		[KEY_ED448] = "ED448", [KEY_RSA] = "RSA", [KEY_OCT] = "",
		[KEY_ML_DSA_44] = "ML-DSA-44", [KEY_ML_DSA_65] = "ML-DSA-65",
		[KEY_ML_DSA_87] = "ML-DSA-87"
	};

	return names[kind];
}

enum key_kind
keypair_kind(const struct keypair *pair)
{
	return alg_row(pair->alg)->kind;
}

static bool
is_ec(enum key_kind kind)
{
	return keypair_numbers(kind) == ec_numbers;
}

struct keymat
keypair_keymat(const struct keypair *pair)
{
	const struct keypair_number *numbers =
	    keypair_numbers(keypair_kind(pair));
	struct keymat mat = {
		.kind = keypair_kind(pair), .x = secret_bytes(&pair->values[0])
	};

	if (!numbers[1].is_private && numbers[1].name != NULL)
		mat.y = secret_bytes(&pair->values[1]);
	return mat;
}

/* EC numbers have the full length of the field (RFC 7518 section 6.2). */
static bool
take_bignum(const EVP_PKEY *pkey, const char *param, size_t len,
    struct secret *out)
{
	BIGNUM *number = NULL;
	bool ok = false;

	if (EVP_PKEY_get_bn_param(pkey, param, &number) != 1)
		return false;
	if (len == 0)
		len = (size_t)BN_num_bytes(number);
	if (secret_alloc(len, out) == JWT_OK)
		ok = BN_bn2binpad(number, out->ptr, (int)len) == (int)len;
	BN_clear_free(number);
	return ok;
}

static bool
take_octets(const EVP_PKEY *pkey, const char *param, struct secret *out)
{
	struct secret buffer = { 0 };
	size_t len = 0;
	bool ok;

	ok = secret_alloc(KEYPAIR_NUMBER_SIZE, &buffer) == JWT_OK &&
	    EVP_PKEY_get_octet_string_param(pkey, param, buffer.ptr,
	    buffer.len, &len) == 1 &&
	    secret_copy(bytes_of(buffer.ptr, len), out) == JWT_OK;
	secret_clear(&buffer);
	return ok;
}

/* Copy all numbers of a private key. */
static bool
take_numbers(const EVP_PKEY *pkey, struct keypair *out)
{
	enum key_kind kind = keypair_kind(out);
	const struct keypair_number *numbers = keypair_numbers(kind);
	size_t len = is_ec(kind) ? keymat_len(kind) : 0;
	bool ok = true;
	size_t i;

	for (i = 0; ok && numbers[i].name != NULL; i++) {
		if (numbers[i].is_bignum)
			ok = take_bignum(pkey, numbers[i].param, len,
			    &out->values[i]);
		else
			ok = take_octets(pkey, numbers[i].param,
			    &out->values[i]);
	}
	out->has_private = ok;
	return ok;
}

static bool
generate_secret(struct keypair *out)
{
	size_t len = alg_row(out->alg)->key_min;

	out->has_private = secret_alloc(len, &out->values[0]) == JWT_OK &&
	    RAND_priv_bytes(out->values[0].ptr, (int)len) == 1;
	return out->has_private;
}

bool
keypair_generate(enum alg_id alg, unsigned bits, struct keypair *out)
{
	enum key_kind kind = alg_row(alg)->kind;
	const char *name = openssl_name(kind);
	EVP_PKEY *pkey;
	bool ok;

	out->alg = alg;
	out->alg_name = alg_row(alg)->name;
	if (kind == KEY_OCT)
		return generate_secret(out);
	if (kind == KEY_RSA)
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, name, (size_t)bits);
	else if (is_ec(kind))
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", name);
	else
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, name);
	ok = pkey != NULL && take_numbers(pkey, out);
	EVP_PKEY_free(pkey);
	return ok;
}

/*
 * Ask for no passphrase: the mode of its file protects a key, and OpenSSL's
 * prompt would hang a program that has no terminal.
 */
static int
no_passphrase(char *buffer, int size, int writing, void *ctx)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static bool
is_of_kind(const EVP_PKEY *pkey, enum key_kind kind)
{
	static const char *const groups[] = {
		[KEY_P256] = "prime256v1", [KEY_P384] = "secp384r1",
		[KEY_P521] = "secp521r1"
	};
	char group[32] = "";
	size_t len;

	if (kind == KEY_OCT)
		return false;
	if (!is_ec(kind))
		return EVP_PKEY_is_a(pkey, openssl_name(kind)) == 1;
	return EVP_PKEY_is_a(pkey, "EC") == 1 &&
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), &len) == 1 &&
	    bytes_eq_str(bytes_str(groups[kind]), group);
}

/* Find the first algorithm of the key's kind; for an RSA key it is RS256. */
static bool
find_alg(const EVP_PKEY *pkey, struct keypair *out)
{
	int id;

	for (id = ALG_ES256; id <= ALG_ML_DSA_87; id++) {
		const struct alg *alg = alg_row((enum alg_id)id);

		if (!is_of_kind(pkey, alg->kind))
			continue;
		out->alg = alg->id;
		out->alg_name = alg->name;
		return true;
	}
	return false;
}

bool
keypair_read_pem(struct bytes text, struct keypair *out)
{
	BIO *bio = BIO_new_mem_buf(text.ptr, (int)text.len);
	EVP_PKEY *pkey = NULL;
	bool ok;

	if (bio != NULL)
		pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	ok = pkey != NULL && find_alg(pkey, out) && take_numbers(pkey, out);
	EVP_PKEY_free(pkey);
	return ok;
}

/* OpenSSL takes an EC key as the name of a group and an uncompressed point. */
static bool
push_point(OSSL_PARAM_BLD *builder, const struct keypair *pair,
    uint8_t point[1 + 2 * EC_COORD_MAX])
{
	enum key_kind kind = keypair_kind(pair);
	size_t len = keymat_len(kind);

	if (pair->values[0].len != len || pair->values[1].len != len)
		return false;
	point[0] = 0x04;
	memcpy(point + 1, pair->values[0].ptr, len);
	memcpy(point + 1 + len, pair->values[1].ptr, len);
	return OSSL_PARAM_BLD_push_utf8_string(builder,
	    OSSL_PKEY_PARAM_GROUP_NAME, openssl_name(kind), 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY,
	    point, 1 + 2 * len) == 1;
}

/* The builder borrows *bignum until its parameters are made. */
static bool
push_number(OSSL_PARAM_BLD *builder, const struct keypair_number *number,
    const struct secret *value, BIGNUM **bignum)
{
	if (!number->is_bignum)
		return OSSL_PARAM_BLD_push_octet_string(builder, number->param,
		    value->ptr, value->len) == 1;
	/* OpenSSL wipes every copy of a secure number. */
	*bignum = BN_secure_new();
	return *bignum != NULL &&
	    BN_bin2bn(value->ptr, (int)value->len, *bignum) != NULL &&
	    OSSL_PARAM_BLD_push_BN(builder, number->param, *bignum) == 1;
}

static EVP_PKEY *
from_builder(OSSL_PARAM_BLD *builder, const char *type)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY *pkey = NULL;

	if (params != NULL)
		pkey = openssl_pkey(type, EVP_PKEY_KEYPAIR, params);
	OSSL_PARAM_free(params);
	return pkey;
}

/* Make OpenSSL's key from the numbers; NULL when they are not a key. */
static EVP_PKEY *
new_pkey(const struct keypair *pair)
{
	enum key_kind kind = keypair_kind(pair);
	const struct keypair_number *numbers = keypair_numbers(kind);
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *bignums[KEYPAIR_NUMBERS_MAX] = { NULL };
	uint8_t point[1 + 2 * EC_COORD_MAX];
	const char *type = openssl_name(kind);
	EVP_PKEY *pkey = NULL;
	bool ok = builder != NULL;
	size_t i;

	if (ok && is_ec(kind))
		ok = push_point(builder, pair, point);
	for (i = 0; ok && numbers[i].name != NULL; i++) {
		if (!is_ec(kind) || numbers[i].is_private)
			ok = push_number(builder, &numbers[i],
			    &pair->values[i], &bignums[i]);
	}
	if (is_ec(kind))
		type = "EC";
	if (ok)
		pkey = from_builder(builder, type);
	for (i = 0; i < KEYPAIR_NUMBERS_MAX; i++)
		BN_clear_free(bignums[i]);
	OSSL_PARAM_BLD_free(builder);
	return pkey;
}

bool
keypair_agrees(const struct keypair *pair)
{
	EVP_PKEY *pkey = new_pkey(pair);
	EVP_PKEY_CTX *ctx = NULL;
	bool ok;

	if (pkey != NULL)
		ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	ok = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok;
}

/* The salt of RSASSA-PSS is as long as the hash (RFC 7518 section 3.5). */
static bool
set_padding(EVP_PKEY_CTX *ctx, enum alg_scheme scheme)
{
	if (scheme != SCHEME_RSA_PSS)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static bool
sign_pkey(const struct alg *alg, EVP_PKEY *pkey, struct bytes message,
    struct secret *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;	/* borrowed from ctx */
	size_t len = 0;
	bool ok;

	ok = ctx != NULL && EVP_DigestSignInit_ex(ctx, &pctx, alg->digest,
	    NULL, NULL, pkey, NULL) == 1 && set_padding(pctx, alg->scheme) &&
	    EVP_DigestSign(ctx, NULL, &len, message.ptr, message.len) == 1 &&
	    secret_alloc(len, out) == JWT_OK &&
	    EVP_DigestSign(ctx, out->ptr, &len, message.ptr,
	    message.len) == 1;
	if (ok)
		out->len = len;
	EVP_MD_CTX_free(ctx);
	return ok;
}

/* Turn DER into R || S of fixed width (RFC 7518 section 3.4). */
static bool
to_raw_ecdsa(size_t len, struct secret *signature)
{
	const unsigned char *at = signature->ptr;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)signature->len);
	bool ok;

	secret_clear(signature);
	ok = sig != NULL && secret_alloc(2 * len, signature) == JWT_OK &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature->ptr,
	    (int)len) > 0 && BN_bn2binpad(ECDSA_SIG_get0_s(sig),
	    signature->ptr + len, (int)len) > 0;
	ECDSA_SIG_free(sig);
	return ok;
}

static bool
sign_asymmetric(const struct keypair *pair, struct bytes message,
    struct secret *out)
{
	const struct alg *alg = alg_row(pair->alg);
	EVP_PKEY *pkey = new_pkey(pair);
	bool ok;

	ok = pkey != NULL && sign_pkey(alg, pkey, message, out);
	if (ok && alg->scheme == SCHEME_ECDSA)
		ok = to_raw_ecdsa(alg->sig_len / 2, out);
	EVP_PKEY_free(pkey);
	return ok;
}

static bool
sign_symmetric(const struct keypair *pair, struct bytes message,
    struct secret *out)
{
	const struct alg *alg = alg_row(pair->alg);
	const struct secret *key = &pair->values[0];
	size_t len = 0;

	return secret_alloc(alg->sig_len, out) == JWT_OK &&
	    EVP_Q_mac(NULL, "HMAC", NULL, alg->digest, NULL, key->ptr,
	    key->len, message.ptr, message.len, out->ptr, out->len,
	    &len) != NULL && len == out->len;
}

/*
 * Verify with the code of the hosts, so that no token is handed out that they
 * refuse.  It also catches a fault of the machine while it signed, which could
 * give away an RSA key.
 */
static bool
verifies(const struct keypair *pair, struct bytes message,
    struct bytes signature)
{
	struct keymat mat = keypair_keymat(pair);
	struct sig_key *key = NULL;
	bool ok;

	ok = sig_key_new(&mat, &key) == JWT_OK &&
	    sig_verify(key, pair->alg, message, signature) == JWT_OK;
	sig_key_free(key);
	return ok;
}

bool
keypair_sign(const struct keypair *pair, struct bytes message,
    struct secret *out)
{
	bool ok;

	*out = (struct secret){ 0 };
	if (keypair_kind(pair) == KEY_OCT)
		ok = sign_symmetric(pair, message, out);
	else
		ok = sign_asymmetric(pair, message, out);
	return ok && verifies(pair, message, secret_bytes(out));
}

static bool
sign_for_mint(void *context, struct bytes message, struct secret *out)
{
	return keypair_sign(context, message, out);
}

struct mint_signer
keypair_signer(struct keypair *pair)
{
	return (struct mint_signer){
		.alg = pair->alg, .alg_name = pair->alg_name, .kid = pair->kid,
		.sign = sign_for_mint, .context = pair
	};
}

void
keypair_clear(struct keypair *pair)
{
	size_t i;

	for (i = 0; i < KEYPAIR_NUMBERS_MAX; i++)
		secret_clear(&pair->values[i]);
	*pair = (struct keypair){ 0 };
}
