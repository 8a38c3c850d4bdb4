/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks the provider for a token (RFC 6749 section 6), and keeps what comes.  A
 * refresh token is often good for one use, so the answer is on the disk before
 * any of it is used, and a question whose answer got lost is asked again once.
 */
#include "host/clock.h"
#include "login/id_token.h"
#include "login/renew_run.h"
#include "login/issued.h"
#include "login/session_end.h"
#include "login/ssh_issuer.h"
#include "login/value.h"

/* Which of the two tokens is for the hosts; empty: it did not come. */
static struct bytes
token_to_use(const struct renew *renew, const struct provider_tokens *tokens)
{
	if (renew->wanted->section->use == LOGIN_ID_TOKEN)
		return tokens->id_token;
	return tokens->access_token;
}

/* The refresh token must be kept, even if the rest of the answer is no use. */
static bool
enter_grant(struct session *session, const struct provider_tokens *tokens,
    const struct boot *boot)
{
	session_set_boot(session, boot->id);
	if (tokens->session_in >= 0)
		session_set_end(session, boot, tokens->session_in);
	return tokens->refresh_token.len == 0 ||
	    session_set_refresh_token(session, tokens->refresh_token);
}

static bool
enter_token(struct renew *renew, const struct provider_tokens *tokens,
    const struct boot *boot)
{
	struct session_token token = {
		.resource = renew->wanted->resource,
		.token = token_to_use(renew, tokens), .taken = boot->now
	};
	int64_t expires_in = tokens->expires_in;

	/* expires_in is that of the access token. */
	if (renew->wanted->section->use == LOGIN_ID_TOKEN)
		expires_in = -1;
	token.life = provider_life(token.token, expires_in);
	return session_set_token(&renew->session, &token);
}

/* The same for an issuer over ssh, by whatever way its token came. */
static enum provider_result
judge_issued(const struct renew *renew, const struct provider_tokens *tokens,
    char words[PROVIDER_WORDS_SIZE])
{
	struct issued_wanted wanted = { .resource = renew->wanted->resource };

	if (renew->session.subject != NULL)
		wanted.sub = bytes_str(renew->session.subject);
	if (issued_check(tokens->access_token, &wanted, words,
	    PROVIDER_WORDS_SIZE))
		return PROVIDER_OK;
	return PROVIDER_SETTING;
}

/*
 * Whether the tokens may be used.  A refresh gives a token of the same person
 * (OpenID Connect Core section 12.2).  The wall clock may be wrong, so exp is
 * not compared with it.
 */
static enum provider_result
judge(const struct renew *renew, struct provider *provider,
    const struct provider_tokens *tokens, char words[PROVIDER_WORDS_SIZE])
{
	const struct id_token_wanted wanted = {
		.iss = renew->session.issuer, .client = renew->session.client,
		.sub = renew->session.subject, .now = 0
	};
	char fault[ID_TOKEN_WORDS_SIZE];
	struct id_token id_token;
	bool ok;

	if (renew->wanted->section->issuer != NULL)
		return judge_issued(renew, tokens, words);
	if (token_to_use(renew, tokens).len == 0)
		return provider_refuse(PROVIDER_DENIED, "it gives an ID token "
		    "only at a login; use = access_token needs none",
		    bytes_of(NULL, 0), words);
	if (!provider_is_bound(provider, tokens->access_token))
		return provider_refuse(PROVIDER_SETTING, "",
		    bytes_str(provider->words), words);
	if (tokens->id_token.len == 0)
		return PROVIDER_OK;
	ok = id_token_check(tokens->id_token, &wanted, &id_token, fault);
	id_token_clear(&id_token);
	if (ok)
		return PROVIDER_OK;
	return provider_refuse(PROVIDER_SETTING, "its ID token is not "
	    "accepted: ",
	    bytes_str(fault), words);
}

/* Keep what came, on the disk, before any of it is used. */
static enum provider_result
keep(struct renew *renew, struct provider *provider,
    const struct provider_tokens *tokens, const struct boot *boot,
    char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result result = judge(renew, provider, tokens, words);
	bool is_kept = enter_grant(&renew->session, tokens, boot);

	if (is_kept && result == PROVIDER_OK)
		is_kept = enter_token(renew, tokens, boot);
	if (session_write(&renew->store, &renew->session) && is_kept)
		return result;
	/* A token that is not on the disk does not count. */
	session_clear(&renew->session);
	(void)session_read(&renew->store, &renew->session);
	return provider_refuse(PROVIDER_LATER, "its answer cannot be kept",
	    bytes_of(NULL, 0), words);
}

int64_t
renew_msec_left(const struct renew *renew)
{
	return renew->end_msec - clock_msec();
}

/*
 * Whether the answer got lost, or is one that a machine in between could have
 * made up.  Then the refresh token may be used up or not, and the same
 * question, asked once more and at once, tells.  Asking an invalid_grant again
 * would look like a stolen token.
 */
static bool
is_unclear(const struct provider *provider, enum provider_result result,
    const struct provider_tokens *tokens)
{
	if (result == PROVIDER_LATER)
		return provider->status == 0;
	return result == PROVIDER_REFUSED && value_text(
	    json_root(&tokens->document.json), "error").len == 0;
}

static enum provider_result
ask_twice(struct renew *renew, struct provider *provider,
    struct provider_tokens *out)
{
	struct bytes refresh_token = renew->session.refresh_token;
	const char *resource = renew->wanted->resource;
	enum provider_result result;

	provider->fetcher.deadline_msec = renew->end_msec;
	provider->proof.end_msec = renew->end_msec - RENEW_ASK_MSEC;
	result = provider_refresh(provider, refresh_token, resource, out);
	if (!is_unclear(provider, result, out) ||
	    renew_msec_left(renew) < RENEW_ASK_MSEC)
		return result;
	provider_tokens_clear(out);
	return provider_refresh(provider, refresh_token, resource, out);
}

static enum provider_result
ask_over_ssh(struct renew *renew, struct provider_tokens *out,
    char words[PROVIDER_WORDS_SIZE])
{
	return ssh_issuer_refresh(renew->wanted->section,
	    renew->session.refresh_token, renew->wanted->resource,
	    renew->end_msec, out, words);
}

/* The time counts from before the question. */
enum provider_result
renew_ask(struct renew *renew, char words[PROVIDER_WORDS_SIZE])
{
	const struct login_section *section = renew->wanted->section;
	struct provider_tokens tokens = { .expires_in = -1 };
	enum provider_result result = PROVIDER_LATER;
	struct provider provider = { .section = section };
	struct boot boot;

	boot_read(&boot);
	if (section->issuer != NULL && section->token_endpoint == NULL) {
		result = ask_over_ssh(renew, &tokens, words);
	} else if (!provider_open(section, &provider)) {
		provider_refuse(PROVIDER_LATER, "it cannot be asked",
		    bytes_of(NULL, 0), words);
	} else if (!provider_resume(&provider, &renew->session)) {
		result = provider_refuse(PROVIDER_REFUSED, "the session does "
		    "not say where to ask", bytes_of(NULL, 0), words);
	} else {
		result = ask_twice(renew, &provider, &tokens);
		memcpy(words, provider.words, PROVIDER_WORDS_SIZE);
	}
	if (result == PROVIDER_OK)
		result = keep(renew, &provider, &tokens, &boot, words);
	provider_tokens_clear(&tokens);
	provider_close(&provider);
	return result;
}
