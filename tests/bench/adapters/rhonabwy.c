/* SPDX-License-Identifier: BSD-2-Clause */
/* rhonabwy, which is made of GnuTLS. */
#include <rhonabwy.h>
#include <string.h>

#include "tests/bench/adapters/adapter.h"

static const char *
version(void)
{
	return RHONABWY_VERSION_STR;
}

static void *
load(const struct subject *subject)
{
	jwk_t *jwk = NULL;

	if (r_jwk_init(&jwk) != RHN_OK ||
	    r_jwk_import_from_json_str(jwk, subject->jwk) != RHN_OK)
		return NULL;
	return jwk;
}

static bool
check(jwt_t *jwt, jwk_t *jwk, const struct subject *subject)
{
	const char *alg = strcmp(subject->alg, "Ed25519") == 0 ? "EdDSA" :
	    subject->alg;

	return r_jwt_get_sign_alg(jwt) == r_str_to_jwa_alg(alg) &&
	    r_jwt_verify_signature(jwt, jwk, 0) == RHN_OK &&
	    r_jwt_validate_claims(jwt, R_JWT_CLAIM_ISS, subject->iss,
	    R_JWT_CLAIM_AUD, subject->aud, R_JWT_CLAIM_EXP, R_JWT_CLAIM_NOW,
	    R_JWT_CLAIM_NOP) == RHN_OK;
}

static bool
verify(void *key, const struct subject *subject)
{
	jwt_t *jwt = r_jwt_quick_parse(subject->token, R_PARSE_NONE, 0);
	bool good = jwt != NULL && check(jwt, key, subject);

	r_jwt_free(jwt);
	return good;
}

static void
unload(void *key)
{
	r_jwk_free(key);
}

const struct adapter bench_adapter = {
	"rhonabwy", version, " ES256 Ed25519 RS256 PS256 HS256 ES384 ", load,
	verify, unload
};
