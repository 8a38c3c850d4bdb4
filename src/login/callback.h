/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The request by which a browser brings the answer of the provider back to a
 * loopback address (RFC 8252 section 7.3, RFC 6749 section 4.1.2).
 *
 * Any program of this machine, and any page in the browser, can send requests
 * there.  One counts only if it has the state that we made, and if its Host
 * header is the loopback address: a page could otherwise point a name of its
 * own at it (DNS rebinding).
 */
#ifndef JWT_CALLBACK_H
#define JWT_CALLBACK_H

#include "login/provider_read.h"

#define CALLBACK_MAX 32768	/* bytes of a request: a code and some cookies */

enum callback_kind {
	CALLBACK_MORE,		/* its end has not come yet */
	CALLBACK_BAD,		/* not ours: 400, and the wait goes on */
	CALLBACK_ELSEWHERE,	/* of another path: 404, and the wait goes on */
	CALLBACK_CODE,
	CALLBACK_REFUSED	/* ours, and no login: result and words say why */
};

struct callback_wanted {
	unsigned port;
	const char *path;
	const char *state;
	const char *iss;
	bool sends_iss;		/* its metadata says so (RFC 9207) */
};

struct callback {
	struct secret code;	/* visible ASCII */
	enum provider_result result;
	char words[PROVIDER_WORDS_SIZE];
};

/*
 * Judge what has come of a request so far.  The caller must clear *out with
 * secret_clear(&out->code), whatever the result.
 */
enum callback_kind callback_read(struct bytes request,
    const struct callback_wanted *wanted, struct callback *out);

#endif
