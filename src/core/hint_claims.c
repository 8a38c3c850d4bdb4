/* SPDX-License-Identifier: BSD-2-Clause */
/* Hints about the claims of a verified token and the settings of its issuer. */
#include "core/base/date.h"
#include "core/base/number.h"
#include "core/hint_each.h"
#include "core/jose/media_type.h"

/* Read the date of a claim, rounded down; false if it is not a date. */
static bool
date_of(const struct hint *hint, const char *name, int64_t *out)
{
	const struct json_node *node = hint_claim_of(hint, name);
	struct number_date date;

	if (!json_is(node, JSON_NUMBER) ||
	    number_date(json_text(node), &date) != JWT_OK)
		return false;
	*out = date.floor_sec;
	return true;
}

/* ---- type and audience ---- */

/* Name claims that only tokens for another purpose have. */
static void
put_foreign_claims(struct hint *hint)
{
	static const char *const names[] = {
		"events", "htm", "htu", "status_list", "token_introspection",
		"typ", "token_use", "token_type"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (hint_claim_of(hint, names[i]) == NULL)
			continue;
		hint_put(hint, "; the claim %s is ", names[i]);
		hint_node(hint, hint_claim_of(hint, names[i]));
	}
}

void
hint_type(struct hint *hint)
{
	const struct words *types = &hint->verdict->issuer->types;
	bool has_typ;
	struct bytes typ = claims_typ(hint->verdict->claims, &has_typ);
	size_t i;

	hint_text(hint, "typ is ");
	if (has_typ)
		hint_value(hint, typ);
	else
		hint_text(hint, "absent");
	hint_text(hint, ", accepted are");
	if (types->count == 0)
		hint_text(hint, " JWT at+jwt none");
	for (i = 0; i < types->count; i++)
		hint_put(hint, " %s", types->item[i]);
	if (has_typ && media_type_never_logs_in(typ))
		hint_text(hint, "; tokens of this type never log in");
	put_foreign_claims(hint);
}

/* A word of audience may contain spaces, so each is in quotes. */
void
hint_audience(struct hint *hint)
{
	const struct words *words = &hint->verdict->issuer->audience;
	size_t i;

	hint_text(hint, "aud holds ");
	hint_nodes(hint, hint_claim_of(hint, "aud"));
	hint_text(hint, ", this host accepts ");
	for (i = 0; i < words->count; i++) {
		hint_text(hint, i == 0 ? "\"" : ", \"");
		hint_text(hint, words->item[i]);
		hint_text(hint, "\"");
	}
}

/* ---- times ---- */

/* The claim whose time was refused. */
static const char *
time_claim(enum jwt_reason reason)
{
	if (reason == JWT_EXPIRED)
		return "exp";
	if (reason == JWT_NOT_YET_VALID)
		return "nbf";
	return "iat";
}

/* A time that is over, or not reached yet. */
void
hint_time(struct hint *hint)
{
	enum jwt_reason reason = hint->verdict->reason;
	unsigned leeway_sec = hint->verdict->issuer->leeway_sec;
	const char *name = time_claim(reason);
	int64_t date;

	if (!date_of(hint, name, &date) || hint_other_unit(hint, name, date))
		return;
	hint_put(hint, "%s is ", name);
	hint_date(hint, date);
	if (reason == JWT_EXPIRED &&
	    claims_is_current(date, leeway_sec, hint->in->now)) {
		hint_text(hint, "; but the state has forgotten what it knew of "
		    "tokens up to then: the clock was ahead at a purge, or is "
		    "behind now: pam-jwt state stats; state purge --reset");
		return;
	}
	hint_put(hint, "; leeway is %us", leeway_sec);
	if (reason != JWT_EXPIRED)
		hint_text(hint, ": do the clocks agree?");
}

/* Two spans, of which the first is too long. */
static void
put_compared(struct hint *hint, int64_t span_sec, const char *words,
    const char *setting, int64_t limit_sec)
{
	char span[DATE_SPAN_SIZE], limit[DATE_SPAN_SIZE];

	date_span_beside(span_sec, limit_sec, span);
	date_span_beside(limit_sec, span_sec, limit);
	hint_put(hint, "%s%s; %s is %s", span, words, setting, limit);
}

