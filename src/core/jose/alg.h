/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The algorithms: one table, one row for each name and kind of key.
 *
 * RFC 7518 section 3.1, RFC 8037, RFC 9864 (Ed25519, Ed448) and RFC 9964
 * (ML-DSA).  "none" and RSA1_5 are not in it, so they cannot be configured.
 */
#ifndef JWT_ALG_H
#define JWT_ALG_H

#include "core/base/nearest.h"

/* The kind of a key, its curve included: a kind fits few algorithms. */
enum key_kind {
	KEY_P256,
	KEY_P384,
	KEY_P521,
	KEY_ED25519,
	KEY_ED448,
	KEY_RSA,
	KEY_OCT,
	KEY_ML_DSA_44,
	KEY_ML_DSA_65,
	KEY_ML_DSA_87
};
#define KEY_KINDS ((unsigned)KEY_ML_DSA_87 + 1)

/*
 * An algorithm, whatever its name in a token: EdDSA with an Ed25519 key is the
 * same algorithm as Ed25519.
 */
enum alg_id {
	ALG_ES256,
	ALG_ES384,
	ALG_ES512,
	ALG_ED25519,
	ALG_ED448,
	ALG_RS256,
	ALG_RS384,
	ALG_RS512,
	ALG_PS256,
	ALG_PS384,
	ALG_PS512,
	ALG_HS256,
	ALG_HS384,
	ALG_HS512,
	ALG_ML_DSA_44,
	ALG_ML_DSA_65,
	ALG_ML_DSA_87
};
#define ALG_COUNT ((unsigned)ALG_ML_DSA_87 + 1)

/* How a signature is made; sig.c has a function for each. */
enum alg_scheme {
	SCHEME_ECDSA,
	SCHEME_EDDSA,
	SCHEME_RSA_PKCS1,
	SCHEME_RSA_PSS,
	SCHEME_HMAC,
	SCHEME_ML_DSA
};

struct alg {
	const char *name;	/* as in "alg" */
	enum alg_id id;
	enum key_kind kind;
	enum alg_scheme scheme;
	const char *digest;	/* OpenSSL's name; NULL: the scheme has its own */
	size_t sig_len;		/* bytes; 0: as long as the RSA modulus */
	size_t key_min;		/* HMAC: bytes of the shortest secret; or 0 */
};

/* A set of algorithms, a bit for each alg_id. */
typedef uint32_t alg_set;	/* the one typedef: it is a number, not a struct */

#define ALG_BIT(id) ((alg_set)1 << (id))
#define ALG_SYMMETRIC \
	(ALG_BIT(ALG_HS256) | ALG_BIT(ALG_HS384) | ALG_BIT(ALG_HS512))
#define ALG_ML_DSA (ALG_BIT(ALG_ML_DSA_44) | ALG_BIT(ALG_ML_DSA_65) | \
	ALG_BIT(ALG_ML_DSA_87))

/* All algorithms of that name, compared byte for byte; 0 if nothing has it. */
alg_set alg_by_name(struct bytes name);

/* The name that somebody meant who wrote this one; for messages. */
struct nearest alg_nearest(struct bytes name);

/* All algorithms that a key of that kind can be used with. */
alg_set alg_by_kind(enum key_kind kind);

/* The row of an algorithm, under its newest name; static. */
const struct alg *alg_row(enum alg_id id);

/* Get the only member of a set; false unless it has exactly one. */
bool alg_single(alg_set set, enum alg_id *out);

/* The name of a kind for messages: "P-256 key"; static. */
const char *alg_kind_name(enum key_kind kind);

#endif
