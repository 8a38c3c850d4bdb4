/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encrypts an access token for the host that it is for, where a grant says so:
 * encrypt_to in issuer.conf.
 */
#ifndef JWT_SEAL_H
#define JWT_SEAL_H

#include "issuer/encrypt.h"
#include "issuerd/issuer_conf.h"

/*
 * The first encrypt_to of the grant whose pattern has the audience; NULL: the
 * token is not encrypted.
 */
const struct issuer_encrypt *seal_find(const struct issuer_grant *grant,
    const char *audience);

/*
 * Read the one public key of a file, which must be root's: whoever could change
 * it would read the tokens.
 *
 * Returns NULL, or why there is no such key, as a static phrase.  The caller
 * must clear *out, whatever the result.
 */
const char *seal_read(const char *path, struct encrypt_keys *out);

/*
 * Put the encrypted token in the place of the signed one.  NULL, or a static
 * phrase; then *token is empty: it must not leave unencrypted.
 */
const char *seal_token(const struct issuer_encrypt *to, struct secret *token);

#endif
