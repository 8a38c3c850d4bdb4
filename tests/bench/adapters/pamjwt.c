/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our own verifier: jws_parse(), jws_verify() and claims_check(), and to load a
 * key jwk_set_add() and policy_bind_keys().  With -DWHOLE the whole decision,
 * with two permit lines, the second of which holds; then the configuration is
 * parsed with each key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/verdict.h"
#include "tests/bench/adapters/adapter.h"

static const char config[] =
	"[issuer corp]\n"
	"iss = %s\n"
	"keys = /none\n"
	"algorithms = %s\n"
	"audience = %s\n"
	"[service sshd]\n"
	"permit = as root if groups has admins\n"
	"permit = as claim sub\n";

static const char *
version(void)
{
	return "this tree";
}

static bool
parse(const struct subject *subject, struct policy *policy)
{
	static const struct policy_host host;
	struct diag diag = { 0 };
	char *text;
	bool good;

	if (asprintf(&text, config, subject->iss,
	    strcmp(subject->alg, "Ed25519") == 0 ? "EdDSA" : subject->alg,
	    subject->aud) < 0)
		return false;
	good = policy_parse(bytes_str(text), "bench", &host, &diag, policy) ==
	    JWT_OK;
	diag_clear(&diag);
	free(text);
	return good;
}

static bool
load_key(const struct subject *subject, const struct policy *policy,
    struct issuer *issuer)
{
	bool is_secret = strncmp(subject->alg, "HS", 2) == 0;
	struct jwk_file file = { .name = "bench", .symmetric = is_secret };
	struct diag diag = { 0 };
	struct secret key;
	bool good;

	if (secret_copy(bytes_str(subject->jwk), &key) != JWT_OK)
		return false;
	good = jwk_set_add(&issuer->set, &file, &key, &diag) == JWT_OK &&
	    policy_bind_keys(policy, issuer, &diag) == JWT_OK;
	secret_clear(&key);
	diag_clear(&diag);
	return good;
}

#ifdef WHOLE
#define NAME	"pam_jwt, whole verdict"

static void *
load(const struct subject *subject)
{
	struct policy *policy = calloc(1, sizeof(*policy));

	if (policy == NULL || !parse(subject, policy) ||
	    !load_key(subject, policy, &policy->issuers[0]))
		return NULL;
	return policy;
}

static void
unload(void *key)
{
	policy_clear(key);
	free(key);
}

static enum jwt_reason
everybody(void *ctx, const char *name, struct account_facts *out)
{
	(void)ctx;
	(void)name;
	out->exists = true;
	return JWT_OK;
}

static bool
verify(void *key, const struct subject *subject)
{
	static const struct account_host accounts = { .look_up = everybody };
	struct verdict_input in = {
		.policy = key, .service = policy_service(key, "sshd"),
		.user = "alice", .rhost = "10.1.2.3", .now = time(NULL),
		.accounts = &accounts
	};
	struct verdict out;
	enum jwt_reason reason;

	verdict_parse(bytes_str(subject->token), &in);
	reason = verdict_reach(&in, &out);
	verdict_clear(&out);
	return reason == JWT_OK;
}
#else
#define NAME	"pam_jwt"

/* The configuration for an algorithm, parsed when it is first asked for. */
static const struct policy *
configuration(const struct subject *subject)
{
	static struct {
		const char *alg;
		struct policy policy;
	} known[8];
	size_t i = 0;

	while (known[i].alg != NULL && strcmp(known[i].alg, subject->alg) != 0)
		i++;
	if (known[i].alg == NULL && !parse(subject, &known[i].policy))
		return NULL;
	known[i].alg = subject->alg;
	return &known[i].policy;
}

static void *
load(const struct subject *subject)
{
	const struct policy *policy = configuration(subject);
	struct issuer *issuer = calloc(1, sizeof(*issuer));

	if (policy == NULL || issuer == NULL)
		return NULL;
	*issuer = policy->issuers[0];	/* which has no key */
	if (!load_key(subject, policy, issuer))
		return NULL;
	return issuer;
}

static void
unload(void *key)
{
	struct issuer *issuer = key;

	jwk_set_clear(&issuer->set);
	free(issuer);
}

static bool
verify(void *key, const struct subject *subject)
{
	const struct issuer *issuer = key;
	const struct claims *claims;
	struct claims_identity id;
	struct jws *jws;
	bool good;

	if (jws_parse(bytes_str(subject->token), &jws) != JWT_OK) {
		jws_free(jws);
		return false;
	}
	good = jws_verify(jws, &issuer->set, issuer->algorithms, &claims) ==
	    JWT_OK && claims_check(claims, issuer, time(NULL), &id) == JWT_OK;
	jws_free(jws);
	return good;
}
#endif

const struct adapter bench_adapter = {
	NAME, version, " ES256 Ed25519 RS256 PS256 HS256 ES384 ", load, verify,
	unload
};
