/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt sessions end --due, which a timer runs: ends the sessions that are
 * over their limit, or whose token or account the state refuses by now.
 *
 * Limits need no state.  So they are kept first, whatever becomes of the rest:
 * the configuration may have an error, and the store, or the name service,
 * may give no answer or a late one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/complain.h"
#include "host/accounts.h"
#include "host/heartbeat.h"
#include "tool/sessions_end.h"
#include "tool/setup.h"
#include "tool/tool.h"

/* What the state said about an account; several sessions ask the same. */
struct asked {
	const char *name;	/* borrowed from a record */
	enum jwt_reason reason;
};

struct due {
	struct setup setup;
	struct state fallback;	/* the default directory */
	bool answers;		/* the store of the configuration does */
	bool trouble;
	int64_t now;		/* seconds since the epoch */
	struct asked *asked;	/* owned; room for two of each session */
	size_t count;
};

/* ---- the state ---- */

/* A store that does not answer is not asked again: each time takes seconds. */
static enum jwt_reason
note(struct due *due, struct state *state, bool *answers,
    enum jwt_reason reason)
{
	if (reason != JWT_STATE_UNAVAILABLE &&
	    reason_class(reason) != JWT_CLASS_INTERNAL)
		return reason;
	if (state->fault[0] != '\0')
		complain("%s: only limits are looked at", state->fault);
	else
		complain("memory ran out");
	due->trouble = true;
	*answers = false;
	return JWT_OK;
}

static enum jwt_reason
ask_token(struct due *due, const struct grant *grant)
{
	const struct state_store *store = state_store(&due->setup.state);
	struct state_token token = grant_state_token(grant);
	struct state_refusal refusal = { .kind = STATE_TOKEN };
	enum jwt_reason reason;

	if (!due->answers || store == NULL)
		return JWT_OK;
	reason = state_check(store, &token, STATE_USE_ANY, due->now, &refusal);
	if (reason == JWT_REVOKED && refusal.kind == STATE_ACCOUNT)
		return JWT_OK;	/* ask_account() will say so */
	return note(due, &due->setup.state, &due->answers, reason);
}

/*
 * A cut-off in the default directory holds whatever the configuration says; if
 * that directory was never made, nobody was cut off in it.
 */
static enum jwt_reason
ask_default(struct due *due, const char *name)
{
	struct state *state = &due->fallback;
	enum jwt_reason reason;
	bool answers = true;

	if (state->dir.missing || state_is_default(&due->setup.policy.state))
		return JWT_OK;
	reason = state_check_account(&state->store, name, due->now);
	if (state->dir.missing)
		return JWT_OK;
	return note(due, state, &answers, reason);
}

static enum jwt_reason
ask_name(struct due *due, const char *name)
{
	const struct state_store *store = state_store(&due->setup.state);
	enum jwt_reason reason = JWT_OK;

	if (due->answers && store != NULL)
		reason = note(due, &due->setup.state, &due->answers,
		    state_check_account(store, name, due->now));
	if (reason != JWT_OK)
		return reason;
	return ask_default(due, name);
}

/* Ask also for the name as the name service writes it: Alice is alice. */
static enum jwt_reason
ask_names(struct due *due, const char *name)
{
	enum jwt_reason reason = ask_name(due, name);
	char own[ACCOUNTS_NAME_SIZE];

	if (reason != JWT_OK || accounts_own_name(name, own) != JWT_OK ||
	    own[0] == '\0' || strcmp(own, name) == 0)
		return reason;
	return ask_name(due, own);
}

static enum jwt_reason
ask_account(struct due *due, const char *name)
{
	size_t i;

	if (name == NULL || name[0] == '\0')
		return JWT_OK;
	for (i = 0; i < due->count; i++) {
		if (strcmp(due->asked[i].name, name) == 0)
			return due->asked[i].reason;
	}
	due->asked[due->count++] = (struct asked){
		.name = name, .reason = ask_names(due, name)
	};
	return due->asked[due->count - 1].reason;
}

/* ---- the sessions ---- */

/* Why a session must end by what its record says alone. */
static const char *
why_by_record(struct due *due, const struct sessions *sessions,
    const struct record *record)
{
	(void)due;
	return sessions_due_why(record, sessions->boot.now, JWT_OK, JWT_OK);
}

/* The same by what the state says. */
static const char *
why_by_state(struct due *due, const struct sessions *sessions,
    const struct record *record)
{
	enum jwt_reason token, account;

	token = ask_token(due, record->grant);
	account = ask_account(due, record->grant->account);
	if (account == JWT_OK)
		account = ask_account(due, record->user);
	return sessions_due_why(record, sessions->boot.now, token, account);
}

/* End what must end, of the sessions that no earlier call has chosen. */
static void
end_those(struct due *due, struct sessions *sessions,
    const char *(*why_of)(struct due *, const struct sessions *,
    const struct record *))
{
	size_t i;

	for (i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->item[i];

		if (session->place == SESSIONS_HERE && session->why == NULL &&
		    sessions_lives(session))
			session->why = why_of(due, sessions, &session->record);
	}
	if (!sessions_end(sessions))
		due->trouble = true;
}

/* The sign of life says that the limits were kept. */
static bool
leave_sign(void)
{
	struct file file = { 0 };
	bool ok = false;
	int folder;

	if (file_make_folder(HEARTBEAT_FOLDER, S_IRWXU | S_IRGRP | S_IXGRP |
	    S_IROTH | S_IXOTH, &file) != FILE_OK ||
	    file_open_public(HEARTBEAT_FOLDER, &folder, &file) != FILE_OK) {
		complain("%s: %s", HEARTBEAT_FOLDER, file.fault);
	} else {
		ok = heartbeat_leave(folder) ||
		    complain_errno(HEARTBEAT_FOLDER "/" HEARTBEAT_NAME);
		close(folder);
	}
	file_clear(&file);
	return ok;
}

/* The configuration is read now, because it may name a store that is slow. */
static void
ask_state(struct due *due, const char *config, struct sessions *sessions)
{
	due->asked = calloc(2 * sessions->count + 1, sizeof(*due->asked));
	if (due->asked == NULL) {
		complain("memory ran out");
		due->trouble = true;
		return;
	}
	due->answers = setup_open(config, false, &due->setup);
	if (!due->answers)
		due->trouble = true;
	state_open(&state_default, &due->fallback);
	end_those(due, sessions, why_by_state);
}

static int
run(struct due *due, const char *config, struct sessions *sessions)
{
	if (!sessions_read(sessions))
		return EXIT_TROUBLE;
	end_those(due, sessions, why_by_record);
	sessions_note_seen(sessions);
	if (!leave_sign())
		due->trouble = true;
	ask_state(due, config, sessions);
	sessions_sweep(sessions);
	return due->trouble ? EXIT_TROUBLE : EXIT_YES;
}

int
sessions_due(const char *config)
{
	struct due due = {
		.setup = SETUP_CLOSED, .fallback = { .dir = { .fd = -1 } },
		.now = (int64_t)time(NULL)
	};
	struct sessions sessions = SESSIONS_CLOSED;
	int code;

	code = run(&due, config, &sessions);
	free(due.asked);
	sessions_clear(&sessions);
	state_close(&due.fallback);
	setup_close(&due.setup);
	return code;
}
