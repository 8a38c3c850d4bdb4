/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads, makes and writes keys that tokens are encrypted for.  The numbers of
 * most of them are those of a key of the same kind that signs, so keypair.h
 * makes them and names them.
 */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "cli/complain.h"
#include "core/base/b64url.h"
#include "issuer/encrypt.h"

#define TEXT_MAX	((size_t)20480)	/* bytes: RSA 8192 has 7 K, a kid 2 K */
#define X25519_LEN	32

/* ---- the numbers ---- */

/* An algorithm that signs with numbers of the same names and lengths. */
static enum alg_id
signing_alg(enum jwe_kind kind)
{
	static const enum alg_id algs[JWE_KINDS] = {
		[JWE_P256] = ALG_ES256, [JWE_P384] = ALG_ES384,
		[JWE_P521] = ALG_ES512, [JWE_X25519] = ALG_ED25519,
		[JWE_RSA] = ALG_RS256
	};

	return algs[kind];
}

static const struct keypair_number *
numbers_of(enum jwe_kind kind)
{
	return keypair_numbers(alg_row(signing_alg(kind))->kind);
}

struct crypt_numbers
encrypt_key_numbers(const struct encrypt_key *key)
{
	const struct secret *value = key->values;
	struct crypt_numbers out = {
		.kind = key->kind, .x = secret_bytes(&value[0])
	};

	if (key->kind == JWE_X25519) {
		out.d = secret_bytes(&value[1]);
		return out;
	}
	out.y = secret_bytes(&value[1]);
	out.d = secret_bytes(&value[2]);
	out.p = secret_bytes(&value[3]);
	out.q = secret_bytes(&value[4]);
	out.dp = secret_bytes(&value[5]);
	out.dq = secret_bytes(&value[6]);
	out.qi = secret_bytes(&value[7]);
	return out;
}

/* ---- making a key ---- */

static bool
generate_x25519(struct encrypt_key *out)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	size_t x_len = X25519_LEN, d_len = X25519_LEN;
	bool ok;

	ok = pkey != NULL &&
	    secret_alloc(x_len, &out->values[0]) == JWT_OK &&
	    secret_alloc(d_len, &out->values[1]) == JWT_OK &&
	    EVP_PKEY_get_raw_public_key(pkey, out->values[0].ptr,
	    &x_len) == 1 &&
	    EVP_PKEY_get_raw_private_key(pkey, out->values[1].ptr,
	    &d_len) == 1;
	EVP_PKEY_free(pkey);
	return ok;
}

static bool
generate_as_signing(unsigned bits, struct encrypt_key *out)
{
	struct keypair pair = { 0 };
	bool ok = keypair_generate(signing_alg(out->kind), bits, &pair);
	size_t i;

	for (i = 0; ok && i < KEYPAIR_NUMBERS_MAX; i++) {
		out->values[i] = pair.values[i];
		pair.values[i] = (struct secret){ 0 };
	}
	keypair_clear(&pair);
	return ok;
}

bool
encrypt_key_generate(const struct jwe_alg *alg, enum jwe_kind kind,
    unsigned bits, struct encrypt_key *out)
{
	char kid[THUMBPRINT_SIZE];
	bool ok;

	out->kind = kind;
	out->alg = alg;
	if (kind == JWE_X25519)
		ok = generate_x25519(out);
	else
		ok = generate_as_signing(bits, out);
	if (!ok || !encrypt_key_thumbprint(out, kid))
		return false;
	out->has_private = true;
	memcpy(out->kid, kid, sizeof(kid));
	return true;
}

/* ---- reading ---- */

static const struct json_node *
member(const struct json_node *jwk, const char *name)
{
	return json_get(jwk, bytes_str(name));
}

static struct bytes
string(const struct json_node *jwk, const char *name)
{
	const struct json_node *node = member(jwk, name);

	if (json_is(node, JSON_STRING))
		return json_text(node);
	return bytes_of(NULL, 0);
}

