/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The account phase, and the last look before a session begins.  The account
 * phase looks a second time at a user who logged in with a token, and for the
 * first time at one who logged in another way: by a public key, a password or
 * sudo's ticket.  A cut-off of the account refuses both.
 */
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>

#include "core/claims.h"
#include "host/accounts.h"
#include "pam/handover.h"
#include "pam/log.h"
#include "pam/recheck.h"

/* Against a module that changes PAM_USER after the token was accepted. */
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

/*
 * Between authenticate and this phase the token may have expired or been
 * revoked: a second factor or a slow user can take minutes.
 */
static enum jwt_reason
look_again(const struct call *call, const struct grant *grant)
{
	struct state_token token = grant_state_token(grant);
	int64_t now = (int64_t)time(NULL);
	enum jwt_reason reason;

	if (!claims_is_current(grant->exp, grant->leeway_sec, now))
		return JWT_EXPIRED;
	if (state_store(&call->state) == NULL && grant->state_required)
		return JWT_STATE_UNAVAILABLE;
	if (state_store(&call->state) == NULL)
		return JWT_OK;
	reason = state_check(state_store(&call->state), &token, STATE_USE_ANY,
	    now, NULL);
	if (reason == JWT_STATE_UNAVAILABLE && !grant->state_required)
		return JWT_OK;
	return reason;
}

static bool
is_root(const char *user)
{
	struct account_facts facts = { 0 };

	/* An error in the host's other settings does not change who is root. */
	(void)!accounts_host.look_up(accounts_host.ctx, user, &facts);
	return facts.exists && facts.is_root;
}

/* The account to look up, also in the spelling of the name service. */
struct who {
	const char *user;
	char own[ACCOUNTS_NAME_SIZE];	/* "": the same as user */
	bool is_known;	/* NSS was asked; a token's account needs no asking */
};

/* Ask NSS last and only once: it may be slow, and most hosts do not need it. */
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

/*
 * Look up both names.  A directory that ignores case lets ALICE in as alice,
 * and a cut-off of alice must refuse ALICE too.
 */
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
 * Look into the default directory as well, because the configuration may have
 * lost its [state] section, or may not be usable.  If that directory was never
 * made, nobody was cut off in it.
 */
static enum jwt_reason
check_default(struct call *call, struct who *who)
{
	if (state_is_default(&call->policy.state))
		return JWT_OK;
	state_close(&call->state);
	state_open(&state_default, &call->state);
	if (state_is_missing(&call->state))
		return JWT_OK;
	return check_names(&call->state, who);
}

/*
 * Whether to let a user in when the store gives no answer about a cut-off:
 *
 * - any caller without root's rights: a screen locker may not read the state,
 *   and cannot become another user either;
 * - root logging in as root, to repair the store; but not in su or sudo, where
 *   the user who called can make the store fail;
 * - everybody, if the policy does not require the state.
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

/*
 * Turn the result of a look-up into a decision; only "no answer" is judged.
 * Any other reason than state-unavailable, such as no memory, may be the doing
 * of the user, who sets the limits of su; then the state counts as required.
 */
static enum jwt_reason
settle(const struct call *call, const char *user, enum jwt_reason reason,
    bool is_required)
{
	if (reason == JWT_OK || reason == JWT_REVOKED)
		return reason;
	if (reason != JWT_STATE_UNAVAILABLE)
		is_required = true;
	if (geteuid() == 0)
		log_state(call);
	if (!passes_unseen(user, is_required))
		return reason;
	return JWT_OK;
}

/*
 * A user who logged in without a token is refused only if the account is cut
 * off.  An error in the configuration is not the user's fault, so it does not
 * lock everybody out.  But a configuration that cannot be read for want of
 * memory or descriptors may be the user's own doing; then the state counts as
 * required.
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
	reason = settle(call, user, reason,
	    policy_requires_state(&call->policy));
	if (reason != JWT_OK)
		return reason;
	return settle(call, user, check_default(call, &who), !is_usable);
}

/* PAM_IGNORE leaves the decision to the modules that let the user in. */
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

enum jwt_reason
recheck_grant(struct call *call, const struct grant *grant)
{
	struct who who = { .user = grant->account, .is_known = true };
	enum jwt_reason reason = look_again(call, grant);

	log_state(call);
	if (reason != JWT_OK)
		return reason;
	/* The file may have lost the [state] section that would say so. */
	return settle(call, grant->account, check_default(call, &who), false);
}

int
recheck_account(struct call *call)
{
	const struct grant *grant = handover_grant(call->pamh);
	const char *user = call_item(call->pamh, PAM_USER);
	enum jwt_reason reason;

	if (grant == NULL && user == NULL)
		return PAM_IGNORE;
	if (grant == NULL)
		return check_other_way(call, user);
	if (!is_still_user(call->pamh, grant->account))
		return PAM_PERM_DENIED;
	reason = call_load_state(call);
	log_diag(call);
	if (reason == JWT_OK)
		reason = recheck_grant(call, grant);
	if (reason != JWT_OK)
		log_grant(call->pamh, LOG_NOTICE, "account refused", grant,
		    reason);
	return call_code(reason);
}
