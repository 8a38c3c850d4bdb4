/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt revoke --end-sessions: ends the sessions of this host that the facts
 * concern which were noted just now.
 */
#include <pwd.h>
#include <stdlib.h>

#include "cli/complain.h"
#include "tool/sessions_end.h"
#include "tool/sessions_logind.h"
#include "tool/sessions_revoked.h"

/* As the next look of sessions end --due would say. */
static const char *
why_of(enum state_kind kind)
{
	switch (kind) {
	case STATE_ACCOUNT:
		return "cut-off";
	case STATE_SUBJECT:
	case STATE_ISSUER:
		return "superseded";
	default:
		return "revoked";
	}
}

static const char *
find_why(const struct record *record, const struct revoked_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (sessions_concerned(record, &list->item[i]))
			return why_of(list->item[i].kind);
	}
	return NULL;
}

static bool
choose(struct sessions *sessions, const struct revoked_list *list)
{
	bool ok = sessions->damaged == 0;
	size_t i;

	for (i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->item[i];
		const char *why = find_why(&session->record, list);

		if (why == NULL || !sessions_lives(session))
			continue;
		if (session->place == SESSIONS_HERE)
			session->why = why;
		else
			ok = complain("%s is of another PID namespace: end it "
			    "in that container", session->name);
	}
	return ok;
}

/* An account that is not of this host has no session here. */
static bool
add_user(struct sessions *sessions, struct bytes account)
{
	char *name = strndup((const char *)account.ptr, account.len);
	const struct passwd *entry;

	if (name == NULL)
		return complain("memory ran out");
	entry = getpwnam(name);
	free(name);
	if (entry != NULL)
		sessions->users[sessions->user_count++] = entry->pw_uid;
	return true;
}

/* Where logind runs, all that an account has there ends, by whatever method. */
static bool
add_users(struct sessions *sessions, const struct revoked_list *list)
{
	size_t i;

	if (!logind_is_there())
		return true;
	sessions->users = calloc(list->count + 1, sizeof(*sessions->users));
	if (sessions->users == NULL)
		return complain("memory ran out");
	for (i = 0; i < list->count; i++) {
		if (list->item[i].kind == STATE_ACCOUNT &&
		    !add_user(sessions, list->item[i].value))
			return false;
	}
	return true;
}

bool
sessions_end_revoked(const struct revoked_list *list)
{
	struct sessions sessions = SESSIONS_CLOSED;
	bool ok = false, chosen;

	if (sessions_read(&sessions) && add_users(&sessions, list)) {
		chosen = choose(&sessions, list);
		ok = sessions_end(&sessions) && chosen;
	}
	sessions_clear(&sessions);
	return ok;
}
