/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads keys from JWK, JWK Set and PEM.  A key is refused here by the rules of
 * the module, so that nobody hands out a key or a token that hosts refuse.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/complain.h"
#include "core/base/b64url.h"
#include "core/jose/spki.h"
#include "issuer/keyfile.h"

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

/*
 * Whether the key fits the algorithm.  Keep the name as it was written: EdDSA
 * and Ed25519 are names of one algorithm, and some verifiers know only one.
 */
static bool
take_alg(const struct json_node *jwk, enum alg_id id, struct keypair *out)
{
	const struct json_node *alg = member(jwk, "alg");
	const struct keymat_name *name = keymat_name(alg_row(id)->kind);

	if (!bytes_eq_str(string(jwk, "kty"), name->kty) ||
	    (name->member != NULL && strcmp(name->member, "crv") == 0 &&
	    !bytes_eq_str(string(jwk, "crv"), name->value)))
		return false;
	if (alg != NULL && (!json_is(alg, JSON_STRING) ||
	    (alg_by_name(json_text(alg)) & ALG_BIT(id)) == 0))
		return false;
	out->alg = id;
	out->alg_name = alg_row(id)->name;
	if (alg != NULL && bytes_eq_str(json_text(alg), "EdDSA"))
		out->alg_name = "EdDSA";
	return true;
}

/* Find the algorithm that a JWK names, or the first one that fits its kind. */
static bool
find_alg(const struct json_node *jwk, struct keypair *out)
{
	int id;

	/* An AKP key has no curve, so only its alg says which kind it is. */
	if (bytes_eq_str(string(jwk, "kty"), "AKP") &&
	    member(jwk, "alg") == NULL)
		return complain("key: an AKP key has no alg");
	for (id = ALG_ES256; id <= ALG_ML_DSA_87; id++) {
		if (take_alg(jwk, (enum alg_id)id, out))
			return true;
	}
	return complain("key: kty, crv or alg is missing, not supported, or "
	    "they do not fit each other");
}

static bool
find_kid(const struct json_node *jwk, struct keypair *out)
{
	const struct json_node *kid = member(jwk, "kid");
	struct bytes text = string(jwk, "kid");

	if (kid == NULL)
		return true;
	if (!json_is(kid, JSON_STRING) || text.len == 0 ||
	    text.len > JWK_KID_MAX || bytes_has(text, 0))
		return complain("key: kid is not a string of 1 to 256 bytes");
	memcpy(out->kid, text.ptr, text.len);
	return true;
}

static bool
find_use(const struct json_node *jwk)
{
	return member(jwk, "use") == NULL ||
	    bytes_eq_str(string(jwk, "use"), "sig") ||
	    complain("key: use is not sig: it is not for signatures");
}

static bool
take_number(const struct json_node *jwk, const char *name, struct secret *out)
{
	struct bytes text = string(jwk, name);

	return text.len > 0 &&
	    secret_alloc(b64url_decoded_len(text.len), out) == JWT_OK &&
	    b64url_decode(text, out->ptr) == JWT_OK;
}

/* All public numbers are needed; if one private number is there, all are. */
static bool
take_numbers(const struct json_node *jwk, struct keypair *out)
{
	const struct keypair_number *numbers =
	    keypair_numbers(keypair_kind(out));
	char text[80];
	size_t i;

	for (i = 0; numbers[i].name != NULL; i++) {
		if (numbers[i].is_private && member(jwk, numbers[i].name))
			out->has_private = true;
	}
	for (i = 0; numbers[i].name != NULL; i++) {
		if (numbers[i].is_private && !out->has_private)
			continue;
		if (take_number(jwk, numbers[i].name, &out->values[i]))
			continue;
		snprintf(text, sizeof(text), "%s is missing or not base64url",
		    numbers[i].name);
		return complain("key: %s", text);
	}
	return true;
}

/*
 * Check a key as the module does, and the private half against the public one.
 */
static bool
check_numbers(const struct keypair *pair)
{
	struct keymat mat = keypair_keymat(pair);
	const char *fault = keymat_fault(&mat);

	if (fault != NULL)
		return complain("key: %s", fault);
	if (mat.kind == KEY_OCT)
		return mat.x.len >= alg_row(pair->alg)->key_min ||
		    complain("key: a secret shorter than the hash of its alg "
		    "(RFC 7518 section 3.2)");
	if (!pair->has_private)
		return true;
	if (!sig_supports(pair->alg))
		return complain("key: this OpenSSL does not have ML-DSA, which "
		    "is in 3.5 and newer");
	return keypair_agrees(pair) || complain("key: the private and the public "
	    "half do not belong together");
}

