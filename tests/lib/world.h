/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world for tests: a key for each algorithm, one issuer that has
 * their public halves, tokens signed with them, and the verdict.
 *
 * Keys are fresh in each run.  Anything that fails here aborts the program.
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

/* Text of any length by printf; freed with free(). */
char *world_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* The key of an algorithm, kid = the algorithm's name; lives for ever. */
struct keypair *world_key(enum alg_id alg);

/* Its public JWK (for HMAC the secret) with alg and kid; free(). */
char *world_jwk(enum alg_id alg);

/* The same with other members, as ",\"use\":\"enc\"", instead of those two. */
char *world_jwk_with(enum alg_id alg, const char *more);

/* The same for a key that nobody has: each call makes another one. */
char *world_jwk_fresh(enum alg_id alg, const char *more);

/* A set of JWK texts, each free()d; the last argument is NULL. */
char *world_set(char *first, ...);

/*
 * Load a world: settings of [issuer t] behind iss and audience, and of
 * [service s]; and the text of its key file, which is freed.  The reason of
 * the first error; world_clear() in each case.
 */
enum jwt_reason world_load(struct world *world, const char *issuer,
    const char *service, char *keys);
void world_clear(struct world *world);

/*
 * Give a further issuer (1, 2, ...), whose section stood behind the settings
 * of [issuer t], its keys; frees them.
 */
enum jwt_reason world_add_keys(struct world *world, size_t issuer, char *keys);

/* header.payload.signature of raw JSON texts; free(). */
char *world_sign(enum alg_id alg, const char *header, const char *payload);

/* The same for a payload that may hold NUL. */
char *world_sign_bytes(enum alg_id alg, const char *header,
    struct bytes payload);

/* The same, with the bytes of a signature of one's own. */
char *world_join(const char *header, const char *payload, struct bytes sig);

/* jws_parse(), for a verdict, which looks at the result itself. */
struct jws *world_parse(struct bytes token);

/* The verdict for service s, user alice, WORLD_NOW. */
enum jwt_reason world_verdict(const struct world *world, const char *token);
enum jwt_reason world_verdict_bytes(const struct world *world,
    struct bytes token, const char *user, int64_t now);

#endif
