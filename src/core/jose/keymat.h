/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key material as numbers, and whether it is fit for verifying.
 *
 * OpenSSL accepts keys that verify anything: RSA with e = 1, Ed25519 points
 * of small order, a point at infinity, an empty HMAC secret.  So each key is
 * checked here before OpenSSL sees it, whatever file format it came from.
 */
#ifndef JWT_KEYMAT_H
#define JWT_KEYMAT_H

#include "core/base/arena.h"
#include "core/jose/alg.h"
#include "core/reason.h"

/* A key taken apart; the views are borrowed from the file's text. */
struct keymat {
	enum key_kind kind;
	struct bytes x;		/* EC, OKP: x; RSA: n; oct: k; AKP: pub */
	struct bytes y;		/* EC: y; RSA: e; otherwise empty */
};

/*
 * How a JWK names a kind: RFC 7518 section 6, RFC 8037 section 2, RFC 9964
 * section 3.
 */
struct keymat_name {
	const char *kty;
	const char *member;	/* "crv", or "alg" of an AKP; NULL: kty is all */
	const char *value;	/* of that member */
};

#define RSA_BITS_MIN	2048	/* RFC 7518 section 3.3 */
#define RSA_BITS_MAX	8192	/* beyond it verification costs milliseconds */
#define RSA_E_MAX_LEN	8	/* bytes: e < 2^64 */
#define OCT_MIN_LEN	32	/* bytes: the shortest that any HMAC may use */
#define OCT_MAX_LEN	1024	/* a longer secret is a mistake */
#define EC_COORD_MAX	66	/* bytes: P-521 */

/* The bytes of an EC coordinate, or of an OKP or AKP key; 0 if they vary. */
size_t keymat_len(enum key_kind kind);

/* The name of a kind; static. */
const struct keymat_name *keymat_name(enum key_kind kind);

/*
 * Check lengths and values.  Returns NULL if the key is sound, otherwise a
 * static phrase that names the fault.  sig_key_build() checks whether an EC point
 * lies on its curve.
 */
const char *keymat_fault(const struct keymat *mat);

/*
 * Put back the leading zero octets that the coordinates of an EC key lack.  One
 * key in 128 has some, and there are providers that leave them out although RFC
 * 7518 section 6.2.1.2 forbids it.  This is for published sets alone: a login
 * takes no such key.
 *
 * arena   holds the longer coordinates, and mat gets views of them
 * padded  becomes true if an octet was put back
 *
 * Returns JWT_OK or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason keymat_pad(struct arena *arena,
    struct keymat *mat, bool *padded);

#endif
