/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of each question.  A refresh token goes by standard input alone: no
 * other process sees it there.
 */
#include "cli/login_value.h"
#include "host/clock.h"
#include "login/ssh_issuer.h"

#define LOGIN_MSEC	300000	/* a person types a passphrase, or yes */
#define LOGOUT_MSEC	30000	/* the same, and the session is locked */
#define QUIET_MSEC	5000	/* the same, where nobody waits for it */
#define AGAIN_MSEC	2000	/* with less time left, nothing is asked again */

bool
ssh_issuer_has(const struct session *session)
{
	return session->client_auth != NULL &&
	    strcmp(session->client_auth, SSH_CLIENT_AUTH) == 0;
}

static void
add_word(struct ssh_call *call, const char *word)
{
	if (call->count < SSH_WORDS_MAX)
		call->words[call->count++] = word;
}

enum provider_result
ssh_issuer_login(const struct login_section *section,
    const struct ssh_asked *asked, struct ssh_tokens *out,
    char words[PROVIDER_WORDS_SIZE])
{
	struct ssh_call call = {
		.destination = section->issuer,
		.end_msec = clock_msec() + LOGIN_MSEC
	};
	struct ssh_result result;
	enum provider_result judged;
	size_t i;

	add_word(&call, "login");
	if (section->compact)
		add_word(&call, "--compact");
	if (section->bearer)
		add_word(&call, "--bearer");
	for (i = 0; i < asked->count; i++)
		add_word(&call, asked->resources[i]);
	ssh_run(&call, &result);
	judged = ssh_answer_login(&result, asked, out, words);
	ssh_result_clear(&result);
	return judged;
}

enum provider_result
ssh_issuer_refresh(const struct login_section *section,
    struct bytes refresh_token, const char *resource, int64_t end_msec,
    struct provider_tokens *out, char words[PROVIDER_WORDS_SIZE])
{
	struct ssh_call call = {
		.destination = section->issuer, .input = refresh_token,
		.is_silent = true, .end_msec = end_msec
	};
	struct ssh_result result;
	enum provider_result judged;
	bool is_lost;

	add_word(&call, "refresh");
	add_word(&call, resource);
	ssh_run(&call, &result);
	judged = ssh_answer_refresh(&result, out, words);
	is_lost = judged == PROVIDER_LATER && ssh_answer_is_lost(&result);
	ssh_result_clear(&result);
	if (!is_lost || end_msec - clock_msec() < AGAIN_MSEC)
		return judged;
	provider_tokens_clear(out);
	ssh_run(&call, &result);
	judged = ssh_answer_refresh(&result, out, words);
	ssh_result_clear(&result);
	return judged;
}

/*
 * The destination is that of the login, as the file of the session has it: it
 * is looked at again before it becomes an argument.
 */
enum provider_result
ssh_issuer_logout(const struct session *session, bool may_ask,
    char words[PROVIDER_WORDS_SIZE])
{
	struct ssh_call call = {
		.destination = session->issuer,
		.input = session->refresh_token, .is_silent = !may_ask,
		.end_msec = clock_msec() + (may_ask ? LOGOUT_MSEC : QUIET_MSEC)
	};
	struct ssh_result result;
	enum provider_result judged;

	if (session->issuer == NULL || !login_value_is_destination(
	    bytes_str(session->issuer)))
		return provider_refuse(PROVIDER_SETTING, "the session does not "
		    "say where", bytes_of(NULL, 0), words);
	add_word(&call, "logout");
	ssh_run(&call, &result);
	judged = ssh_answer_logout(&result, words);
	ssh_result_clear(&result);
	return judged;
}
