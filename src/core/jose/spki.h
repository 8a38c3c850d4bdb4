/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Public keys in PEM: one SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7),
 * in DER and with nothing around it.
 *
 * Read by hand on purpose.  OpenSSL's decoder takes 20 times as long as the
 * rest of a login, skips junk before a block, takes the first of two keys,
 * and accepts explicit curve parameters with a generator of the attacker's
 * choice (CVE-2020-0601), compressed points and the point at infinity.
 */
#ifndef JWT_SPKI_H
#define JWT_SPKI_H

#include "core/base/secret.h"
#include "core/jose/keymat.h"

/*
 * Decode the PEM block in text.  *der is a new buffer that the views in *mat
 * borrow.  *fault is a static phrase when JWT_KEY_FILE_INVALID is returned.
 * Returns JWT_OK, JWT_KEY_FILE_INVALID or JWT_OUT_OF_MEMORY.
 */
JWT_MUST_USE enum jwt_reason spki_parse_pem(struct bytes text,
    struct secret *der, struct keymat *mat, const char **fault);

/* Read DER bytes, which *mat borrows.  Returns NULL, or the fault. */
const char *spki_parse_der(struct bytes der, struct keymat *mat);

#endif
