/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam_jwt: the six PAM entry points.
 *
 * Arguments in, token in, one call to the core, one log line, PAM code out.
 * Nothing is decided here, and nothing outside this file knows PAM.
 *
 * The module is a guest in sshd, sudo, login or a database server, perhaps
 * setuid and perhaps with threads: it keeps no state of its own but PAM data,
 * and touches no environment, signal, locale or descriptor of its host.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "core/parts.h"
#include "core/verdict.h"
#include "host/accounts.h"
#include "host/grant.h"
#include "host/load.h"
#include "host/logline.h"
#include "host/state.h"
#include "host/token_file.h"

/* Everything else is hidden: see src/pam_jwt.map. */
#define ENTRY		__attribute__((visibility("default")))
#define DATA_NAME	"pam_jwt_grant"
#define SESSION_NAME	"pam_jwt_session"
#define LIMIT_NAME	"systemd.runtime_max_sec"	/* pam_systemd(8) */
#define MESSAGE_REFUSED	"The token was not accepted."
#define MESSAGE_CUT	"The token is not complete: this program cuts long " \
			"answers. Give it with pam-jwt-askpass."
#define MESSAGE_NO_ANSWER "No token came; sudo takes at most 511 bytes in " \
			"one answer: use sudo -A with pam-jwt-askpass."
#define PROMPT_SIZE	(POLICY_PROMPT_MAX + 64)	/* and " part N (from byte N): " */
#define MESSAGE_SIZE	256
#define ANSWER_MAX	65536	/* bytes looked at; far beyond any token */

struct options {
	const char *config;
	bool debug;
	bool use_first_pass;
	bool try_first_pass;
	bool token_only;
	bool silent;
};

/* One call of an entry point. */
struct call {
	pam_handle_t *pamh;
	int flags;
	struct options options;
	struct policy policy;
	struct diag diag;
	struct state state;	/* set up where the policy is loaded */
	char *user;		/* asked for, our copy; NULL: the token says */
	struct parts answer;	/* what the user gave */
	bool prompted;		/* by us; else it was in PAM_AUTHTOK */
};

/* The one place where a reason becomes a PAM code. */
static int
pam_code(enum jwt_reason reason)
{
	if (reason == JWT_ACCOUNT_UNKNOWN)
		return PAM_USER_UNKNOWN;
	if (reason == JWT_STATE_UNAVAILABLE)
		return PAM_AUTHINFO_UNAVAIL;
	if (reason == JWT_OUT_OF_MEMORY)
		return PAM_BUF_ERR;
	switch (reason_class(reason)) {
	case JWT_CLASS_OK:
		return PAM_SUCCESS;
	case JWT_CLASS_MALFORMED:
	case JWT_CLASS_KEY:
	case JWT_CLASS_CLAIM:
	case JWT_CLASS_POLICY:
	case JWT_CLASS_ACCOUNT:
	case JWT_CLASS_PROOF:
	case JWT_CLASS_STATE:
		return PAM_AUTH_ERR;
	case JWT_CLASS_CONFIGURATION:
		return PAM_SERVICE_ERR;
	case JWT_CLASS_INTERNAL:
		break;
	}
	return PAM_SYSTEM_ERR;
}

/* A string item; NULL when it is not set. */
static const char *
get_item(pam_handle_t *pamh, int type)
{
	const void *item = NULL;

	if (pam_get_item(pamh, type, &item) != PAM_SUCCESS)
		return NULL;
	return item;
}

static const char *
service_name(pam_handle_t *pamh)
{
	const char *service = get_item(pamh, PAM_SERVICE);

	return service == NULL ? "" : service;
}

/* False for an argument that is not known, and for one that stands twice. */
static bool
parse_argument(const char *argument, struct options *out)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "debug", &out->debug },
		{ "use_first_pass", &out->use_first_pass },
		{ "try_first_pass", &out->try_first_pass },
		{ "token_only", &out->token_only },
		{ "silent", &out->silent },
	};
	struct bytes text = bytes_str(argument);
	size_t i;

	if (bytes_starts(text, bytes_str("config=/")) && out->config == NULL) {
		out->config = argument + strlen("config=");
		return true;
	}
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (bytes_eq_str(text, flags[i].name) && !*flags[i].flag) {
			*flags[i].flag = true;
			return true;
		}
	}
	return false;
}

