/* SPDX-License-Identifier: BSD-2-Clause */
/* cjose, and jansson for the claims. */
#include <cjose/cjose.h>

#include "tests/bench/adapters/claims_jansson.h"

static void *
load(const struct subject *subject)
{
	return cjose_jwk_import(subject->jwk, strlen(subject->jwk), NULL);
}

static bool
check(cjose_jws_t *jws, const cjose_jwk_t *jwk, const struct subject *subject)
{
	const char *alg = cjose_header_get(cjose_jws_get_protected(jws),
	    CJOSE_HDR_ALG, NULL);
	uint8_t *text;
	size_t len;

	return alg != NULL && strcmp(alg, jws_alg(subject)) == 0 &&
	    cjose_jws_verify(jws, jwk, NULL) &&
	    cjose_jws_get_plaintext(jws, &text, &len, NULL) &&
	    claims_hold(text, len, subject);
}

static bool
verify(void *key, const struct subject *subject)
{
	cjose_jws_t *jws = cjose_jws_import(subject->token,
	    strlen(subject->token), NULL);
	bool good = jws != NULL && check(jws, key, subject);

	cjose_jws_release(jws);
	return good;
}

static void
unload(void *key)
{
	cjose_jwk_release(key);
}

const struct adapter bench_adapter = {
	"cjose", cjose_version, " ES256 RS256 PS256 HS256 ES384 ", load, verify,
	unload
};
