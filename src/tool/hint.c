/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints: for a refusal whose cause is hard to find, one sentence that says what
 * differs from what.  A hint decides nothing.
 */
#include "cli/report.h"
#include "cli/times.h"
#include "core/base/number.h"
#include "core/jose/media_type.h"
#include "tool/hint.h"
#include "tool/hint_account.h"
#include "tool/hint_encryption.h"
#include "tool/hint_proof.h"
#include "tool/hint_state.h"
#include "tool/hint_token.h"

static const struct json_node *
claim(const struct explain *explain, const char *name)
{
	return decoded_member(&explain->decoded->payload, name);
}

static void
put_words(const struct words *words, FILE *out)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		fprintf(out, "%s%s", i == 0 ? "" : " ", words->item[i]);
}

static void
put_date(int64_t date, int64_t now, FILE *out)
{
	times_print_date(date, out);
	fputs(", ", out);
	times_print_distance(date, now, out);
}

/* Read the date of a claim, rounded down; false if it is not a date. */
static bool
date_of(const struct explain *explain, const char *name, int64_t *out)
{
	const struct json_node *node = claim(explain, name);
	struct number_date date;

	if (!json_is(node, JSON_NUMBER) ||
	    number_date(json_text(node), &date) != JWT_OK)
		return false;
	*out = date.floor_sec;
	return true;
}

/* ---- claims ---- */

/* Name claims that only tokens for another purpose have. */
static void
put_foreign_claims(const struct explain *explain, FILE *out)
{
	static const char *const names[] = {
		"events", "htm", "htu", "status_list", "token_introspection",
		"typ", "token_use", "token_type"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (claim(explain, names[i]) == NULL)
			continue;
		fprintf(out, "; the claim %s is ", names[i]);
		report_value(claim(explain, names[i]), out);
	}
}

static void
hint_type(const struct explain *explain, FILE *out)
{
	const struct words *types = &explain->verdict->issuer->types;
	const struct json_node *typ = decoded_member(&explain->decoded->header,
	    "typ");

	fputs("typ is ", out);
	report_value(typ, out);
	fputs(", accepted are ", out);
	if (types->count == 0)
		fputs("JWT at+jwt none", out);
	else
		put_words(types, out);
	if (json_is(typ, JSON_STRING) &&
	    media_type_never_logs_in(json_text(typ)))
		fputs("; tokens of this type never log in", out);
	put_foreign_claims(explain, out);
}

/* Print each word in quotes, because it may contain spaces. */
static void
put_audience(const struct words *words, FILE *out)
{
	size_t i;

	for (i = 0; i < words->count; i++) {
		fputs(i == 0 ? "" : ", ", out);
		report_quoted(bytes_str(words->item[i]), out);
	}
}

static void
hint_audience(const struct explain *explain, FILE *out)
{
	fputs("aud holds ", out);
	report_values(claim(explain, "aud"), out);
	fputs(", this host accepts ", out);
	put_audience(&explain->verdict->issuer->audience, out);
}

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

/* Whether a date is in another unit than seconds: that is all to say then. */
static bool
say_other_unit(const char *name, int64_t date, FILE *out)
{
	const char *unit = times_other_unit(date);

	if (unit == NULL)
		return false;
	fprintf(out, "%s is in %s (%lld); a time is in seconds since 1970 "
	    "(RFC 7519 section 2)", name, unit, (long long)date);
	return true;
}

/* A time that is over, or not reached yet. */
static void
hint_time(const struct explain *explain, FILE *out)
{
	enum jwt_reason reason = explain->verdict->reason;
	const char *name = time_claim(reason);
	int64_t date;

	if (!date_of(explain, name, &date) || say_other_unit(name, date, out))
		return;
	fprintf(out, "%s is ", name);
	put_date(date, explain->now, out);
	if (reason == JWT_EXPIRED && claims_is_current(date,
	    explain->verdict->issuer->leeway_sec, explain->now)) {
		fputs("; but the state has forgotten what it knew of tokens up "
		    "to then: the clock was ahead at a purge, or is behind "
		    "now: pam-jwt state stats; state purge --reset", out);
		return;
	}
	fprintf(out, "; leeway is %us",
	    explain->verdict->issuer->leeway_sec);
	if (reason != JWT_EXPIRED)
		fputs(": do the clocks agree?", out);
}

/* Two spans, of which the first is too long. */
static void
put_compared(int64_t span_sec, const char *words, const char *setting,
    int64_t limit_sec, FILE *out)
{
	times_print_beside(span_sec, limit_sec, out);
	fprintf(out, "%s; %s is ", words, setting);
	times_print_beside(limit_sec, span_sec, out);
}

