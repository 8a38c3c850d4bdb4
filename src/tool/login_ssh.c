/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One login at an issuer over ssh: one question brings the tokens of all hosts.
 * They are bound to the key that ssh logged in with; whether the ssh-agent has
 * it is looked up, because each host will ask for it again.
 */
#include <stdlib.h>

#include "cli/complain.h"
#include "login/bound.h"
#include "login/session_end.h"
#include "login/ssh_issuer.h"
#include "tool/login_run.h"
#include "tool/tool.h"

/* ---- the session ----------------------------------------------------------- */

static bool
fill_names(struct login_run *run)
{
	struct session *session = &run->session;

	session->use = LOGIN_ACCESS_TOKEN;
	session->session_until = -1;
	return session_set(session, &session->issuer,
	    bytes_str(run->section->issuer)) &&
	    session_set(session, &session->client,
	    bytes_str(run->section->client)) &&
	    session_set(session, &session->client_auth,
	    bytes_str(SSH_CLIENT_AUTH)) &&
	    session_set(session, &session->subject, run->id_token.sub);
}

static bool
fill_tokens(struct login_run *run, const struct ssh_tokens *tokens,
    const struct boot *boot)
{
	struct session_token token = { .taken = boot->now };
	size_t i;

	session_set_boot(&run->session, boot->id);
	if (tokens->session_in > 0)
		session_set_end(&run->session, boot, tokens->session_in);
	for (i = 0; i < tokens->count; i++) {
		token.resource = tokens->item[i].resource;
		token.token = tokens->item[i].token;
		token.life = tokens->item[i].life;
		if (!session_set_token(&run->session, &token))
			return false;
	}
	return session_set_refresh_token(&run->session,
	    tokens->refresh_token);
}

/*
 * Say so where the agent lacks the key of the tokens: it may have come from a
 * file, and each ssh to a host needs it, too.
 */
static void
look_for_key(struct login_run *run, struct bytes token)
{
	const char *name = run->section->name, *fault;
	char key[SSHKEY_PRINT_SIZE];

	switch (bound_find(token, key, &fault)) {
	case BOUND_NOT:
		return;
	case BOUND_FOUND:
		run->key = arena_copy(&run->arena, bytes_str(key));
		return;
	case BOUND_LACKING:
		fault = "the ssh-agent does not have it: run ssh-add";
		break;
	case BOUND_NO_AGENT:
		break;
	}
	complain("warning: the tokens of %s are bound to the ssh key that you "
	    "have just used, and hosts will ask for it: %s", name, fault);
}

/* ---- the login ------------------------------------------------------------- */

static bool
check_options(const struct login_run *run)
{
	const struct login_options *options = &run->call->options;

	if (!options->device && !options->browser &&
	    options->max_age_text == NULL)
		return true;
	return complain("%s is an issuer over ssh: --device, --browser and "
	    "--max-age are for a provider", run->section->name);
}

static int
ask(struct login_run *run, struct ssh_tokens *tokens)
{
	const struct ssh_asked asked = {
		.resources = run->resources, .count = run->count
	};
	char words[PROVIDER_WORDS_SIZE];
	enum provider_result result;
	struct boot boot;

	boot_read(&boot);
	result = ssh_issuer_login(run->section, &asked, tokens, words);
	if (result != PROVIDER_OK)
		return login_run_fail(run, result, words);
	id_token_look(tokens->item[0].token, &run->id_token);
	if (!fill_names(run) || !fill_tokens(run, tokens, &boot))
		return EXIT_TROUBLE;
	look_for_key(run, tokens->item[0].token);
	if (tokens->refresh_token.len == 0)
		complain("warning: %s gave no refresh token, so the login ends "
		    "with its first token", run->section->name);
	return EXIT_YES;
}

int
login_run_ssh(struct login_run *run)
{
	struct ssh_tokens *tokens;
	int code = EXIT_TROUBLE;

	if (!check_options(run) || !login_run_want(run) ||
	    session_open(&run->call->places, run->section, true,
	    &run->store) != SESSION_OK)
		return EXIT_TROUBLE;
	tokens = calloc(1, sizeof(*tokens));
	if (tokens == NULL) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	code = ask(run, tokens);
	ssh_tokens_clear(tokens);
	free(tokens);
	if (code == EXIT_YES)
		code = login_run_store(run);
	return code;
}
