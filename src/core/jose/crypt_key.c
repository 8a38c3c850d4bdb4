/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys that decrypt.  As in sig.c, they are built from numbers with
 * EVP_PKEY_fromdata(), which reads no format.
 */
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

#include "core/base/openssl.h"
#include "core/jose/crypt_pkey.h"
#include "core/jose/keymat.h"

#define RSA_LEN_MAX (RSA_BITS_MAX / 8)

/*
 * The point is built here as 04 || x || y, so that OpenSSL sees no compressed
 * or hybrid one, and none at infinity: fromdata takes all of these.
 */
static EVP_PKEY *
ec_point(enum jwe_kind kind, struct bytes x, struct bytes y, struct bytes d)
{
	uint8_t point[1 + 2 * EC_COORD_MAX] = { 0x04 };
	uint8_t scalar[EC_COORD_MAX];
	const char *group = jwe_kind_row(kind)->crv;
	int selection = EVP_PKEY_PUBLIC_KEY;
	EVP_PKEY *pkey;
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
		    openssl_readable(group), strlen(group)),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
		    1 + x.len + y.len),
		OSSL_PARAM_END,
		OSSL_PARAM_END
	};

	memcpy(point + 1, x.ptr, x.len);
	memcpy(point + 1 + x.len, y.ptr, y.len);
	if (d.len > 0) {
		openssl_native(d, scalar);
		params[2] = (OSSL_PARAM)OSSL_PARAM_BN(OSSL_PKEY_PARAM_PRIV_KEY,
		    scalar, d.len);
		selection = EVP_PKEY_KEYPAIR;
	}
	pkey = openssl_pkey("EC", selection, params);
	explicit_bzero(scalar, sizeof(scalar));
	return pkey;
}

EVP_PKEY *
crypt_point(enum jwe_kind kind, struct bytes x, struct bytes y, struct bytes d)
{
	if (kind != JWE_X25519)
		return ec_point(kind, x, y, d);
	if (d.len > 0)
		return EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL,
		    d.ptr, d.len);
	return EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, x.ptr,
	    x.len);
}

/* The numbers of an RSA key, in the order of the struct. */
#define RSA_NUMBERS 8

struct rsa_number {
	const char *param;
	struct bytes value;
};

static void
list_rsa(const struct crypt_numbers *in, struct rsa_number out[RSA_NUMBERS])
{
	const struct rsa_number list[RSA_NUMBERS] = {
		{ OSSL_PKEY_PARAM_RSA_N, in->x },
		{ OSSL_PKEY_PARAM_RSA_E, in->y },
		{ OSSL_PKEY_PARAM_RSA_D, in->d },
		{ OSSL_PKEY_PARAM_RSA_FACTOR1, in->p },
		{ OSSL_PKEY_PARAM_RSA_FACTOR2, in->q },
		{ OSSL_PKEY_PARAM_RSA_EXPONENT1, in->dp },
		{ OSSL_PKEY_PARAM_RSA_EXPONENT2, in->dq },
		{ OSSL_PKEY_PARAM_RSA_COEFFICIENT1, in->qi },
	};

	memcpy(out, list, sizeof(list));
}

