/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_jwt: the six PAM entry points.
 *
 * Each reads its arguments, gets the token, asks the core once, writes one log
 * line and returns a PAM code.  The core decides; this file only carries things
 * to it and back.  Nothing outside this file and src/pam knows PAM.
 *
 * The module is a guest in sshd, sudo, login or a database server, which may be
 * setuid and may have threads.  So its only memory is PAM data, and it leaves
 * the environment, the signals, the locale and the descriptors of its host
 * alone.
 */
#include <time.h>

#include <security/pam_modules.h>

#include "core/verdict.h"
#include "host/load.h"
#include "host/token_file.h"
#include "host/wanted.h"
#include "pam/ask.h"
#include "pam/explain.h"
#include "pam/handover.h"
#include "pam/log.h"
#include "pam/proof.h"
#include "pam/recheck.h"
#include "pam/session.h"
#include "pam/settings.h"

/* The only symbols that are exported; src/pam_jwt.map hides all others. */
#define ENTRY		__attribute__((visibility("default")))

/*
 * A program may change PAM_USER while it asks for the token.  Then the user who
 * was asked for is not the one who would be let in, so the token is refused,
 * and a one-time token is not used up.
 */
static bool
is_user_as_before(const struct call *call)
{
	const char *now = call_item(call->pamh, PAM_USER);

	if (call->user == NULL)
		return true;
	return now != NULL && bytes_eq_str(bytes_str(now), call->user);
}

/*
 * Leave PAM_USER as it is; set it only if no user was given.  The program opens
 * the session of PAM_USER, so the token's account must be that user; only
 * token_only lets the token choose one.
 */
static enum jwt_reason
settle_user(const struct call *call, const struct verdict *verdict)
{
	const char *account = verdict->account;

	if (call->user == NULL && !call->options.token_only)
		return JWT_ACCOUNT_MISMATCH;
	if (call->user != NULL && !bytes_eq_str(bytes_str(call->user), account))
		return JWT_ACCOUNT_MISMATCH;
	if (call->user == NULL &&
	    pam_set_item(call->pamh, PAM_USER, account) != PAM_SUCCESS)
		return JWT_OUT_OF_MEMORY;
	return JWT_OK;
}

/*
 * The provider may have a new key that was not fetched yet.  Leave a note for
 * the next pam-jwt sync; a login itself never talks to the provider.  If it is
 * the key that decrypts which is unknown, there is no issuer yet.
 */
static void
want_keys(const struct verdict *verdict)
{
	if (verdict->reason != JWT_KEY_UNKNOWN &&
	    verdict->reason != JWT_KEYS_STALE)
		return;
	if (verdict->issuer != NULL && verdict->issuer->sync.wanted)
		wanted_leave(verdict->issuer->name);
}

/*
 * Ask the core.  When it accepts, leave the grant for the later phases and the
 * user for the program; without both of them nobody is let in.
 */
static enum jwt_reason
accept_token(struct call *call, struct verdict *verdict)
{
	struct verdict_input in;
	enum jwt_reason reason;

	call->late = (struct load_late){
		.policy = &call->policy, .diag = &call->diag,
		.now = (int64_t)time(NULL)
	};
	call->source = load_source(&call->late);
	in = call_verdict_input(call);
	in.is_cut = call->answer.state == PARTS_CUT;
	in.state = state_store(&call->state);
	in.dry = !is_user_as_before(call);
	parts_take_token(&call->answer, &in.jws, &in.jwe);
	reason = verdict_reach(&in, verdict);
	want_keys(verdict);
	if (reason != JWT_OK)
		return reason;
	if (in.dry)
		return JWT_ACCOUNT_MISMATCH;
	reason = session_leave(call, verdict);
	if (reason != JWT_OK)
		return reason;
	return settle_user(call, verdict);
}

/* A refused token leaves nothing for the next one, which may be accepted. */
static enum jwt_reason
decide_token(struct call *call, struct verdict *verdict)
{
	verdict->reason = accept_token(call, verdict);
	if (verdict->reason != JWT_OK)
		session_clear(call->pamh);
	return verdict->reason;
}

/* A fault of the file is in file->fault, and the result is then JWT_OK. */
static enum jwt_reason
decide_token_file(struct call *call, const char *path, struct token_file *file,
    struct verdict *verdict)
{
	enum jwt_reason reason = token_file_read(path, call->user, file);

	if (reason != JWT_OK || file->fault != NULL)
		return reason;
	reason = parts_add(&call->answer, PARTS_BY_FORM,
	    secret_bytes(&file->text));
	if (reason != JWT_OK)
		return reason;
	return decide_token(call, verdict);
}

/* Say in the log why the user is asked although there is a token file. */
static void
log_unused_file(const struct call *call, const struct token_file *file,
    enum jwt_reason reason)
{
	const char *path = call->service->token_file;
	const char *why = reason_name(reason);

	if (file->path[0] != '\0')
		path = file->path;
	if (file->fault != NULL)
		why = file->fault;
	log_token_file(call, path, why);
}

/*
 * Try the token file that the service names; true when its token let the user
 * in.  On any failure carry on as if there were no file: a file that is old or
 * damaged must not keep a user out who has a good token to type.
 */
