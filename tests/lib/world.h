/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world for tests: a key for each algorithm, one issuer that has their
 * public halves, tokens signed with them, and the verdict.
 *
 * Each run makes new keys.  Anything that fails here aborts the program.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "core/verdict.h"
#include "issuer/keypair.h"

#define WORLD_NOW INT64_C(1700000000)
#define WORLD_ISS "https://id.test"
#define WORLD_CLAIMS \
	"\"iss\":\"" WORLD_ISS "\",\"sub\":\"alice\",\"aud\":\"urn:h\"," \
	"\"iat\":1699999990,\"exp\":1700000600"

struct world {
	struct policy policy;
	struct diag diag;
};

/* Format a text of any length; the caller frees it. */
char *world_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* The key of an algorithm, whose kid is the algorithm's name; never freed. */
struct keypair *world_key(enum alg_id alg);

/*
 * Its public JWK (for HMAC the secret) with alg and kid; the caller frees it.
 */
char *world_jwk(enum alg_id alg);

/* The same with other members, such as ",\"use\":\"enc\"", instead of those. */
char *world_jwk_with(enum alg_id alg, const char *more);

/* The same for a new key: each call makes another one. */
char *world_jwk_fresh(enum alg_id alg, const char *more);

/* Make a set of JWK texts, and free them; the last argument is NULL. */
char *world_set(char *first, ...);

/*
 * Load a world.
 *
 * issuer   settings of [issuer t], after iss and audience
 * service  settings of [service s]
 * keys     the text of the key file; it is freed
 *
 * Returns the reason of the first error.  The caller must call world_clear(),
 * whatever the result.
 */
enum jwt_reason world_load(struct world *world, const char *issuer,
    const char *service, char *keys);
void world_clear(struct world *world);

/*
 * Give its keys to a further issuer (1, 2, ...), whose section came after the
 * settings of [issuer t]; frees them.
 */
enum jwt_reason world_add_keys(struct world *world, size_t issuer, char *keys);

/*
 * Give an issuer a private key that decrypts; frees the JWK.  Returns the
 * reason of jwe_key_set_add(), or of policy_compare_decryption() after it.
 */
enum jwt_reason world_add_decryption(struct world *world, size_t issuer,
    char *jwk);

/* Sign raw JSON texts: header.payload.signature; the caller frees it. */
char *world_sign(enum alg_id alg, const char *header, const char *payload);

/* The same for a payload that may contain NUL. */
char *world_sign_bytes(enum alg_id alg, const char *header,
    struct bytes payload);

/* Join the texts with the bytes of any signature; the caller frees it. */
char *world_join(const char *header, const char *payload, struct bytes sig);

/* jws_parse() without its reason, which verdict_reach() finds by itself. */
struct jws *world_parse(struct bytes token);

/* The accounts of the host: those that world_verdict() knows.  Static. */
const struct account_host *world_accounts(void);

/* The verdict for service s, user alice, WORLD_NOW. */
enum jwt_reason world_verdict(const struct world *world, const char *token);
enum jwt_reason world_verdict_bytes(const struct world *world,
    struct bytes token, const char *user, int64_t now);

#endif
