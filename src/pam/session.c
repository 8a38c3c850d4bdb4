/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gives a session what it has from its token: its environment, its limit, its
 * record, and the revocation at its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include "pam/handover.h"
#include "pam/limit.h"
#include "pam/log.h"
#include "pam/opened.h"
#include "pam/recheck.h"
#include "pam/session.h"
#include "pam/session_record.h"
#include "pam/settings.h"

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

/*
 * For people and for programs of the session.  Nothing reads the names back, as
 * a user may change them.
 */
static bool
export_grant(pam_handle_t *pamh, const struct grant *grant)
{
	char number[GRANT_NUMBER_SIZE];
	size_t i;

	for (i = 0; grant_name(i) != NULL; i++) {
		if (!export(pamh, grant_name(i),
		    grant_value(grant, i, number)))
			return false;
	}
	return true;
}

void
session_clear(pam_handle_t *pamh)
{
	size_t i;

	handover_clear(pamh);
	settings_drop(pamh);
	limit_forget(pamh);
	opened_forget(pamh);
	for (i = 0; grant_name(i) != NULL; i++) {
		if (pam_getenv(pamh, grant_name(i)) != NULL)
			(void)pam_putenv(pamh, grant_name(i));
	}
}

void
session_forget(pam_handle_t *pamh)
{
	session_clear(pamh);
	handover_forget(pamh);
}

enum jwt_reason
session_leave(const struct call *call, const struct verdict *verdict)
{
	enum jwt_reason reason = handover_leave(call, verdict);

	if (reason != JWT_OK)
		return reason;
	if (!export_grant(call->pamh, handover_grant(call->pamh)))
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

static bool
load_settings_of(struct call *call)
{
	bool ok = call_load_state(call) == JWT_OK;

	log_diag(call);
	return ok;
}

int
session_set_up(struct call *call, const struct grant *grant)
{
	int64_t seconds;

	if (!export_grant(call->pamh, grant))
		return PAM_BUF_ERR;
	if (grant->is_free)
		return PAM_SUCCESS;
	if (!load_settings_of(call) || !limit_set(call, grant, &seconds))
		return PAM_CRED_ERR;
	return PAM_SUCCESS;
}

/* Record the session, or what a further line of it has found. */
static bool
note_session(const struct call *call, struct grant *grant, bool again,
    int64_t seconds, bool refused)
{
	if (!again)
		return session_record_open(call, grant, seconds, refused);
	if (refused)
		session_record_refuse(call->pamh);
	return true;
}

/*
 * The record comes before the last look at the state: whoever revokes the token
 * meanwhile either is seen by that look, or sees the record.  A session that is
 * refused has a record as well, because "ssh -N" stays connected then.
 */
static bool
may_open(struct call *call, struct grant *grant, bool again,
    enum jwt_reason *reason)
{
	int64_t seconds = GRANT_NO_LIMIT;
	bool has_limit = load_settings_of(call) &&
	    limit_set(call, grant, &seconds);

	if (!note_session(call, grant, again, seconds, !has_limit))
		return false;
	if (!has_limit)
		return false;
	/* This line may have other settings than the one of the login. */
	if (grant_binds(grant, call->service))
		grant->is_free = false;
	*reason = recheck_grant(call, grant);
	if (*reason == JWT_OK)
		return true;
	session_record_refuse(call->pamh);
	return false;
}

/* sudo ignores PAM_SESSION_ERR, so the code is a stronger one. */
int
session_open(struct call *call, struct grant *grant)
{
	enum jwt_reason reason = JWT_OK;
	bool again = opened_again(call);

	if (!may_open(call, grant, again, &reason)) {
		log_grant(call->pamh, LOG_NOTICE, "session refused", grant,
		    reason);
		return PAM_PERM_DENIED;
	}
	if (again)
		return PAM_SUCCESS;
	opened_first(call);
	log_grant(call->pamh, LOG_INFO, "session opened", grant, JWT_OK);
	return PAM_SUCCESS;
}

/* A logout that cannot be noted is an error, so that the log shows it. */
static int
revoke(struct call *call, const struct grant *grant)
{
	enum jwt_reason reason;

	if (grant->is_free)
		return PAM_SUCCESS;
	if (!load_settings_of(call))
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

/* The record goes first: a token that is revoked is no reason to end it. */
int
session_close(struct call *call, const struct grant *grant)
{
	int code;

	if (opened_stays(call->pamh))
		return PAM_SUCCESS;
	session_record_close(call->pamh);
	code = revoke(call, grant);
	log_grant(call->pamh, LOG_INFO, "session closed", grant, JWT_OK);
	return code;
}
