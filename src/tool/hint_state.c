/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints about the state: which fact refuses a token.  A token, a session and an
 * account each have another remedy.
 */
#include <unistd.h>

#include "cli/report.h"
#include "cli/times.h"
#include "tool/hint_state.h"

static void
put_account(const struct explain *explain, FILE *out)
{
	const struct rule *rule = explain->verdict->rule;
	char name[ACCOUNT_NAME_MAX + 1];

	if (rule == NULL || !explain_account(explain, rule, name))
		return;
	fprintf(out, "the account %s is cut off, for every method; "
	    "pam-jwt revoke --account '%s' --undo ends that", name, name);
}

void
hint_revoked(const struct explain *explain, FILE *out)
{
	switch (explain->verdict->refused_by) {
	case STATE_ACCOUNT:
		put_account(explain, out);
		return;
	case STATE_SESSION:
		fputs("the session ", out);
		report_quoted(explain->verdict->id.sid, out);
		fputs(" at the issuer is revoked, with all its tokens", out);
		return;
	case STATE_TOKEN:
	case STATE_DIGEST:
		fputs("the token itself is revoked: get a new one", out);
		return;
	default:
		return;
	}
}

void
hint_cutoff(const struct explain *explain, FILE *out)
{
	const struct verdict *verdict = explain->verdict;

	if (verdict->refused_by == STATE_ISSUER)
		fputs("all tokens of the issuer are cut off up to a time", out);
	else
		fputs("the tokens of the subject are cut off up to a time",
		    out);
	if (verdict->id.iat < 0) {
		fputs(", and this one has no iat", out);
		return;
	}
	fputs("; this one was issued ", out);
	times_print_date(verdict->id.iat, out);
	fputs(", ", out);
	times_print_distance(verdict->id.iat, explain->now, out);
	fputs(": get a new one", out);
}

void
hint_once(const struct explain *explain, FILE *out)
{
	(void)explain;
	fputs("each token logs in once here, and with Redis or a state in "
	    "memory none from before that was made: get a new one", out);
}

void
hint_state(const struct explain *explain, FILE *out)
{
	(void)explain;
	if (geteuid() != 0)
		fputs("the state is root's: run this as root", out);
	else
		fputs("the message \"the state cannot be read\" says why", out);
}
