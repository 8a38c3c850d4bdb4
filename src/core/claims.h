/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The claims of a verified token, checked against an issuer's settings at a
 * given time.
 *
 * All functions here take a struct claims.  Only jws_verify() makes one, so the
 * claims of a token that is not verified cannot be passed by mistake.  jws.h
 * declares how claims are read; it knows nothing of the configuration.
 */
#ifndef JWT_CLAIMS_H
#define JWT_CLAIMS_H

#include "core/jose/jws.h"
#include "core/policy/policy.h"

/*
 * The claims that the log, the PAM environment and the state need.  The texts
 * are borrowed from the token; they are empty if a claim is absent.
 */
struct claims_identity {
	struct bytes iss;
	struct bytes sub;
	struct bytes jti;
	struct bytes sid;	/* session at the issuer (OIDC Front-Channel Logout) */
	int64_t exp;		/* seconds since the epoch */
	int64_t iat;		/* -1 when absent */
	int64_t session_expiry;	/* a session ends then (IPSIE); -1 when absent */
};

/*
 * Check iss, type, aud, exp, nbf, iat with lifetime and age, sub, jti and sid,
 * session_expiry, in this order (RFC 7519 section 4.1, RFC 8725 sections 3.8 to
 * 3.12).
 *
 * now  seconds since the epoch, chosen by the caller; JWT_INTERNAL if it is
 *      negative or beyond any NumericDate
 * out  iss, sub, jti and sid are set whatever the result, for the log; exp, iat
 *      and session_expiry are set if the checks got to them
 *
 * Returns JWT_OK or the first refusal, of the claim class.
 * Allocates nothing.
 */
JWT_MUST_USE enum jwt_reason claims_check(const struct claims *claims,
    const struct issuer *issuer, int64_t now, struct claims_identity *out);

/*
 * Read what a token says of itself, without any check, to revoke a token that
 * may have expired.  exp and iat are -1 if they are absent or invalid.
 */
void claims_identify(const struct claims *claims,
    struct claims_identity *out);

/*
 * Check a back-channel logout token (OpenID Connect Back-Channel Logout 1.0
 * section 2.6): typ logout+jwt, JWT or none; iss, exp and iat as for a login;
 * aud among the words; jti; the logout event; no nonce; sub or sid, which *out
 * then has.
 * Returns JWT_OK or the first refusal, of the claim class.
 */
JWT_MUST_USE enum jwt_reason claims_check_logout(const struct claims *claims,
    const struct issuer *issuer, const struct words *audience, int64_t now,
    struct claims_identity *out);

/* Whether the typ says that this is a security event token (SET, RFC 8417). */
bool claims_is_event(const struct claims *claims);

/*
 * Check a SET (RFC 8417 section 2.2): typ secevent+jwt; iss; events, an object
 * that is not empty; aud among event_audience; iat, which is not to come; jti.
 * event.h reads the events.
 *
 * exp is not needed, as it is in a login: a SET says what has happened, and has
 * none as a rule (section 2.2).  So it may be of any age; its times limit what
 * it can do.  If exp or nbf is there, it counts.
 *
 * Returns JWT_OK or the first refusal, of the claim class.
 */
JWT_MUST_USE enum jwt_reason claims_check_event(const struct claims *claims,
    const struct issuer *issuer, int64_t now, struct claims_identity *out);

/*
 * Whether node is a string that can name a subject or a session: it is not
 * empty and has no control character.
 */
bool claims_is_name(const struct json_node *node);

/*
 * Refuse a token that a status list could revoke: we read none.  Returns JWT_OK
 * or JWT_STATUS_STALE.
 */
JWT_MUST_USE enum jwt_reason claims_check_status(const struct claims *claims);

/*
 * Whether the exp of a token has not passed, with the leeway.  The account
 * phase asks this again for a token that was accepted before.
 */
static inline bool
claims_is_current(int64_t exp, unsigned leeway_sec, int64_t now)
{
	return now >= 0 && now < exp + (int64_t)leeway_sec;
}

#endif