bool
encrypt_keys_are(struct bytes text)
{
	const struct json_node *jwk, *keys;
	struct secret copy = { 0 };
	struct json_doc doc = { 0 };
	bool found = false;

	if (secret_copy(text, &copy) != JWT_OK ||
	    json_parse(copy.ptr, copy.len, &json_file_limits, &doc) != JWT_OK)
		goto out;
	jwk = json_root(&doc);
	keys = member(jwk, "keys");
	if (json_is(keys, JSON_ARRAY))
		jwk = json_first(keys);
	found = json_is(jwk, JSON_OBJECT) &&
	    (bytes_eq_str(string(jwk, "use"), "enc") ||
	    jwe_alg_by_name(string(jwk, "alg")) != NULL);
out:
	json_clear(&doc);
	secret_clear(&copy);
	return found;
}

static bool
take_names(const struct json_node *jwk, struct encrypt_key *out)
{
	const struct json_node *kid = member(jwk, "kid");
	struct bytes text = string(jwk, "kid");

	if (member(jwk, "use") != NULL &&
	    !bytes_eq_str(string(jwk, "use"), "enc"))
		return complain("key: use is not enc: it is not for "
		    "encryption");
	out->alg = jwe_alg_by_name(string(jwk, "alg"));
	if (out->alg == NULL)
		return complain("key: alg is missing or not supported: "
		    "ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A256KW, RSA-OAEP-256 or "
		    "RSA-OAEP");
	if (kid == NULL)
		return true;
	if (text.len == 0 || text.len > JWK_KID_MAX || bytes_has(text, 0))
		return complain("key: kid is not a string of 1 to 256 bytes");
	memcpy(out->kid, text.ptr, text.len);
	return true;
}

static bool
take_kind(const struct json_node *jwk, struct encrypt_key *out)
{
	if (member(jwk, "oth") != NULL)
		return complain("key: an RSA key with more than two primes "
		    "(oth) is not supported");
	if (jwe_kind_by_names(string(jwk, "kty"), string(jwk, "crv"),
	    &out->kind) && jwe_kind_fits(out->kind, out->alg))
		return true;
	return complain("key: kty or crv is missing, not supported, or does "
	    "not fit alg");
}

static bool
take_number(const struct json_node *jwk, const char *name, struct secret *out)
{
	struct bytes text = string(jwk, name);

	if (text.len > 0 &&
	    secret_alloc(b64url_decoded_len(text.len), out) == JWT_OK &&
	    b64url_decode(text, out->ptr) == JWT_OK)
		return true;
	return complain("key: %s is missing or not base64url", name);
}

/* All public numbers are needed; if d is there, all private ones are, too. */
static bool
take_numbers(const struct json_node *jwk, struct encrypt_key *out)
{
	const struct keypair_number *numbers = numbers_of(out->kind);
	size_t i;

	out->has_private = member(jwk, "d") != NULL;
	for (i = 0; numbers[i].name != NULL; i++) {
		if (numbers[i].is_private && !out->has_private)
			continue;
		if (!take_number(jwk, numbers[i].name, &out->values[i]))
			return false;
	}
	return true;
}

/* Check the private half against the public one, as a host does. */
static bool
check_private(const struct encrypt_key *key)
{
	struct crypt_numbers numbers = encrypt_key_numbers(key);
	struct crypt_key *made = NULL;
	const char *fault = NULL;
	enum jwt_reason reason = crypt_key_new(&numbers, &made, &fault);

	crypt_key_free(made);
	if (reason == JWT_KEY_FILE_INVALID && fault != NULL)
		return complain("key: %s", fault);
	return reason == JWT_OK || complain("key: memory ran out");
}

static bool
check_key(const struct encrypt_key *key)
{
	if (!encrypt_is_sound(key))
		return complain("key: the public numbers are not a key of this "
		    "kind, or an RSA key has fewer than 2048 bits");
	return !key->has_private || check_private(key);
}

static bool
read_jwk(const struct json_node *jwk, struct encrypt_key *out)
{
	if (!json_is(jwk, JSON_OBJECT))
		return complain("key: it is not a JSON object");
	return take_names(jwk, out) && take_kind(jwk, out) &&
	    take_numbers(jwk, out) && check_key(out);
}

/* The number of keys; 0, with a message, if there are too many or none. */
static size_t
count_keys(const struct json_node *keys)
{
	const struct json_node *item;
	size_t count = 0;

	if (json_is(keys, JSON_ARRAY)) {
		for (item = json_first(keys); item;
		    item = json_next(keys, item))
			count++;
	}
	if (count > 0 && count <= JWK_SET_MAX)
		return count;
	complain("key: a set has 1 to 256 keys");
	return 0;
}

