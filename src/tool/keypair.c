/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Private keys, by OpenSSL.
 *
 * A key is held as its numbers by name, as in a JWK, and as an EVP_PKEY.
 */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/b64url.h"
#include "core/jwk.h"
#include "core/keymat.h"
#include "core/spki.h"
#include "tool/keypair.h"

#define MEMBERS_MAX	8	/* RSA: n e d p q dp dq qi */
#define NUMBER_MAX	5120	/* bytes: an ML-DSA-87 public key, and more */

/* A number of the key, under its name in a JWK. */
struct member {
	const char *name;
	bool is_private;
	struct secret value;
};

struct keypair {
	bool public_only;
	enum alg_id alg;
	EVP_PKEY *pkey;		/* NULL for a secret */
	char kid[JWK_KID_MAX + 1];
	struct member members[MEMBERS_MAX];
	size_t count;
};

/* How OpenSSL names a number, and how JOSE does, for each kind of key. */
struct number {
	const char *name;
	const char *param;
	bool is_private;
	bool is_bignum;
};

static const struct number ec_numbers[] = {
	{ "x", OSSL_PKEY_PARAM_EC_PUB_X, false, true },
	{ "y", OSSL_PKEY_PARAM_EC_PUB_Y, false, true },
	{ "d", OSSL_PKEY_PARAM_PRIV_KEY, true, true },
	{ NULL, NULL, false, false }
};
static const struct number okp_numbers[] = {
	{ "x", OSSL_PKEY_PARAM_PUB_KEY, false, false },
	{ "d", OSSL_PKEY_PARAM_PRIV_KEY, true, false },
	{ NULL, NULL, false, false }
};
static const struct number akp_numbers[] = {
	{ "pub", OSSL_PKEY_PARAM_PUB_KEY, false, false },
	{ "priv", "seed", true, false },
	{ NULL, NULL, false, false }
};
static const struct number rsa_numbers[] = {
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

static const struct number *
numbers_of(enum key_kind kind)
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
	default:
		return akp_numbers;
	}
}

static enum key_kind
kind_of(const struct keypair *pair)
{
	return alg_row(pair->alg)->kind;
}

/* kty, and the member and value that say which curve it is. */
struct family {
	const char *kty;
	const char *crv;	/* NULL: none */
	const char *openssl;	/* type for EVP; EC: the group */
};

static struct family
family_of(enum key_kind kind)
{
	switch (kind) {
	case KEY_P256:
		return (struct family){ "EC", "P-256", "P-256" };
	case KEY_P384:
		return (struct family){ "EC", "P-384", "P-384" };
	case KEY_P521:
		return (struct family){ "EC", "P-521", "P-521" };
	case KEY_ED25519:
		return (struct family){ "OKP", "Ed25519", "ED25519" };
	case KEY_ED448:
		return (struct family){ "OKP", "Ed448", "ED448" };
	case KEY_RSA:
		return (struct family){ "RSA", NULL, "RSA" };
	case KEY_OCT:
		return (struct family){ "oct", NULL, NULL };
	case KEY_ML_DSA_44:
		return (struct family){ "AKP", NULL, "ML-DSA-44" };
	case KEY_ML_DSA_65:
		return (struct family){ "AKP", NULL, "ML-DSA-65" };
	case KEY_ML_DSA_87:
		return (struct family){ "AKP", NULL, "ML-DSA-87" };
	}
	return (struct family){ "", NULL, NULL };
}

static void
complain(const char *what)
{
	fprintf(stderr, "pam-jwt: %s\n", what);
}

static const struct member *
find(const struct keypair *pair, const char *name)
{
	size_t i;

	for (i = 0; i < pair->count; i++) {
		if (bytes_eq_str(bytes_str(name), pair->members[i].name))
			return &pair->members[i];
	}
	return NULL;
}

static bool
add(struct keypair *pair, const char *name, bool is_private,
    struct bytes value)
{
	struct member *member = &pair->members[pair->count];

	if (pair->count == MEMBERS_MAX ||
	    secret_copy(value, &member->value) != JWT_OK)
		return false;
	member->name = name;
	member->is_private = is_private;
	pair->count++;
	return true;
}

