/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hints about the state: which fact refuses a token.  A token, a session and an
 * account each have another remedy.
 */
#include "core/base/date.h"
#include "core/hint_each.h"

static void
put_account(struct hint *hint)
{
	const struct rule *rule = hint->verdict->rule;
	char name[ACCOUNT_NAME_MAX + 1];

	if (rule == NULL ||
	    !hint_account(hint->in, hint->verdict, rule, name))
		return;
	hint_text(hint, "the account ");
	hint_text(hint, name);
	hint_text(hint, " is cut off, for every method; pam-jwt revoke "
	    "--account '");
	hint_text(hint, name);
	hint_text(hint, "' --undo ends that");
}

void
hint_revoked(struct hint *hint)
{
	switch (hint->verdict->refusal.kind) {
	case STATE_ACCOUNT:
		put_account(hint);
		return;
	case STATE_SESSION:
		hint_text(hint, "the session ");
		hint_value(hint, hint->verdict->id.sid);
		hint_text(hint, " at the issuer is revoked, with all its "
		    "tokens");
		return;
	case STATE_TOKEN:
	case STATE_DIGEST:
		hint_text(hint, "the token itself is revoked: get a new one");
		return;
	default:
		return;
	}
}

void
hint_cutoff(struct hint *hint)
{
	const struct verdict *verdict = hint->verdict;
	char text[DATE_SIZE];

	if (verdict->refusal.kind == STATE_ISSUER)
		hint_text(hint, "all tokens of the issuer");
	else
		hint_text(hint, "the tokens of the subject");
	date_text(verdict->refusal.cutoff, text);
	hint_put(hint, " up to %s are revoked, ", text);
	if (verdict->id.iat < 0) {
		hint_text(hint, "and this one has no iat");
		return;
	}
	date_text(verdict->id.iat, text);
	hint_put(hint, "and this one was issued %s: get a new one", text);
}

void
hint_once(struct hint *hint)
{
	hint_text(hint, "each token logs in only once here, and a Redis or a "
	    "state in memory refuses those from before it was made: get a new one");
}
