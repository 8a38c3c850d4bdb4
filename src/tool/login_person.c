/* SPDX-License-Identifier: BSD-2-Clause */
/* Judges what a login brought: the person, and the token for the hosts. */
#include <time.h>

#include "cli/complain.h"
#include "tool/login_run.h"
#include "tool/tool.h"

int
login_run_identify(struct login_run *run)
{
	const struct provider_tokens *tokens = &run->flow.tokens;
	struct id_token_wanted wanted = {
		.iss = run->section->iss, .client = run->section->client,
		.now = (int64_t)time(NULL)
	};
	char words[ID_TOKEN_WORDS_SIZE];

	if (run->flow.nonce[0] != '\0')
		wanted.nonce = run->flow.nonce;
	if (tokens->id_token.len > 0) {
		if (id_token_check(tokens->id_token, &wanted, &run->id_token,
		    words))
			return EXIT_YES;
		complain("login at %s: the ID token is not taken: %s",
		    run->section->name, words);
		return EXIT_TROUBLE;
	}
	if (run->section->use == LOGIN_ID_TOKEN)
		return login_run_fail(run, PROVIDER_SETTING, "the provider "
		    "gave no ID token; openid must be in scope");
	id_token_look(tokens->access_token, &run->id_token);
	return EXIT_YES;
}

void
login_run_warn(const struct login_run *run)
{
	struct bytes rest = run->flow.tokens.access_token;
	const char *name = run->section->name;

	(void)bytes_cut(&rest, '.');
	(void)bytes_cut(&rest, '.');
	if (run->section->use == LOGIN_ACCESS_TOKEN && rest.len == 0)
		complain("warning: %s gave an opaque access token, which no "
		    "host can verify: set resource or audience, or use = "
		    "id_token", name);
	if (run->flow.tokens.refresh_token.len == 0)
		complain("warning: %s gave no refresh token, so the login ends "
		    "with its first token; is offline_access in scope, and "
		    "allowed?", name);
	if (run->flow.wanted.max_age >= 0 && run->id_token.auth_time < 0)
		complain("warning: %s does not tell when the login was "
		    "(auth_time): hosts with \"auth_time within\" will refuse",
		    name);
}
