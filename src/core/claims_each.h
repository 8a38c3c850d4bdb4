/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single claims, for the files that check whole tokens: claims.c and
 * claims_event.c.  Each check returns JWT_OK or a refusal of the claim class,
 * and allocates nothing.  Call claims_begin() first: it refuses a clock with
 * which the others could overflow.
 */
#ifndef JWT_CLAIMS_EACH_H
#define JWT_CLAIMS_EACH_H

#include "core/base/number.h"
#include "core/claims.h"

/*
 * Set the names in *out, whatever the result, and check the clock and iss.
 * JWT_INTERNAL if now is negative or beyond any NumericDate.
 */
JWT_MUST_USE enum jwt_reason claims_begin(const struct claims *claims,
    const struct issuer *issuer, int64_t now, struct claims_identity *out);

/*
 * Whether a text has no control character: with a newline, a claim could forge
 * a line of the log or of an environment.
 */
bool claims_is_printable(struct bytes text);

/*
 * jti and sid must be absent or serve as identifiers.  A token or session is
 * revoked by such a claim, and an odd value might not be found again.
 */
JWT_MUST_USE enum jwt_reason claims_check_ids(const struct claims *claims);

/*
 * The token must be meant for this host (RFC 7519 section 4.1.3): aud is a
 * string or an array of strings, and one of them is among the words.
 * Otherwise any service that gets a token of its user could log in here with
 * it.
 */
JWT_MUST_USE enum jwt_reason claims_check_audience(const struct claims *claims,
    const struct words *audience);

/*
 * Read a NumericDate claim.  If it is absent, the result is JWT_OK and
 * *present is false.
 */
JWT_MUST_USE enum jwt_reason claims_read_date(const struct claims *claims,
    const char *name, bool *present, struct number_date *out);

/* exp must be there, and not have passed; out->exp is set if it can be read. */
JWT_MUST_USE enum jwt_reason claims_check_expiry(const struct claims *claims,
    const struct issuer *issuer, int64_t now, struct claims_identity *out);

/* nbf must be absent or have passed. */
JWT_MUST_USE enum jwt_reason claims_check_not_before(
    const struct claims *claims, const struct issuer *issuer, int64_t now);

/*
 * Check iat, then the lifetime and the age, which are measured from it; after
 * claims_check_expiry(), which sets out->exp.  A token without iat is taken as
 * issued now for its lifetime, and has no age.
 */
JWT_MUST_USE enum jwt_reason claims_check_issued_at(
    const struct claims *claims, const struct issuer *issuer, int64_t now,
    struct claims_identity *out);

#endif
