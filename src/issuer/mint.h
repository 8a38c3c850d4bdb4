/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a token from values and a private key.  It knows no option, no clock
 * and no file; its callers, such as `pam-jwt issue`, do.
 */
#ifndef JWT_MINT_H
#define JWT_MINT_H

#include "issuer/keypair.h"

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
	bool has_jti;		/* add a new jti of random bytes */
	const struct mint_claim *claims;
	size_t claim_count;
};

/*
 * Sign a token with pair, whose kid goes into the header; *out is a new
 * buffer.  A token that no host would read is not handed out.
 *
 * Returns JWT_OK; JWT_OUT_OF_MEMORY; JWT_SIGNATURE_INVALID when OpenSSL does
 * not sign with the key; JWT_INTERNAL when the kernel has no random bytes;
 * otherwise the reason for which jws_parse() refuses the token.  On failure
 * *out is empty.
 */
JWT_MUST_USE enum jwt_reason mint_token(const struct mint *mint,
    const struct keypair *pair, struct secret *out);

#endif
