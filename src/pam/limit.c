/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decides whether a limit would be kept, and hands it to pam_systemd.
 *
 * A limit that nobody keeps is worse than none, because an administrator relies
 * on it.  So where it would not be kept the session is refused.  What is asked
 * for that cannot be changed by the user of the session: no variable of the
 * PAM environment counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "host/heartbeat.h"
#include "host/process.h"
#include "pam/limit.h"

#define TOLD_NAME	"pam_jwt_limit"
#define RUNTIME_NAME	"systemd.runtime_max_sec"	/* pam_systemd(8) */
#define BOOTED_FOLDER	"/run/systemd/system"		/* sd_booted(3) */

/* Whether a line of ours has told pam_systemd the limit of this login. */
static bool
was_told(pam_handle_t *pamh)
{
	const void *data = NULL;

	return pam_get_data(pamh, TOLD_NAME, &data) == PAM_SUCCESS &&
	    data != NULL;
}

/*
 * For a process that is in a session logind makes no other one: in a su or sudo
 * inside a session, and in any program in whose stack pam_systemd came before
 * us and has learned no limit.
 */
static const char *
obstacle_of_session(void)
{
	struct secret text = { 0 };
	char session[PROCESS_SESSION_SIZE];
	bool is_read = process_cgroup(getpid(), &text);
	bool is_in = is_read &&
	    process_session_of_cgroup((const char *)text.ptr, session);

	secret_clear(&text);
	if (!is_read)
		return "/proc does not say whether this process is in a "
		    "session of logind";
	if (is_in)
		return "this process is in a session of logind already, so "
		    "that pam_systemd makes no other one: its line must come "
		    "after that of pam_jwt, and su, sudo and doas in a session "
		    "need session_enforcer = watch";
	return NULL;
}

/*
 * Why logind would not end the session; NULL if it will.  Where systemd does
 * not run, pam_systemd succeeds and does nothing.
 */
static const char *
obstacle_of_logind(pam_handle_t *pamh)
{
	if (access(BOOTED_FOLDER, F_OK) != 0)
		return "systemd does not run here";
	if (was_told(pamh))
		return NULL;
	return obstacle_of_session();
}

/* Why "pam-jwt sessions end --due" would not end the session; NULL: it will. */
static const char *
obstacle_of_watch(void)
{
	if (geteuid() != 0)
		return "a program that does not run as root leaves no record "
		    "for session_enforcer = watch";
	if (!heartbeat_is_fresh())
		return "pam-jwt sessions end --due has not run for three "
		    "minutes: systemctl enable --now pam-jwt-sessions.timer";
	return NULL;
}

static const char *
find_obstacle(const struct call *call, int64_t seconds)
{
	if (seconds == 0)
		return "the session would be over already";
	if (call->policy.state.watch)
		return obstacle_of_watch();
	return obstacle_of_logind(call->pamh);
}

static void
drop_text(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	free(data);
}

/*
 * pam_systemd takes a missing or strange value as "no limit", so a limit that
 * cannot be handed to it must be a refusal.
 */
static bool
tell_logind(pam_handle_t *pamh, int64_t seconds)
{
	char *text = NULL;

	if (asprintf(&text, "%lld", (long long)seconds) < 0)
		return false;
	if (pam_set_data(pamh, RUNTIME_NAME, text, drop_text) != PAM_SUCCESS) {
		free(text);
		return false;
	}
	/* The data is only a mark, so its pointer is never used. */
	return pam_set_data(pamh, TOLD_NAME, pamh, NULL) == PAM_SUCCESS;
}

/* Whose limit it is, for the log. */
static const char *
limit_name(const struct service *service)
{
	if (service->session_limit_sec > 0 || service->session_until_exp)
		return "session_limit";
	return "session_expiry of the token";
}

bool
limit_set(const struct call *call, const struct grant *grant, int64_t *seconds)
{
	const char *obstacle;

	*seconds = grant_seconds(grant, call->service, (int64_t)time(NULL));
	if (*seconds == GRANT_NO_LIMIT)
		return true;
	obstacle = find_obstacle(call, *seconds);
	if (obstacle != NULL) {
		pam_syslog(call->pamh, LOG_ERR, "%s cannot be put in force: "
		    "%s", limit_name(call->service), obstacle);
		return false;
	}
	if (call->policy.state.watch)
		return true;
	return tell_logind(call->pamh, *seconds);
}

void
limit_forget(pam_handle_t *pamh)
{
	if (!was_told(pamh))
		return;
	(void)pam_set_data(pamh, RUNTIME_NAME, NULL, NULL);
	(void)pam_set_data(pamh, TOLD_NAME, NULL, NULL);
}