/* Programs that take the user that the module sets, all the way. */
static bool
honours_pam_user(const char *service)
{
	static const char *const names[] = {
		"login", "greetd", "lightdm", "gdm-password", "sddm"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bytes_eq_str(bytes_str(names[i]), service))
			return true;
	}
	return false;
}

static bool
options_agree(pam_handle_t *pamh, const struct options *options)
{
	if (options->use_first_pass && options->try_first_pass) {
		pam_syslog(pamh, LOG_ERR, "use_first_pass and try_first_pass "
		    "exclude each other");
		return false;
	}
	if (options->token_only && !honours_pam_user(service_name(pamh))) {
		pam_syslog(pamh, LOG_ERR, "token_only is for login, greetd, "
		    "lightdm, gdm-password and sddm: other programs would log "
		    "in another user than the token's");
		return false;
	}
	return true;
}

static bool
parse_options(pam_handle_t *pamh, int argc, const char **argv,
    struct options *out)
{
	int i;

	*out = (struct options){ .config = NULL };
	for (i = 0; i < argc; i++) {
		char shown[MESSAGE_SIZE];

		if (parse_argument(argv[i], out))
			continue;
		logline_escape(bytes_str(argv[i]), shown, sizeof(shown));
		pam_syslog(pamh, LOG_ERR, "the module argument \"%s\" is not "
		    "known, or stands twice: config=/PATH debug use_first_pass "
		    "try_first_pass token_only silent", shown);
		return false;
	}
	if (out->config == NULL)
		out->config = LOAD_CONFIG_DEFAULT;
	return options_agree(pamh, out);
}

/* Linux-PAM's flags are int or unsigned, one like the other. */
static bool
has_flag(int flags, unsigned flag)
{
	return ((unsigned)flags & flag) != 0;
}

static bool
is_silent(const struct call *call)
{
	return call->options.silent || has_flag(call->flags, PAM_SILENT);
}

/* One message, one reply: several at once corrupt memory in some programs. */
static int
converse(pam_handle_t *pamh, int style, const char *text, char **answer)
{
	const struct pam_message message = { .msg_style = style, .msg = text };
	const struct pam_message *messages = &message;
	struct pam_response *reply = NULL;
	const void *item = NULL;
	const struct pam_conv *conv;
	int code;

	*answer = NULL;
	code = pam_get_item(pamh, PAM_CONV, &item);
	conv = item;
	if (code != PAM_SUCCESS || conv == NULL || conv->conv == NULL)
		return PAM_CONV_ERR;
	code = conv->conv(1, &messages, &reply, conv->appdata_ptr);
	if (reply != NULL) {
		*answer = reply->resp;
		free(reply);
	}
	return code;
}

static void
free_answer(char *answer)
{
	if (answer != NULL) {
		explicit_bzero(answer, strlen(answer));
		free(answer);
	}
}

static void
tell(pam_handle_t *pamh, const char *text)
{
	char *answer;

	(void)converse(pamh, PAM_ERROR_MSG, text, &answer);
	free_answer(answer);
}

/* The user that is asked for; not asked for where the token is to say it. */
static int
find_user(struct call *call, const char **user)
{
	int code;

	*user = get_item(call->pamh, PAM_USER);
	if (call->options.token_only) {
		if (*user != NULL && **user == '\0')
			*user = NULL;
		return PAM_SUCCESS;
	}
	code = pam_get_user(call->pamh, user, NULL);
	if (code == PAM_CONV_AGAIN)
		return PAM_INCOMPLETE;
	if (code == PAM_SUCCESS && (*user == NULL || **user == '\0'))
		return PAM_USER_UNKNOWN;
	return code;
}