static void
hint_age(const struct explain *explain, FILE *out)
{
	int64_t iat;

	if (!date_of(explain, "iat", &iat))
		return;
	fputs("iat is ", out);
	times_print_date(iat, out);
	fputs(", ", out);
	put_compared(explain->now - iat, " ago", "max_age",
	    explain->verdict->issuer->max_age_sec, out);
}

static void
hint_lifetime(const struct explain *explain, FILE *out)
{
	const char *start = " after iat";
	int64_t exp, from;

	if (!date_of(explain, "exp", &exp) || say_other_unit("exp", exp, out))
		return;
	if (!date_of(explain, "iat", &from)) {
		start = " after now, and there is no iat";
		from = explain->now;
	}
	fputs("exp is ", out);
	put_compared(exp - from, start, "max_lifetime",
	    explain->verdict->issuer->max_lifetime_sec, out);
}

static bool
is_text(const struct json_node *node)
{
	struct bytes text = json_text(node);
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return false;
	}
	return json_is(node, JSON_STRING) && text.len > 0;
}

/* Separate this part of the sentence from the one before. */
static void
separate(FILE *out)
{
	if (ftell(out) > 0)
		fputs("; ", out);
}

static void
put_wrong(const struct explain *explain, const char *name, const char *what,
    FILE *out)
{
	separate(out);
	fprintf(out, "%s is not %s: ", name, what);
	report_values(claim(explain, name), out);
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
put_needed(const char *name, const char *setting, FILE *out)
{
	separate(out);
	fprintf(out, "%s is absent, and %s needs it", name, setting);
}

/* Name each claim whose type is wrong, and each that a setting needs. */
static void
hint_claim(const struct explain *explain, FILE *out)
{
	static const char *const dates[] = { "exp", "nbf", "iat" };
	static const char *const texts[] = { "sub", "jti", "sid" };
	const struct verdict *verdict = explain->verdict;
	int64_t date;
	size_t i;

	if (!is_audience(claim(explain, "aud"))) {
		fputs("aud must be a string, or an array of strings: ", out);
		report_values(claim(explain, "aud"), out);
	}
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		if (claim(explain, dates[i]) != NULL &&
		    !date_of(explain, dates[i], &date))
			put_wrong(explain, dates[i], "a time", out);
	}
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (claim(explain, texts[i]) != NULL &&
		    !is_text(claim(explain, texts[i])))
			put_wrong(explain, texts[i], "plain text", out);
	}
	if (verdict->issuer->max_age_sec != 0 && claim(explain, "iat") == NULL)
		put_needed("iat", "max_age", out);
	if (verdict->service->single_use && claim(explain, "jti") == NULL)
		put_needed("jti", "single_use", out);
}

/* The map, the log and the state know a person by iss and sub. */
static void
hint_subject(const struct explain *explain, FILE *out)
{
	const struct json_node *sub = claim(explain, "sub");

	fputs("sub is ", out);
	report_value(sub, out);
	fputs("; it is needed also where no rule looks at it, as the log and "
	    "revoking go by it", out);
	if (claim(explain, "client_id") != NULL)
		fputs("; is it a token of a program, not of a person? "
		    "(client_id)", out);
	if (sub == NULL)
		fputs("; Keycloak 25 and newer leave it out where the client "
		    "has not the client scope basic", out);
}

/* ---- rules ---- */

/* Why a time that a rule looks at says nothing. */
static void
put_time_fault(const struct explain *explain, const struct rule_test *need,
    FILE *out)
{
	const struct json_node *node = claim_path_get(&need->path,
	    decoded_root(&explain->decoded->payload));
	struct bytes name = need->path.steps[0];
	struct number_date date;

	fputs("; ", out);
	report_bytes(name, out);
	if (node == NULL && bytes_eq_str(name, "auth_time")) {
		fputs(" is absent: a provider sends it where the client asks "
		    "for it (max_age, require_auth_time)", out);
		return;
	}
	fputs(" is ", out);
	report_value(node, out);
	if (json_is(node, JSON_NUMBER) &&
	    number_date(json_text(node), &date) == JWT_OK) {
		fputs(": ", out);
		if (say_other_unit("it", date.floor_sec, out))
			return;
		put_date(date.floor_sec, explain->now, out);
	} else if (node != NULL) {
		fputs("; a time is a number, of seconds since 1970", out);
	}
}

static void
hint_need(const struct explain *explain, const struct rule_test *need,
    FILE *out)
{
	fprintf(out, "all that is missing is %s", need->text);
	if (need->op == RULE_WITHIN && need->path.count == 1)
		put_time_fault(explain, need, out);
}

/* A person who asks at night has seen the rule hold in the day. */
static void
hint_off_hours(const struct explain *explain, FILE *out)
{
	const struct rule_test *test = explain_off_hours(explain);

	if (test == NULL)
		return;
	fprintf(out, "all that is missing is %s; ", test->text);
	explain_clock(explain, out);
	if (!zone_time(&explain->policy->zone, explain->now).is_known)
		fputs("nobody knows the time: the clock of the host is not "
		    "set, or /etc/localtime is not a time zone", out);
}