static bool
try_token_file(struct call *call, struct verdict *verdict)
{
	const char *path = call->service->token_file;
	struct token_file file = { .fault = "no user is asked for" };
	enum jwt_reason reason = JWT_OK;
	bool accepted;

	if (path == NULL || !ask_is_next(call))
		return false;
	if (call->user != NULL)
		reason = decide_token_file(call, path, &file, verdict);
	accepted = reason == JWT_OK && file.fault == NULL;
	if (!accepted) {
		log_unused_file(call, &file, reason);
		verdict_clear(verdict);
		parts_clear(&call->answer);
	}
	token_file_clear(&file);
	return accepted;
}

/*
 * PAM_SUCCESS means that verdict->reason is decided, not that it is JWT_OK.
 * The user is asked for even if the configuration cannot be used, so that the
 * log line of the refusal has the name.
 */
static int
reach_verdict(struct call *call, struct verdict *verdict)
{
	int code;

	verdict->reason = call_load_policy(call);
	code = ask_user(call);
	if (code != PAM_SUCCESS || verdict->reason != JWT_OK)
		return code;
	verdict->reason = proof_find(call);
	if (verdict->reason != JWT_OK)
		return code;
	if (try_token_file(call, verdict))
		return PAM_SUCCESS;
	code = ask_token(call);
	if (code != PAM_SUCCESS)
		return code;
	log_debug(call);
	verdict->reason = decide_token(call, verdict);
	ask_pass_on(call, verdict);
	return PAM_SUCCESS;
}

/* Reach the verdict, write it into the log, and tell the user what may help. */
static int
authenticate(struct call *call, struct verdict *verdict)
{
	int code = reach_verdict(call, verdict);
	const char *user = call->user;

	if (code == PAM_BUF_ERR)
		verdict->reason = JWT_OUT_OF_MEMORY;
	else if (code != PAM_SUCCESS)
		return code;
	log_diag(call);
	log_state(call);
	if (verdict->reason == JWT_TOKEN_CUT)
		log_cut(call);
	if (verdict->reason == JWT_OK)
		user = verdict->account;
	log_verdict(call, user, verdict);
	if (verdict->reason != JWT_OK)
		explain_refusal(call, verdict);
	return call_code(verdict->reason);
}

ENTRY int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = call_new(pamh, flags);
	struct verdict verdict = { .reason = JWT_INTERNAL };
	int code;

	/* login keeps the PAM data of a failed attempt for the next one. */
	session_clear(pamh);
	if (!call_parse_options(pamh, argc, argv, &call.options)) {
		session_forget(pamh);
		ask_drop_token(pamh);
		return PAM_SERVICE_ERR;
	}
	code = authenticate(&call, &verdict);
	/* A refused attempt leaves nothing that a later phase could find. */
	if (code == PAM_SUCCESS)
		settings_keep(&call);
	else
		session_forget(pamh);
	/* After PAM_INCOMPLETE the program calls again, with that answer. */
	if (code != PAM_INCOMPLETE)
		ask_drop_token(pamh);
	verdict_clear(&verdict);
	call_clear(&call);
	return code;
}

/*
 * sudo with a valid ticket, sshd after a public key, and cron call this without
 * authenticate.  There is no token to look at then, but the account may be cut
 * off.
 */
ENTRY int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = call_new(pamh, flags);
	int code;

	if (!call_parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	code = recheck_account(&call);
	call_clear(&call);
	return code;
}

/*
 * Tells the programs of the session who it is, and pam_systemd how long it may
 * last: the latter for programs whose session lines do not have us.
 */
ENTRY int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = call_new(pamh, flags);
	struct grant *grant;
	int code;

	if (!call_parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	/* Nothing to do is success as well: see pam_sm_setcred(3). */
	if (call_has_flag(flags, PAM_DELETE_CRED))
		return PAM_SUCCESS;
	if (!handover_take(pamh, &grant))
		return PAM_CRED_ERR;
	if (grant == NULL)
		return PAM_SUCCESS;
	code = session_set_up(&call, grant);
	call_clear(&call);
	return code;
}

/* Sets the limit as setcred does: some programs open the session first. */
ENTRY int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = call_new(pamh, flags);
	struct grant *grant;
	int code;

	if (!call_parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	if (!handover_take(pamh, &grant))
		return PAM_PERM_DENIED;
	if (grant == NULL)
		return PAM_SUCCESS;
	code = session_open(&call, grant);
	call_clear(&call);
	/* The session may last for days: its end looks at the file again. */
	settings_drop(pamh);
	return code;
}

/* A process that did not open the session has nothing to close. */
ENTRY int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = call_new(pamh, flags);
	const struct grant *grant;
	int code;

	if (!call_parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	grant = handover_grant(pamh);
	if (grant == NULL)
		return PAM_SUCCESS;
	code = session_close(&call, grant);
	call_clear(&call);
	return code;
}

/*
 * Say where a new token comes from, in the service's own words if it has any.
 */
static void
tell_help(const struct call *call)
{
	const char *help = call->service->help;

	if (help == NULL)
		help = "Tokens are not changed here: get a new one where this "
		    "one came from.";
	ask_tell(call->pamh, help);
}

ENTRY int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = call_new(pamh, flags);

	if (!call_parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	/*
	 * Tokens come from the issuer, so there is nothing to change here.
	 * After this code libpam does not call a second time.
	 */
	if (call_has_flag(flags, PAM_PRELIM_CHECK) && !call_is_silent(&call) &&
	    call_load_policy(&call) == JWT_OK)
		tell_help(&call);
	call_clear(&call);
	return PAM_AUTHTOK_ERR;
}
