/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt revoke --event: notes what a security event token (SET) or a
 * back-channel logout token says.  Anything that receives such tokens can give
 * them to it, one for each run, and again after a failure: what was noted
 * before stays as it is.
 */
#include <stdio.h>

#include "cli/report.h"
#include "core/event.h"
#include "tool/revoke_token.h"
#include "tool/tool.h"

static void
print_ignored(const struct event *event)
{
	fputs("ignored: event ", stdout);
	report_quoted(event->uri, stdout);
	puts(event->name == NULL ? "" : ", without --credential-change");
}

/* A session of one user, or all tokens of a user that there were then. */
static int
note_event(struct revoke *revoke, const struct issuer *issuer,
    const struct event *event, int64_t iat)
{
	struct revoked what = { .kind = STATE_SUBJECT, .iss = issuer->iss,
		.value = event->sub, .cutoff = event->time };

	revoke->label = event->name;
	if (event->sid.len == 0)
		return revoke_note(revoke, &what, STATE_FOREVER);
	what.kind = STATE_SESSION;
	what.value = event->sid;
	what.sub = event->sub;
	what.cutoff = 0;
	return revoke_note(revoke, &what, revoke_longest(iat));
}

static int
note_list(struct revoke *revoke, const struct issuer *issuer,
    const struct event_list *list, int64_t iat)
{
	int code = EXIT_YES;
	size_t i;

	for (i = 0; i < list->count && code == EXIT_YES; i++) {
		if (list->item[i].counts)
			code = note_event(revoke, issuer, &list->item[i], iat);
		else
			print_ignored(&list->item[i]);
	}
	if (list->counting > 0)
		return code;
	puts("nothing was noted: no event of this token counts");
	return EXIT_NO;
}

static int
note_set(struct revoke *revoke, const struct revoke_token *token)
{
	struct event_list list;
	struct claims_identity id;
	enum jwt_reason reason;

	reason = claims_check_event(token->claims, token->issuer, revoke->now,
	    &id);
	if (reason != JWT_OK)
		return revoke_refuse(reason, NULL);
	reason = event_read(token->claims, &id, revoke->now,
	    revoke->credential_change, &list);
	if (reason != JWT_OK)
		return revoke_refuse(reason, list.fault);
	return note_list(revoke, token->issuer, &list, id.iat);
}

int
revoke_note_event(struct revoke *revoke, struct bytes text)
{
	struct revoke_token token;
	enum jwt_reason reason;
	int code;

	reason = revoke_open_token(&revoke->setup->policy, text, &token);
	if (reason != JWT_OK) {
		code = revoke_refuse(reason, NULL);
	} else if (claims_is_event(token.claims)) {
		code = note_set(revoke, &token);
	} else {
		revoke->label = "backchannel-logout";
		code = revoke_note_logout_of(revoke, &token,
		    policy_event_audience(token.issuer));
	}
	revoke_close_token(&token);
	return code;
}
