/* SPDX-License-Identifier: BSD-2-Clause */
/* Judges what a login brought: the person, and the token for the hosts. */
#include <time.h>

#include "cli/complain.h"
#include "host/clock.h"
#include "login/scope.h"
#include "tool/login_run.h"
#include "tool/tool.h"

/* Two machines of the provider may differ, and times are whole seconds. */
#define AUTH_TIME_LEEWAY_SEC 60

/*
 * How long before the token the person may have authenticated: max_age before
 * the request, which came some time before the token.  0: it does not matter.
 */
static int64_t
find_auth_within(const struct login_run *run)
{
	int64_t max_age = run->flow.wanted.max_age;

	if (max_age < 0)
		return 0;
	return max_age + clock_boot_sec() - run->flow.started +
	    AUTH_TIME_LEEWAY_SEC;
}

/* Who was logged in, by the ID token if there is one. */
static int
find_person(struct login_run *run, int64_t auth_within)
{
	const struct provider_tokens *tokens = &run->flow.tokens;
	struct id_token_wanted wanted = {
		.iss = run->section->iss, .client = run->section->client,
		.now = (int64_t)time(NULL), .auth_within = auth_within
	};
	char words[ID_TOKEN_WORDS_SIZE];

	if (run->flow.nonce[0] != '\0')
		wanted.nonce = run->flow.nonce;
	if (tokens->id_token.len > 0) {
		if (id_token_check(tokens->id_token, &wanted, &run->id_token,
		    words))
			return EXIT_YES;
		complain("login at %s: the ID token is not accepted: %s",
		    run->section->name, words);
		return EXIT_TROUBLE;
	}
	if (run->section->use == LOGIN_ID_TOKEN)
		return login_run_fail(run, PROVIDER_SETTING, "the provider "
		    "gave no ID token; openid must be in scope");
	id_token_look(tokens->access_token, &run->id_token);
	return EXIT_YES;
}

/* What "auth_time within" of a host will see; it refuses an old one, too. */
static int
check_host_token(struct login_run *run, int64_t auth_within)
{
	struct id_token token;
	bool is_recent;

	run->auth_time = run->id_token.auth_time;
	if (run->section->use == LOGIN_ID_TOKEN)
		return EXIT_YES;
	id_token_look(run->flow.tokens.access_token, &token);
	run->auth_time = token.auth_time;
	is_recent = id_token_is_recent(&token, auth_within);
	id_token_clear(&token);
	if (is_recent)
		return EXIT_YES;
	complain("login at %s: the access token is not accepted: %s",
	    run->section->name, ID_TOKEN_TOO_OLD);
	return EXIT_TROUBLE;
}

int
login_run_identify(struct login_run *run)
{
	int64_t auth_within = find_auth_within(run);
	int code = find_person(run, auth_within);

	if (code != EXIT_YES)
		return code;
	if (!provider_is_bound(&run->provider, run->flow.tokens.access_token))
		return login_run_fail(run, PROVIDER_SETTING,
		    run->provider.words);
	return check_host_token(run, auth_within);
}

/* Hosts that want a recent authentication need to be told of it. */
static void
warn_of_auth_time(const struct login_run *run)
{
	const char *name = run->section->name;

	if (run->flow.wanted.max_age < 0 || run->auth_time >= 0)
		return;
	if (run->id_token.auth_time >= 0)
		complain("warning: the ID token of %s says when you "
		    "authenticated (auth_time), and its access token does not: "
		    "hosts with \"auth_time within\" refuse it; use = id_token "
		    "gives them the other", name);
	else
		complain("warning: %s does not say when you authenticated "
		    "(auth_time): hosts with \"auth_time within\" will refuse",
		    name);
}

/*
 * The provider may give less than it was asked for, and then says so (RFC 6749
 * section 5.1).  openid is not missed where an ID token came; and the refresh
 * token, which offline_access stands for, has a warning of its own.
 */
static void
warn_of_scope(const struct login_run *run)
{
	const struct provider_tokens *tokens = &run->flow.tokens;
	struct bytes asked = bytes_str(run->section->scope), word;
	const char *name = run->section->name;

	if (tokens->scope.len == 0)
		return;
	while ((word = scope_next(&asked)).len > 0) {
		if (scope_has(tokens->scope, word) ||
		    (bytes_eq_str(word, "openid") && tokens->id_token.len > 0) ||
		    bytes_eq_str(word, "offline_access"))
			continue;
		complain("warning: %s does not give %.*s of scope, so its "
		    "tokens may lack what hosts ask for", name, (int)word.len,
		    (const char *)word.ptr);
	}
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
	warn_of_scope(run);
	warn_of_auth_time(run);
}
