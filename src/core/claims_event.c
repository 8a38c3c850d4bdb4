/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks tokens that log nobody in: logout tokens and security event tokens,
 * which say that something has ended.
 *
 * Both must have events, which no login may have (claims.c): so a provider's
 * token is never good for both.
 */
#include "core/claims_each.h"
#include "core/jose/media_type.h"

/* If there is a typ, it must not be that of another kind of token. */
static bool
is_logout_type(const struct claims *claims)
{
	bool has_typ;
	struct bytes typ = claims_typ(claims, &has_typ);

	return !has_typ || media_type_eq(typ, bytes_str("logout+jwt")) ||
	    media_type_eq(typ, bytes_str("JWT"));
}

static bool
has_logout_event(const struct claims *claims)
{
	const struct json_node *events = claims_get(claims, "events");

	return json_is(events, JSON_OBJECT) && json_is(json_get(events,
	    bytes_str("http://schemas.openid.net/event/backchannel-logout")),
	    JSON_OBJECT);
}

enum jwt_reason
claims_check_logout(const struct claims *claims, const struct issuer *issuer,
    const struct words *audience, int64_t now, struct claims_identity *out)
{
	enum jwt_reason reason;

	reason = claims_begin(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	if (!is_logout_type(claims) || !has_logout_event(claims) ||
	    claims_get(claims, "nonce") != NULL)
		return JWT_TYPE_NOT_ACCEPTED;
	reason = claims_check_audience(claims, audience);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_expiry(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_issued_at(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_ids(claims);
	if (reason != JWT_OK)
		return reason;
	if (out->iat < 0 || out->jti.len == 0)
		return JWT_CLAIM_INVALID;
	if (out->sub.len == 0 && out->sid.len == 0)
		return JWT_SUBJECT_MISSING;
	return JWT_OK;
}

bool
claims_is_event(const struct claims *claims)
{
	bool has_typ;
	struct bytes typ = claims_typ(claims, &has_typ);

	return has_typ && media_type_eq(typ, bytes_str("secevent+jwt"));
}

/* The times of a SET: exp and nbf if they are there, and iat, always. */
static enum jwt_reason
check_event_times(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	struct number_date iat;
	enum jwt_reason reason;
	bool present;

	reason = claims_check_expiry(claims, issuer, now, out);
	if (reason != JWT_OK && reason != JWT_EXPIRY_MISSING)
		return reason;
	reason = claims_check_not_before(claims, issuer, now);
	if (reason != JWT_OK)
		return reason;
	reason = claims_read_date(claims, "iat", &present, &iat);
	if (reason != JWT_OK)
		return reason;
	if (!present)
		return JWT_CLAIM_INVALID;
	if (iat.floor_sec > now + (int64_t)issuer->leeway_sec)
		return JWT_ISSUED_IN_FUTURE;
	out->iat = iat.floor_sec;
	return JWT_OK;
}

enum jwt_reason
claims_check_event(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	const struct json_node *events = claims_get(claims, "events");
	enum jwt_reason reason;

	reason = claims_begin(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	if (!claims_is_event(claims) || !json_is(events, JSON_OBJECT))
		return JWT_TYPE_NOT_ACCEPTED;
	if (json_first(events) == NULL)
		return JWT_CLAIM_INVALID;
	reason = claims_check_audience(claims, policy_event_audience(issuer));
	if (reason != JWT_OK)
		return reason;
	reason = check_event_times(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	if (!claims_is_name(claims_get(claims, "jti")))
		return JWT_CLAIM_INVALID;
	return JWT_OK;
}