static void
hint_rules(const struct explain *explain, FILE *out)
{
	const struct verdict *verdict = explain->verdict;

	if (explain_missed(explain, "groups") &&
	    claim(explain, "groups") == NULL &&
	    claim(explain, "_claim_names") != NULL)
		fputs("groups is absent and _claim_names is there: overage, "
		    "the user is in more groups than fit in a token; use app "
		    "roles", out);
	else if (claim(explain, "act") != NULL)
		fputs("the token has act (somebody acts for the subject), so "
		    "only a rule that looks at act permits it", out);
	else if (verdict->reason == JWT_NOT_PERMITTED &&
	    verdict->missing_test != NULL)
		hint_need(explain, verdict->missing_test, out);
	else if (verdict->reason == JWT_NOT_PERMITTED)
		hint_off_hours(explain, out);
}

/* ---- configuration ---- */

/* login.defs is the only file still read after the configuration. */
static void
hint_login_defs(const struct explain *explain, FILE *out)
{
	(void)explain;
	fputs("/etc/login.defs does not say which accounts are the system's: "
	    "its UID_MIN is not a number, or others may write the file", out);
}

static const struct {
	enum jwt_reason reason;
	void (*say)(const struct explain *explain, FILE *out);
} hints[] = {
	{ JWT_TOKEN_TOO_LONG, hint_length },
	{ JWT_TOKEN_CUT, hint_length },
	{ JWT_TOKEN_FORM, hint_form },
	{ JWT_TOKEN_BASE64, hint_part },
	{ JWT_JSON_INVALID, hint_part },
	{ JWT_JSON_DUPLICATE, hint_part },
	{ JWT_JSON_LIMIT, hint_part },
	{ JWT_HEADER_INVALID, hint_header },
	{ JWT_CRIT_UNSUPPORTED, hint_crit },
	{ JWT_ALG_UNSUPPORTED, hint_algorithm },
	{ JWT_ALG_NOT_ALLOWED, hint_algorithm },
	{ JWT_ALG_KEY_MISMATCH, hint_algorithm },
	{ JWT_KEY_UNKNOWN, hint_key },
	{ JWT_KEY_AMBIGUOUS, hint_key },
	{ JWT_KEYS_STALE, hint_stale },
	{ JWT_SIGNATURE_INVALID, hint_signature },
	{ JWT_ISSUER_UNKNOWN, hint_issuer },
	{ JWT_TYPE_NOT_ACCEPTED, hint_type },
	{ JWT_CLAIM_INVALID, hint_claim },
	{ JWT_AUDIENCE_MISMATCH, hint_audience },
	{ JWT_EXPIRED, hint_time },
	{ JWT_NOT_YET_VALID, hint_time },
	{ JWT_ISSUED_IN_FUTURE, hint_time },
	{ JWT_TOO_OLD, hint_age },
	{ JWT_LIFETIME_TOO_LONG, hint_lifetime },
	{ JWT_SUBJECT_MISSING, hint_subject },
	{ JWT_DENIED, hint_rules },
	{ JWT_NOT_PERMITTED, hint_rules },
	{ JWT_CLIENT_NOT_ACCEPTED, hint_client },
	{ JWT_ACCOUNT_INVALID, hint_invalid },
	{ JWT_ACCOUNT_MISMATCH, hint_mismatch },
	{ JWT_ACCOUNT_PROTECTED, hint_unusable },
	{ JWT_ACCOUNT_UNKNOWN, hint_unusable },
	{ JWT_PROOF_MISSING, hint_no_proof },
	{ JWT_PROOF_MISMATCH, hint_other_key },
	{ JWT_REVOKED, hint_revoked },
	{ JWT_SUPERSEDED, hint_cutoff },
	{ JWT_REPLAYED, hint_once },
	{ JWT_STATE_UNAVAILABLE, hint_state },
	{ JWT_CONFIG_INVALID, hint_login_defs },
};

static void
say_hint(const struct explain *explain, FILE *out)
{
	size_t i;

	if (hint_is_encryption(explain)) {
		hint_encryption(explain, out);
		return;
	}
	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (hints[i].reason == explain->verdict->reason)
			hints[i].say(explain, out);
	}
}

void
hint_write(const struct explain *explain, char out[HINT_SIZE])
{
	FILE *stream;

	memset(out, 0, HINT_SIZE);
	if (explain->policy == NULL)
		return;		/* there is no policy to compare with */
	stream = fmemopen(out, HINT_SIZE - 1, "w");
	if (stream == NULL)
		return;
	say_hint(explain, stream);
	fclose(stream);
}
