/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sessions a command means.  A wrong answer would end somebody else's
 * session, so names are compared whole, and an absent one is never equal.
 */
#include "tool/sessions_revoked.h"

/* A filter that is not set lets everything pass. */
static bool
fits(const char *wanted, const char *value)
{
	if (wanted == NULL)
		return true;
	return value != NULL && value[0] != '\0' && strcmp(wanted, value) == 0;
}

static bool
fits_issuer(const struct sessions_filter *filter, const char *iss)
{
	if (fits(filter->iss, iss))
		return true;
	return filter->section_iss != NULL && fits(filter->section_iss, iss);
}

bool
sessions_match(const struct record *record,
    const struct sessions_filter *filter)
{
	const struct grant *grant = record->grant;

	if (!fits(filter->account, grant->account) &&
	    !fits(filter->account, record->user))
		return false;
	return fits(filter->subject, grant->sub) &&
	    fits_issuer(filter, grant->iss) &&
	    fits(filter->jti, grant->jti) && fits(filter->sid, grant->sid);
}

enum sessions_place
sessions_place(const struct record *record, const char *boot_id,
    int64_t pid_namespace)
{
	if (strcmp(record->boot_id, boot_id) != 0)
		return SESSIONS_OVER;
	if (record->pid_namespace != pid_namespace)
		return SESSIONS_ELSEWHERE;
	return SESSIONS_HERE;
}

bool
sessions_over_limit(const struct record *record, int64_t now)
{
	return record->end != RECORD_NO_END && record->end <= now;
}

const char *
sessions_due_why(const struct record *record, int64_t now,
    enum jwt_reason token, enum jwt_reason account)
{
	if (record->refused)
		return "refused";
	if (sessions_over_limit(record, now))
		return "limit";
	if (token == JWT_REVOKED)
		return "revoked";
	if (token == JWT_SUPERSEDED)
		return "superseded";
	if (account == JWT_REVOKED)
		return "cut-off";
	return NULL;
}

/* A value that the record does not have is never equal. */
static bool
is_value(const char *value, struct bytes wanted)
{
	return wanted.len > 0 && value != NULL && bytes_eq_str(wanted, value);
}

static bool
is_issuer(const struct grant *grant, const char *iss)
{
	return iss != NULL && strcmp(grant->iss, iss) == 0;
}

/* As state_judge(): a token without an iat is older than any cut-off. */
static bool
is_cut_off(const struct grant *grant, int64_t cutoff)
{
	return grant->iat < 0 || grant->iat <= cutoff;
}

static bool
is_digest(const struct grant *grant, struct bytes digest)
{
	return grant->has_digest && grant->jti[0] == '\0' &&
	    bytes_eq(digest, bytes_of(grant->digest, HASH_LEN));
}

bool
sessions_concerned(const struct record *record, const struct revoked *fact)
{
	const struct grant *grant = record->grant;

	if (fact->kind == STATE_ACCOUNT)
		return is_value(grant->account, fact->value) ||
		    is_value(record->user, fact->value);
	if (!is_issuer(grant, fact->iss))
		return false;
	switch (fact->kind) {
	case STATE_TOKEN:
		return is_value(grant->jti, fact->value);
	case STATE_DIGEST:
		return is_digest(grant, fact->value);
	case STATE_SESSION:
		return is_value(grant->sid, fact->value) &&
		    (fact->sub.len == 0 || is_value(grant->sub, fact->sub));
	case STATE_SUBJECT:
		return is_value(grant->sub, fact->value) &&
		    is_cut_off(grant, fact->cutoff);
	case STATE_ISSUER:
		return is_cut_off(grant, fact->cutoff);
	default:
		return false;
	}
}