static enum jwt_reason
rsa_pkey(const struct crypt_numbers *in, EVP_PKEY **out)
{
	struct rsa_number number[RSA_NUMBERS];
	OSSL_PARAM params[RSA_NUMBERS + 1];
	struct secret native;
	size_t i;

	list_rsa(in, number);
	if (secret_alloc(RSA_NUMBERS * in->x.len, &native) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	for (i = 0; i < RSA_NUMBERS; i++) {
		uint8_t *place = native.ptr + i * in->x.len;

		openssl_native(number[i].value, place);
		params[i] = (OSSL_PARAM)OSSL_PARAM_BN(number[i].param, place,
		    number[i].value.len);
	}
	params[RSA_NUMBERS] = (OSSL_PARAM)OSSL_PARAM_END;
	*out = openssl_pkey("RSA", EVP_PKEY_KEYPAIR, params);
	secret_clear(&native);
	return JWT_OK;
}

/* Returns NULL, or why the lengths and values of the numbers are wrong. */
static const char *
rsa_fault(const struct crypt_numbers *in)
{
	struct keymat mat = { .kind = KEY_RSA, .x = in->x, .y = in->y };
	struct rsa_number number[RSA_NUMBERS];
	const char *fault = keymat_fault(&mat);
	size_t i;

	if (fault != NULL)
		return fault;
	list_rsa(in, number);
	/* keymat_fault() has looked at the first two, n and e. */
	for (i = 2; i < RSA_NUMBERS; i++) {
		if (number[i].value.len == 0)
			return "d, p, q, dp, dq or qi is missing or not "
			    "base64url";
		if (number[i].value.len > in->x.len)
			return "d, p, q, dp, dq or qi is longer than n";
	}
	return NULL;
}

static const char *
point_fault(const struct crypt_numbers *in)
{
	const struct jwe_kind_row *row = jwe_kind_row(in->kind);

	if (in->x.len != row->len || (row->has_y && in->y.len != row->len))
		return "x or y is missing or of the wrong length";
	if (in->d.len != row->len)
		return "d is missing or of the wrong length: a private key is "
		    "needed";
	return NULL;
}

static const char *
numbers_fault(const struct crypt_numbers *in)
{
	if (in->kind == JWE_RSA)
		return rsa_fault(in);
	return point_fault(in);
}

/* The numbers of an RSA key while they are compared. */
struct rsa_check {
	BN_CTX *ctx;
	BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *qi;
	BIGNUM *less, *product;	/* scratch */
};

/* Whether exponent is d modulo prime - 1, and undoes e there. */
static bool
is_exponent(const struct rsa_check *c, const BIGNUM *prime,
    const BIGNUM *exponent)
{
	return BN_sub(c->less, prime, BN_value_one()) == 1 &&
	    BN_nnmod(c->product, c->d, c->less, c->ctx) == 1 &&
	    BN_cmp(c->product, exponent) == 0 &&
	    BN_mod_mul(c->product, c->e, exponent, c->less, c->ctx) == 1 &&
	    BN_is_one(c->product);
}

/*
 * RFC 8017 section 3.2.  Whether p and q are prime is not looked at: that takes
 * longer than a login, and a key that is not sound decrypts nothing.
 */
static bool
rsa_agrees(const struct rsa_check *c)
{
	return BN_mul(c->product, c->p, c->q, c->ctx) == 1 &&
	    BN_cmp(c->product, c->n) == 0 &&
	    is_exponent(c, c->p, c->dp) && is_exponent(c, c->q, c->dq) &&
	    BN_mod_mul(c->product, c->qi, c->q, c->p, c->ctx) == 1 &&
	    BN_is_one(c->product);
}

/* False if memory runs out; BN_bin2bn() would then make a number of its own. */
static bool
take_bn(BN_CTX *ctx, struct bytes number, BIGNUM **out)
{
	*out = BN_CTX_get(ctx);
	return *out != NULL &&
	    BN_bin2bn(number.ptr, (int)number.len, *out) != NULL;
}

static bool
take_numbers(const struct crypt_numbers *in, struct rsa_check *c)
{
	c->less = BN_CTX_get(c->ctx);
	c->product = BN_CTX_get(c->ctx);	/* NULL if less is */
	return c->product != NULL && take_bn(c->ctx, in->x, &c->n) &&
	    take_bn(c->ctx, in->y, &c->e) && take_bn(c->ctx, in->d, &c->d) &&
	    take_bn(c->ctx, in->p, &c->p) && take_bn(c->ctx, in->q, &c->q) &&
	    take_bn(c->ctx, in->dp, &c->dp) &&
	    take_bn(c->ctx, in->dq, &c->dq) && take_bn(c->ctx, in->qi, &c->qi);
}

static bool
check_rsa(const struct crypt_numbers *in)
{
	struct rsa_check c = { .ctx = BN_CTX_new() };
	bool ok;

	if (c.ctx == NULL)
		return false;
	BN_CTX_start(c.ctx);
	ok = take_numbers(in, &c) && rsa_agrees(&c);
	BN_CTX_end(c.ctx);
	BN_CTX_free(c.ctx);	/* wipes the numbers */
	return ok;
}

/* OpenSSL 3.0 compares nothing for X25519: x is compared with its own. */
static bool
check_x25519(const EVP_PKEY *pkey, struct bytes x)
{
	uint8_t own[32];
	size_t len = sizeof(own);

	return EVP_PKEY_get_raw_public_key(pkey, own, &len) == 1 &&
	    bytes_eq(bytes_of(own, len), x);
}

static bool
check_ec(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok;

	if (ctx == NULL)
		return false;
	ok = EVP_PKEY_private_check(ctx) == 1 &&
	    EVP_PKEY_pairwise_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool
halves_agree(const struct crypt_numbers *in, EVP_PKEY *pkey)
{
	if (in->kind == JWE_RSA)
		return check_rsa(in);
	if (in->kind == JWE_X25519)
		return check_x25519(pkey, in->x);
	return check_ec(pkey);
}

static enum jwt_reason
build(const struct crypt_numbers *in, struct crypt_key *key)
{
	key->kind = in->kind;
	if (in->kind != JWE_RSA) {
		key->pkey = crypt_point(in->kind, in->x, in->y, in->d);
		return JWT_OK;
	}
	if (secret_copy(in->x, &key->modulus) != JWT_OK)
		return JWT_OUT_OF_MEMORY;
	return rsa_pkey(in, &key->pkey);
}

static enum jwt_reason
fill_key(const struct crypt_numbers *in, struct crypt_key *key,
    const char **fault)
{
	enum jwt_reason reason = build(in, key);

	if (reason != JWT_OK)
		return reason;
	if (key->pkey != NULL && halves_agree(in, key->pkey))
		return JWT_OK;
	if (ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE)
		return JWT_OUT_OF_MEMORY;
	*fault = "the public numbers do not belong to the private ones";
	return JWT_KEY_FILE_INVALID;
}

enum jwt_reason
crypt_key_new(const struct crypt_numbers *numbers, struct crypt_key **out,
    const char **fault)
{
	enum jwt_reason reason = JWT_INTERNAL;
	struct crypt_key *key;

	*out = NULL;
	*fault = numbers_fault(numbers);
	if (*fault != NULL)
		return JWT_KEY_FILE_INVALID;
	if (!openssl_is_up())
		return JWT_OUT_OF_MEMORY;
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		return JWT_OUT_OF_MEMORY;
	ERR_set_mark();
	/* The last error must not be an old one of the host: see fill_key(). */
	ERR_raise(ERR_LIB_USER, ERR_R_PASSED_INVALID_ARGUMENT);
	reason = fill_key(numbers, key, fault);
	ERR_pop_to_mark();
	if (reason != JWT_OK) {
		crypt_key_free(key);
		return reason;
	}
	*out = key;
	return JWT_OK;
}

void
crypt_key_free(struct crypt_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	secret_clear(&key->modulus);
	free(key);
}

enum jwe_kind
crypt_key_kind(const struct crypt_key *key)
{
	return key->kind;
}

bool
crypt_key_equal(const struct crypt_key *a, const struct crypt_key *b)
{
	bool equal;

	ERR_set_mark();
	equal = EVP_PKEY_eq(a->pkey, b->pkey) == 1;
	ERR_pop_to_mark();
	return equal;
}
