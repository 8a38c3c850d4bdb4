/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The claims of a verified token, checked against an issuer's settings at a
 * given time.
 *
 * All functions here take a struct claims, which only jws_verify() makes: the
 * claims of a token that is not verified do not have that type.  jws.h
 * declares how they are read; it knows nothing of the configuration.
 */
#ifndef JWT_CLAIMS_H
#define JWT_CLAIMS_H

#include "core/jose/jws.h"
#include "core/policy/policy.h"

/*
 * What the log, the PAM environment and the state need; the views are
 * borrowed from the token, empty when a claim is absent.
 */
struct claims_identity {
	struct bytes iss;
	struct bytes sub;
	struct bytes jti;
	struct bytes sid;	/* of the issuer's session (OIDC Front-Channel Logout) */
	int64_t exp;		/* seconds since the epoch */
	int64_t iat;		/* -1 when absent */
};

/*
 * Check iss, type, aud, exp, nbf, iat with lifetime and age, sub and jti, in
 * this order (RFC 7519 section 4.1, RFC 8725 sections 3.8 to 3.12).
 *
 * now  seconds since the epoch, chosen by the caller; JWT_INTERNAL when it is
 *      negative or beyond any NumericDate
 * out  iss, sub, jti and sid are filled whatever the result, for the log; exp
 *      and iat as far as the checks came
 *
 * Returns JWT_OK or the first refusal, of the claim class.
 * Allocates nothing.
 */
JWT_MUST_USE enum jwt_reason claims_check(const struct claims *claims,
    const struct issuer *issuer, int64_t now, struct claims_identity *out);

/*
 * What a token says of itself, without any check; for revoking one whose
 * time may be over.  exp and iat are -1 where they are absent or unsound.
 */
void claims_identify(const struct claims *claims,
    struct claims_identity *out);

/*
 * Check a back-channel logout token (OpenID Connect Back-Channel Logout 1.0
 * section 2.6): typ logout+jwt, JWT or none; iss, aud, exp and iat as for a
 * login; jti; the logout event; no nonce; sub or sid, which *out then has.
 * Returns JWT_OK or the first refusal, of the claim class.
 */
JWT_MUST_USE enum jwt_reason claims_check_logout(const struct claims *claims,
    const struct issuer *issuer, int64_t now, struct claims_identity *out);

/*
 * Check the claims that bind the token to something else: one that is not
 * looked at must not be taken for absent (RFC 7800 section 3).
 * Returns JWT_OK; JWT_PROOF_MISSING for cnf; JWT_STATUS_STALE for status.
 */
JWT_MUST_USE enum jwt_reason claims_check_bindings(
    const struct claims *claims);

/*
 * Whether a verified token that was accepted is still before its exp: what
 * the account phase looks at again.
 */
static inline bool
claims_is_current(int64_t exp, unsigned leeway_sec, int64_t now)
{
	return now >= 0 && now < exp + (int64_t)leeway_sec;
}

#endif
