/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ends sessions: by logind, where the login has made a session there, otherwise
 * process by process; looks whether it helped, and writes each end into the
 * log.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/report.h"
#include "core/logline.h"
#include "host/clock.h"
#include "tool/sessions_end.h"
#include "tool/sessions_kill.h"
#include "tool/sessions_logind.h"

#define CALLS_MAX 16		/* of loginctl at the same time */
#define LOGIND_MSEC 2000	/* for all of them; logind answers in ms */

/* The command may be in a session that it ends; it goes on to the end. */
static void
prepare(void)
{
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	openlog("pam-jwt", LOG_PID, LOG_AUTHPRIV);
}

static bool
collect(struct sessions *sessions, struct targets *out)
{
	size_t i;

	out->item = calloc(sessions->count + sessions->user_count + 1,
	    sizeof(*out->item));
	if (out->item == NULL)
		return complain("memory ran out");
	for (i = 0; i < sessions->count; i++) {
		struct session *session = &sessions->item[i];

		if (session->why == NULL || session->was_ended)
			continue;
		session->was_ended = true;
		out->item[out->count++] = (struct target){
			.session = session, .user = PROCESS_NO_USER
		};
	}
	for (i = 0; i < sessions->user_count; i++)
		out->item[out->count++].user = sessions->users[i];
	return true;
}

/* ---- logind ---- */

/* Ask logind to end a target that is its own; false for another one. */
static bool
ask(const struct target *target, struct logind_call *call)
{
	char uid[24];

	if (target->session == NULL) {
		snprintf(uid, sizeof(uid), "%lu", (unsigned long)target->user);
		logind_begin("terminate-user", uid, call);
		return true;
	}
	if (target->login[0] == '\0')
		return false;
	logind_begin("terminate-session", target->login, call);
	return true;
}

static void
ask_logind(struct targets *targets, int64_t until)
{
	struct logind_call calls[CALLS_MAX];
	struct target *asked[CALLS_MAX];
	size_t i = 0, j, count;

	do {
		count = 0;
		for (; i < targets->count && count < CALLS_MAX; i++) {
			if (clock_msec() >= until ||
			    !ask(&targets->item[i], &calls[count]))
				continue;
			asked[count++] = &targets->item[i];
		}
		for (j = 0; j < count; j++)
			asked[j]->by_logind = logind_finish(&calls[j], until);
	} while (count > 0);
}

/* ---- what became of it ---- */

static void
write_log(const struct session *session, bool ended)
{
	const struct record *record = &session->record;
	const struct grant *grant = record->grant;
	const struct logline_caller caller = {
		.tty = record->tty, .rhost = record->rhost,
		.user = record->user
	};
	const struct logline_end end = {
		.word = ended ? "session ended" : "session not ended",
		.service = record->service, .account = grant->account,
		.why = session->why, .iss = bytes_str(grant->iss),
		.sub = bytes_str(grant->sub), .jti = bytes_str(grant->jti)
	};
	char line[LOGLINE_SIZE];

	logline_end(&caller, &end, line);
	syslog(ended ? LOG_NOTICE : LOG_ERR, "%s", line);
}

/* Name a session as people know it. */
static void
print_session(const char *before, const struct session *session,
    const char *after, FILE *out)
{
	const struct record *record = &session->record;

	fputs(before, out);
	report_quoted(bytes_str(record->grant->sub), out);
	fputs(" as ", out);
	report_quoted(bytes_str(record->user), out);
	fputs(" by ", out);
	report_quoted(bytes_str(record->service), out);
	fprintf(out, " (process %lld)%s\n", (long long)record->leader.pid,
	    after);
}

static bool
fail(const struct session *session, const char *why)
{
	print_session("pam-jwt: the session of ", session, why, stderr);
	return false;
}

/* The program had no chance to close its session, so its record may be there. */
static bool
settle(const struct sessions *sessions, const struct target *target)
{
	const struct session *session = target->session;

	if (session == NULL)
		return !target_lives(target) || complain("what logind has of "
		    "the user %lu could not be ended",
		    (unsigned long)target->user);
	if (target_lives(target) || target->is_spared) {
		write_log(session, false);
		return fail(session, " could not be ended");
	}
	write_log(session, true);
	print_session("ended: ", session, "", stdout);
	(void)unlinkat(sessions->folder, session->name, 0);
	return true;
}

bool
sessions_end(struct sessions *sessions)
{
	struct targets targets = { .count = 0 };
	bool ok = collect(sessions, &targets);
	int64_t now = clock_msec();
	size_t i;

	if (targets.count > 0) {
		prepare();
		targets_find(&targets);
		ask_logind(&targets, now + LOGIND_MSEC);
		targets_kill(&targets, now);
	}
	for (i = 0; i < targets.count; i++) {
		if (!settle(sessions, &targets.item[i]))
			ok = false;
	}
	ok = ok && !targets.failed;
	targets_clear(&targets);
	return ok;
}
