/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where an issuer's keys are: the discovery document (OpenID Connect Discovery
 * 1.0 section 3, RFC 8414 section 2), and where that is.
 *
 * Whoever answers for the address of the document says which keys log in, so
 * the document must be the one of this issuer, byte for byte, and what it
 * names must be reached over TLS again.
 */
#ifndef JWT_METADATA_H
#define JWT_METADATA_H

#include "core/base/url.h"
#include "sync/document.h"

#define METADATA_URL_SIZE (URL_MAX + 1)	/* with terminator */

/* Where the document is when no setting says so. */
enum metadata_place {
	METADATA_OPENID,	/* after iss (OIDC Discovery section 4.1) */
	METADATA_OAUTH		/* in front of its path (RFC 8414 section 3.1) */
};

/*
 * The address of an issuer's document.  The second place is for after a 404 or
 * 410 from the first one.
 *
 * iss            an https URL without a query; one slash at its end does not
 *                count
 * loopback_http  http to a loopback address will do, too
 *
 * False when iss is none, or when the address is too long.
 */
bool metadata_address(const char *iss, enum metadata_place place,
    bool loopback_http, char out[METADATA_URL_SIZE]);

struct metadata {
	char jwks_uri[METADATA_URL_SIZE];	/* as it was written */
	bool loopback_http;	/* and it is http:// to a loopback address */
	char fault[DOCUMENT_FAULT_SIZE];	/* printable ASCII; "" after JWT_OK */
};

/*
 * Read a discovery document with the status 200.
 *
 * iss  of the issuer
 * url  that was asked for: the one of the configuration, or from
 *      metadata_address(); not what the fetcher says that it came from
 *
 * Returns JWT_OK; JWT_KEY_FILE_INVALID for a document that is judged bad, with
 * the fault in words that fit "refused (FAULT)"; JWT_OUT_OF_MEMORY.  There is
 * nothing to be cleared.
 */
JWT_MUST_USE enum jwt_reason metadata_read(const char *iss, const char *url,
    const struct document_answer *answer, struct metadata *out);

#endif
