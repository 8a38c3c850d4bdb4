/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The grant in PAM data and in the PAM environment, the limit of the session,
 * and the revocation at its end.
 *
 * The grant decides which token is revoked at logout and how long the session
 * lasts, so nobody but this module may choose it: session.h says when the
 * environment is believed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "pam/log.h"
#include "pam/session.h"

#define DATA_NAME	"pam_jwt_grant"
#define SESSION_NAME	"pam_jwt_session"
#define MARK_NAME	"pam_jwt_established"
#define LIMIT_NAME	"systemd.runtime_max_sec"	/* pam_systemd(8) */
#define BOOTED_FOLDER	"/run/systemd/system"		/* sd_booted(3) */

/* The PAM data under a name; NULL when there is none. */
static const void *
get_data(pam_handle_t *pamh, const char *name)
{
	const void *data = NULL;

	if (pam_get_data(pamh, name, &data) != PAM_SUCCESS)
		return NULL;
	return data;
}

const struct grant *
session_accepted(pam_handle_t *pamh)
{
	return get_data(pamh, DATA_NAME);
}

const struct grant *
session_grant(pam_handle_t *pamh)
{
	const struct grant *grant = session_accepted(pamh);

	if (grant != NULL)
		return grant;
	return get_data(pamh, SESSION_NAME);
}

static void
drop_grant(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	grant_free(data);
}

/* Put "NAME=value" into the PAM environment. */
static bool
export(pam_handle_t *pamh, const char *name, const char *value)
{
	char *entry = NULL;
	int code;

	if (asprintf(&entry, "%s=%s", name, value) < 0)
		return false;
	code = pam_putenv(pamh, entry);
	free(entry);
	return code == PAM_SUCCESS;
}

bool
session_export(pam_handle_t *pamh, const struct grant *grant)
{
	char number[GRANT_NUMBER_SIZE];
	size_t i;

	for (i = 0; grant_name(i) != NULL; i++) {
		const char *value = grant_value(grant, i, number);

		if (value != NULL && !export(pamh, grant_name(i), value))
			return false;
	}
	return true;
}

void
session_forget(pam_handle_t *pamh)
{
	size_t i;

	(void)pam_set_data(pamh, DATA_NAME, NULL, NULL);
	(void)pam_set_data(pamh, SESSION_NAME, NULL, NULL);
	(void)pam_set_data(pamh, MARK_NAME, NULL, NULL);
	for (i = 0; grant_name(i) != NULL; i++) {
		if (pam_getenv(pamh, grant_name(i)) != NULL)
			(void)pam_putenv(pamh, grant_name(i));
	}
}

enum jwt_reason
session_leave(const struct call *call, const struct verdict *verdict)
{
	struct grant *grant = grant_new(verdict);

	if (grant == NULL || !session_export(call->pamh, grant) ||
	    pam_set_data(call->pamh, DATA_NAME, grant, drop_grant) !=
	    PAM_SUCCESS) {
		grant_free(grant);
		return JWT_OUT_OF_MEMORY;
	}
	return JWT_OK;
}

/* False when the environment has a grant that is not valid. */
static bool
take_over(pam_handle_t *pamh)
{
	const char *values[GRANT_NAMES];
	bool is_there = false;
	struct grant *taken;
	size_t i;

	for (i = 0; grant_name(i) != NULL; i++) {
		values[i] = pam_getenv(pamh, grant_name(i));
		is_there = is_there || values[i] != NULL;
	}
	if (!is_there)
		return true;
	taken = grant_of_values(values);
	if (taken != NULL && pam_set_data(pamh, SESSION_NAME, taken,
	    drop_grant) == PAM_SUCCESS)
		return true;
	grant_free(taken);
	return false;
}

/* Without a flag pam_setcred(3) means PAM_ESTABLISH_CRED. */
static bool
is_establish(int flags)
{
	return !call_has_flag(flags, PAM_DELETE_CRED) &&
	    !call_has_flag(flags, PAM_REINITIALIZE_CRED) &&
	    !call_has_flag(flags, PAM_REFRESH_CRED);
}

