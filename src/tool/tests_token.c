/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the key of a run of tests, and the token of each test. */
#include <stdlib.h>

#include "core/base/json_write.h"
#include "core/base/number.h"
#include "core/jose/jws.h"
#include "issuer/keyfile.h"
#include "issuer/mint.h"
#include "tool/tests_token.h"

#define LIFE_SEC 300	/* of a token whose test gives no exp */

/* ---- the key, and the copy of the policy ---- */

/* Read the public half as the module reads a key file. */
static enum jwt_reason
read_key(const struct policy *policy, struct tests_signer *out)
{
	struct jwk_file source = { .name = "the key of the tests" };
	struct secret text = { 0 };
	struct diag diag = { 0 };
	enum jwt_reason reason = JWT_OUT_OF_MEMORY;

	out->owner = (struct issuer){
		.name = "tests", .algorithms = ALG_BIT(out->pair.alg),
		.algorithms_given = true
	};
	if (!keyfile_write(&out->pair, false, &text))
		goto out;
	reason = jwk_set_add(&out->owner.set, &source, &text, &diag);
	if (reason != JWT_OK)
		goto out;
	reason = policy_bind_keys(policy, &out->owner, &diag);
out:
	secret_clear(&text);
	diag_clear(&diag);
	return reason;
}

/*
 * Give every issuer the key, and no other.  A set that could not be fetched
 * does not count: the tests are about the rules.
 */
static enum jwt_reason
copy_issuers(const struct policy *policy, struct tests_signer *out)
{
	size_t i;

	out->policy = *policy;
	out->policy.issuers = calloc(policy->issuer_count + 1,
	    sizeof(*policy->issuers));
	if (out->policy.issuers == NULL)
		return JWT_OUT_OF_MEMORY;
	for (i = 0; i < policy->issuer_count; i++) {
		struct issuer *issuer = &out->policy.issuers[i];

		*issuer = policy->issuers[i];
		issuer->set = out->owner.set;
		issuer->algorithms = out->owner.algorithms;
		issuer->fetched = JWT_OK;
		/* No test makes a token that is encrypted. */
		issuer->encryption_required = false;
	}
	return JWT_OK;
}

enum jwt_reason
tests_signer_make(const struct policy *policy, struct tests_signer *out)
{
	enum jwt_reason reason;

	if (!keypair_generate(ALG_ES256, 0, &out->pair))
		return JWT_INTERNAL;
	reason = read_key(policy, out);
	if (reason != JWT_OK)
		return reason;
	return copy_issuers(policy, out);
}

void
tests_signer_clear(struct tests_signer *signer)
{
	free(signer->policy.issuers);
	jwk_set_clear(&signer->owner.set);
	keypair_clear(&signer->pair);
	*signer = (struct tests_signer){ 0 };
}

/* ---- claims that the test leaves out ---- */

/* The claims that the test gives, and what is written in front of them. */
struct claims {
	const struct tests_token *token;
	struct bytes text;
	struct json_doc doc;
	struct json_write json;
};

static const struct json_node *
given(const struct claims *in, const char *name)
{
	return json_get(json_root(&in->doc), bytes_str(name));
}

/* A token of LIFE_SEC that is issued now, or when the test says. */
static int64_t
expiry_of(const struct claims *in)
{
	int64_t max_sec = (int64_t)in->token->issuer->max_lifetime_sec;
	int64_t exp = in->token->now + LIFE_SEC;
	int64_t start = in->token->now;
	const struct json_node *iat = given(in, "iat");
	struct number_date date;

	if (json_is(iat, JSON_NUMBER) &&
	    number_date(json_text(iat), &date) == JWT_OK)
		start = date.floor_sec;
	if (exp - start > max_sec)
		return start + max_sec;
	return exp;
}

static void
fill_time(struct claims *in, const char *name, int64_t value)
{
	if (given(in, name) != NULL)
		return;
	json_write_name(&in->json, bytes_str(name));
	json_write_integer(&in->json, value);
}

static void
fill_string(struct claims *in, const char *name, const char *value)
{
	if (given(in, name) == NULL)
		json_write_member(&in->json, name, value);
}

