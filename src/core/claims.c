/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks the registered claims against an issuer's settings.
 *
 * The signature has shown who made the token.  These checks show that it was
 * made for this host, for a login, and for now: they stop a genuine token of
 * another service, of another kind or of another time.
 */
#include "core/base/number.h"
#include "core/claims.h"
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

/*
 * Refuse control characters: with a newline, a claim could forge a line of the
 * log or of an environment.
 */
static bool
is_printable(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return false;
	}
	return true;
}

static struct bytes
string_claim(const struct claims *claims, const char *name)
{
	const struct json_node *node = claims_get(claims, name);

	if (json_is(node, JSON_STRING))
		return json_text(node);
	return bytes_of(NULL, 0);
}

static enum jwt_reason
check_issuer(const struct claims *claims, const struct issuer *issuer)
{
	const struct json_node *iss = claims_get(claims, "iss");

	if (!json_is(iss, JSON_STRING) ||
	    !bytes_eq_str(json_text(iss), issuer->iss))
		return JWT_ISSUER_UNKNOWN;
	return JWT_OK;
}

/* The subject must be a string that can stand in a log line and a map file. */
static enum jwt_reason
check_subject(const struct claims *claims)
{
	const struct json_node *sub = claims_get(claims, "sub");

	if (sub == NULL)
		return JWT_SUBJECT_MISSING;
	if (!json_is(sub, JSON_STRING) || !is_printable(json_text(sub)))
		return JWT_CLAIM_INVALID;
	if (json_text(sub).len == 0)
		return JWT_SUBJECT_MISSING;
	return JWT_OK;
}

bool
claims_is_name(const struct json_node *node)
{
	return json_is(node, JSON_STRING) && json_text(node).len > 0 &&
	    is_printable(json_text(node));
}

/*
 * Whether a claim is absent or can serve as an identifier.  A token or session
 * is revoked by such a claim, and an odd value might not be found again.
 */
static bool
is_id(const struct json_node *node)
{
	return node == NULL || claims_is_name(node);
}

static enum jwt_reason
check_ids(const struct claims *claims)
{
	if (!is_id(claims_get(claims, "jti")) ||
	    !is_id(claims_get(claims, "sid")))
		return JWT_CLAIM_INVALID;
	return JWT_OK;
}

/*
 * The token must be meant for this host (RFC 7519 section 4.1.3): aud is a
 * string or an array of strings.  Otherwise any service that gets a token of
 * its user could log in here with it.
 */
static enum jwt_reason
check_audience(const struct claims *claims, const struct words *audience)
{
	const struct json_node *aud = claims_get(claims, "aud");
	const struct json_node *item;
	bool found = false;

	if (aud == NULL)
		return JWT_AUDIENCE_MISMATCH;
	if (json_is(aud, JSON_STRING)) {
		if (!policy_words_have(audience, json_text(aud)))
			return JWT_AUDIENCE_MISMATCH;
		return JWT_OK;
	}
	if (!json_is(aud, JSON_ARRAY) || json_first(aud) == NULL)
		return JWT_CLAIM_INVALID;
	for (item = json_first(aud); item; item = json_next(aud, item)) {
		if (!json_is(item, JSON_STRING))
			return JWT_CLAIM_INVALID;
		found = found || policy_words_have(audience, json_text(item));
	}
	if (!found)
		return JWT_AUDIENCE_MISMATCH;
	return JWT_OK;
}

/* Read a NumericDate claim; *present is false if it is absent. */
static enum jwt_reason
read_date(const struct claims *claims, const char *name, bool *present,
    struct number_date *out)
{
	const struct json_node *node = claims_get(claims, name);

	*out = (struct number_date){ 0 };
	*present = node != NULL;
	if (node == NULL)
		return JWT_OK;
	if (!json_is(node, JSON_NUMBER))
		return JWT_CLAIM_INVALID;
	return number_date(json_text(node), out);
}

static enum jwt_reason
check_expiry(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	struct number_date exp;
	bool present;
	enum jwt_reason reason = read_date(claims, "exp", &present, &exp);

	if (reason != JWT_OK)
		return reason;
	if (!present)
		return JWT_EXPIRY_MISSING;
	out->exp = exp.floor_sec;
	if (!claims_is_current(exp.floor_sec, issuer->leeway_sec, now))
		return JWT_EXPIRED;
	return JWT_OK;
}

static enum jwt_reason
check_not_before(const struct claims *claims, const struct issuer *issuer,
    int64_t now)
{
	struct number_date nbf;
	bool present;
	enum jwt_reason reason = read_date(claims, "nbf", &present, &nbf);

	if (reason != JWT_OK || !present)
		return reason;
	if (now + (int64_t)issuer->leeway_sec < nbf.ceil_sec)
		return JWT_NOT_YET_VALID;
	return JWT_OK;
}

