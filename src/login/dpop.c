/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chooses the key, and writes the proof: a JWS whose header has the public key,
 * and whose claims name the one request that it is for.
 */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "core/base/b64url.h"
#include "core/base/json_write.h"
#include "login/dpop.h"
#include "login/scope.h"

#define JTI_BYTES	16	/* 128 bits: two are never the same */
#define PART_MAX	((size_t)8192)	/* bytes of the header, of the claims */

/* ---- the key ---- */

/* The algs of proofs by a kind of key.  RFC 9864 gave one another name. */
static const struct {
	enum alg_id id;
	const char *alg;
} algs_of[] = {
	{ ALG_ED25519, "EdDSA" },
	{ ALG_ED25519, "Ed25519" },
	{ ALG_ES256, "ES256" },
	{ ALG_RS256, "RS256" },
};

/* The alg that the key has, of those that the provider takes; or NULL. */
static const char *
find_alg(const struct agent_key *key, const char *algs)
{
	enum alg_id id;
	size_t i;

	if (!agent_key_alg(key, &id))
		return NULL;
	for (i = 0; i < sizeof(algs_of) / sizeof(algs_of[0]); i++) {
		const char *alg = algs_of[i].alg;

		if (algs_of[i].id == id && (algs == NULL ||
		    scope_has(bytes_str(algs), bytes_str(alg))))
			return alg;
	}
	return NULL;
}

static bool
fail(struct dpop *dpop, const char *what)
{
	snprintf(dpop->words, sizeof(dpop->words), "%s", what);
	return false;
}

static bool
fail_algs(struct dpop *dpop, const char *which, const char *algs)
{
	snprintf(dpop->words, sizeof(dpop->words), "the provider accepts no "
	    "proof by %s, only by a key for %.100s", which,
	    algs[0] == '\0' ? "no alg at all" : algs);
	return false;
}

static bool
choose_first(struct dpop *dpop, const char *algs)
{
	bool can_sign = false;
	size_t i;

	for (i = 0; i < dpop->agent.count && dpop->alg == NULL; i++) {
		dpop->key = &dpop->agent.keys[i];
		dpop->alg = find_alg(dpop->key, algs);
		can_sign |= find_alg(dpop->key, NULL) != NULL;
	}
	if (dpop->alg != NULL)
		return true;
	if (can_sign)
		return fail_algs(dpop, "a key of the ssh-agent", algs);
	return fail(dpop, "the ssh-agent has no key for a proof: ed25519, "
	    "ECDSA P-256 or RSA; FIDO keys cannot make one. Run ssh-add");
}

static const struct agent_key *
find_key(const struct agent *agent, const char *fingerprint)
{
	size_t i;

	for (i = 0; i < agent->count; i++) {
		if (strcmp(agent->keys[i].key.fingerprint, fingerprint) == 0)
			return &agent->keys[i];
	}
	return NULL;
}

static bool
choose(struct dpop *dpop, const char *fingerprint, const char *algs)
{
	dpop->key = find_key(&dpop->agent, fingerprint);
	if (dpop->key == NULL) {
		snprintf(dpop->words, sizeof(dpop->words), "the ssh-agent does "
		    "not have the key %s: run ssh-add", fingerprint);
		return false;
	}
	if (find_alg(dpop->key, NULL) == NULL)
		return fail(dpop, "the chosen key cannot make a proof: it must "
		    "be ed25519, ECDSA P-256 or RSA, and not a FIDO key");
	dpop->alg = find_alg(dpop->key, algs);
	return dpop->alg != NULL || fail_algs(dpop, fingerprint, algs);
}

bool
dpop_open(const char *which, const char *algs, int64_t end_msec,
    struct dpop *out)
{
	const char *fault;

	*out = (struct dpop){ .key = NULL };
	fault = agent_open(end_msec, &out->agent);
	if (fault != NULL)
		return fail(out, fault);
	if (strcmp(which, DPOP_ANY_KEY) == 0)
		return choose_first(out, algs);
	return choose(out, which, algs);
}

void
dpop_close(struct dpop *dpop)
{
	agent_close(&dpop->agent);
	dpop->key = NULL;
}

/* ---- the proof ---- */

static enum jwt_reason
write_header(const struct dpop *dpop, struct secret *out)
{
	struct json_write json;

	json_write_start(&json, PART_MAX);
	json_write_object(&json);
	json_write_member(&json, "typ", "dpop+jwt");
	json_write_member(&json, "alg", dpop->alg);
	json_write_name(&json, bytes_str("jwk"));
	json_write_object(&json);
	thumbprint_members(&json, &dpop->key->mat);
	json_write_close(&json);
	json_write_close(&json);
	return json_write_finish(&json, out);
}

static enum jwt_reason
write_claims(struct bytes url, struct bytes nonce, int64_t now,
    struct secret *out)
{
	uint8_t random[JTI_BYTES];
	struct json_write json;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return JWT_INTERNAL;
	json_write_start(&json, PART_MAX);
	json_write_object(&json);
	json_write_member(&json, "htm", "POST");
	json_write_name(&json, bytes_str("htu"));
	json_write_string(&json, url);
	json_write_name(&json, bytes_str("iat"));
	json_write_integer(&json, now);
	json_write_name(&json, bytes_str("jti"));
	json_write_b64url(&json, bytes_of(random, sizeof(random)));
	if (nonce.len > 0) {
		json_write_name(&json, bytes_str("nonce"));
		json_write_string(&json, nonce);
	}
	json_write_close(&json);
	return json_write_finish(&json, out);
}

/* Append a dot, unless it is the first part, and the part in base64url. */
static void
append(struct secret *out, struct bytes part)
{
	if (out->len > 0)
		out->ptr[out->len++] = '.';
	b64url_encode(part, (char *)out->ptr + out->len);
	out->len += b64url_encoded_len(part.len);
}

/* htu has neither query nor fragment (RFC 9449 section 4.2). */
static struct bytes
without_query(struct bytes url)
{
	struct bytes rest = url;
	struct bytes head = bytes_cut(&rest, '#');

	rest = head;
	return bytes_cut(&rest, '?');
}

static bool
sign(struct dpop *dpop, struct secret *proof)
{
	struct secret signature = { 0 };
	const char *fault = agent_sign(&dpop->agent, dpop->key,
	    secret_bytes(proof), &signature);
	bool fits = fault == NULL && proof->len + 1 +
	    b64url_encoded_len(signature.len) <= proof->size;

	if (fits)
		append(proof, secret_bytes(&signature));
	secret_clear(&signature);
	if (fault != NULL)
		return fail(dpop, fault);
	return fits || fail(dpop, "the ssh-agent gave a malformed answer");
}

bool
dpop_proof(struct dpop *dpop, struct bytes url, struct bytes nonce,
    int64_t now, struct secret *out)
{
	struct secret header = { 0 }, claims = { 0 };
	size_t signature_max = 2 + b64url_encoded_len(RSA_BITS_MAX / 8);
	bool ok;

	*out = (struct secret){ .len = 0 };
	ok = write_header(dpop, &header) == JWT_OK &&
	    write_claims(without_query(url), nonce, now, &claims) == JWT_OK &&
	    secret_alloc(b64url_encoded_len(header.len) + signature_max +
	    b64url_encoded_len(claims.len), out) == JWT_OK;
	if (ok) {
		out->len = 0;
		append(out, secret_bytes(&header));
		append(out, secret_bytes(&claims));
	}
	secret_clear(&header);
	secret_clear(&claims);
	if (!ok)
		return fail(dpop, "the proof cannot be written: memory ran "
		    "out, or the nonce is not text");
	return sign(dpop, out);
}
