/* SPDX-License-Identifier: BSD-2-Clause */
/* The claims by jansson, for libraries that check a signature alone. */
#ifndef TESTS_BENCH_CLAIMS_JANSSON_H
#define TESTS_BENCH_CLAIMS_JANSSON_H

#include <jansson.h>
#include <string.h>
#include <time.h>

#include "tests/bench/adapters/adapter.h"

static inline bool
claims_have(json_t *claims, const char *name, const char *want)
{
	const char *text = json_string_value(json_object_get(claims, name));

	return text != NULL && strcmp(text, want) == 0;
}

static inline bool
claims_hold(const void *text, size_t len, const struct subject *subject)
{
	json_t *claims = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	bool good = json_integer_value(json_object_get(claims, "exp")) >
	    time(NULL) && claims_have(claims, "iss", subject->iss) &&
	    claims_have(claims, "aud", subject->aud);

	json_decref(claims);
	return good;
}

static inline const char *
jws_alg(const struct subject *subject)
{
	return strcmp(subject->alg, "Ed25519") == 0 ? "EdDSA" : subject->alg;
}

#endif