/* A number of the EVP key, in the fixed length that JOSE wants for EC. */
static bool
read_bignum(const struct keypair *pair, const char *param, struct secret *out)
{
	BIGNUM *bn = NULL;
	bool ok = false;

	if (EVP_PKEY_get_bn_param(pair->pkey, param, &bn) != 1)
		return false;
	out->len = kind_of(pair) == KEY_RSA ? (size_t)BN_num_bytes(bn) :
	    keymat_len(kind_of(pair));
	if (out->len <= NUMBER_MAX)
		ok = BN_bn2binpad(bn, out->ptr, (int)out->len) ==
		    (int)out->len;
	BN_clear_free(bn);
	return ok;
}

static bool
take_number(struct keypair *pair, const struct number *number)
{
	struct secret value = { 0 };
	bool ok = secret_alloc(NUMBER_MAX, &value) == JWT_OK;

	if (ok && number->is_bignum)
		ok = read_bignum(pair, number->param, &value);
	else if (ok)
		ok = EVP_PKEY_get_octet_string_param(pair->pkey, number->param,
		    value.ptr, NUMBER_MAX, &value.len) == 1;
	if (ok)
		ok = add(pair, number->name, number->is_private,
		    secret_bytes(&value));
	secret_clear(&value);
	return ok;
}

static bool
take_numbers(struct keypair *pair)
{
	const struct number *number;

	for (number = numbers_of(kind_of(pair)); number->name; number++) {
		if (!take_number(pair, number))
			return false;
	}
	return true;
}

static bool
generate_secret(struct keypair *pair)
{
	uint8_t secret[64];
	size_t len = alg_row(pair->alg)->key_min;
	bool ok;

	ok = RAND_priv_bytes(secret, (int)len) == 1 &&
	    add(pair, "k", true, bytes_of(secret, len));
	explicit_bzero(secret, sizeof(secret));
	return ok;
}

static EVP_PKEY *
generate_pkey(enum key_kind kind, unsigned bits)
{
	struct family family = family_of(kind);

	if (kind == KEY_RSA)
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	if (numbers_of(kind) == ec_numbers)
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", family.openssl);
	return EVP_PKEY_Q_keygen(NULL, NULL, family.openssl);
}

struct keypair *
keypair_generate(enum alg_id alg, unsigned bits)
{
	struct keypair *pair = calloc(1, sizeof(*pair));
	bool ok;

	if (pair == NULL)
		return NULL;
	pair->alg = alg;
	if (kind_of(pair) == KEY_OCT) {
		ok = generate_secret(pair);
	} else {
		pair->pkey = generate_pkey(kind_of(pair), bits);
		ok = pair->pkey != NULL && take_numbers(pair);
	}
	if (!ok) {
		fprintf(stderr, "pam-jwt: this OpenSSL makes no %s key\n",
		    alg_row(alg)->name);
		keypair_free(pair);
		return NULL;
	}
	return pair;
}

void
keypair_free(struct keypair *pair)
{
	size_t i;

	if (pair == NULL)
		return;
	for (i = 0; i < pair->count; i++)
		secret_clear(&pair->members[i].value);
	EVP_PKEY_free(pair->pkey);
	free(pair);
}

enum alg_id
keypair_alg(const struct keypair *pair)
{
	return pair->alg;
}

const char *
keypair_kid(const struct keypair *pair)
{
	return pair->kid;
}

bool
keypair_set_kid(struct keypair *pair, const char *kid)
{
	if (strlen(kid) > JWK_KID_MAX)
		return false;
	memcpy(pair->kid, kid, strlen(kid) + 1);
	return true;
}

/* The values of a JWK, base64url undone, into members. */
static bool
take_member(struct keypair *pair, const struct json_node *jwk,
    const char *name, bool is_private)
{
	const struct json_node *node = json_get(jwk, bytes_str(name));
	struct bytes text = json_text(node);
	struct secret value = { 0 };
	bool ok;

	ok = json_is(node, JSON_STRING) &&
	    secret_alloc(b64url_decoded_len(text.len), &value) == JWT_OK &&
	    b64url_decode(text, value.ptr) == JWT_OK &&
	    add(pair, name, is_private, secret_bytes(&value));
	secret_clear(&value);
	return ok;
}

