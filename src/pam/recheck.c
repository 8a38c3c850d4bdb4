/* SPDX-License-Identifier: BSD-2-Clause */
/* The second look, and the only one at those who came without a token. */
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "core/claims.h"
#include "host/accounts.h"
#include "pam/log.h"
#include "pam/recheck.h"
#include "pam/session.h"

/* Whether no module after us has changed who logs in. */
static bool
is_still_user(pam_handle_t *pamh, const char *account)
{
	const char *user = call_item(pamh, PAM_USER);

	if (user != NULL && bytes_eq_str(bytes_str(user), account))
		return true;
	pam_syslog(pamh, LOG_ERR, "the user is not the one whose token was "
	    "accepted");
	return false;
}

/* Time has passed since the token was accepted, and perhaps more. */
static enum jwt_reason
look_again(struct call *call, const struct grant *grant)
{
	struct state_token token = grant_state_token(grant);
	enum jwt_reason reason = call_load_state(call);
	int64_t now = (int64_t)time(NULL);

	if (reason != JWT_OK)
		return reason;
	if (!claims_is_current(grant->exp, grant->leeway_sec, now))
		return JWT_EXPIRED;
	if (state_store(&call->state) == NULL)
		return grant->state_required ? JWT_STATE_UNAVAILABLE : JWT_OK;
	reason = state_check(state_store(&call->state), &token, STATE_USE_ANY,
	    now);
	if (reason == JWT_STATE_UNAVAILABLE && !grant->state_required)
		return JWT_OK;
	return reason;
}

static bool
is_root(const char *user)
{
	struct account_facts facts = { 0 };

	/* Root stays root, whatever is wrong with the host's other settings. */
	(void)!accounts_host.look_up(accounts_host.ctx, user, &facts);
	return facts.exists && facts.is_root;
}

/* Under both names, where the user wrote ALICE and NSS took it for alice. */
static enum jwt_reason
check_cut_off(struct call *call, const char *user)
{
	const struct state_store *store = state_store(&call->state);
	int64_t now = (int64_t)time(NULL);
	char own[ACCOUNTS_NAME_SIZE];
	enum jwt_reason reason;

	if (store == NULL || call->policy.state.is_broken)
		return JWT_OK;
	reason = accounts_own_name(user, own);
	if (reason == JWT_OK)
		reason = state_check_account(store, user, now);
	if (reason == JWT_OK && own[0] != '\0' && strcmp(own, user) != 0)
		reason = state_check_account(store, own, now);
	return reason;
}

/*
 * Whether those pass whose cut-off cannot be looked up: root, who is to mend
 * it, but not in su or sudo, where the one who called can make it fail;
 * programs without root's rights, for a screen locker has none to the state,
 * nor to become another user; and all, where the configuration could be read
 * and does not require the state.
 */
static bool
passes_unseen(const struct call *call, const char *user, bool is_loaded)
{
	if (geteuid() != 0)
		return true;
	if (getuid() == 0 && is_root(user))
		return true;
	return is_loaded && !policy_requires_state(&call->policy);
}

/*
 * Who came another way is stopped only by a cut-off of the account.  A
 * configuration with an error is not theirs; one that this process has no
 * memory or descriptor to read may be their own doing.
 */
static int
check_other_way(struct call *call, const char *user)
{
	enum jwt_reason reason = call_load_state(call);
	bool is_loaded = reason == JWT_OK ||
	    reason_class(reason) == JWT_CLASS_CONFIGURATION;

	if (reason != JWT_OK)
		log_diag(call);
	if (is_loaded)
		reason = check_cut_off(call, user);
	if (reason == JWT_OK)
		return PAM_IGNORE;
	if (reason == JWT_REVOKED) {
		log_grant(call->pamh, LOG_NOTICE, "account refused", NULL,
		    reason);
		return PAM_PERM_DENIED;
	}
	if (geteuid() == 0)
		log_state(call);
	if (passes_unseen(call, user, is_loaded))
		return PAM_IGNORE;
	log_grant(call->pamh, LOG_ERR, "account refused", NULL, reason);
	return call_code(reason);
}

int
recheck_account(struct call *call)
{
	const struct grant *grant = session_accepted(call->pamh);
	const char *user = call_item(call->pamh, PAM_USER);
	enum jwt_reason reason;

	if (grant == NULL)
		return user == NULL ? PAM_IGNORE : check_other_way(call, user);
	if (!is_still_user(call->pamh, grant->account))
		return PAM_PERM_DENIED;
	reason = look_again(call, grant);
	log_diag(call);
	log_state(call);
	if (reason != JWT_OK)
		log_grant(call->pamh, LOG_NOTICE, "account refused", grant,
		    reason);
	return call_code(reason);
}
