/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL and json-c as everybody would use them: see plain.h. */
#include <json-c/json.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

#include "tests/bench/adapters/plain.h"

#define TOKEN_BYTES_MAX	2048
#define POINT_MAX	133

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static int8_t values[256];

__attribute__((constructor)) static void
fill_values(void)
{
	int i;

	memset(values, -1, sizeof(values));
	for (i = 0; i < 64; i++)
		values[(uint8_t)letters[i]] = (int8_t)i;
}

size_t
plain_b64(const char *text, size_t len, uint8_t *out)
{
	uint32_t bits = 0;
	size_t count = 0, i;
	unsigned have = 0;

	for (i = 0; i < len; i++) {
		int value = values[(uint8_t)text[i]];

		if (value < 0)
			return 0;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[count++] = (uint8_t)(bits >> have);
		}
	}
	return count;
}

/* ---- keys ---------------------------------------------------------------- */

static size_t
member(struct json_object *jwk, const char *name, uint8_t *out)
{
	const char *text = json_object_get_string(json_object_object_get(jwk,
	    name));

	return text == NULL ? 0 : plain_b64(text, strlen(text), out);
}

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM_BLD *build)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	return pkey;
}

static EVP_PKEY *
ec_key(struct json_object *jwk, size_t half)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	uint8_t point[POINT_MAX] = { 4 };

	if (member(jwk, "x", point + 1) != half ||
	    member(jwk, "y", point + 1 + half) != half)
		return NULL;
	OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
	    half == 32 ? "P-256" : "P-384", 0);
	OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
	    1 + 2 * half);
	return from_params("EC", build);
}

static EVP_PKEY *
rsa_key(struct json_object *jwk)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	uint8_t number[1024];
	BIGNUM *n, *e;
	EVP_PKEY *pkey;

	n = BN_bin2bn(number, (int)member(jwk, "n", number), NULL);
	e = BN_bin2bn(number, (int)member(jwk, "e", number), NULL);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
	pkey = from_params("RSA", build);
	BN_free(n);
	BN_free(e);
	return pkey;
}

static EVP_MAC_CTX *
hmac(struct json_object *jwk)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
	uint8_t secret[PLAIN_SECRET_MAX];
	char digest[] = "SHA256";
	OSSL_PARAM params[2] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
		    0), OSSL_PARAM_construct_end()
	};

	if (EVP_MAC_init(ctx, secret, member(jwk, "k", secret), params) != 1) {
		EVP_MAC_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MAC_free(mac);
	return ctx;
}

static EVP_PKEY *
pem_key(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return pkey;
}

static EVP_PKEY *
jwk_key(struct json_object *jwk, size_t half)
{
	const char *kty = json_object_get_string(json_object_object_get(jwk,
	    "kty"));
	uint8_t raw[64];

	if (half != 0)
		return ec_key(jwk, half);
	if (strcmp(kty, "RSA") == 0)
		return rsa_key(jwk);
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw,
	    member(jwk, "x", raw));
}

bool
plain_load(const struct subject *subject, bool from_pem, struct plain_key *key)
{
	bool is_384 = strcmp(subject->alg, "ES384") == 0;
	struct json_object *jwk = NULL;

	*key = (struct plain_key){ .md = EVP_sha256() };
	if (is_384)
		key->md = EVP_sha384();
	else if (strcmp(subject->alg, "Ed25519") == 0)
		key->md = NULL;
	if (strncmp(subject->alg, "ES", 2) == 0)
		key->half = is_384 ? 48 : 32;
	key->is_pss = strcmp(subject->alg, "PS256") == 0;
	if (from_pem && subject->pem != NULL) {
		key->pkey = pem_key(subject->pem);
		return key->pkey != NULL;
	}
	jwk = json_tokener_parse(subject->jwk);
	if (strcmp(subject->alg, "HS256") == 0)
		key->mac = hmac(jwk);
	else
		key->pkey = jwk_key(jwk, key->half);
	json_object_put(jwk);
	return key->pkey != NULL || key->mac != NULL;
}