static bool
take_members(struct keypair *pair, const struct json_node *jwk)
{
	const struct number *number;

	if (kind_of(pair) == KEY_OCT)
		return take_member(pair, jwk, "k", true);
	for (number = numbers_of(kind_of(pair)); number->name; number++) {
		if (number->is_private && pair->public_only)
			continue;
		if (!take_member(pair, jwk, number->name, number->is_private))
			return false;
	}
	return true;
}

static bool
push_number(OSSL_PARAM_BLD *builder, const struct number *number,
    const struct member *member, BIGNUM **bn)
{
	struct bytes value = secret_bytes(&member->value);

	if (!number->is_bignum)
		return OSSL_PARAM_BLD_push_octet_string(builder, number->param,
		    value.ptr, value.len) == 1;
	*bn = BN_secure_new();
	return *bn != NULL && BN_bin2bn(value.ptr, (int)value.len, *bn) &&
	    OSSL_PARAM_BLD_push_BN(builder, number->param, *bn) == 1;
}

/* EC wants the public key as a point, and the name of its group. */
static bool
push_point(OSSL_PARAM_BLD *builder, const struct keypair *pair,
    uint8_t point[1 + 2 * EC_COORD_MAX])
{
	const struct member *x = find(pair, "x"), *y = find(pair, "y");
	size_t len = keymat_len(kind_of(pair));

	if (x->value.len != len || y->value.len != len)
		return false;
	point[0] = 0x04;
	memcpy(point + 1, x->value.ptr, len);
	memcpy(point + 1 + len, y->value.ptr, len);
	return OSSL_PARAM_BLD_push_utf8_string(builder,
	    OSSL_PKEY_PARAM_GROUP_NAME, family_of(kind_of(pair)).openssl,
	    0) == 1 && OSSL_PARAM_BLD_push_octet_string(builder,
	    OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * len) == 1;
}

static EVP_PKEY *
from_builder(OSSL_PARAM_BLD *builder, const char *type)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return pkey;
}

/* The EVP key of the members. */
static bool
build_pkey(struct keypair *pair)
{
	const struct number *numbers = numbers_of(kind_of(pair));
	bool is_ec = numbers == ec_numbers;
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *bn[MEMBERS_MAX] = { NULL };
	uint8_t point[1 + 2 * EC_COORD_MAX];
	bool ok = builder != NULL;
	size_t i;

	if (ok && is_ec)
		ok = push_point(builder, pair, point);
	for (i = 0; ok && numbers[i].name != NULL; i++) {
		if (!is_ec || numbers[i].is_private)
			ok = push_number(builder, &numbers[i],
			    find(pair, numbers[i].name), &bn[i]);
	}
	if (ok)
		pair->pkey = from_builder(builder, is_ec ? "EC" :
		    family_of(kind_of(pair)).openssl);
	for (i = 0; i < MEMBERS_MAX; i++)
		BN_clear_free(bn[i]);
	OSSL_PARAM_BLD_free(builder);
	return ok && pair->pkey != NULL;
}

/* Whether the private and the public half belong together. */
static bool
halves_agree(const struct keypair *pair)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pair->pkey, NULL);
	bool ok = ctx != NULL && EVP_PKEY_pairwise_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* The algorithm that a JWK signs with: its alg, or the first of its kind. */
static bool
find_alg(const struct json_node *jwk, enum alg_id *out)
{
	const struct json_node *alg = json_get(jwk, bytes_str("alg"));
	struct bytes kty = json_text(json_get(jwk, bytes_str("kty")));
	struct bytes crv = json_text(json_get(jwk, bytes_str("crv")));
	alg_set named = alg_by_name(json_text(alg));
	int id;

	for (id = ALG_ES256; id <= ALG_ML_DSA_87; id++) {
		struct family family = family_of(alg_row((enum alg_id)id)->kind);

		*out = (enum alg_id)id;
		if (alg != NULL && (named & ALG_BIT(id)) == 0)
			continue;
		if (bytes_eq_str(kty, family.kty) && (family.crv == NULL ||
		    bytes_eq_str(crv, family.crv)))
			return true;
	}
	return false;
}