/*
 * Check iat, then the lifetime and the age, which are measured from it.  A
 * token without iat is taken as issued now for its lifetime, and has no age.
 */
static enum jwt_reason
check_issued_at(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	struct number_date iat;
	bool present;
	enum jwt_reason reason = read_date(claims, "iat", &present, &iat);
	int64_t start;

	if (reason != JWT_OK)
		return reason;
	if (present && iat.floor_sec > now + (int64_t)issuer->leeway_sec)
		return JWT_ISSUED_IN_FUTURE;
	start = present ? iat.floor_sec : now;
	if (out->exp - start > (int64_t)issuer->max_lifetime_sec)
		return JWT_LIFETIME_TOO_LONG;
	out->iat = present ? iat.floor_sec : -1;
	if (issuer->max_age_sec == 0)
		return JWT_OK;
	if (!present)
		return JWT_CLAIM_INVALID;
	if (now - iat.floor_sec > (int64_t)issuer->max_age_sec)
		return JWT_TOO_OLD;
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
	enum jwt_reason reason = read_date(claims, "session_expiry", &present,
	    &date);

	if (reason == JWT_OK && present)
		out->session_expiry = date.floor_sec;
	return reason;
}

static void
read_names(const struct claims *claims, struct claims_identity *out)
{
	*out = (struct claims_identity){
		.iss = string_claim(claims, "iss"),
		.sub = string_claim(claims, "sub"),
		.jti = string_claim(claims, "jti"),
		.sid = string_claim(claims, "sid"),
		.iat = -1,
		.session_expiry = -1
	};
}

void
claims_identify(const struct claims *claims, struct claims_identity *out)
{
	struct number_date date;
	bool present;

	read_names(claims, out);
	out->exp = -1;
	if (read_date(claims, "exp", &present, &date) == JWT_OK && present)
		out->exp = date.floor_sec;
	if (read_date(claims, "iat", &present, &date) == JWT_OK && present)
		out->iat = date.floor_sec;
}

enum jwt_reason
claims_check(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	enum jwt_reason reason;

	read_names(claims, out);
	/* Such a clock is wrong, and the sums below could overflow. */
	if (now < 0 || now > NUMBER_DATE_MAX)
		return JWT_INTERNAL;
	reason = check_issuer(claims, issuer);
	if (reason != JWT_OK)
		return reason;
	reason = check_type(claims, issuer);
	if (reason != JWT_OK)
		return reason;
	reason = check_audience(claims, &issuer->audience);
	if (reason != JWT_OK)
		return reason;
	reason = check_expiry(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = check_not_before(claims, issuer, now);
	if (reason != JWT_OK)
		return reason;
	reason = check_issued_at(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = check_subject(claims);
	if (reason != JWT_OK)
		return reason;
	reason = check_ids(claims);
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

	read_names(claims, out);
	if (now < 0 || now > NUMBER_DATE_MAX)
		return JWT_INTERNAL;
	reason = check_issuer(claims, issuer);
	if (reason != JWT_OK)
		return reason;
	if (!is_logout_type(claims) || !has_logout_event(claims) ||
	    claims_get(claims, "nonce") != NULL)
		return JWT_TYPE_NOT_ACCEPTED;
	reason = check_audience(claims, audience);
	if (reason != JWT_OK)
		return reason;
	reason = check_expiry(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = check_issued_at(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	reason = check_ids(claims);
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

	reason = check_expiry(claims, issuer, now, out);
	if (reason != JWT_OK && reason != JWT_EXPIRY_MISSING)
		return reason;
	reason = check_not_before(claims, issuer, now);
	if (reason != JWT_OK)
		return reason;
	reason = read_date(claims, "iat", &present, &iat);
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

	read_names(claims, out);
	if (now < 0 || now > NUMBER_DATE_MAX)
		return JWT_INTERNAL;
	reason = check_issuer(claims, issuer);
	if (reason != JWT_OK)
		return reason;
	if (!claims_is_event(claims) || !json_is(events, JSON_OBJECT))
		return JWT_TYPE_NOT_ACCEPTED;
	if (json_first(events) == NULL)
		return JWT_CLAIM_INVALID;
	reason = check_audience(claims, policy_event_audience(issuer));
	if (reason != JWT_OK)
		return reason;
	reason = check_event_times(claims, issuer, now, out);
	if (reason != JWT_OK)
		return reason;
	if (!claims_is_name(claims_get(claims, "jti")))
		return JWT_CLAIM_INVALID;
	return JWT_OK;
}
