/* SPDX-License-Identifier: BSD-2-Clause */
/* libjwt 3: a checker holds the key and the claims that are expected. */
#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/adapters/adapter.h"

struct held {
	jwk_set_t *set;
	jwt_checker_t *checker;
	const char *aud;	/* that the checker expects; borrowed */
};

static const char *
version(void)
{
	return JWT_VERSION_STRING;
}

static bool
fill(struct held *held, const struct subject *subject)
{
	bool is_ed = strcmp(subject->alg, "Ed25519") == 0;

	held->set = jwks_create(subject->jwk);
	held->checker = jwt_checker_new();
	held->aud = subject->aud;
	return held->set != NULL && held->checker != NULL &&
	    jwt_checker_setkey(held->checker,
	    jwt_str_alg(is_ed ? "EdDSA" : subject->alg),
	    jwks_item_get(held->set, 0)) == 0 &&
	    jwt_checker_claim_set(held->checker, JWT_CLAIM_ISS,
	    subject->iss) == 0 &&
	    jwt_checker_claim_set(held->checker, JWT_CLAIM_AUD,
	    subject->aud) == 0 &&
	    jwt_checker_time_leeway(held->checker, JWT_CLAIM_EXP, 0) == 0;
}

static void *
load(const struct subject *subject)
{
	struct held *held = calloc(1, sizeof(*held));

	if (held == NULL || !fill(held, subject))
		return NULL;
	return held;
}

static bool
verify(void *key, const struct subject *subject)
{
	struct held *held = key;

	if (held->aud != subject->aud && jwt_checker_claim_set(held->checker,
	    JWT_CLAIM_AUD, subject->aud) != 0)
		return false;
	held->aud = subject->aud;
	return jwt_checker_verify(held->checker, subject->token) == 0;
}

static void
unload(void *key)
{
	struct held *held = key;

	jwt_checker_free(held->checker);
	jwks_free(held->set);
	free(held);
}

const struct adapter bench_adapter = {
	"libjwt 3", version, " ES256 Ed25519 RS256 PS256 HS256 ES384 ", load,
	verify, unload
};