void
plain_unload(struct plain_key *key)
{
	EVP_PKEY_free(key->pkey);
	EVP_MAC_CTX_free(key->mac);
}

/* ---- signatures ---------------------------------------------------------- */

/* A positive INTEGER of DER. */
static size_t
put_integer(const uint8_t *number, size_t len, uint8_t *out)
{
	size_t pad;

	while (len > 1 && number[0] == 0) {
		number++;
		len--;
	}
	pad = number[0] >> 7;
	out[0] = 2;
	out[1] = (uint8_t)(len + pad);
	out[2] = 0;
	memcpy(out + 2 + pad, number, len);
	return 2 + pad + len;
}

size_t
plain_signature(const struct plain_key *key, uint8_t *raw, size_t len,
    uint8_t out[PLAIN_SIGNATURE_MAX])
{
	size_t at = 2;

	if (key->half == 0) {
		memcpy(out, raw, len);
		return len;
	}
	if (len != 2 * key->half)
		return 0;
	at += put_integer(raw, key->half, out + at);
	at += put_integer(raw + key->half, key->half, out + at);
	out[0] = 0x30;
	out[1] = (uint8_t)(at - 2);
	return at;
}

static bool
verify_mac(const struct plain_key *key, const char *text, size_t len,
    const uint8_t *signature, size_t signature_len)
{
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(key->mac);
	uint8_t mac[64];
	size_t mac_len;
	bool good = ctx != NULL &&
	    EVP_MAC_update(ctx, (const uint8_t *)text, len) == 1 &&
	    EVP_MAC_final(ctx, mac, &mac_len, sizeof(mac)) == 1 &&
	    mac_len == signature_len &&
	    CRYPTO_memcmp(mac, signature, mac_len) == 0;

	EVP_MAC_CTX_free(ctx);
	return good;
}

bool
plain_verify(const struct plain_key *key, const char *text, size_t len,
    const uint8_t *signature, size_t signature_len)
{
	EVP_PKEY_CTX *pctx;
	EVP_MD_CTX *ctx;
	bool good;

	if (key->mac != NULL)
		return verify_mac(key, text, len, signature, signature_len);
	ctx = EVP_MD_CTX_new();
	good = EVP_DigestVerifyInit(ctx, &pctx, key->md, NULL, key->pkey) == 1;
	if (good && key->is_pss)
		good = EVP_PKEY_CTX_set_rsa_padding(pctx,
		    RSA_PKCS1_PSS_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx,
		    RSA_PSS_SALTLEN_DIGEST) == 1;
	good = good && EVP_DigestVerify(ctx, signature, signature_len,
	    (const uint8_t *)text, len) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

/* ---- JSON ---------------------------------------------------------------- */

static struct json_object *
parse_part(const char *text, size_t len)
{
	char bytes[TOKEN_BYTES_MAX + 1];
	struct json_object *object;
	struct json_tokener *tokener;
	size_t count;

	if (len > TOKEN_BYTES_MAX)
		return NULL;
	count = plain_b64(text, len, (uint8_t *)bytes);
	tokener = json_tokener_new();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	object = json_tokener_parse_ex(tokener, bytes, (int)count);
	json_tokener_free(tokener);
	return object;
}

static bool
is_text(struct json_object *object, const char *name, const char *want)
{
	const char *text = json_object_get_string(json_object_object_get(object,
	    name));

	return text != NULL && strcmp(text, want) == 0;
}

bool
plain_header(const char *text, size_t len, const char *alg)
{
	struct json_object *header = parse_part(text, len);
	bool good = is_text(header, "alg",
	    strcmp(alg, "Ed25519") == 0 ? "EdDSA" : alg);

	json_object_put(header);
	return good;
}

bool
plain_claims(const char *text, size_t len, const struct subject *subject)
{
	struct json_object *claims = parse_part(text, len);
	bool good = json_object_get_int64(json_object_object_get(claims,
	    "exp")) > time(NULL) && is_text(claims, "iss", subject->iss) &&
	    is_text(claims, "aud", subject->aud);

	json_object_put(claims);
	return good;
}