static void
fill_binding(struct claims *in)
{
	const struct proof *proof = in->token->proof;

	if (!in->token->service->require_proof || proof->count == 0 ||
	    given(in, "cnf") != NULL)
		return;
	json_write_name(&in->json, bytes_str("cnf"));
	json_write_object(&in->json);
	json_write_member(&in->json, "jkt", proof->key[0].jkt);
	json_write_close(&in->json);
}

static enum jwt_reason
write_filling(struct claims *in, struct secret *out)
{
	const struct issuer *issuer = in->token->issuer;

	json_write_start(&in->json, TOKEN_MAX);
	json_write_object(&in->json);
	fill_string(in, "iss", issuer->iss);
	if (issuer->audience.count > 0)
		fill_string(in, "aud", issuer->audience.item[0]);
	fill_time(in, "iat", in->token->now);
	fill_time(in, "exp", expiry_of(in));
	fill_string(in, "jti", "test");
	fill_binding(in);
	json_write_close(&in->json);
	return json_write_finish(&in->json, out);
}

/* Append bytes to a buffer that is large enough. */
static void
append(struct secret *out, struct bytes bytes)
{
	if (bytes.len > 0)
		memcpy(out->ptr + out->len, bytes.ptr, bytes.len);
	out->len += bytes.len;
}

/* Make one object of two: the members of the second after the first's. */
static enum jwt_reason
join(struct bytes filling, struct bytes text, struct secret *out)
{
	struct bytes inner = bytes_of(text.ptr + 1, text.len - 2);
	enum jwt_reason reason;

	reason = secret_alloc(filling.len + text.len + 1, out);
	if (reason != JWT_OK)
		return reason;
	out->len = 0;
	append(out, bytes_of(filling.ptr, filling.len - 1));
	if (filling.len > 2 && bytes_trim(inner).len > 0)
		append(out, bytes_str(","));
	append(out, inner);
	append(out, bytes_str("}"));
	return JWT_OK;
}

/* tests_conf.c has read the claims before: they are one strict object. */
static enum jwt_reason
write_claims(const struct tests_token *token, struct secret *out)
{
	const char *text = token->test->claims;
	struct claims in = {
		.token = token, .text = bytes_str(text == NULL ? "{}" : text)
	};
	struct secret copy = { 0 }, filling = { 0 };
	enum jwt_reason reason = secret_copy(in.text, &copy);

	if (reason != JWT_OK)
		goto out;
	reason = json_parse(copy.ptr, copy.len, &json_token_limits, &in.doc);
	if (reason != JWT_OK)
		goto out;
	reason = write_filling(&in, &filling);
	if (reason != JWT_OK)
		goto out;
	reason = join(secret_bytes(&filling), in.text, out);
out:
	json_clear(&in.doc);
	secret_clear(&filling);
	secret_clear(&copy);
	return reason;
}

/* ---- the token ---- */

/* The first type that the issuer accepts; NULL: a header without typ. */
static const char *
type_of(const struct issuer *issuer)
{
	if (issuer->types.count == 0)
		return "JWT";
	if (strcmp(issuer->types.item[0], "none") == 0)
		return NULL;
	return issuer->types.item[0];
}

static enum jwt_reason
write_header(const struct issuer *issuer, const struct keypair *pair,
    struct secret *out)
{
	const char *typ = type_of(issuer);
	struct json_write json;

	json_write_start(&json, HEADER_MAX);
	json_write_object(&json);
	json_write_member(&json, "alg", pair->alg_name);
	if (typ != NULL)
		json_write_member(&json, "typ", typ);
	json_write_close(&json);
	return json_write_finish(&json, out);
}

enum jwt_reason
tests_token_make(const struct tests_token *token,
    struct tests_signer *signer, struct secret *out)
{
	struct mint_signer with = keypair_signer(&signer->pair);
	struct secret header = { 0 }, claims = { 0 };
	enum jwt_reason reason;

	*out = (struct secret){ 0 };
	reason = write_header(token->issuer, &signer->pair, &header);
	if (reason != JWT_OK)
		goto out;
	reason = write_claims(token, &claims);
	if (reason != JWT_OK)
		goto out;
	reason = mint_sign(&with, secret_bytes(&header), secret_bytes(&claims),
	    out);
	if (reason != JWT_OK)
		secret_clear(out);
out:
	secret_clear(&claims);
	secret_clear(&header);
	return reason;
}
