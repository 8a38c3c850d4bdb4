/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The addresses that keys are fetched from (RFC 3986), narrowed to spellings
 * that two readers cannot take for two different hosts: https, a host, perhaps
 * a port, and then a path; no user name, no fragment, no character that must be
 * escaped.
 */
#ifndef JWT_URL_H
#define JWT_URL_H

#include "core/base/bytes.h"

#define URL_MAX	2048	/* bytes; a discovery address has about 80 */

enum url_kind {
	URL_REFUSED,
	URL_HTTPS,
	URL_HTTP,		/* http:// to any other host */
	URL_HTTP_LOOPBACK	/* http:// to 127.0.0.0/8 or [::1], as digits */
};

/*
 * The kind of an address.  For URL_REFUSED *fault is a static phrase that says
 * why; otherwise it is NULL.
 */
enum url_kind url_kind(struct bytes url, const char **fault);

/* Whether there is a "?" in it. */
bool url_has_query(struct bytes url);

#endif
