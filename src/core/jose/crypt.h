/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only place where something is decrypted.
 *
 * Other files choose the algorithms and the key.  Here the lengths are checked
 * before any cryptography, and a content key that cannot be recovered is
 * replaced by a random one (RFC 7516 section 11.5): whoever sends tokens learns
 * from neither the result nor the time which step failed.
 */
#ifndef JWT_CRYPT_H
#define JWT_CRYPT_H

#include "core/jose/crypt_key.h"

#define CRYPT_PARTY_MAX	512	/* bytes of apu and of apv, decoded */

/* A JWE taken apart and decoded; all views are borrowed. */
struct crypt_input {
	const struct jwe_alg *alg;
	const struct jwe_enc *enc;
	/* Of ECDH-ES; x and y have the lengths of the curve. */
	enum jwe_kind epk_kind;
	struct bytes epk_x, epk_y;
	struct bytes apu, apv;	/* at most CRYPT_PARTY_MAX bytes */
	struct bytes encrypted_key, iv, ciphertext, tag;
	struct bytes aad;	/* the header as it came, in base64url */
};

/*
 * Decrypt.  The key is of a kind that fits in->alg, and for ECDH-ES of the
 * kind of the epk.
 *
 * Returns JWT_OK with *plain, a new buffer; JWT_DECRYPT_FAILED for whatever is
 * wrong with the input, and where memory ran out inside OpenSSL;
 * JWT_OUT_OF_MEMORY or JWT_INTERNAL.  On failure *plain is empty.  The host's
 * OpenSSL error queue is left as it was.
 */
JWT_MUST_USE enum jwt_reason crypt_decrypt(const struct crypt_key *key,
    const struct crypt_input *in, struct secret *plain);

#endif
