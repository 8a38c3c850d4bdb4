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
	if (state_store(&call->state) == NULL && grant->state_required)
		return JWT_STATE_UNAVAILABLE;
	if (state_store(&call->state) == NULL)
		return JWT_OK;
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

/* Who is looked up, in the spelling of the name service as well. */
struct who {
	const char *user;
	char own[ACCOUNTS_NAME_SIZE];	/* "": not another one */
	bool is_known;	/* own was asked for; a token's account has no other */
};

/* NSS is asked last, and once: it may be slow, and most hosts need it not. */
static enum jwt_reason
find_own_name(struct who *who)
{
	enum jwt_reason reason;

	if (who->is_known)
		return JWT_OK;
	reason = accounts_own_name(who->user, who->own);
	who->is_known = reason == JWT_OK;
	if (strcmp(who->own, who->user) == 0)
		who->own[0] = '\0';
	return reason;
}

/* Under both names, where the user wrote ALICE and NSS took it for alice. */
static enum jwt_reason
check_names(const struct state *state, struct who *who)
{
	const struct state_store *store = state_store(state);
	int64_t now = (int64_t)time(NULL);
	enum jwt_reason reason;

	reason = state_check_account(store, who->user, now);
	if (reason != JWT_OK)
		return reason;
	reason = find_own_name(who);
	if (reason != JWT_OK)
		return reason;
	if (who->own[0] == '\0')
		return JWT_OK;
	return state_check_account(store, who->own, now);
}

/* Whether the account is cut off in the store that the configuration names. */
static enum jwt_reason
check_cut_off(const struct call *call, struct who *who)
{
	const struct state *state = &call->state;

	if (state_store(state) == NULL || state->settings->is_broken)
		return JWT_OK;
	return check_names(state, who);
}

/*
 * The same in the default directory, as the configuration may have lost its
 * [state], or be one that cannot be used.  Where nobody ever made it, nobody
 * was cut off there.
 */
static enum jwt_reason
check_default(struct call *call, struct who *who)
{
	enum jwt_reason reason;

	if (state_is_default(&call->policy.state))
		return JWT_OK;
	state_close(&call->state);
	state_open(&state_default, &call->state);
	reason = check_names(&call->state, who);
	if (call->state.dir.missing)
		return JWT_OK;
	return reason;
}

/*
 * Whether those pass whose cut-off cannot be looked up: root, who is to mend
 * it, but not in su or sudo, where the one who called can make it fail;
 * programs without root's rights, for a screen locker has none to the state,
 * nor to become another user; and all, where nothing requires the state.
 */
static bool
passes_unseen(const char *user, bool is_required)
{
	if (geteuid() != 0)
		return true;
	if (getuid() == 0 && is_root(user))
		return true;
	return !is_required;
}

/* What an answer means for him: JWT_OK, JWT_REVOKED, or no answer at all. */
static enum jwt_reason
settle(const struct call *call, const char *user, enum jwt_reason reason,
    bool is_required)
{
	if (reason == JWT_OK || reason == JWT_REVOKED)
		return reason;
	if (geteuid() == 0)
		log_state(call);
	if (!passes_unseen(user, is_required))
		return reason;
	return JWT_OK;
}

/*
 * Who came another way is stopped only by a cut-off of the account.  A
 * configuration with an error is not theirs; one that this process has no
 * memory or descriptor to read may be their own doing.
 */
static enum jwt_reason
look_at_account(struct call *call, const char *user)
{
	struct who who = { .user = user };
	enum jwt_reason reason = call_load_state(call);
	bool is_usable = reason == JWT_OK;
	bool is_read = is_usable ||
	    reason_class(reason) == JWT_CLASS_CONFIGURATION;

	if (!is_usable)
		log_diag(call);
	if (is_read)
		reason = check_cut_off(call, &who);
	reason = settle(call, user, reason, !is_read ||
	    policy_requires_state(&call->policy));
	if (reason != JWT_OK)
		return reason;
	return settle(call, user, check_default(call, &who), !is_usable);
}

static int
check_other_way(struct call *call, const char *user)
{
	enum jwt_reason reason = look_at_account(call, user);
	int code = call_code(reason);
	int level = LOG_ERR;

	if (reason == JWT_OK)
		return PAM_IGNORE;
	if (reason == JWT_REVOKED) {
		code = PAM_PERM_DENIED;
		level = LOG_NOTICE;
	}
	log_grant(call->pamh, level, "account refused", NULL, reason);
	return code;
}

int
recheck_account(struct call *call)
{
	const struct grant *grant = session_accepted(call->pamh);
	const char *user = call_item(call->pamh, PAM_USER);
	struct who who = { .user = user, .is_known = true };
	enum jwt_reason reason;

	if (grant == NULL && user == NULL)
		return PAM_IGNORE;
	if (grant == NULL)
		return check_other_way(call, user);
	if (!is_still_user(call->pamh, grant->account))
		return PAM_PERM_DENIED;
	reason = look_again(call, grant);
	log_diag(call);
	log_state(call);
	/* A [state] that the file has lost would have told. */
	if (reason == JWT_OK && check_default(call, &who) == JWT_REVOKED)
		reason = JWT_REVOKED;
	if (reason != JWT_OK)
		log_grant(call->pamh, LOG_NOTICE, "account refused", grant,
		    reason);
	return call_code(reason);
}
