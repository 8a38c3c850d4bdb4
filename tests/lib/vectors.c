/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs foreign vectors through the core: through jws_verify() if the payload is
 * a JSON object, otherwise through the functions that it calls.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/b64url.h"
#include "tests/lib/vectors.h"

struct json_object *
vectors_read(const char *name, const char *file)
{
	const char *shared = getenv("JWT_SHARED");
	struct json_object *out;
	char path[1024];

	snprintf(path, sizeof(path), "%s/vectors/%s",
	    shared == NULL ? "../shared" : shared, file);
	out = json_object_from_file(path);
	if (out == NULL)
		printf("skip - %s: ../shared is not here\n", name);
	return out;
}

const char *
vectors_string(struct json_object *object, const char *name)
{
	struct json_object *member = json_object_object_get(object, name);

	return json_object_is_type(member, json_type_string) ?
	    json_object_get_string(member) : NULL;
}

/* Whether the first key of a JWK or a JWK Set is a secret. */
static bool
is_symmetric(const char *jwk)
{
	struct json_object *root = json_tokener_parse(jwk);
	struct json_object *keys = json_object_object_get(root, "keys");
	const char *kty = vectors_string(keys == NULL ? root :
	    json_object_array_get_idx(keys, 0), "kty");
	bool out = kty != NULL && strcmp(kty, "oct") == 0;

	json_object_put(root);
	return out;
}

enum jwt_reason
vectors_load(const char *jwk, alg_set algorithms, struct vectors_issuer *out)
{
	struct jwk_file file = { .name = "vector.jwk" };
	struct secret text;
	enum jwt_reason reason;

	*out = (struct vectors_issuer){
		.policy = { .file = "vector.conf" },
		.issuer = { .name = "vector", .line = 1,
		    .algorithms = algorithms,
		    .algorithms_given = algorithms != 0 }
	};
	file.symmetric = algorithms == 0 ? is_symmetric(jwk) :
	    (algorithms & ALG_SYMMETRIC) != 0;
	reason = secret_copy(bytes_str(jwk), &text);
	if (reason == JWT_OK)
		reason = jwk_set_add(&out->issuer.set, &file, &text,
		    &out->diag);
	if (reason == JWT_OK)
		reason = policy_bind_keys(&out->policy, &out->issuer,
		    &out->diag);
	secret_clear(&text);
	return reason;
}

void
vectors_clear(struct vectors_issuer *issuer)
{
	jwk_set_clear(&issuer->issuer.set);
	diag_clear(&issuer->diag);
}

/* The parts of a token; the last one takes the rest, with any further dots. */
struct parts {
	struct bytes header, payload, signature, signing_input;
};

static bool
split(struct bytes token, struct parts *out)
{
	const uint8_t *end = token.ptr + token.len;
	const uint8_t *first = memchr(token.ptr, '.', token.len);
	const uint8_t *second;

	if (first == NULL)
		return false;
	second = memchr(first + 1, '.', (size_t)(end - first - 1));
	if (second == NULL)
		return false;
	*out = (struct parts){
		.header = bytes_of(token.ptr, (size_t)(first - token.ptr)),
		.payload = bytes_of(first + 1, (size_t)(second - first - 1)),
		.signature = bytes_of(second + 1, (size_t)(end - second - 1)),
		.signing_input = bytes_of(token.ptr,
		    (size_t)(second - token.ptr))
	};
	return true;
}

/* The reason of the core for the header and the form of the signature. */
static enum jwt_reason
judge_form(const struct parts *parts)
{
	enum jwt_reason reason;
	struct jws *jws;
	char *token;

	if (asprintf(&token, "%.*s.e30.%.*s",
	    (int)parts->header.len, (const char *)parts->header.ptr,
	    (int)parts->signature.len, (const char *)parts->signature.ptr) < 0)
		return JWT_OUT_OF_MEMORY;
	reason = jws_parse(bytes_str(token), &jws);
	jws_free(jws);
	free(token);
	return reason;
}