static bool
read_root(const struct json_node *root, struct encrypt_keys *out)
{
	const struct json_node *keys = member(root, "keys");
	const struct json_node *item;
	size_t count = 1;

	out->is_set = keys != NULL;
	if (out->is_set)
		count = count_keys(keys);
	if (count == 0)
		return false;
	out->keys = calloc(count, sizeof(*out->keys));
	if (out->keys == NULL)
		return complain("key: memory ran out");
	if (!out->is_set)
		return read_jwk(root, &out->keys[out->count++]);
	for (item = json_first(keys); item; item = json_next(keys, item)) {
		if (read_jwk(item, &out->keys[out->count++]))
			continue;
		fprintf(stderr, "pam-jwt: it is key %zu of the set\n",
		    out->count);
		return false;
	}
	return true;
}

bool
encrypt_keys_read(struct secret *text, struct encrypt_keys *out)
{
	struct json_doc doc;
	bool ok;

	*out = (struct encrypt_keys){ .keys = NULL };
	if (json_parse(text->ptr, text->len, &json_file_limits, &doc) == JWT_OK)
		ok = read_root(json_root(&doc), out);
	else
		ok = complain("key: not a strictly valid JSON object");
	json_clear(&doc);
	return ok;
}

void
encrypt_key_clear(struct encrypt_key *key)
{
	size_t i;

	for (i = 0; i < KEYPAIR_NUMBERS_MAX; i++)
		secret_clear(&key->values[i]);
	*key = (struct encrypt_key){ .alg = NULL };
}

void
encrypt_keys_clear(struct encrypt_keys *keys)
{
	size_t i;

	for (i = 0; i < keys->count; i++)
		encrypt_key_clear(&keys->keys[i]);
	free(keys->keys);
	*keys = (struct encrypt_keys){ .keys = NULL };
}

/* ---- writing ---- */

static void
put_number(struct json_write *json, const char *name,
    const struct secret *value)
{
	json_write_name(json, bytes_str(name));
	json_write_b64url(json, secret_bytes(value));
}

bool
encrypt_key_write(const struct encrypt_key *key, bool with_private,
    struct secret *out)
{
	const struct jwe_kind_row *row = jwe_kind_row(key->kind);
	const struct keypair_number *numbers = numbers_of(key->kind);
	struct json_write json;
	size_t i;

	json_write_start(&json, TEXT_MAX);
	json_write_object(&json);
	json_write_member(&json, "kty", row->kty);
	if (row->crv != NULL)
		json_write_member(&json, "crv", row->crv);
	for (i = 0; numbers[i].name != NULL; i++) {
		if (with_private || !numbers[i].is_private)
			put_number(&json, numbers[i].name, &key->values[i]);
	}
	json_write_member(&json, "alg", key->alg->name);
	json_write_member(&json, "use", "enc");
	if (key->kid[0] != '\0')
		json_write_member(&json, "kid", key->kid);
	json_write_close(&json);
	return json_write_finish(&json, out) == JWT_OK;
}

/* The members that RFC 7638 section 3.2 and RFC 8037 section 2 require. */
static void
put_required(struct json_write *json, const struct encrypt_key *key)
{
	const struct jwe_kind_row *row = jwe_kind_row(key->kind);

	if (row->crv != NULL)
		json_write_member(json, "crv", row->crv);
	else
		put_number(json, "e", &key->values[1]);
	json_write_member(json, "kty", row->kty);
	put_number(json, row->crv != NULL ? "x" : "n", &key->values[0]);
	if (row->has_y)
		put_number(json, "y", &key->values[1]);
}

bool
encrypt_key_thumbprint(const struct encrypt_key *key,
    char out[THUMBPRINT_SIZE])
{
	uint8_t digest[HASH_LEN];
	struct json_write json;
	struct secret text;
	bool ok;

	json_write_start(&json, TEXT_MAX);
	json_write_object(&json);
	put_required(&json, key);
	json_write_close(&json);
	if (json_write_finish(&json, &text) != JWT_OK)
		return false;
	ok = hash_sha256(secret_bytes(&text), digest) == JWT_OK;
	secret_clear(&text);
	out[THUMBPRINT_SIZE - 1] = '\0';
	if (ok)
		b64url_encode(bytes_of(digest, HASH_LEN), out);
	return ok;
}
