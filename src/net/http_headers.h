/* SPDX-License-Identifier: BSD-2-Clause */
/* For http.c: what the headers of an answer say. */
#ifndef JWT_HTTP_HEADERS_H
#define JWT_HTTP_HEADERS_H

#include <curl/curl.h>

#include "net/http.h"

/*
 * Fill the members of *out that come from headers, as views of *http.
 *
 * posted  the request was a POST: no cache keeps the answer to one, so that its
 *         date and its nonce are new
 */
void http_take_headers(CURL *curl, bool posted, struct http *http,
    struct exchange_answer *out);

#endif