static bool
read_jwk(const struct json_node *jwk, struct keypair *out)
{
	if (!json_is(jwk, JSON_OBJECT))
		return complain("key: it is not a JSON object");
	if (member(jwk, "oth") != NULL)
		return complain("key: an RSA key with more than two primes "
		    "(oth) is not supported");
	return find_alg(jwk, out) && find_kid(jwk, out) && find_use(jwk) &&
	    take_numbers(jwk, out) && check_numbers(out);
}

static struct keypair *
new_pairs(size_t count)
{
	struct keypair *pairs = calloc(count, sizeof(*pairs));

	if (pairs == NULL)
		complain("key: memory ran out");
	return pairs;
}

static bool
read_set(const struct json_node *keys, struct keyfile *out)
{
	const struct json_node *item;
	size_t count = 0;

	if (!json_is(keys, JSON_ARRAY))
		return complain("key: keys is not an array");
	for (item = json_first(keys); item; item = json_next(keys, item))
		count++;
	if (count == 0 || count > JWK_SET_MAX)
		return complain("key: a set has 1 to 256 keys");
	out->is_set = true;
	out->pairs = new_pairs(count);
	if (out->pairs == NULL)
		return false;
	for (item = json_first(keys); item; item = json_next(keys, item)) {
		if (read_jwk(item, &out->pairs[out->count++]))
			continue;
		fprintf(stderr, "pam-jwt: it is key %zu of the set\n",
		    out->count);
		return false;
	}
	return true;
}

static bool
fail_json(enum jwt_reason reason)
{
	if (reason == JWT_JSON_INVALID)
		return complain("key: not a strictly valid JSON object");
	return complain("key: %s", reason_text(reason));
}

static bool
read_json(struct secret *text, struct keyfile *out)
{
	struct json_doc doc;
	const struct json_node *root;
	enum jwt_reason reason;
	bool ok = false;

	reason = json_parse(text->ptr, text->len, &json_file_limits, &doc);
	if (reason != JWT_OK) {
		fail_json(reason);
		goto out;
	}
	root = json_root(&doc);
	if (member(root, "keys") != NULL) {
		ok = read_set(member(root, "keys"), out);
		goto out;
	}
	out->pairs = new_pairs(1);
	if (out->pairs != NULL) {
		out->count = 1;
		ok = read_jwk(root, out->pairs);
	}
out:
	json_clear(&doc);
	return ok;
}

/* Read a public key in PEM with the reader of the module. */
static bool
read_public_pem(struct bytes text, struct keypair *out)
{
	const char *fault = "memory ran out";
	struct secret der = { 0 };
	struct keymat mat = { 0 };
	enum alg_id id = ALG_ES256;
	bool ok = false;

	if (spki_parse_pem(text, &der, &mat, &fault) == JWT_OK) {
		while (alg_row(id)->kind != mat.kind)
			id++;
		out->alg = id;
		out->alg_name = alg_row(id)->name;
		ok = secret_copy(mat.x, &out->values[0]) == JWT_OK &&
		    (mat.y.len == 0 ||
		    secret_copy(mat.y, &out->values[1]) == JWT_OK);
	}
	secret_clear(&der);
	return ok || complain("key: %s", fault);
}

static bool
read_pem(struct bytes text, struct keyfile *out)
{
	out->pairs = new_pairs(1);
	if (out->pairs == NULL)
		return false;
	out->count = 1;
	if (bytes_starts(text, bytes_str("-----BEGIN PUBLIC KEY")))
		return read_public_pem(text, out->pairs) &&
		    check_numbers(out->pairs);
	if (!keypair_read_pem(text, out->pairs))
		return complain("key: not a private key in PEM (PKCS#8) "
		    "without passphrase, or of a kind that is not supported");
	return check_numbers(out->pairs);
}

bool
keyfile_read(struct secret *text, struct keyfile *out)
{
	struct bytes trimmed = bytes_trim(secret_bytes(text));

	*out = (struct keyfile){ 0 };
	if (bytes_starts(trimmed, bytes_str("{")))
		return read_json(text, out);
	if (bytes_starts(trimmed, bytes_str("-----BEGIN ")))
		return read_pem(trimmed, out);
	return complain("key: neither a JWK, a JWK Set nor a key in PEM");
}

void
keyfile_clear(struct keyfile *file)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		keypair_clear(&file->pairs[i]);
	free(file->pairs);
	*file = (struct keyfile){ 0 };
}