void
hint_age(struct hint *hint)
{
	char text[DATE_SIZE];
	int64_t iat;

	if (!date_of(hint, "iat", &iat))
		return;
	date_text(iat, text);
	hint_put(hint, "iat is %s, ", text);
	put_compared(hint, hint->in->now - iat, " ago", "max_age",
	    hint->verdict->issuer->max_age_sec);
}

void
hint_lifetime(struct hint *hint)
{
	const char *start = " after iat";
	int64_t exp, from;

	if (!date_of(hint, "exp", &exp) || hint_other_unit(hint, "exp", exp))
		return;
	if (!date_of(hint, "iat", &from)) {
		start = " after now, and there is no iat";
		from = hint->in->now;
	}
	hint_text(hint, "exp is ");
	put_compared(hint, exp - from, start, "max_lifetime",
	    hint->verdict->issuer->max_lifetime_sec);
}

/* ---- claims of a wrong type ---- */

static void
put_wrong(struct hint *hint, const char *name, const char *what)
{
	hint_put(hint, "%s is not %s: ", name, what);
	hint_nodes(hint, hint_claim_of(hint, name));
	hint_end(hint);
}

/* An audience is a string, or an array of one or more strings. */
static bool
is_audience(const struct json_node *aud)
{
	const struct json_node *item;

	if (!json_is(aud, JSON_ARRAY))
		return json_is(aud, JSON_STRING);
	for (item = json_first(aud); item; item = json_next(aud, item)) {
		if (!json_is(item, JSON_STRING))
			return false;
	}
	return json_first(aud) != NULL;
}

static void
put_audience_fault(struct hint *hint)
{
	if (is_audience(hint_claim_of(hint, "aud")))
		return;
	hint_text(hint, "aud must be a string, or an array of strings: ");
	hint_nodes(hint, hint_claim_of(hint, "aud"));
	hint_end(hint);
}

static void
put_needed(struct hint *hint, const char *name, const char *setting)
{
	if (hint_claim_of(hint, name) != NULL)
		return;
	hint_put(hint, "%s is absent, and %s needs it", name, setting);
	hint_end(hint);
}

/* A service that asks for a proof must understand what a token is bound to. */
static void
put_cnf_fault(struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;

	if (!verdict->binding.is_bound || verdict->binding.jkt[0] != '\0' ||
	    verdict->binding.fingerprint[0] != '\0')
		return;
	hint_text(hint, "cnf must have one member: jkt, a public jwk, or kid "
	    "with the fingerprint of an ssh key");
	hint_end(hint);
}

/* Name each claim whose type is wrong, and each that a setting needs. */
void
hint_claim(struct hint *hint)
{
	static const char *const dates[] = {
		"exp", "nbf", "iat", "session_expiry"
	};
	static const char *const texts[] = { "sub", "jti", "sid" };
	int64_t date;
	size_t i;

	put_audience_fault(hint);
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		if (hint_claim_of(hint, dates[i]) != NULL &&
		    !date_of(hint, dates[i], &date))
			put_wrong(hint, dates[i], "a time");
	}
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (hint_claim_of(hint, texts[i]) != NULL &&
		    !claims_is_name(hint_claim_of(hint, texts[i])))
			put_wrong(hint, texts[i], "plain text");
	}
	if (hint->verdict->issuer->max_age_sec != 0)
		put_needed(hint, "iat", "max_age");
	if (hint->verdict->service->single_use)
		put_needed(hint, "jti", "single_use");
	put_cnf_fault(hint);
}

/* The map, the log and the state know a person by iss and sub. */
void
hint_subject(struct hint *hint)
{
	const struct json_node *sub = hint_claim_of(hint, "sub");

	hint_text(hint, "sub is ");
	hint_node(hint, sub);
	hint_text(hint, "; it is needed also where no rule looks at it, as the "
	    "log and revoking go by it");
	if (hint_claim_of(hint, "client_id") != NULL)
		hint_text(hint, "; is it a token of a program, not of a "
		    "person? (client_id)");
	if (sub == NULL)
		hint_text(hint, "; Keycloak 25 and newer leave it out where "
		    "the client has not the client scope basic");
}
