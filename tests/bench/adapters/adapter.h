/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A verifier of tokens as tests/bench/verify.c measures it.  Each object of
 * this folder exports one, as "bench_adapter".
 *
 * All do the same work: the signature by a key of the issuer, with the one
 * algorithm that is configured, then exp, iss and aud.  The bare ones do the
 * signature alone: they are the floor.
 */
#ifndef TESTS_BENCH_ADAPTER_H
#define TESTS_BENCH_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

#define SHOWN __attribute__((visibility("default")))

/* A key as its issuer publishes it, and a token that it has signed. */
struct subject {
	const char *alg;	/* of the key: Ed25519 and not EdDSA */
	const char *jwk;	/* public, or a secret */
	const char *pem;	/* the same; NULL for a secret */
	const char *token;
	const char *iss, *aud;
};

struct adapter {
	const char *name;
	const char *(*version)(void);
	const char *algs;	/* words with a space around each */
	void *(*load)(const struct subject *subject);	/* NULL: it failed */
	bool (*verify)(void *key, const struct subject *subject);
	void (*unload)(void *key);
};

extern SHOWN const struct adapter bench_adapter;

#endif
