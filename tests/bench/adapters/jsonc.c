/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenSSL with json-c, as a careful program would write it by hand.  With
 * -DFROM_PEM it reads the key the usual way, by PEM_read_bio_PUBKEY().
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/adapters/plain.h"

#ifdef FROM_PEM
#define NAME	"OpenSSL + json-c, PEM"
#define PEM	true
#define ALGS	" ES256 Ed25519 RS256 PS256 ES384 "
#else
#define NAME	"OpenSSL + json-c"
#define PEM	false
#define ALGS	" ES256 Ed25519 RS256 PS256 HS256 ES384 "
#endif

static void *
load(const struct subject *subject)
{
	struct plain_key *key = calloc(1, sizeof(*key));

	if (key == NULL || !plain_load(subject, PEM, key))
		return NULL;
	return key;
}

static bool
verify(void *key, const struct subject *subject)
{
	const char *token = subject->token;
	const char *payload = strchr(token, '.') + 1;
	const char *signature = strrchr(token, '.') + 1;
	uint8_t raw[PLAIN_SIGNATURE_MAX], form[PLAIN_SIGNATURE_MAX];
	size_t len;

	if (!plain_header(token, (size_t)(payload - token) - 1, subject->alg))
		return false;
	len = plain_b64(signature, strlen(signature), raw);
	len = plain_signature(key, raw, len, form);
	return plain_verify(key, token, (size_t)(signature - token) - 1, form,
	    len) && plain_claims(payload, (size_t)(signature - payload) - 1,
	    subject);
}

static void
unload(void *key)
{
	plain_unload(key);
	free(key);
}

const struct adapter bench_adapter = {
	NAME, json_c_version, ALGS, load, verify, unload
};
