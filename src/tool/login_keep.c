/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the session of a login, and puts it on the disk.  The old session is
 * replaced at the very end, so that whatever goes wrong before loses nothing.
 */
#include "cli/complain.h"
#include "login/revoke.h"
#include "login/session_end.h"
#include "login/ssh_issuer.h"
#include "tool/login_run.h"
#include "tool/tool.h"

/*
 * A person has just logged in, and would have to do so again: so this waits
 * longer than others, who renew the session that is there for many hosts, one
 * after the other.
 */
#define LOCK_SEC 60

static bool
fill_names(struct login_run *run)
{
	const struct provider *provider = &run->provider;
	const struct provider_metadata *metadata = &provider->metadata;
	struct session *session = &run->session;
	struct bytes scope = run->flow.tokens.scope;
	const char *revocation = metadata->revocation_endpoint;
	const char *audience = run->section->audience;
	const struct provider_proof *proof = &provider->proof;
	struct bytes subject = run->id_token.sub;

	if (scope.len == 0)
		scope = bytes_str(run->section->scope);
	return session_set(session, &session->issuer,
	    bytes_str(run->section->iss)) &&
	    session_set(session, &session->client,
	    bytes_str(run->section->client)) &&
	    (subject.len == 0 || session_set(session, &session->subject,
	    subject)) &&
	    session_set(session, &session->scope, scope) &&
	    (audience == NULL || session_set(session, &session->audience,
	    bytes_str(audience))) &&
	    session_set(session, &session->token_endpoint,
	    bytes_str(metadata->token_endpoint)) &&
	    (revocation == NULL || session_set(session,
	    &session->revocation_endpoint, bytes_str(revocation))) &&
	    session_set(session, &session->client_auth,
	    bytes_str(provider_client_auth(provider))) &&
	    (proof->which == NULL || (session_set(session, &session->dpop,
	    bytes_str(proof->key)) && session_set(session,
	    &session->dpop_alg, bytes_str(proof->alg))));
}

/*
 * Note the resources that the provider was asked for.  The first one gets the
 * token that came; the session may be refreshed for the others, and for nothing
 * else.
 */
static bool
fill_resources(struct login_run *run)
{
	struct session_token token = { .life = -1 };
	size_t i;

	for (i = 0; i < run->count; i++) {
		token.resource = run->resources[i];
		if (!session_set_token(&run->session, &token))
			return false;
	}
	return true;
}

static bool
fill_tokens(struct login_run *run)
{
	const struct provider_tokens *tokens = &run->flow.tokens;
	struct session_token token = { .resource = run->flow.resource,
		.token = tokens->access_token, .taken = run->flow.taken };
	struct boot boot;

	boot_read(&boot);
	session_set_boot(&run->session, boot.id);
	if (tokens->session_in > 0)
		session_set_end(&run->session, &boot, tokens->session_in);
	if (run->section->use == LOGIN_ID_TOKEN)
		token.token = tokens->id_token;
	token.life = provider_life(token.token, tokens->expires_in);
	if (tokens->refresh_token.len > 0 && !session_set_refresh_token(
	    &run->session, tokens->refresh_token))
		return false;
	return fill_resources(run) && session_set_token(&run->session, &token);
}

int
login_run_keep(struct login_run *run)
{
	struct session *session = &run->session;

	session->use = run->section->use;
	session->session_until = -1;
	if (!fill_names(run) || !fill_tokens(run))
		return EXIT_TROUBLE;
	return login_run_store(run);
}

int
login_run_store(struct login_run *run)
{
	bool written;

	switch (session_lock(&run->store, LOCK_SEC)) {
	case SESSION_OK:
		break;
	case SESSION_NONE:
		return login_run_fail(run, PROVIDER_LATER, "another process "
		    "holds the session for too long");
	default:
		return EXIT_TROUBLE;
	}
	(void)session_read(&run->store, &run->before);
	written = session_write(&run->store, &run->session);
	session_unlock(&run->store);
	if (!written)
		return EXIT_TROUBLE;
	return EXIT_YES;
}

static bool
differ(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) != 0;
}

/*
 * Never a session of the same person at a provider: that may have put both
 * logins under one grant, as it does for one browser, and to revoke the old
 * refresh token would revoke the new one as well (RFC 7009 section 2.1;
 * measured).  An issuer over ssh keeps them apart, and counts them.
 */
void
login_run_retire(struct login_run *run)
{
	const struct session *old = &run->before, *new = &run->session;
	char words[PROVIDER_WORDS_SIZE];

	if (ssh_issuer_has(old) || differ(old->issuer, new->issuer) ||
	    differ(old->client, new->client) ||
	    differ(old->subject, new->subject))
		(void)revoke_session(&run->call->conf, run->section->name, old,
		    false, words);
}
