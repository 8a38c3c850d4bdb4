/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our own verifier: jws_parse(), jws_verify() and claims_check(); with
 * -DWHOLE the whole decision, with two permit lines, the second of which holds.
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
fill(const struct subject *subject, struct policy *policy, struct diag *diag)
{
	static const struct policy_host host;
	bool is_secret = strncmp(subject->alg, "HS", 2) == 0;
	struct jwk_file file = { .name = "bench", .symmetric = is_secret };
	struct secret key;
	char *text;
	bool good;

	if (secret_copy(bytes_str(subject->jwk), &key) != JWT_OK ||
	    asprintf(&text, config, subject->iss,
	    strcmp(subject->alg, "Ed25519") == 0 ? "EdDSA" : subject->alg,
	    subject->aud) < 0)
		return false;
	good = policy_parse(bytes_str(text), "bench", &host, diag, policy) ==
	    JWT_OK && jwk_set_add(&policy->issuers[0].set, &file, &key, diag)
	    == JWT_OK && policy_bind_keys(policy, &policy->issuers[0], diag) ==
	    JWT_OK;
	secret_clear(&key);
	free(text);
	return good;
}

static void *
load(const struct subject *subject)
{
	struct policy *policy = calloc(1, sizeof(*policy));
	struct diag diag = { 0 };
	bool good;

	if (policy == NULL)
		return NULL;
	good = fill(subject, policy, &diag);
	diag_clear(&diag);
	return good ? policy : NULL;
}

#ifdef WHOLE
#define NAME	"pam_jwt, whole verdict"

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

static bool
verify(void *key, const struct subject *subject)
{
	const struct policy *policy = key;
	const struct issuer *issuer = &policy->issuers[0];
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

static void
unload(void *key)
{
	policy_clear(key);
	free(key);
}

const struct adapter bench_adapter = {
	NAME, version, " ES256 Ed25519 RS256 PS256 HS256 ES384 ", load, verify,
	unload
};