/* A copy: a program that sets PAM_USER while it is asked frees the original. */
static int
get_user(struct call *call)
{
	const char *user = NULL;
	int code = find_user(call, &user);

	if (code != PAM_SUCCESS || user == NULL)
		return code;
	call->user = strdup(user);
	return call->user == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static enum jwt_reason
keep_answer(struct call *call, const char *answer)
{
	size_t len = answer == NULL ? 0 : strnlen(answer, ANSWER_MAX);

	return parts_add(&call->answer, &call->policy,
	    service_name(call->pamh), bytes_of(answer, len));
}

/* "Token: ", and then "Token part 2 (from byte 512): ". */
static void
format_prompt(const struct call *call, char out[PROMPT_SIZE])
{
	const struct service *service = policy_service(&call->policy,
	    service_name(call->pamh));
	struct bytes prompt = bytes_str(service->prompt);

	if (call->answer.count == 0) {
		snprintf(out, PROMPT_SIZE, "%s ", service->prompt);
		return;
	}
	if (bytes_ends(prompt, bytes_str(":")))
		prompt.len--;
	snprintf(out, PROMPT_SIZE, "%.*s part %u (from byte %zu): ",
	    (int)prompt.len, service->prompt, call->answer.count + 1,
	    call->answer.text.len + 1);
}

static bool
is_sudo(const struct call *call)
{
	struct bytes service = bytes_str(service_name(call->pamh));

	return bytes_eq_str(service, "sudo") ||
	    bytes_eq_str(service, "sudo-i");
}

/* sudo answers an overlong token with an error of the conversation. */
static void
note_no_answer(struct call *call, int code)
{
	if (is_sudo(call) && code == PAM_CONV_ERR)
		call->answer.state = PARTS_CUT;
	pam_syslog(call->pamh, LOG_NOTICE, "the program gave no answer (%s)%s",
	    pam_strerror(call->pamh, code), is_sudo(call) ? ": sudo does so "
	    "for more than 511 bytes; use sudo -A with pam-jwt-askpass" : "");
}

static int
prompt_once(struct call *call)
{
	char prompt[PROMPT_SIZE];
	enum jwt_reason reason;
	char *answer;
	int code;

	format_prompt(call, prompt);
	code = converse(call->pamh, PAM_PROMPT_ECHO_OFF, prompt, &answer);
	call->prompted = true;
	reason = keep_answer(call, code == PAM_SUCCESS ? answer : NULL);
	free_answer(answer);
	if (code == PAM_CONV_AGAIN)
		return PAM_INCOMPLETE;
	if (code != PAM_SUCCESS)
		note_no_answer(call, code);
	return pam_code(reason);
}

/* Once, and again only while what came is the start of a token. */
static int
prompt_for_token(struct call *call)
{
	int code;

	do {
		code = prompt_once(call);
	} while (code == PAM_SUCCESS && call->answer.state == PARTS_WANTED);
	return code;
}

/*
 * The answer of an earlier module, or of the user.  One that an earlier module
 * got may be cut: then the user is asked for the rest, unless that is never to
 * be.
 */
static int
get_answer(struct call *call)
{
	const char *earlier = NULL;
	int code;

	if (call->options.use_first_pass || call->options.try_first_pass)
		earlier = get_item(call->pamh, PAM_AUTHTOK);
	if (earlier == NULL && !call->options.use_first_pass)
		return prompt_for_token(call);
	code = pam_code(keep_answer(call, earlier));
	if (code == PAM_SUCCESS && call->answer.state == PARTS_WANTED &&
	    !call->options.use_first_pass)
		return prompt_for_token(call);
	return code;
}

/*
 * What later modules may see: never a token, but an answer that was not meant
 * to be one, so that pam_unix with try_first_pass takes it as a password.
 */
static void
pass_answer_on(const struct call *call)
{
	const struct secret *answer = &call->answer.text;

	if (jws_is_token_like(bytes_trim(secret_bytes(answer))))
		(void)pam_set_item(call->pamh, PAM_AUTHTOK, NULL);
	else if (call->prompted && answer->len > 0)
		(void)pam_set_item(call->pamh, PAM_AUTHTOK, answer->ptr);
}

static struct logline_caller
caller_of(pam_handle_t *pamh, const char *user)
{
	return (struct logline_caller){
		.uid = getuid(), .euid = geteuid(),
		.tty = get_item(pamh, PAM_TTY),
		.ruser = get_item(pamh, PAM_RUSER),
		.rhost = get_item(pamh, PAM_RHOST), .user = user
	};
}

static void
log_verdict(const struct call *call, const char *user,
    const struct verdict *verdict)
{
	struct logline_caller caller = caller_of(call->pamh, user);
	enum jwt_class class = reason_class(verdict->reason);
	char line[LOGLINE_SIZE];
	int level = LOG_NOTICE;

	if (class == JWT_CLASS_OK)
		level = LOG_INFO;
	if (class == JWT_CLASS_CONFIGURATION || class == JWT_CLASS_INTERNAL)
		level = LOG_ERR;
	logline_format(&caller, verdict, line);
	pam_syslog(call->pamh, level, "%s", line);
}

/* Where a configuration is wrong: its first error, for the log only. */
static void
log_diag(const struct call *call)
{
	const struct diag_entry *entry = diag_first_error(&call->diag);
	char shown[LOGLINE_SIZE / 2];

	if (entry == NULL)
		return;
	logline_escape(bytes_str(entry->text), shown, sizeof(shown));
	pam_syslog(call->pamh, LOG_ERR, "%s:%u: %s (pam-jwt check shows all)",
	    entry->file, entry->line, shown);
}

/* Where a token was cut, and what to do: for the log. */
static void
log_cut(const struct call *call)
{
	const char *programs = jws_cut_by(call->answer.last_len);

	if (call->answer.text.len == 0)
		return;
	pam_syslog(call->pamh, LOG_NOTICE, "the token is not complete after "
	    "%zu bytes; the last answer had %zu%s%s: give it with "
	    "pam-jwt-askpass, or issue a shorter one",
	    call->answer.text.len, call->answer.last_len,
	    programs == NULL ? "" : ", where answers are cut by ",
	    programs == NULL ? "" : programs);
}

/* What would have let the user in: not secret, and nothing of the token. */
static void
tell_need(pam_handle_t *pamh, const struct rule_test *need)
{
	const char *within = strstr(need->text, "within");
	char text[MESSAGE_SIZE];

	if (need->op == RULE_WITHIN && within != NULL)
		snprintf(text, sizeof(text), "This service needs "
		    "authentication %s.", within);
	else
		snprintf(text, sizeof(text), "This service needs %s.",
		    need->text);
	tell(pamh, text);
}

/* The neutral line, what is not secret about the refusal, and the help. */
static void
explain_refusal(const struct call *call, const struct verdict *verdict)
{
	if (call->options.silent)
		return;
	/* sudo always passes PAM_SILENT, and shows messages all the same. */
	if (verdict->needs != NULL)
		tell_need(call->pamh, verdict->needs);
	else if (verdict->reason == JWT_TOKEN_CUT)
		tell(call->pamh, call->answer.text.len == 0 ?
		    MESSAGE_NO_ANSWER : MESSAGE_CUT);
	else if (!is_silent(call))
		tell(call->pamh, MESSAGE_REFUSED);
	if (verdict->service != NULL && verdict->service->help != NULL)
		tell(call->pamh, verdict->service->help);
}

static void
drop_grant(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	grant_free(data);
}

/* "NAME=value" into the PAM environment. */
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

/* Who it was, for the session; never the token. */
static bool
export_grant(pam_handle_t *pamh, const struct grant *grant)
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

/* Nothing of an earlier or a refused attempt stays in the PAM environment. */
static void
drop_exports(pam_handle_t *pamh)
{
	size_t i;

	for (i = 0; grant_name(i) != NULL; i++) {
		if (pam_getenv(pamh, grant_name(i)) != NULL)
			(void)pam_putenv(pamh, grant_name(i));
	}
}

/*
 * Leave the grant for the other phases.  sshd runs this phase in a child for
 * keyboard-interactive, whose PAM data is lost; of the PAM environment it
 * brings a copy back.  So both are set.
 */
static enum jwt_reason
leave_grant(const struct call *call, const struct verdict *verdict)
{
	struct grant *grant = grant_new(verdict);

	if (grant == NULL || !export_grant(call->pamh, grant) ||
	    pam_set_data(call->pamh, DATA_NAME, grant, drop_grant) !=
	    PAM_SUCCESS) {
		grant_free(grant);
		return JWT_OUT_OF_MEMORY;
	}
	return JWT_OK;
}

/* A program may have changed it while it asked; then nothing is used up. */
static bool
is_user_as_before(const struct call *call)
{
	const char *now = get_item(call->pamh, PAM_USER);

	if (call->user == NULL)
		return true;
	return now != NULL && bytes_eq_str(bytes_str(now), call->user);
}

/* PAM_USER is who is let in: as it was, or, where nobody was asked for, set. */
static enum jwt_reason
settle_user(const struct call *call, const struct verdict *verdict)
{
	if (call->user != NULL)
		return bytes_eq_str(bytes_str(call->user), verdict->account) ?
		    JWT_OK : JWT_ACCOUNT_MISMATCH;
	if (!call->options.token_only)
		return JWT_ACCOUNT_MISMATCH;
	return pam_set_item(call->pamh, PAM_USER, verdict->account) ==
	    PAM_SUCCESS ? JWT_OK : JWT_OUT_OF_MEMORY;
}

/* Why the store gave no answer: for the log, also where none was needed. */
static void
log_state(const struct call *call)
{
	char shown[STATE_FAULT_MAX];

	if (call->state.fault[0] == '\0')
		return;
	logline_escape(bytes_str(call->state.fault), shown, sizeof(shown));
	pam_syslog(call->pamh, LOG_ERR, "the state cannot be read: %s", shown);
}

static enum jwt_reason
decide(const struct call *call, struct verdict *verdict)
{
	struct verdict_input in = {
		.policy = &call->policy,
		.service = service_name(call->pamh), .user = call->user,
		.rhost = get_item(call->pamh, PAM_RHOST),
		.now = (int64_t)time(NULL),
		.token = bytes_trim(secret_bytes(&call->answer.text)),
		.is_cut = call->answer.state == PARTS_CUT,
		.accounts = &accounts_host,
		.state = state_store(&call->state),
		.dry = !is_user_as_before(call)
	};
	enum jwt_reason reason = verdict_reach(&in, verdict);

	if (reason == JWT_OK && in.dry)
		reason = JWT_ACCOUNT_MISMATCH;
	if (reason == JWT_OK)
		reason = leave_grant(call, verdict);
	if (reason == JWT_OK)
		reason = settle_user(call, verdict);
	if (reason != JWT_OK) {
		(void)pam_set_data(call->pamh, DATA_NAME, NULL, NULL);
		drop_exports(call->pamh);
	}
	verdict->reason = reason;
	return reason;
}

static void
log_debug(const struct call *call)
{
	if (call->options.debug)
		pam_syslog(call->pamh, LOG_DEBUG, "configuration %s, %s of %zu "
		    "bytes", call->options.config, call->prompted ?
		    "an answer" : "PAM_AUTHTOK", call->answer.text.len);
}

/* Whether it is for the user to answer: no module before us has a token. */
static bool
is_to_prompt(const struct call *call)
{
	return !call->options.use_first_pass &&
	    (!call->options.try_first_pass ||
	    get_item(call->pamh, PAM_AUTHTOK) == NULL);
}

/* Why a token file was not used: for the log; the user is simply asked. */
static void
log_token_file(const struct call *call, const char *path, const char *why)
{
	char shown[MESSAGE_SIZE];

	logline_escape(bytes_str(path), shown, sizeof(shown));
	pam_syslog(call->pamh, LOG_NOTICE, "the token file %s is not used: %s",
	    shown, why);
}

/*
 * The user's token file, where the service has one: true when it let the user
 * in, or memory ran out.  Else there is nothing left of it.
 */
static bool
decide_by_file(struct call *call, struct verdict *verdict)
{
	const struct service *service = policy_service(&call->policy,
	    service_name(call->pamh));
	struct token_file file = { .fault = "no user is asked for" };
	enum jwt_reason reason = JWT_OK;

	if (service->token_file == NULL)
		return false;
	if (call->user != NULL)
		reason = token_file_read(service->token_file, call->user,
		    &file);
	if (reason == JWT_OK && file.fault == NULL)
		reason = parts_add(&call->answer, &call->policy,
		    service_name(call->pamh), secret_bytes(&file.text));
	if (reason == JWT_OK && file.fault == NULL)
		reason = decide(call, verdict);
	if (file.fault != NULL || reason != JWT_OK)
		log_token_file(call, file.path[0] != '\0' ? file.path :
		    service->token_file, file.fault != NULL ? file.fault :
		    reason_name(reason));
	if (file.fault == NULL && reason == JWT_OK) {
		token_file_clear(&file);
		return true;
	}
	token_file_clear(&file);
	verdict_clear(verdict);
	parts_clear(&call->answer);
	return false;
}

/* PAM_SUCCESS when a verdict was reached, whatever it is. */
static int
reach_verdict(struct call *call, struct verdict *verdict)
{
	int code;

	if (is_to_prompt(call) && decide_by_file(call, verdict))
		return PAM_SUCCESS;
	code = get_answer(call);

	if (code == PAM_BUF_ERR) {
		verdict->reason = JWT_OUT_OF_MEMORY;
		return PAM_SUCCESS;
	}
	if (code == PAM_SUCCESS) {
		log_debug(call);
		verdict->reason = decide(call, verdict);
		pass_answer_on(call);
	}
	return code;
}

static int
authenticate(struct call *call, struct verdict *verdict)
{
	int code;

	verdict->reason = load_policy(call->options.config,
	    service_name(call->pamh), &call->diag, &call->policy);
	state_open(&call->policy.state, &call->state);
	code = get_user(call);
	if (code == PAM_BUF_ERR) {
		verdict->reason = JWT_OUT_OF_MEMORY;
		code = PAM_SUCCESS;
	}
	if (code == PAM_SUCCESS && verdict->reason == JWT_OK)
		code = reach_verdict(call, verdict);
	if (code != PAM_SUCCESS)
		return code;
	log_diag(call);
	log_state(call);
	if (verdict->reason == JWT_TOKEN_CUT)
		log_cut(call);
	log_verdict(call, verdict->reason == JWT_OK ? verdict->account :
	    call->user, verdict);
	if (verdict->reason != JWT_OK)
		explain_refusal(call, verdict);
	return pam_code(verdict->reason);
}

static struct call
new_call(pam_handle_t *pamh, int flags)
{
	return (struct call){
		.pamh = pamh, .flags = flags, .state = { .dir = { .fd = -1 } }
	};
}

static void
clear_call(struct call *call)
{
	parts_clear(&call->answer);
	free(call->user);
	state_close(&call->state);
	policy_clear(&call->policy);
	diag_clear(&call->diag);
}

ENTRY int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = new_call(pamh, flags);
	struct verdict verdict = { .reason = JWT_INTERNAL };
	int code;

	/* login keeps the data of a failed attempt for the next one. */
	(void)pam_set_data(pamh, DATA_NAME, NULL, NULL);
	(void)pam_set_data(pamh, SESSION_NAME, NULL, NULL);
	drop_exports(pamh);
	if (!parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	code = authenticate(&call, &verdict);
	verdict_clear(&verdict);
	clear_call(&call);
	return code;
}

/* What is kept under a name; NULL when another method let the user in. */
static const struct grant *
get_grant(pam_handle_t *pamh, const char *name)
{
	const void *data = NULL;

	if (pam_get_data(pamh, name, &data) != PAM_SUCCESS)
		return NULL;
	return data;
}

/* Whether no module behind us has changed who logs in. */
static bool
is_still_user(pam_handle_t *pamh, const char *account)
{
	const char *user = get_item(pamh, PAM_USER);

	if (user != NULL && bytes_eq_str(bytes_str(user), account))
		return true;
	pam_syslog(pamh, LOG_ERR, "the user is not the one whose token was "
	    "accepted");
	return false;
}

/* The settings without keys and maps: all that the later phases need. */
static enum jwt_reason
load_state(struct call *call)
{
	enum jwt_reason reason = load_settings(call->options.config,
	    &call->diag, &call->policy);

	state_open(&call->policy.state, &call->state);
	return reason;
}

/* One line that ties what happens to the token. */
static void
log_grant(pam_handle_t *pamh, int level, const char *word,
    const struct grant *grant, enum jwt_reason reason)
{
	struct logline_caller caller = caller_of(pamh,
	    get_item(pamh, PAM_USER));
	struct logline_session session = { .reason = reason };
	char line[LOGLINE_SIZE];

	if (grant != NULL) {
		session.iss = bytes_str(grant->iss);
		session.sub = bytes_str(grant->sub);
		session.jti = bytes_str(grant->jti);
	}
	logline_session(&caller, word, &session, line);
	pam_syslog(pamh, level, "%s", line);
}

/* Time has passed since the token was accepted, and perhaps more. */
static enum jwt_reason
look_again(struct call *call, const struct grant *grant)
{
	struct state_token token = grant_state_token(grant);
	enum jwt_reason reason = load_state(call);
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

	return accounts_host.look_up(accounts_host.ctx, user, &facts) ==
	    JWT_OK && facts.exists && facts.is_root;
}

/* Under both names, where the user wrote ALICE and NSS took it for alice. */
static enum jwt_reason
check_cut_off(struct call *call, const char *user)
{
	const struct state_store *store = state_store(&call->state);
	int64_t now = (int64_t)time(NULL);
	char own[ACCOUNTS_NAME_SIZE];
	enum jwt_reason reason;

	if (store == NULL)
		return JWT_OK;
	reason = accounts_own_name(user, own);
	if (reason == JWT_OK)
		reason = state_check_account(store, user, now);
	if (reason == JWT_OK && own[0] != '\0' && strcmp(own, user) != 0)
		reason = state_check_account(store, own, now);
	return reason;
}

/*
 * Who came another way is stopped only by a cut-off of the account.  Where
 * the state that would say so cannot be read, nobody passes but root, who is
 * to mend it, and those who change nothing: a screen locker has no right to
 * the state, nor to become another user.
 */
static int
check_other_way(struct call *call, const char *user)
{
	enum jwt_reason reason;

	/* A broken configuration is not theirs; but what it says of state is. */
	if (load_state(call) != JWT_OK)
		log_diag(call);
	reason = check_cut_off(call, user);
	if (reason == JWT_OK)
		return PAM_IGNORE;
	if (reason == JWT_REVOKED) {
		log_grant(call->pamh, LOG_NOTICE, "account refused", NULL,
		    reason);
		return PAM_PERM_DENIED;
	}
	if (geteuid() != 0)
		return PAM_IGNORE;
	log_state(call);
	if (!policy_requires_state(&call->policy) || is_root(user))
		return PAM_IGNORE;
	log_grant(call->pamh, LOG_ERR, "account refused", NULL, reason);
	return pam_code(reason);
}

static int
check_account(struct call *call)
{
	const struct grant *grant = get_grant(call->pamh, DATA_NAME);
	const char *user = get_item(call->pamh, PAM_USER);
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
	return pam_code(reason);
}

/*
 * sudo's ticket, ssh keys and cron come here without authenticate: then there
 * is no token to look at, but perhaps the account itself is cut off.
 */
ENTRY int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = new_call(pamh, flags);
	int code;

	if (!parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	code = check_account(&call);
	clear_call(&call);
	return code;
}

/* The grant of the session, NULL when there was no token. */
static const struct grant *
session_grant(pam_handle_t *pamh)
{
	const struct grant *grant = get_grant(pamh, DATA_NAME);

	return grant != NULL ? grant : get_grant(pamh, SESSION_NAME);
}

/*
 * What sshd's authenticating child left in the PAM environment is taken over
 * by setcred, the first phase of the other process, and by no later one: then
 * a session module may have put there what a user wrote.
 */
static const struct grant *
take_over(pam_handle_t *pamh)
{
	const struct grant *grant = session_grant(pamh);
	const char *values[GRANT_NAMES];
	struct grant *taken;
	size_t i;

	if (grant != NULL)
		return grant;
	for (i = 0; grant_name(i) != NULL; i++)
		values[i] = pam_getenv(pamh, grant_name(i));
	taken = grant_of_values(values);
	if (taken != NULL && pam_set_data(pamh, SESSION_NAME, taken,
	    drop_grant) != PAM_SUCCESS) {
		grant_free(taken);
		taken = NULL;
	}
	return taken;
}

static void
drop_limit(pam_handle_t *pamh, void *data, int error_status)
{
	(void)pamh;
	(void)error_status;
	free(data);
}

/* Seconds that a session may last; 0: no limit. */
static int64_t
session_seconds(const struct service *service, const struct grant *grant)
{
	int64_t limit = service->session_limit_sec;
	int64_t left = grant->exp - (int64_t)time(NULL);

	if (!service->session_until_exp)
		return limit;
	return left < 1 ? 1 : left;
}

/*
 * pam_systemd, behind us, ends the session then.  It takes what it does not
 * understand for no limit, so a limit that cannot be set is a refusal.
 */
static bool
limit_session(struct call *call, const struct grant *grant)
{
	const struct service *service;
	char *text = NULL;
	int64_t seconds;

	if (load_state(call) != JWT_OK) {
		log_diag(call);
		return false;
	}
	service = policy_service(&call->policy, service_name(call->pamh));
	seconds = session_seconds(service, grant);
	if (seconds == 0)
		return true;
	if (asprintf(&text, "%lld", (long long)seconds) < 0)
		return false;
	if (pam_set_data(call->pamh, LIMIT_NAME, text, drop_limit) ==
	    PAM_SUCCESS)
		return true;
	free(text);
	return false;
}

ENTRY int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = new_call(pamh, flags);
	const struct grant *grant;
	int code = PAM_SUCCESS;

	if (!parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	grant = take_over(pamh);
	/* Success also where there is nothing to do: see pam_sm_setcred(3). */
	if (grant == NULL || has_flag(flags, PAM_DELETE_CRED))
		return PAM_SUCCESS;
	if (!export_grant(pamh, grant))
		code = PAM_BUF_ERR;
	else if (!limit_session(&call, grant))
		code = PAM_CRED_ERR;
	clear_call(&call);
	return code;
}

ENTRY int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = new_call(pamh, flags);
	const struct grant *grant;
	int code = PAM_SUCCESS;

	if (!parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	grant = session_grant(pamh);
	if (grant == NULL)
		return PAM_SUCCESS;
	/* PAM_SESSION_ERR is ignored by sudo. */
	if (!limit_session(&call, grant))
		code = PAM_PERM_DENIED;
	log_grant(pamh, LOG_INFO, code == PAM_SUCCESS ? "session opened" :
	    "session refused", grant, JWT_OK);
	clear_call(&call);
	return code;
}

/* The token that opened the session opens no other one. */
static int
revoke_at_end(struct call *call, const struct grant *grant)
{
	enum jwt_reason reason = load_state(call);
	const struct service *service;

	log_diag(call);
	if (reason != JWT_OK)
		return PAM_SESSION_ERR;
	service = policy_service(&call->policy, service_name(call->pamh));
	if (!service->revoke_on_logout)
		return PAM_SUCCESS;
	reason = grant_revoke(grant, &call->state.store);
	log_state(call);
	log_grant(call->pamh, reason == JWT_OK ? LOG_INFO : LOG_ERR,
	    reason == JWT_OK ? "token revoked" : "token not revoked", grant,
	    reason);
	return reason == JWT_OK ? PAM_SUCCESS : PAM_SESSION_ERR;
}

ENTRY int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = new_call(pamh, flags);
	const struct grant *grant;
	int code;

	if (!parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	grant = session_grant(pamh);
	if (grant == NULL)
		return PAM_SUCCESS;
	code = revoke_at_end(&call, grant);
	log_grant(pamh, LOG_INFO, "session closed", grant, JWT_OK);
	clear_call(&call);
	return code;
}

ENTRY int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call call = new_call(pamh, flags);
	const struct service *service;

	if (!parse_options(pamh, argc, argv, &call.options))
		return PAM_SERVICE_ERR;
	/*
	 * Tokens come from the issuer: there is nothing to change here, and
	 * after this answer libpam does not call a second time.
	 */
	if (has_flag(flags, PAM_PRELIM_CHECK) && !is_silent(&call) &&
	    load_policy(call.options.config, service_name(pamh), &call.diag,
	    &call.policy) == JWT_OK) {
		service = policy_service(&call.policy, service_name(pamh));
		tell(pamh, service->help != NULL ? service->help :
		    "Tokens are not changed here: get a new one where this "
		    "one came from.");
	}
	clear_call(&call);
	return PAM_AUTHTOK_ERR;
}