/* Whether credentials were established before, without a grant. */
static bool
is_marked(pam_handle_t *pamh)
{
	return get_data(pamh, MARK_NAME) != NULL;
}

/* The data is only a mark, so its pointer is never used. */
static bool
mark(pam_handle_t *pamh)
{
	return pam_set_data(pamh, MARK_NAME, pamh, NULL) == PAM_SUCCESS;
}

/*
 * sshd's authenticating child leaves the grant in the PAM environment.  setcred
 * is the first phase of the other process and takes it over; no later phase
 * does, because by then a session module may have put a user's text there.  In
 * all other programs one process runs all phases, and the environment may be a
 * user's from the start (pam_env, greetd), so it is never believed.
 */
bool
session_take_over(pam_handle_t *pamh, int flags, const struct grant **out)
{
	bool ok = true;

	if (session_grant(pamh) == NULL && call_is_sshd(pamh) &&
	    is_establish(flags) && !is_marked(pamh))
		ok = mark(pamh) && take_over(pamh);
	*out = session_grant(pamh);
	return ok;
}

static void
drop_limit(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	free(data);
}

/* Seconds that a session may last, at least 1; 0 means no limit. */
static int64_t
session_seconds(const struct service *service, const struct grant *grant)
{
	int64_t limit = service->session_limit_sec;
	int64_t left = grant->exp - (int64_t)time(NULL);

	if (!service->session_until_exp)
		return limit;
	if (left < 1)
		return 1;
	return left;
}

/*
 * Why nothing would end the session in time; NULL if pam_systemd will.  Where
 * systemd does not run, pam_systemd succeeds and does nothing.  And a
 * pam_systemd that stands before us in the stack has made the session already,
 * and learns no limit any more; XDG_SESSION_ID shows that it ran.
 */
static const char *
limit_obstacle(pam_handle_t *pamh)
{
	const void *told = NULL;

	if (access(BOOTED_FOLDER, F_OK) != 0)
		return "systemd does not run here";
	if (pam_getenv(pamh, "XDG_SESSION_ID") != NULL &&
	    pam_get_data(pamh, LIMIT_NAME, &told) != PAM_SUCCESS)
		return "pam_systemd stands before pam_jwt in the type session";
	return NULL;
}

/*
 * pam_systemd, which comes after us, ends the session when the time is up.  It
 * takes a missing or strange value as "no limit", so a limit that cannot be set
 * must be a refusal.
 */
bool
session_limit(struct call *call, const struct grant *grant)
{
	const char *obstacle;
	char *text = NULL;
	int64_t seconds;

	if (call_load_state(call) != JWT_OK) {
		log_diag(call);
		return false;
	}
	seconds = session_seconds(call->service, grant);
	if (seconds == 0)
		return true;
	obstacle = limit_obstacle(call->pamh);
	if (obstacle != NULL) {
		pam_syslog(call->pamh, LOG_ERR, "session_limit cannot be put "
		    "in force: %s", obstacle);
		return false;
	}
	if (asprintf(&text, "%lld", (long long)seconds) < 0)
		return false;
	if (pam_set_data(call->pamh, LIMIT_NAME, text, drop_limit) ==
	    PAM_SUCCESS)
		return true;
	free(text);
	return false;
}

/* A logout that cannot be noted is an error, so that the log shows it. */
int
session_revoke(struct call *call, const struct grant *grant)
{
	enum jwt_reason reason = call_load_state(call);

	log_diag(call);
	if (reason != JWT_OK)
		return PAM_SESSION_ERR;
	if (!call->service->revoke_on_logout)
		return PAM_SUCCESS;
	reason = grant_revoke(grant, &call->state.store);
	log_state(call);
	if (reason != JWT_OK) {
		log_grant(call->pamh, LOG_ERR, "token not revoked", grant,
		    reason);
		return PAM_SESSION_ERR;
	}
	log_grant(call->pamh, LOG_INFO, "token revoked", grant, reason);
	return PAM_SUCCESS;
}
