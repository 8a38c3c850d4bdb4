/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The conversation with the user: asks for the user and the token, collects a
 * token that comes in parts, and tells the user what may help.
 *
 * The program on the other side is not trusted to return whole answers: many
 * programs cut long ones (core/programs.h), and a cut token must be told apart
 * from a wrong one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include <security/pam_ext.h>

#include "core/jose/shape.h"
#include "core/verdict.h"
#include "pam/ask.h"

#define MESSAGE_REFUSED	"The token was not accepted."
#define MESSAGE_BOUND	"The token was not accepted: this token is bound to " \
			"an ssh key."
#define MESSAGE_CUT	"The token is not complete: this program cuts long " \
			"answers. Give it with pam-jwt-askpass."
#define MESSAGE_ONE_ANSWER "The token is not complete: this program gives " \
			"one answer to all prompts, and cuts it. Use a " \
			"shorter token."
#define MESSAGE_FIRST_PART "The token is not complete: each prompt got its " \
			"first part. With sudo -p or passprompt_override, " \
			"set prompt_override in askpass.conf."
#define MESSAGE_NO_ANSWER "No answer came: sudo takes at most 511 bytes in " \
			"one. Use sudo -A with pam-jwt-askpass; if you did, " \
			"it has said what is wrong."
#define MESSAGE_NO_TERMINAL "No answer came: sudo has no terminal here, and " \
			"no askpass program (sudo -A) or standard input " \
			"(-S, at most 511 bytes) gave one."
/* The service's own prompt and " part N (from byte N): ". */
#define PROMPT_SIZE	(POLICY_PROMPT_MAX + 64)
#define NEED_SIZE	256
#define MESSAGE_SIZE	512	/* PAM_MAX_MSG_SIZE: a sentence and the help */
#define ANSWER_MAX	65536	/* bytes; far more than any token has */

/*
 * Send one message and take one reply.  Some programs corrupt their memory when
 * they get several messages at once.  *answer is the caller's to free.
 */
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

/* An answer may be a token or a password, so it is wiped. */
static void
free_answer(char *answer)
{
	if (answer != NULL) {
		explicit_bzero(answer, strlen(answer));
		free(answer);
	}
}

void
ask_tell(pam_handle_t *pamh, const char *text)
{
	char *answer;

	(void)converse(pamh, PAM_ERROR_MSG, text, &answer);
	free_answer(answer);
}

/*
 * With token_only the program is not made to ask for a user: the token says who
 * it is, unless the program set PAM_USER by itself.
 */
