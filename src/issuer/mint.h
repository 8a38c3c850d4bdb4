/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a token from values, and has it signed.  It knows no option, no clock,
 * no file and no private key; its callers, such as `pam-jwt issue`, do.
 */
#ifndef JWT_MINT_H
#define JWT_MINT_H

#include "core/base/secret.h"
#include "core/jose/alg.h"

#define MINT_JTI_SIZE	23	/* 22 characters and a terminator: 128 bits */

/*
 * The key that signs, wherever it is.  All pointers are borrowed.
 *
 * sign  makes the JWS signature of message, and hands it out only after it was
 *       verified with the code that the hosts use; *out is a new buffer, which
 *       the caller must clear whatever the result.  False: it did not sign.
 */
struct mint_signer {
	enum alg_id alg;
	const char *alg_name;	/* as in "alg" */
	const char *kid;	/* "": none */
	bool (*sign)(void *context, struct bytes message, struct secret *out);
	void *context;
};

/* A claim that struct mint has no member for. */
struct mint_claim {
	struct bytes name;
	struct bytes value;
	bool is_json;	/* value is one JSON value; false: a string */
};

/* The contents of a token; all pointers are borrowed. */
struct mint {
	const char *typ;
	const char *iss;
	const char *sub;
	const char *const *aud;
	size_t aud_count;	/* one is written as a string, more as an array */
	int64_t iat, exp;	/* seconds since the epoch */
	const char *jti;	/* NULL: none */
	const struct mint_claim *claims;
	size_t claim_count;
};

/* Make a new jti.  False when the kernel has no random bytes. */
bool mint_random_jti(char out[MINT_JTI_SIZE]);

/*
 * Make a token that signer signs; *out is a new buffer.  A token that no host
 * would read is not handed out.
 *
 * Returns JWT_OK; JWT_OUT_OF_MEMORY; JWT_SIGNATURE_INVALID when the signer does
 * not sign; otherwise the reason for which jws_parse() refuses the token.  On
 * failure *out is empty.
 */
JWT_MUST_USE enum jwt_reason mint_token(const struct mint *mint,
    const struct mint_signer *signer, struct secret *out);

/*
 * Sign any header and claims, which are not looked at; *out is a new buffer
 * with the token.
 *
 * Returns JWT_OK, JWT_OUT_OF_MEMORY, or JWT_SIGNATURE_INVALID when the signer
 * does not sign.  The caller must clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason mint_sign(const struct mint_signer *signer,
    struct bytes header, struct bytes claims, struct secret *out);

#endif