static bool
fill_from_jwk(struct keypair *pair, const struct json_node *jwk)
{
	struct bytes kid = json_text(json_get(jwk, bytes_str("kid")));

	if (!find_alg(jwk, &pair->alg)) {
		complain("the key's kty, crv and alg are not supported");
		return false;
	}
	if (kid.len > JWK_KID_MAX || bytes_has(kid, 0)) {
		complain("the key's kid is not a string of at most 256 bytes");
		return false;
	}
	if (kid.len > 0)
		memcpy(pair->kid, kid.ptr, kid.len);
	if (!take_members(pair, jwk)) {
		complain("not a whole private key: a member is missing or not "
		    "base64url (is it the public part?)");
		return false;
	}
	if (kind_of(pair) == KEY_OCT || pair->public_only)
		return true;
	if (build_pkey(pair) && halves_agree(pair))
		return true;
	complain("the key's numbers do not make a key");
	return false;
}

static bool
parse_jwk(struct keypair *pair, struct secret *text)
{
	struct json_doc doc;
	enum jwt_reason reason;
	bool ok = false;

	reason = json_parse(text->ptr, text->len, &json_file_limits, &doc);
	if (reason == JWT_OK)
		ok = fill_from_jwk(pair, json_root(&doc));
	else
		complain(reason_text(reason));
	json_clear(&doc);
	return ok;
}

/* No passphrase is asked for: keys on disk are protected by their mode. */
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
alg_of_pkey(EVP_PKEY *pkey, enum alg_id *out)
{
	char group[32] = "";
	size_t len;
	int id;

	if (EVP_PKEY_is_a(pkey, "EC"))
		(void)EVP_PKEY_get_group_name(pkey, group, sizeof(group), &len);
	for (id = ALG_ES256; id <= ALG_ML_DSA_87; id++) {
		enum key_kind kind = alg_row((enum alg_id)id)->kind;
		const char *name = family_of(kind).openssl;

		*out = (enum alg_id)id;
		if (kind == KEY_P256 && bytes_eq_str(bytes_str(group),
		    "prime256v1"))
			return true;
		if (kind == KEY_P384 && bytes_eq_str(bytes_str(group),
		    "secp384r1"))
			return true;
		if (kind == KEY_P521 && bytes_eq_str(bytes_str(group),
		    "secp521r1"))
			return true;
		if (numbers_of(kind) != ec_numbers && name != NULL &&
		    EVP_PKEY_is_a(pkey, name))
			return true;
	}
	return false;
}

/* A public key in PEM has all that its thumbprint needs. */
static bool
parse_public_pem(struct keypair *pair, const struct secret *text)
{
	const struct number *number;
	struct secret der;
	struct keymat mat;
	const char *fault;
	enum alg_id id = ALG_ES256;
	bool ok;

	ok = spki_parse_pem(secret_bytes(text), &der, &mat, &fault) == JWT_OK;
	if (ok) {
		while (alg_row(id)->kind != mat.kind)
			id++;
		pair->alg = id;
		number = numbers_of(mat.kind);
		ok = add(pair, number[0].name, false, mat.x) &&
		    (mat.y.len == 0 ||
		    add(pair, number[1].name, false, mat.y));
	} else {
		complain(fault);
	}
	secret_clear(&der);
	return ok;
}

static bool
parse_pem(struct keypair *pair, const struct secret *text)
{
	BIO *bio = BIO_new_mem_buf(text->ptr, (int)text->len);

	if (bio != NULL)
		pair->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase,
		    NULL);
	BIO_free(bio);
	if (pair->pkey != NULL && alg_of_pkey(pair->pkey, &pair->alg) &&
	    take_numbers(pair))
		return true;
	complain("not an unencrypted private key in PEM (PKCS#8) of a kind "
	    "that is supported");
	return false;
}