/* Find the key that jws_verify() would find, by its kid or without one. */
static enum jwt_reason
find_key(struct json_object *header, const struct vectors_issuer *keys,
    const struct jwk **out)
{
	const struct jwk_set *set = &keys->issuer.set;
	const char *kid = vectors_string(header, "kid");
	alg_set algs = alg_by_name(bytes_str(vectors_string(header, "alg")));
	size_t i;

	if ((algs & keys->issuer.algorithms) == 0)
		return JWT_ALG_NOT_ALLOWED;
	for (i = 0; i < set->count; i++) {
		*out = &set->keys[i];
		if (kid != NULL && (*out)->has_kid &&
		    !bytes_eq_str((*out)->kid, kid))
			continue;
		return (algs & ALG_BIT((*out)->alg)) != 0 ? JWT_OK :
		    JWT_ALG_KEY_MISMATCH;
	}
	return JWT_KEY_UNKNOWN;
}

static enum jwt_reason
verify_below(const struct parts *parts, const struct jwk *key)
{
	struct secret payload = { 0 }, signature = { 0 };
	enum jwt_reason reason;

	reason = secret_alloc(b64url_decoded_len(parts->payload.len), &payload);
	if (reason == JWT_OK)
		reason = b64url_decode(parts->payload, payload.ptr);
	if (reason == JWT_OK)
		reason = secret_alloc(b64url_decoded_len(parts->signature.len),
		    &signature);
	if (reason == JWT_OK)
		reason = b64url_decode(parts->signature, signature.ptr);
	if (reason == JWT_OK)
		reason = sig_verify(key->key, key->alg, parts->signing_input,
		    secret_bytes(&signature));
	secret_clear(&payload);
	secret_clear(&signature);
	return reason;
}

/* Read by json-c a header that the core has accepted. */
static struct json_object *
read_header(struct bytes raw)
{
	struct json_object *root = NULL;
	struct secret text;

	if (secret_alloc(b64url_decoded_len(raw.len), &text) == JWT_OK &&
	    b64url_decode(raw, text.ptr) == JWT_OK)
		root = json_tokener_parse((const char *)text.ptr);
	secret_clear(&text);
	return root;
}

static enum jwt_reason
verify_parts(const struct parts *parts, const struct vectors_issuer *keys)
{
	struct json_object *header;
	const struct jwk *key;
	enum jwt_reason reason = judge_form(parts);

	if (reason != JWT_OK)
		return reason;
	header = read_header(parts->header);
	if (header == NULL)
		return JWT_INTERNAL;
	reason = find_key(header, keys, &key);
	json_object_put(header);
	return reason == JWT_OK ? verify_below(parts, key) : reason;
}

/* Verify as a login does; JWT_JSON_INVALID if the payload is not an object. */
static enum jwt_reason
verify_whole(const char *token, const struct vectors_issuer *keys)
{
	const struct claims *claims;
	struct jws *jws;
	enum jwt_reason reason = jws_parse(bytes_str(token), &jws);

	if (reason == JWT_OK)
		reason = jws_verify(jws, &keys->issuer.set,
		    keys->issuer.algorithms, &claims);
	jws_free(jws);
	return reason;
}

enum jwt_reason
vectors_verify(const char *token, const struct vectors_issuer *keys)
{
	enum jwt_reason whole = verify_whole(token, keys);
	enum jwt_reason below;
	struct parts parts;

	if (!split(bytes_str(token), &parts))
		return whole;
	below = verify_parts(&parts, keys);
	if (whole == JWT_JSON_INVALID || parts.payload.len == 0)
		return below;
	return (whole == JWT_OK) == (below == JWT_OK) ? whole : JWT_INTERNAL;
}

void
vectors_print(const char *name, const struct vectors_tally *tally)
{
	const char *comma = "";
	unsigned total = 0;
	size_t i;

	for (i = 0; i < JWT_REASON_COUNT; i++)
		total += tally->count[i];
	printf("%s: %u cases:", name, total);
	for (i = 0; i < JWT_REASON_COUNT; i++) {
		if (tally->count[i] == 0)
			continue;
		printf("%s %u %s", comma, tally->count[i],
		    reason_name((enum jwt_reason)i));
		comma = ",";
	}
	printf("\n");
}
