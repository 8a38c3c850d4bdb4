/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The secret of the issuer, 32 random bytes in keys/secret: refresh tokens are
 * derived from it, so a copy of the database alone gives nobody a token.
 */
#ifndef JWT_ISSUER_SECRET_H
#define JWT_ISSUER_SECRET_H

#include "issuerd/issuer_conf.h"

#define ISSUER_SECRET_LEN	32
#define ISSUER_SECRET_NAME	"secret"	/* in the folder of the keys */

/*
 * Read the secret of conf->directory.  NULL, or a static phrase that says why
 * not, and then *out is all zero.  The caller must wipe *out.
 */
const char *issuer_secret_read(const struct issuer_conf *conf,
    uint8_t out[ISSUER_SECRET_LEN]);

/*
 * Make the secret, unless there is one.  False with errno.
 *
 * folder  descriptor of the folder of the keys; the caller has locked it
 */
bool issuer_secret_make(int folder);

#endif
