/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request over HTTPS: a GET, or a POST of a form.  Only http.c and
 * http_headers.c use libcurl.
 *
 * The server cannot make us do more than this: 5 s to connect, 15 s in all,
 * three redirects from https to https, EXCHANGE_BODY_MAX bytes.  A request with
 * a form or with credentials is not redirected: its answer says 3xx.
 */
#ifndef JWT_HTTP_H
#define JWT_HTTP_H

#include "sync/exchange.h"

/* Buffers that an answer has views of.  Zero it, and clear it afterwards. */
struct http {
	struct secret body;	/* EXCHANGE_BODY_MAX bytes */
	size_t len;		/* of the body */
	bool too_long;		/* there were more */
	char etag[EXCHANGE_HEADER_MAX + 1];
	char last_modified[EXCHANGE_HEADER_MAX + 1];
	char content_type[EXCHANGE_HEADER_MAX + 1];
	char nonce[EXCHANGE_HEADER_MAX + 1];
	char url[EXCHANGE_URL_MAX + 1];
	char error[EXCHANGE_HEADER_MAX + 1];
};

/* Must be called first in the program; false when libcurl cannot start. */
JWT_MUST_USE bool http_start(void);

/*
 * Send the request.  *out is an answer of the server, whatever its status, or a
 * failure with an error in words.  It has views of *http, which the caller must
 * zero before.
 */
void http_ask(const struct exchange_request *request, struct http *http,
    struct exchange_answer *out);

void http_clear(struct http *http);

#endif
