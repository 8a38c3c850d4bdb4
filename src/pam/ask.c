/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The conversation with the user: asks for the user and the token, and collects
 * a token that comes in parts.
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

/* The service's own prompt and " part N (from byte N): ". */
#define PROMPT_SIZE	(POLICY_PROMPT_MAX + 64)
#define ANSWER_MAX	65536	/* bytes; far more than any token has */
#define FILLER		0x7f	/* a control character: no password has it */

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

/*
 * Take the token away from later modules.  In sshd leave as many bytes that are
 * no password: with nothing left, pam_unix asks for a password.  sshd replaces
 * the answer of a user who may not log in, and then nothing looks like a token
 * and pam_unix does not ask.  So its prompt would tell strangers which accounts
 * exist; and the length would, by the time that hashing takes.
 */
static void
replace_token(const struct call *call)
{
	size_t len = call->answer.text.len;
	const char *left = NULL;
	struct secret filler;

	if (!call->is_sshd || secret_alloc(len + 1, &filler) != JWT_OK) {
		(void)pam_set_item(call->pamh, PAM_AUTHTOK, NULL);
		return;
	}
	memset(filler.ptr, FILLER, len);
	filler.ptr[len] = '\0';
	left = (const char *)filler.ptr;
	(void)pam_set_item(call->pamh, PAM_AUTHTOK, left);
	secret_clear(&filler);
}

void
ask_pass_on(const struct call *call, const struct verdict *verdict)
{
	const struct secret *answer = &call->answer.text;

	if (verdict->reason == JWT_OK)
		(void)pam_set_item(call->pamh, PAM_AUTHTOK, NULL);
	else if (shape_is_token_like(secret_bytes(answer)))
		replace_token(call);
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