static int
find_user(struct call *call, const char **user)
{
	int code;

	*user = call_item(call->pamh, PAM_USER);
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

/*
 * Keep a copy: a program that sets PAM_USER while it asks frees the original.
 */
int
ask_user(struct call *call)
{
	const char *user = NULL;
	int code = find_user(call, &user);

	if (code != PAM_SUCCESS || user == NULL)
		return code;
	call->user = strdup(user);
	if (call->user == NULL)
		return PAM_BUF_ERR;
	return PAM_SUCCESS;
}

/*
 * In sshd the length alone says whether more is asked for.  Otherwise sshd's
 * next prompt would tell strangers whether it had replaced their answer, and so
 * whether the account exists.
 */
static enum jwt_reason
keep_answer(struct call *call, const char *answer)
{
	enum parts_rule rule = PARTS_BY_FORM;
	size_t len = 0;

	if (answer != NULL)
		len = strnlen(answer, ANSWER_MAX);
	if (call->is_sshd)
		rule = PARTS_BY_LENGTH;
	return parts_add(&call->answer, rule, bytes_of(answer, len));
}

/* The first prompt is "Token: ", the next "Token part 2 (from byte 512): ". */
static void
format_prompt(const struct call *call, char out[PROMPT_SIZE])
{
	const char *asked = call->service->prompt;
	struct bytes prompt = bytes_str(asked);

	if (call->answer.count == 0) {
		snprintf(out, PROMPT_SIZE, "%s ", asked);
		return;
	}
	if (bytes_ends(prompt, bytes_str(":")))
		prompt.len--;
	snprintf(out, PROMPT_SIZE, "%.*s part %u (from byte %zu): ",
	    (int)prompt.len, asked, call->answer.count + 1,
	    call->answer.next_byte);
}

static bool
has_terminal(const struct call *call)
{
	const char *tty = call_item(call->pamh, PAM_TTY);

	return tty != NULL && *tty != '\0';
}

/*
 * sudo gives an error of the conversation for a token that is too long for it,
 * where there is no terminal, and where its askpass program fails.  At a
 * terminal the first is by far the most common; without one there is nothing
 * that was cut.  sudo-rs does the same; its -A came with 0.2.11.
 */
static void
note_no_answer(struct call *call, int code)
{
	const char *advice = "";
	bool can_type = has_terminal(call);

	if (call->is_sudo && can_type && code == PAM_CONV_ERR &&
	    call->answer.count == 1)
		call->answer.state = PARTS_CUT;
	if (call->is_sudo && can_type)
		advice = ": sudo does so for more than 511 bytes, and where "
		    "its askpass program fails; use sudo -A with "
		    "pam-jwt-askpass, or token_file";
	else if (call->is_sudo)
		advice = ": sudo has no terminal, and no askpass program or "
		    "standard input gave one of at most 511 bytes; use sudo "
		    "-A with pam-jwt-askpass, or token_file";
	pam_syslog(call->pamh, LOG_NOTICE, "the program gave no answer (%s)%s",
	    pam_strerror(call->pamh, code), advice);
	call->no_answer = true;
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
	return call_code(reason);
}

/* Ask again only while a part is missing; core/parts.h says when that is. */
static int
prompt_for_token(struct call *call)
{
	int code;

	do {
		code = prompt_once(call);
	} while (code == PAM_SUCCESS && call->answer.state == PARTS_WANTED);
	return code;
}

bool
ask_is_next(const struct call *call)
{
	return !call->options.use_first_pass &&
	    (!call->options.try_first_pass ||
	    call_item(call->pamh, PAM_AUTHTOK) == NULL);
}

/*
 * Take the answer that an earlier module got, or ask the user.  The answer of
 * an earlier module may be cut; then ask the user for the rest, unless
 * use_first_pass forbids prompting.
 */
int
ask_token(struct call *call)
{
	const char *earlier = NULL;
	int code;

	if (call->options.use_first_pass || call->options.try_first_pass)
		earlier = call_item(call->pamh, PAM_AUTHTOK);
	if (earlier == NULL && !call->options.use_first_pass)
		return prompt_for_token(call);
	code = call_code(keep_answer(call, earlier));
	if (code == PAM_SUCCESS && call->answer.state == PARTS_WANTED &&
	    !call->options.use_first_pass)
		return prompt_for_token(call);
	return code;
}

void
ask_pass_on(const struct call *call, const struct verdict *verdict)
{
	const struct secret *answer = &call->answer.text;

	if (verdict->reason == JWT_OK ||
	    shape_is_token_like(secret_bytes(answer)))
		(void)pam_set_item(call->pamh, PAM_AUTHTOK, NULL);
	else if (call->prompted && answer->len > 0)
		(void)pam_set_item(call->pamh, PAM_AUTHTOK, answer->ptr);
}

void
ask_drop_token(pam_handle_t *pamh)
{
	const char *earlier = call_item(pamh, PAM_AUTHTOK);

	if (earlier != NULL && shape_is_token_like(bytes_str(earlier)))
		(void)pam_set_item(pamh, PAM_AUTHTOK, NULL);
}

/*
 * Name the one test of a rule that was missing, such as a second factor.  The
 * rule is not secret, and the text has nothing of the token in it.
 */
static const char *
describe_need(const struct rule_test *need, char out[NEED_SIZE])
{
	const char *within = strstr(need->text, "within");

	if (need->op == RULE_WITHIN && within != NULL)
		snprintf(out, NEED_SIZE, "This service needs authentication "
		    "%s.", within);
	else
		snprintf(out, NEED_SIZE, "This service needs %s.", need->text);
	return out;
}

/* An empty answer was lost as a whole; any other one was cut. */
static const char *
describe_cut(const struct call *call)
{
	const struct parts *answer = &call->answer;

	if (answer->text.len == 0)
		return MESSAGE_NO_ANSWER;
	if (answer->has_one_answer && answer->first_len == PARTS_LEN)
		return MESSAGE_FIRST_PART;
	if (answer->has_one_answer)
		return MESSAGE_ONE_ANSWER;
	return MESSAGE_CUT;
}

/*
 * sshd replaces the answer of a user who may not log in.  A message of its own
 * for a cut token would show strangers which accounts sshd lets in, so in sshd
 * such a token gets the neutral message.
 *
 * PAM_SILENT is asked only about the neutral one: sudo always sets it, and
 * shows messages anyway.  NULL: there is nothing to say.
 */
static const char *
describe(const struct call *call, const struct verdict *verdict,
    char need[NEED_SIZE])
{
	if (verdict->missing_test != NULL)
		return describe_need(verdict->missing_test, need);
	if (verdict->reason == JWT_TOKEN_CUT && !call->is_sshd)
		return describe_cut(call);
	if (call->is_sudo && call->no_answer)
		return MESSAGE_NO_TERMINAL;
	if (verdict->is_bound && reason_class(verdict->reason) ==
	    JWT_CLASS_PROOF)
		return MESSAGE_BOUND;
	if (call_is_silent(call))
		return NULL;
	return MESSAGE_REFUSED;
}

/*
 * The sentence and the help are one message: LightDM and others show only the
 * last one, and the help alone does not say that a token was refused.
 */
void
ask_explain(const struct call *call, const struct verdict *verdict)
{
	const char *sentence, *help = NULL;
	char need[NEED_SIZE], text[MESSAGE_SIZE];

	if (call->options.silent)
		return;
	sentence = describe(call, verdict, need);
	if (verdict->service != NULL)
		help = verdict->service->help;
	if (sentence == NULL || help == NULL) {
		if (sentence != NULL)
			ask_tell(call->pamh, sentence);
		if (help != NULL)
			ask_tell(call->pamh, help);
		return;
	}
	snprintf(text, sizeof(text), "%s %s", sentence, help);
	ask_tell(call->pamh, text);
}
