/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one message that the user gets after a refusal.
 *
 * It has nothing of the token in it, and in sshd it must not show strangers
 * which accounts exist: sshd replaces the answer of a user who may not log in
 * by another one of the same length, so only the length may decide there.
 */
#include <stdio.h>

#include "core/jose/shape.h"
#include "pam/ask.h"
#include "pam/explain.h"

#define MESSAGE_REFUSED	"The token was not accepted."
#define MESSAGE_CLOSED	"Tokens cannot be checked on this host at present."
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
			"one answer. Use sudo -A with pam-jwt-askpass; if " \
			"you did, it has said what is wrong."
#define MESSAGE_NO_TERMINAL "No answer came: sudo has no terminal here, and " \
			"no askpass program (sudo -A) or standard input " \
			"(-S, at most 511 bytes) gave one."
#define NEED_SIZE	256
#define SPAN_SIZE	32
#define MESSAGE_SIZE	512	/* PAM_MAX_MSG_SIZE: a sentence and the help */

/*
 * The shortest token that any issuer can sign for us, with {"alg":"HS256"},
 * an iss, an aud and an exp of one character each, has 104 bytes.  Hardly any
 * password has as many.
 */
#define TOKEN_LEN_MIN	100

/*
 * Whether a later module may accept the answer as a password.  People whose
 * password is right must not read before their shell opens that a token was
 * refused.  Outside of sshd, an answer that looks like a token is none, however
 * short it is: it is not passed on.
 */
static bool
may_be_password(const struct call *call)
{
	const struct parts *answer = &call->answer;

	if (call->options.token_only || (call->is_sudo && call->no_answer))
		return false;
	if (answer->answers_len >= TOKEN_LEN_MIN)
		return false;
	return call->is_sshd || !shape_is_token_like(secret_bytes(
	    &answer->text));
}

/* "15 minutes", "hour": what stands after "within the last". */
static void
format_span(unsigned seconds, char out[SPAN_SIZE])
{
	static const struct {
		unsigned seconds;
		const char *name;
	} units[] = {
		{ 86400, "day" }, { 3600, "hour" }, { 60, "minute" },
		{ 1, "second" }
	};
	size_t i = 0;
	unsigned count;

	while (seconds % units[i].seconds != 0)
		i++;
	count = seconds / units[i].seconds;
	if (count == 1)
		snprintf(out, SPAN_SIZE, "%s", units[i].name);
	else
		snprintf(out, SPAN_SIZE, "%u %ss", count, units[i].name);
}

/*
 * Name the one test of a rule that was missing, such as a second factor.  The
 * rule is not secret, and the text has nothing of the token in it.  Of a time
 * it is auth_time, the only one that is named.
 */
static const char *
describe_need(const struct rule_test *need, char out[NEED_SIZE])
{
	char span[SPAN_SIZE];

	if (need->op != RULE_WITHIN) {
		snprintf(out, NEED_SIZE, "This service needs a token with "
		    "this: %s.", need->text);
		return out;
	}
	format_span(need->seconds, span);
	snprintf(out, NEED_SIZE, "You must have signed in within the last %s.",
	    span);
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
 * A message of its own for a cut token would show strangers which accounts sshd
 * lets in, so in sshd such a token gets the neutral message.
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
	if (call->answer.count == 0)
		return MESSAGE_CLOSED;
	return MESSAGE_REFUSED;
}

/*
 * The sentence and the help are one message: LightDM and others show only the
 * last one, and the help alone does not say that a token was refused.
 */
static void
tell(const struct call *call, const char *sentence, const char *help)
{
	char text[MESSAGE_SIZE];

	if (sentence != NULL && help != NULL) {
		snprintf(text, sizeof(text), "%s %s", sentence, help);
		ask_tell(call->pamh, text);
	} else if (sentence != NULL) {
		ask_tell(call->pamh, sentence);
	} else if (help != NULL) {
		ask_tell(call->pamh, help);
	}
}

void
explain_refusal(const struct call *call, const struct verdict *verdict)
{
	const char *help = NULL;
	char need[NEED_SIZE];

	if (call->options.silent)
		return;
	if (call->answer.count > 0 && may_be_password(call))
		return;
	if (verdict->service != NULL)
		help = verdict->service->help;
	tell(call, describe(call, verdict, need), help);
}
