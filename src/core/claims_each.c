/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks single claims, those that logins, logout tokens and security event
 * tokens have in common.
 */
#include "core/claims_each.h"

static struct bytes
string_claim(const struct claims *claims, const char *name)
{
	const struct json_node *node = claims_get(claims, name);

	if (json_is(node, JSON_STRING))
		return json_text(node);
	return bytes_of(NULL, 0);
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

static enum jwt_reason
check_issuer(const struct claims *claims, const struct issuer *issuer)
{
	const struct json_node *iss = claims_get(claims, "iss");

	if (!json_is(iss, JSON_STRING) ||
	    !bytes_eq_str(json_text(iss), issuer->iss))
		return JWT_ISSUER_UNKNOWN;
	return JWT_OK;
}

enum jwt_reason
claims_begin(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	read_names(claims, out);
	/* Such a clock is wrong, and sums of times could overflow. */
	if (now < 0 || now > NUMBER_DATE_MAX)
		return JWT_INTERNAL;
	return check_issuer(claims, issuer);
}

void
claims_identify(const struct claims *claims, struct claims_identity *out)
{
	struct number_date date;
	bool present;

	read_names(claims, out);
	out->exp = -1;
	if (claims_read_date(claims, "exp", &present, &date) == JWT_OK &&
	    present)
		out->exp = date.floor_sec;
	if (claims_read_date(claims, "iat", &present, &date) == JWT_OK &&
	    present)
		out->iat = date.floor_sec;
}

bool
claims_is_printable(struct bytes text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return false;
	}
	return true;
}

bool
claims_is_name(const struct json_node *node)
{
	return json_is(node, JSON_STRING) && json_text(node).len > 0 &&
	    claims_is_printable(json_text(node));
}

static bool
is_id(const struct json_node *node)
{
	return node == NULL || claims_is_name(node);
}

enum jwt_reason
claims_check_ids(const struct claims *claims)
{
	if (!is_id(claims_get(claims, "jti")) ||
	    !is_id(claims_get(claims, "sid")))
		return JWT_CLAIM_INVALID;
	return JWT_OK;
}

enum jwt_reason
claims_check_audience(const struct claims *claims,
    const struct words *audience)
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

enum jwt_reason
claims_read_date(const struct claims *claims, const char *name, bool *present,
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

enum jwt_reason
claims_check_expiry(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	struct number_date exp;
	bool present;
	enum jwt_reason reason = claims_read_date(claims, "exp", &present,
	    &exp);

	if (reason != JWT_OK)
		return reason;
	if (!present)
		return JWT_EXPIRY_MISSING;
	out->exp = exp.floor_sec;
	if (!claims_is_current(exp.floor_sec, issuer->leeway_sec, now))
		return JWT_EXPIRED;
	return JWT_OK;
}

enum jwt_reason
claims_check_not_before(const struct claims *claims,
    const struct issuer *issuer, int64_t now)
{
	struct number_date nbf;
	bool present;
	enum jwt_reason reason = claims_read_date(claims, "nbf", &present,
	    &nbf);

	if (reason != JWT_OK || !present)
		return reason;
	if (now + (int64_t)issuer->leeway_sec < nbf.ceil_sec)
		return JWT_NOT_YET_VALID;
	return JWT_OK;
}

enum jwt_reason
claims_check_issued_at(const struct claims *claims, const struct issuer *issuer,
    int64_t now, struct claims_identity *out)
{
	struct number_date iat;
	bool present;
	enum jwt_reason reason = claims_read_date(claims, "iat", &present,
	    &iat);
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