static struct keypair *
parse(struct secret *text, bool public_only)
{
	struct bytes trimmed = bytes_trim(secret_bytes(text));
	struct keypair *pair = calloc(1, sizeof(*pair));
	bool ok = false;

	if (pair == NULL) {
		complain("memory ran out");
		return NULL;
	}
	pair->public_only = public_only;
	if (bytes_starts(trimmed, bytes_str("{")))
		ok = parse_jwk(pair, text);
	else if (bytes_starts(trimmed, bytes_str("-----BEGIN PUBLIC")))
		ok = public_only ? parse_public_pem(pair, text) :
		    parse_pem(pair, text);
	else if (bytes_starts(trimmed, bytes_str("-----BEGIN")))
		ok = parse_pem(pair, text);
	else
		complain("neither a JWK nor a key in PEM");
	if (ok)
		return pair;
	keypair_free(pair);
	return NULL;
}

struct keypair *
keypair_parse(struct secret *text)
{
	return parse(text, false);
}

struct keypair *
keypair_parse_any(struct secret *text)
{
	return parse(text, true);
}

/* A text that grows; failed once is failed for good. */
struct text {
	struct secret *out;
	size_t size;
	bool failed;
};

static void
put(struct text *text, const char *more)
{
	size_t len = strlen(more);

	if (text->failed || len > text->size - text->out->len) {
		text->failed = true;
		return;
	}
	memcpy(text->out->ptr + text->out->len, more, len);
	text->out->len += len;
}

static void
put_b64url(struct text *text, struct bytes value)
{
	size_t len = b64url_encoded_len(value.len);

	if (text->failed || len > text->size - text->out->len) {
		text->failed = true;
		return;
	}
	b64url_encode(value, (char *)text->out->ptr + text->out->len);
	text->out->len += len;
}

/* A string that the gate or getopt let through; quotes are escaped. */
static void
put_string(struct text *text, const char *name, const char *value)
{
	put(text, "\"");
	put(text, name);
	put(text, "\":\"");
	for (; *value != '\0'; value++) {
		char one[8] = { *value };

		if (*value == '"' || *value == '\\')
			snprintf(one, sizeof(one), "\\%c", *value);
		else if ((unsigned char)*value < 0x20)
			snprintf(one, sizeof(one), "\\u%04x", *value);
		put(text, one);
	}
	put(text, "\"");
}

static void
put_members(struct text *text, const struct keypair *pair, bool with_private)
{
	size_t i;

	for (i = 0; i < pair->count; i++) {
		if (pair->members[i].is_private && !with_private)
			continue;
		put(text, ",\"");
		put(text, pair->members[i].name);
		put(text, "\":\"");
		put_b64url(text, secret_bytes(&pair->members[i].value));
		put(text, "\"");
	}
}

bool
keypair_jwk(const struct keypair *pair, bool with_private, struct secret *out)
{
	struct family family = family_of(kind_of(pair));
	struct text text = { .out = out, .size = 4 * NUMBER_MAX };

	if ((kind_of(pair) == KEY_OCT && !with_private) ||
	    secret_alloc(text.size, out) != JWT_OK)
		return false;
	out->len = 0;
	put(&text, "{");
	put_string(&text, "kty", family.kty);
	if (family.crv != NULL) {
		put(&text, ",");
		put_string(&text, "crv", family.crv);
	}
	put_members(&text, pair, with_private);
	put(&text, ",");
	put_string(&text, "alg", alg_row(pair->alg)->name);
	put(&text, ",\"use\":\"sig\"");
	if (pair->kid[0] != '\0') {
		put(&text, ",");
		put_string(&text, "kid", pair->kid);
	}
	put(&text, "}\n");
	return !text.failed;
}

static void
put_thumb_member(struct text *text, const struct keypair *pair,
    const char *name)
{
	put(text, "\"");
	put(text, name);
	put(text, "\":\"");
	put_b64url(text, secret_bytes(&find(pair, name)->value));
	put(text, "\"");
}

