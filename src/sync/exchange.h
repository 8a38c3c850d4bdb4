/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What pam-jwt sync and pam-jwt-net say to each other: one request, one
 * answer, each a frame of bytes.
 *
 * A frame is a fixed list of fields, each "NAME LENGTH\nBYTES\n", and ends
 * with the last of them.  So a frame that was cut, or that has a byte too
 * many, is no frame, and for each request and each answer there is one frame
 * only.  The reader of answers runs as root, and takes every byte for one that
 * a fetcher in the hands of an attacker has chosen.
 */
#ifndef JWT_EXCHANGE_H
#define JWT_EXCHANGE_H

#include "core/base/secret.h"

/* Bytes of each field; a longer one is no frame. */
#define EXCHANGE_BODY_MAX	((size_t)512 * 1024)
#define EXCHANGE_URL_MAX	2048
#define EXCHANGE_HEADER_MAX	512	/* a value of a header; an error */
#define EXCHANGE_PEM_MAX	1048576	/* as FILE_SIZE_MAX */

/* Bytes of an answer: the body, and room for all else. */
#define EXCHANGE_ANSWER_MAX	(EXCHANGE_BODY_MAX + 8192)
#define EXCHANGE_REQUEST_MAX	(3 * EXCHANGE_PEM_MAX + 16384)

/* The largest number of seconds that is passed on (RFC 9111 section 1.2.2). */
#define EXCHANGE_SECONDS_MAX	INT64_C(2147483647)

/* Views, borrowed; empty where there is nothing to say, but for url. */
struct exchange_request {
	struct bytes url;	/* visible ASCII, without blanks */
	struct bytes etag;	/* for If-None-Match (RFC 9110 13.1.2) */
	struct bytes last_modified;	/* for If-Modified-Since (13.1.3) */
	struct bytes proxy;	/* a URL; empty: no proxy at all */
	struct bytes ca;	/* PEM; empty: those of the system */
	struct bytes client_cert;	/* PEM */
	struct bytes client_key;	/* PEM, a secret */
	bool loopback_http;	/* http:// to a literal loopback address will do */
};

enum exchange_result {
	EXCHANGE_FAILED,	/* no answer that could be judged: error says why */
	EXCHANGE_ANSWERED
};

/* Views of the frame; all but error is empty, 0 or -1 in one that failed. */
struct exchange_answer {
	enum exchange_result result;
	struct bytes error;	/* printable ASCII; empty when answered */
	unsigned status;	/* of HTTP, 100 to 599 */
	struct bytes etag, last_modified, content_type;	/* printable ASCII */
	struct bytes effective_url;	/* of the last redirect */
	int64_t retry_after;	/* seconds; -1: none */
	int64_t max_age;	/* seconds of Cache-Control, less Age; -1: none */
	struct bytes body;
};

/* Of an answer that has not come: a failure without words. */
#define EXCHANGE_NO_ANSWER ((struct exchange_answer){ \
	.result = EXCHANGE_FAILED, .retry_after = -1, .max_age = -1 })

/*
 * Write a frame.  *out is to be cleared whatever the result; what it held
 * before is overwritten, not freed.
 * Returns JWT_OK, JWT_OUT_OF_MEMORY, or JWT_INTERNAL for a value that the
 * reader would not take.
 */
JWT_MUST_USE enum jwt_reason exchange_put_request(
    const struct exchange_request *request, struct secret *out);
JWT_MUST_USE enum jwt_reason exchange_put_answer(
    const struct exchange_answer *answer, struct secret *out);

/*
 * Read a whole frame.  Returns JWT_OK, or JWT_INTERNAL for bytes that are no
 * frame; *out is then empty, or EXCHANGE_NO_ANSWER.  Allocates nothing.
 */
JWT_MUST_USE enum jwt_reason exchange_read_request(struct bytes frame,
    struct exchange_request *out);
JWT_MUST_USE enum jwt_reason exchange_read_answer(struct bytes frame,
    struct exchange_answer *out);

#endif
