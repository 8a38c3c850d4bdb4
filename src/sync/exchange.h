/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The language between pam-jwt and pam-jwt-net: one request and one answer,
 * each a frame of bytes.
 *
 * A frame is a fixed list of fields, each "NAME LENGTH\nBYTES\n", and ends
 * with the last of them.  So a frame that was cut, or that has a byte too many,
 * is not valid, and each request and each answer has exactly one frame.  The
 * reader of answers runs as root.  It assumes that an attacker has taken over
 * the fetcher and has chosen every byte.
 */
#ifndef JWT_EXCHANGE_H
#define JWT_EXCHANGE_H

#include "core/base/secret.h"

/* Bytes of each field; a frame with a longer one is not valid. */
#define EXCHANGE_BODY_MAX	((size_t)512 * 1024)
#define EXCHANGE_URL_MAX	2048
#define EXCHANGE_HEADER_MAX	512	/* a value of a header; an error */
#define EXCHANGE_PEM_MAX	((size_t)1048576)	/* as FILE_SIZE_MAX */
#define EXCHANGE_FORM_MAX	((size_t)64 * 1024)	/* 50 resources */
#define EXCHANGE_AUTHORIZATION_MAX 4096
#define EXCHANGE_PROOF_MAX	8192	/* RSA of 8192 bits: 6.8 KiB */

/* Bytes of a frame: the largest fields, and room for all others. */
#define EXCHANGE_ANSWER_MAX	(EXCHANGE_BODY_MAX + 8192)
#define EXCHANGE_REQUEST_MAX	(3 * EXCHANGE_PEM_MAX + EXCHANGE_FORM_MAX + \
				32768)

/* Seconds that a server gets for all of its answer, at most and by default. */
#define EXCHANGE_TIMEOUT_MAX	15

/* The largest number of seconds that is passed on (RFC 9111 section 1.2.2). */
#define EXCHANGE_SECONDS_MAX	INT64_C(2147483647)

/* Borrowed views; all but url may be empty. */
struct exchange_request {
	struct bytes url;	/* visible ASCII, without spaces */
	struct bytes etag;	/* for If-None-Match (RFC 9110 13.1.2) */
	struct bytes last_modified;	/* for If-Modified-Since (13.1.3) */
	struct bytes proxy;	/* a URL; empty: no proxy at all */
	struct bytes ca;	/* PEM; empty: those of the system */
	struct bytes client_cert;	/* PEM */
	struct bytes client_key;	/* PEM, a secret */
	bool loopback_http;	/* http:// to a loopback address is allowed */
	unsigned timeout_sec;	/* 0: EXCHANGE_TIMEOUT_MAX, the most */
	/*
	 * The body of a POST, as application/x-www-form-urlencoded, a secret.
	 * Empty: the request is a GET.  A POST has no validators.
	 */
	struct bytes form;
	struct bytes authorization;	/* value of the header, a secret */
	struct bytes proof;	/* of DPoP (RFC 9449 4.1); with a form only */
};

enum exchange_result {
	EXCHANGE_FAILED,	/* no usable answer came; error says why */
	EXCHANGE_ANSWERED
};

/* Views of the frame.  After a failure all but error is empty, 0 or -1. */
struct exchange_answer {
	enum exchange_result result;
	struct bytes error;	/* printable ASCII; empty when answered */
	unsigned status;	/* of HTTP, 100 to 599 */
	struct bytes etag, last_modified, content_type;	/* printable ASCII */
	struct bytes effective_url;	/* of the last redirect */
	int64_t retry_after;	/* seconds; -1: not given */
	int64_t max_age;	/* Cache-Control less Age; -1: not given */
	/* Of the answer to a POST alone, which no cache keeps. */
	struct bytes nonce;	/* DPoP-Nonce (RFC 9449 8.1); printable ASCII */
	int64_t date;	/* by the server's clock, s since the epoch; or -1 */
	struct bytes body;
};

/* A failure without words, for an answer that has not come. */
#define EXCHANGE_NO_ANSWER ((struct exchange_answer){ \
	.result = EXCHANGE_FAILED, .retry_after = -1, .max_age = -1, \
	.date = -1 })

/*
 * Write a frame.  The caller must clear *out, whatever the result; its contents
 * from before are overwritten, not freed.
 * Returns JWT_OK, JWT_OUT_OF_MEMORY, or JWT_INTERNAL for a value that the
 * reader would not take.
 */
JWT_MUST_USE enum jwt_reason exchange_put_request(
    const struct exchange_request *request, struct secret *out);
JWT_MUST_USE enum jwt_reason exchange_put_answer(
    const struct exchange_answer *answer, struct secret *out);

/*
 * Read a whole frame.  Returns JWT_OK, or JWT_INTERNAL for bytes that are not a
 * valid frame; *out is then empty, or EXCHANGE_NO_ANSWER.  Allocates nothing.
 */
JWT_MUST_USE enum jwt_reason exchange_read_request(struct bytes frame,
    struct exchange_request *out);
JWT_MUST_USE enum jwt_reason exchange_read_answer(struct bytes frame,
    struct exchange_answer *out);

#endif
