/* SPDX-License-Identifier: BSD-2-Clause */
/* Chooses the hint of a refusal, and keeps those that need a verified token. */
#include "core/hint_each.h"

/* ---- configuration ---- */

/* A map, or login.defs: of the two the map is read first. */
static void
put_host_file(struct hint *hint)
{
	const struct rule *rule = hint->verdict->rule;

	if (hint_map_is_faulty(hint, rule))
		hint_put(hint, "%s has an error for this subject, or cannot be "
		    "read: pam-jwt check", rule->map_path);
	else
		hint_text(hint, "/etc/login.defs does not say which accounts "
		    "are the system's: its UID_MIN is not a number, or others "
		    "may write the file");
}

/*
 * Before the token is verified, the configuration, or the keys for this token,
 * have an error.  After that, files about accounts are still read.
 */
static void
hint_configuration(struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;

	if (verdict->claims != NULL)
		put_host_file(hint);
	else if (verdict->issuer != NULL)
		hint_put(hint, "no token of issuer %s logs in until pam-jwt "
		    "check finds no error", verdict->issuer->name);
	else if (verdict->jwe != NULL)
		hint_text(hint, "no encrypted token logs in until pam-jwt "
		    "check finds no error");
	else
		hint_text(hint, "nobody logs in until pam-jwt check finds no "
		    "error");
}

/*
 * A section under the name of another service is a common mistake: ssh instead
 * of sshd.  Nothing else shows it, since the section of "*" answers.
 */
static void
put_section(struct hint *hint)
{
	const struct words *names = &hint->verdict->service->names;

	if (names->count == 0) {
		hint_text(hint, "no [service ");
		hint_text(hint, hint->service);
		hint_text(hint, "] and no [service *], so \"permit = as claim "
		    "sub\" counts");
		hint_end(hint);
	} else if (bytes_eq_str(bytes_str(names->item[0]), "*")) {
		hint_text(hint, "no [service ");
		hint_text(hint, hint->service);
		hint_text(hint, "], so [service *] counts");
		hint_end(hint);
	}
}

/* ---- all reasons ---- */

enum need {
	ANY_TOKEN,	/* the hint holds of the token iss and kid alone */
	VERIFIED	/* it holds claims */
};

static const struct {
	enum jwt_reason reason;
	enum need need;
	void (*say)(struct hint *hint);
} hints[] = {
	{ JWT_ALG_NOT_ALLOWED, ANY_TOKEN, hint_algorithm },
	{ JWT_ALG_KEY_MISMATCH, ANY_TOKEN, hint_algorithm },
	{ JWT_KEY_UNKNOWN, ANY_TOKEN, hint_key },
	{ JWT_KEY_AMBIGUOUS, ANY_TOKEN, hint_key },
	{ JWT_KEYS_STALE, ANY_TOKEN, hint_stale },
	{ JWT_SIGNATURE_INVALID, ANY_TOKEN, hint_signature },
	{ JWT_ISSUER_UNKNOWN, ANY_TOKEN, hint_issuer },
	{ JWT_TYPE_NOT_ACCEPTED, VERIFIED, hint_type },
	{ JWT_CLAIM_INVALID, VERIFIED, hint_claim },
	{ JWT_AUDIENCE_MISMATCH, VERIFIED, hint_audience },
	{ JWT_EXPIRED, VERIFIED, hint_time },
	{ JWT_NOT_YET_VALID, VERIFIED, hint_time },
	{ JWT_ISSUED_IN_FUTURE, VERIFIED, hint_time },
	{ JWT_TOO_OLD, VERIFIED, hint_age },
	{ JWT_LIFETIME_TOO_LONG, VERIFIED, hint_lifetime },
	{ JWT_SUBJECT_MISSING, VERIFIED, hint_subject },
	{ JWT_DENIED, VERIFIED, hint_denied },
	{ JWT_NOT_PERMITTED, VERIFIED, hint_not_permitted },
	{ JWT_CLIENT_NOT_ACCEPTED, VERIFIED, hint_client },
	{ JWT_ACCOUNT_INVALID, VERIFIED, hint_invalid },
	{ JWT_ACCOUNT_MISMATCH, VERIFIED, hint_mismatch },
	{ JWT_ACCOUNT_PROTECTED, VERIFIED, hint_protected },
	{ JWT_ACCOUNT_UNKNOWN, VERIFIED, hint_unknown },
	{ JWT_PROOF_MISSING, VERIFIED, hint_no_proof },
	{ JWT_PROOF_MISMATCH, VERIFIED, hint_other_key },
	{ JWT_REVOKED, VERIFIED, hint_revoked },
	{ JWT_SUPERSEDED, VERIFIED, hint_cutoff },
	{ JWT_REPLAYED, VERIFIED, hint_once },
};

static void
say_reason(struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (hints[i].reason != verdict->reason)
			continue;
		if (hints[i].need == ANY_TOKEN || verdict->claims != NULL)
			hints[i].say(hint);
	}
}

static void
say(struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;
	enum jwt_class class = reason_class(verdict->reason);

	if (class == JWT_CLASS_CONFIGURATION) {
		hint_configuration(hint);
		return;
	}
	if (verdict->service == NULL)
		return;		/* the token was not looked at */
	if (class == JWT_CLASS_POLICY)
		put_section(hint);
	if (hint_is_encryption(hint))
		hint_encryption(hint);
	else
		say_reason(hint);
	hint_end(hint);
	if (class == JWT_CLASS_ACCOUNT)
		put_section(hint);
}

void
hint_write(const struct hint_facts *facts, enum hint_form form, char *out,
    size_t size)
{
	struct hint hint = {
		.in = facts->in, .verdict = facts->verdict,
		.service = facts->service, .form = form,
		.line = line_begin(out, size)
	};

	if (facts->verdict->reason != JWT_OK)
		say(&hint);
}
