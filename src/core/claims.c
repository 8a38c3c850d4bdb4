/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks the registered claims against an issuer's settings.
 *
 * The signature has shown who made the token.  These checks show that it was
 * made for this host, for a login, and for now: they stop a genuine token of
 * another service, of another kind or of another time.
 */
#include "core/claims_each.h"
#include "core/jose/media_type.h"

static bool
is_default_type(struct bytes typ)
{
	return media_type_eq(typ, bytes_str("JWT")) ||
	    media_type_eq(typ, bytes_str("at+jwt"));
}

/* Whether one accepted type is the token's; "none" stands for no typ. */
static bool
typ_fits(bool has_typ, struct bytes typ, struct bytes accepted)
{
	if (bytes_eq_str(accepted, "none"))
		return !has_typ;
	return has_typ && media_type_eq(typ, accepted);
}

/* Whether the header's typ is one of the accepted types. */
static bool
typ_is_accepted(const struct claims *claims, const struct issuer *issuer)
{
	bool has_typ;
	struct bytes typ = claims_typ(claims, &has_typ);
	size_t i;

	if (has_typ && media_type_never_logs_in(typ))
		return false;
	if (issuer->types.count == 0)
		return !has_typ || is_default_type(typ);
	for (i = 0; i < issuer->types.count; i++) {
		if (typ_fits(has_typ, typ, bytes_str(issuer->types.item[i])))
			return true;
	}
	return false;
}

/*
 * Whether the token has a claim that only tokens of another kind have.  Many
 * kinds have the typ JWT or no typ at all, so without this a security event, a
 * logout token, a DPoP proof, a status list or an introspection answer could
 * log in (RFC 8725 section 3.12).
 */
static bool
has_foreign_claim(const struct claims *claims)
{
	static const char *const names[] = {
		"events", "htm", "htu", "status_list", "token_introspection"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (claims_get(claims, names[i]) != NULL)
			return true;
	}
	return false;
}

/*
 * Whether a claim says that this is a refresh token.  Keycloak, for one, says
 * it in a claim and not in the header.  Such a token lives for weeks.
 */
static bool
is_refresh_token(const struct claims *claims)
{
	static const char *const values[] = {
		"Refresh", "Offline", "Logout", "refresh", "refresh_token"
	};
	static const char *const names[] = { "typ", "token_use", "token_type" };
	size_t i, k;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct json_node *node = claims_get(claims, names[i]);

		for (k = 0; k < sizeof(values) / sizeof(values[0]); k++) {
			if (json_is(node, JSON_STRING) &&
			    bytes_eq_str(json_text(node), values[k]))
				return true;
		}
	}
	return false;
}

static enum jwt_reason
check_type(const struct claims *claims, const struct issuer *issuer)
{
	if (!typ_is_accepted(claims, issuer) || has_foreign_claim(claims) ||
	    is_refresh_token(claims))
		return JWT_TYPE_NOT_ACCEPTED;
	return JWT_OK;
}

/* The subject must be a string that can stand in a log line and a map file. */
static enum jwt_reason
check_subject(const struct claims *claims)
{
	const struct json_node *sub = claims_get(claims, "sub");

	if (sub == NULL)
		return JWT_SUBJECT_MISSING;
	if (!json_is(sub, JSON_STRING) || !claims_is_printable(json_text(sub)))
		return JWT_CLAIM_INVALID;
	if (json_text(sub).len == 0)
		return JWT_SUBJECT_MISSING;
	return JWT_OK;
}

/*
 * When the provider wants the sessions of this token to end (OpenID IPSIE).  A
 * date that cannot be read is refused: the session would have no such end.
 */
static enum jwt_reason
read_session_expiry(const struct claims *claims, struct claims_identity *out)
{
	struct number_date date;
	bool present;
	enum jwt_reason reason = claims_read_date(claims, "session_expiry",
	    &present, &date);

	if (reason == JWT_OK && present)
		out->session_expiry = date.floor_sec;
	return reason;
}

enum jwt_reason
claims_check(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	enum jwt_reason reason;

	reason = claims_begin(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = check_type(claims, issuer);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_audience(claims, &issuer->audience);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_expiry(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_not_before(claims, issuer, now);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_issued_at(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = check_subject(claims);
	if (reason != JWT_OK)
		return reason;
	reason = claims_check_ids(claims);
	if (reason != JWT_OK)
		return reason;
	return read_session_expiry(claims, out);
}

enum jwt_reason
claims_check_status(const struct claims *claims)
{
	if (claims_get(claims, "status") != NULL)
		return JWT_STATUS_STALE;
	return JWT_OK;
}