/* RFC 7638 section 3.2, RFC 8037 section 2, RFC 9964 section 6. */
static void
put_thumb_input(struct text *text, const struct keypair *pair)
{
	struct family family = family_of(kind_of(pair));

	put(text, "{");
	if (kind_of(pair) == KEY_RSA) {
		put_thumb_member(text, pair, "e");
		put(text, ",\"kty\":\"RSA\",");
		put_thumb_member(text, pair, "n");
	} else if (kind_of(pair) == KEY_OCT) {
		put_thumb_member(text, pair, "k");
		put(text, ",\"kty\":\"oct\"");
	} else if (family.crv == NULL) {
		put_string(text, "alg", alg_row(pair->alg)->name);
		put(text, ",\"kty\":\"AKP\",");
		put_thumb_member(text, pair, "pub");
	} else {
		put_string(text, "crv", family.crv);
		put(text, ",");
		put_string(text, "kty", family.kty);
		put(text, ",");
		put_thumb_member(text, pair, "x");
		if (find(pair, "y") != NULL) {
			put(text, ",");
			put_thumb_member(text, pair, "y");
		}
	}
	put(text, "}");
}

bool
keypair_thumbprint(const struct keypair *pair, char out[44])
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	struct secret buffer = { 0 };
	struct text text = { .out = &buffer, .size = 2 * NUMBER_MAX };
	size_t len = 0;
	bool ok = false;

	if (secret_alloc(text.size, &buffer) == JWT_OK) {
		buffer.len = 0;
		put_thumb_input(&text, pair);
		ok = !text.failed && EVP_Q_digest(NULL, "SHA256", NULL,
		    buffer.ptr, buffer.len, digest, &len) == 1;
	}
	if (ok)
		b64url_encode(bytes_of(digest, len), out);
	out[ok ? 43 : 0] = '\0';
	secret_clear(&buffer);
	return ok;
}

/* DER to R || S of fixed width (RFC 7518 section 3.4). */
static bool
to_raw_ecdsa(struct bytes der, size_t len, struct secret *out)
{
	const unsigned char *at = der.ptr;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)der.len);
	bool ok = sig != NULL && secret_alloc(2 * len, out) == JWT_OK &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), out->ptr, (int)len) > 0 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out->ptr + len, (int)len) > 0;

	ECDSA_SIG_free(sig);
	return ok;
}

static bool
set_padding(EVP_PKEY_CTX *ctx, enum alg_scheme scheme)
{
	if (scheme != SCHEME_RSA_PSS)
		return true;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static bool
sign_pkey(const struct keypair *pair, struct bytes message,
    struct secret *out)
{
	const struct alg *alg = alg_row(pair->alg);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;	/* borrowed from ctx */
	size_t len = 0;
	bool ok;

	ok = ctx != NULL && EVP_DigestSignInit_ex(ctx, &pctx, alg->digest,
	    NULL, NULL, pair->pkey, NULL) == 1 &&
	    set_padding(pctx, alg->scheme) &&
	    EVP_DigestSign(ctx, NULL, &len, message.ptr, message.len) == 1 &&
	    secret_alloc(len, out) == JWT_OK &&
	    EVP_DigestSign(ctx, out->ptr, &len, message.ptr,
	    message.len) == 1;
	if (ok)
		out->len = len;
	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool
sign_secret(const struct keypair *pair, struct bytes message,
    struct secret *out)
{
	const struct alg *alg = alg_row(pair->alg);
	const struct secret *key = &find(pair, "k")->value;
	size_t len = 0;

	return key->len >= alg->key_min &&
	    secret_alloc(alg->sig_len, out) == JWT_OK &&
	    EVP_Q_mac(NULL, "HMAC", NULL, alg->digest, NULL, key->ptr,
	    key->len, message.ptr, message.len, out->ptr, out->len,
	    &len) != NULL && len == out->len;
}

bool
keypair_sign(const struct keypair *pair, struct bytes message,
    struct secret *out)
{
	struct secret der = { 0 };
	bool ok;

	if (kind_of(pair) == KEY_OCT)
		return sign_secret(pair, message, out);
	if (alg_row(pair->alg)->scheme != SCHEME_ECDSA)
		return sign_pkey(pair, message, out);
	ok = sign_pkey(pair, message, &der) && to_raw_ecdsa(
	    secret_bytes(&der), alg_row(pair->alg)->sig_len / 2, out);
	secret_clear(&der);
	return ok;
}
