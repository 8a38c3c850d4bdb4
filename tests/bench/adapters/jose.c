/* SPDX-License-Identifier: BSD-2-Clause */
/* jose (latchset), and jansson for the claims. */
#include <jose/b64.h>
#include <jose/jws.h>
#include <stdlib.h>

#include "tests/bench/adapters/claims_jansson.h"

static const char *
version(void)
{
	return "jose";
}

static void *
load(const struct subject *subject)
{
	return json_loads(subject->jwk, 0, NULL);
}

static json_t *
flattened(const char *token)
{
	const char *payload = strchr(token, '.') + 1;
	const char *signature = strrchr(token, '.') + 1;

	return json_pack("{s:s%,s:s%,s:s}", "protected", token,
	    (size_t)(payload - token) - 1, "payload", payload,
	    (size_t)(signature - payload) - 1, "signature", signature);
}

static bool
is_alg(json_t *jws, const struct subject *subject)
{
	json_t *header = jose_jws_hdr(jws);
	bool good = claims_have(header, "alg", jws_alg(subject));

	json_decref(header);
	return good;
}

static bool
claims_of(json_t *jws, const struct subject *subject)
{
	json_t *payload = json_object_get(jws, "payload");
	size_t len = jose_b64_dec(payload, NULL, 0);
	char *text = malloc(len);
	bool good = text != NULL && jose_b64_dec(payload, text, len) == len &&
	    claims_hold(text, len, subject);

	free(text);
	return good;
}

static bool
verify(void *key, const struct subject *subject)
{
	json_t *jws = flattened(subject->token);
	bool good = jws != NULL && is_alg(jws, subject) &&
	    jose_jws_ver(NULL, jws, NULL, key, false) &&
	    claims_of(jws, subject);

	json_decref(jws);
	return good;
}

static void
unload(void *key)
{
	json_decref(key);
}

const struct adapter bench_adapter = {
	"jose", version, " ES256 RS256 PS256 HS256 ES384 ", load, verify, unload
};
