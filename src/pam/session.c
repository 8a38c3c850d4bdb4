/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session has from its token: its environment, its limit, and the
 * revocation at its end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "pam/handover.h"
#include "pam/log.h"
#include "pam/session.h"

#define LIMIT_NAME	"systemd.runtime_max_sec"	/* pam_systemd(8) */
#define BOOTED_FOLDER	"/run/systemd/system"		/* sd_booted(3) */

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
		if (!export(pamh, grant_name(i),
		    grant_value(grant, i, number)))
			return false;
	}
	return true;
}

void
session_forget(pam_handle_t *pamh)
{
	size_t i;

	handover_forget(pamh);
	for (i = 0; grant_name(i) != NULL; i++) {
		if (pam_getenv(pamh, grant_name(i)) != NULL)
			(void)pam_putenv(pamh, grant_name(i));
	}
}

enum jwt_reason
session_leave(const struct call *call, const struct verdict *verdict)
{
	enum jwt_reason reason = handover_leave(call, verdict);

	if (reason != JWT_OK)
		return reason;
	if (!session_export(call->pamh, handover_grant(call->pamh)))
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
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
