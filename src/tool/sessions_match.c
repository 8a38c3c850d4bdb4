/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sessions a command means.  A wrong answer would end somebody else's
 * session, so names are compared whole, and an absent one is never equal.
 */
#include "tool/sessions.h"

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
