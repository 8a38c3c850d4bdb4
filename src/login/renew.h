/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The token for a host, out of a login session: the one that the session has,
 * or a new one of the provider (RFC 6749 section 6).
 *
 * Many processes want one at the same time, and most providers take a refresh
 * token once and end the login when it comes again (RFC 9700 section 4.14.2).
 * So a refresh is made under a lock, those who waited use what it brought, and
 * the new refresh token is on the disk before the new token is used.
 */
#ifndef JWT_RENEW_H
#define JWT_RENEW_H

#include "core/base/secret.h"
#include "login/session.h"

/*
 * Seconds without a new token in the session after which it is given up.  Each
 * resource needs a request of its own, and many hosts at once are asked for one
 * after the other: so those who wait begin to count again while others get
 * theirs, and wait RENEW_WAITS times as long at most.  pam-jwt-askpass gives a
 * session more than all of that, and does not end a refresh whose answer is on
 * its way.
 */
#define RENEW_SEC 9
#define RENEW_WAITS 2

#define RENEW_MIN_VALIDITY_SEC 60	/* the usual min_validity */

struct renew_wanted {
	const struct login_section *section;
	const char *resource;	/* of login_conf_resource() */
	const char *host;	/* for messages; NULL: not known */
	int64_t min_validity;	/* s: renewed earlier than that */
};

/* All but RENEW_OK come with a message on standard error. */
enum renew_result {
	RENEW_OK,
	RENEW_LOGIN,	/* a person must log in again */
	RENEW_TROUBLE	/* of this machine, or of the provider: try later */
};

/*
 * Get the token, with at least the smaller of min_validity and half its life
 * left; less only if the provider gives no newer one.  RENEW_OK never comes
 * with a token that is over.  No network is needed while the token is good.
 * The caller must clear *out, whatever the result.
 */
enum renew_result renew_token(const struct places *places,
    const struct renew_wanted *wanted, struct secret *out);

#endif
