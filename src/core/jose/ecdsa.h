/* SPDX-License-Identifier: BSD-2-Clause */
/* The two forms of an ECDSA signature. */
#ifndef JWT_ECDSA_H
#define JWT_ECDSA_H

#include "core/base/bytes.h"

/* SEQUENCE of two INTEGERs of 66 bytes and a sign octet: 3 + 2 * (2 + 67). */
#define ECDSA_DER_MAX 141

/*
 * Convert R || S of fixed width (RFC 7518 section 3.4) to the DER that OpenSSL
 * takes.  signature has the exact length for its curve: an even number of at
 * most 132 bytes, and not 0.
 * Returns the length in bytes.
 */
size_t ecdsa_to_der(struct bytes signature, uint8_t out[ECDSA_DER_MAX]);

#endif
