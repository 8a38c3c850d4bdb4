/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Renews the token of a host.  What goes wrong on the way must cost no login:
 * the provider is asked only if its answer can be kept, once more if the answer
 * got lost, and only the provider's own word ends a session.
 */
#include <signal.h>
#include <time.h>

#include "cli/complain.h"
#include "host/clock.h"
#include "login/id_token.h"
#include "login/provider.h"
#include "login/renew.h"
#include "login/value.h"

#define ASK_MSEC 2000	/* with less time left, nothing is asked */

struct renew {
	const struct renew_wanted *wanted;
	struct session_store store;
	struct session session;
	struct secret seen;	/* the token before the lock */
	int64_t end_msec;	/* on the clock of clock_msec() */
};

/* ---- what people are told ------------------------------------------------ */

static enum renew_result
tell_over(const struct renew *renew)
{
	const char *name = renew->wanted->section->name;

	complain("your login at %s is over: pam-jwt login %s", name, name);
	return RENEW_LOGIN;
}

static enum renew_result
tell_login(const struct renew *renew, const char *why)
{
	const char *name = renew->wanted->section->name;

	complain("%s at %s: pam-jwt login %s", why, name, name);
	return RENEW_LOGIN;
}

static enum renew_result
tell_changed(const struct renew *renew)
{
	return tell_login(renew, "login.conf has changed since you logged in");
}

/* The resource was not asked for at the login, or is not granted. */
static enum renew_result
tell_target(const struct renew *renew)
{
	const char *name = renew->wanted->section->name;
	const char *host = renew->wanted->host;

	if (host == NULL)
		return tell_changed(renew);
	complain("your login at %s gives no token for %s: log in again with "
	    "--host %s: pam-jwt login %s --host %s", name, host, host, name,
	    host);
	return RENEW_LOGIN;
}

static enum renew_result
tell_failure(const struct renew *renew, enum provider_result result,
    const char *words)
{
	const char *name = renew->wanted->section->name;

	if (result == PROVIDER_OVER)
		return tell_over(renew);
	if (result == PROVIDER_TARGET)
		return tell_target(renew);
	complain("%s gives no new token now, and your login is kept: %s",
	    name, words);
	if (result == PROVIDER_DENIED)
		return RENEW_LOGIN;
	return RENEW_TROUBLE;
}

/* ---- what the session has ------------------------------------------------ */

/* See struct session_token. */
static bool
may_ask(const struct renew *renew)
{
	return session_find(&renew->session, renew->wanted->resource) != NULL ||
	    session_find(&renew->session, "") != NULL;
}

/* RENEW_OK: the session is not over, and the resource may be asked for. */
static enum renew_result
look(struct renew *renew)
{
	enum session_result result;

	session_clear(&renew->session);
	result = session_read(&renew->store, &renew->session);
	if (result == SESSION_FAULT)
		return RENEW_TROUBLE;
	if (result == SESSION_NONE)
		return tell_login(renew, "you are not logged in");
	if (!session_fits(&renew->session, renew->wanted->section))
		return tell_changed(renew);
	if (renew->session.is_over)
		return tell_over(renew);
	if (!may_ask(renew))
		return tell_target(renew);
	return RENEW_OK;
}

/* The token of the resource; NULL: none was ever there. */
static const struct session_token *
token_of(const struct renew *renew)
{
	return session_find(&renew->session, renew->wanted->resource);
}

static struct bytes
text_of(const struct renew *renew)
{
	const struct session_token *token = token_of(renew);

	if (token == NULL)
		return bytes_of(NULL, 0);
	return token->token;
}

/* Seconds that the token is still good; 0 or less: it is over. */
static int64_t
time_left(const struct renew *renew)
{
	const struct session_token *token = token_of(renew);
	struct boot boot;

	if (token == NULL)
		return 0;
	boot_read(&boot);
	return session_token_left(&renew->session, token, &boot);
}

/* A short life has a short margin, or each use would be a refresh. */
static bool
is_good(const struct renew *renew)
{
	int64_t left = time_left(renew), margin = renew->wanted->min_validity;
	int64_t life;

	if (left <= 0)
		return false;
	life = token_of(renew)->life;
	if (life < 0)
		life = SESSION_LIFE_UNTOLD_SEC;
	if (margin > life / 2)
		margin = life / 2;
	return left >= margin;
}

static enum renew_result
take(const struct renew *renew, struct secret *out)
{
	if (secret_copy(text_of(renew), out) == JWT_OK)
		return RENEW_OK;
	complain("memory ran out");
	return RENEW_TROUBLE;
}

/* ---- the refresh, under the lock ----------------------------------------- */

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
		session->session_until = (int64_t)time(NULL) +
		    tokens->session_in;
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

/*
 * Whether the tokens may be used.  A refresh gives a token of the same person
 * (OpenID Connect Core section 12.2).  The wall clock may be wrong, so exp is
 * not compared with it.
 */
static enum provider_result
judge(const struct renew *renew, const struct provider_tokens *tokens,
    char words[PROVIDER_WORDS_SIZE])
{
	const struct id_token_wanted wanted = {
		.iss = renew->session.issuer, .client = renew->session.client,
		.sub = renew->session.subject, .now = 0
	};
	char fault[ID_TOKEN_WORDS_SIZE];
	struct id_token id_token;
	bool ok;

	if (token_to_use(renew, tokens).len == 0)
		return provider_refuse(PROVIDER_DENIED, "it gives an ID token "
		    "at a login alone: pam-jwt login, or use = access_token",
		    bytes_of(NULL, 0), words);
	if (tokens->id_token.len == 0)
		return PROVIDER_OK;
	ok = id_token_check(tokens->id_token, &wanted, &id_token, fault);
	id_token_clear(&id_token);
	if (ok)
		return PROVIDER_OK;
	return provider_refuse(PROVIDER_SETTING, "its ID token is not taken: ",
	    bytes_str(fault), words);
}

/* Keep what came, on the disk, before any of it is used. */
static enum provider_result
keep(struct renew *renew, const struct provider_tokens *tokens,
    const struct boot *boot, char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result result = judge(renew, tokens, words);
	bool is_kept = enter_grant(&renew->session, tokens, boot);

	if (is_kept && result == PROVIDER_OK)
		is_kept = enter_token(renew, tokens, boot);
	if (session_write(&renew->store, &renew->session) && is_kept)
		return result;
	/* What is not on the disk does not count. */
	session_clear(&renew->session);
	(void)session_read(&renew->store, &renew->session);
	return provider_refuse(PROVIDER_LATER, "its answer cannot be kept",
	    bytes_of(NULL, 0), words);
}

static int64_t
msec_left(const struct renew *renew)
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
	return result == PROVIDER_OVER && value_text(
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
	result = provider_refresh(provider, refresh_token, resource, out);
	if (!is_unclear(provider, result, out) ||
	    msec_left(renew) < ASK_MSEC)
		return result;
	provider_tokens_clear(out);
	return provider_refresh(provider, refresh_token, resource, out);
}

/* Ask, and keep what comes.  The time counts from before the question. */
static enum provider_result
ask(struct renew *renew, char words[PROVIDER_WORDS_SIZE])
{
	struct provider_tokens tokens = { .expires_in = -1 };
	enum provider_result result = PROVIDER_LATER;
	struct provider provider;
	struct boot boot;

	boot_read(&boot);
	if (!provider_open(renew->wanted->section, &provider)) {
		provider_refuse(PROVIDER_LATER, "it cannot be asked",
		    bytes_of(NULL, 0), words);
	} else if (!provider_resume(&provider, &renew->session)) {
		result = PROVIDER_OVER;
	} else {
		result = ask_twice(renew, &provider, &tokens);
		memcpy(words, provider.words, PROVIDER_WORDS_SIZE);
	}
	if (result == PROVIDER_OK)
		result = keep(renew, &tokens, &boot, words);
	provider_tokens_clear(&tokens);
	provider_close(&provider);
	return result;
}

static void
mark_over(struct renew *renew)
{
	renew->session.is_over = true;
	(void)session_write(&renew->store, &renew->session);
}

/*
 * The provider does not take the refresh token any more.  If the session has
 * another one now, a login has brought it, and must not be lost.
 */
static enum provider_result
look_again(struct renew *renew, struct bytes sent,
    char words[PROVIDER_WORDS_SIZE])
{
	struct session *session = &renew->session;
	enum provider_result result;

	session_clear(session);
	if (session_read(&renew->store, session) != SESSION_OK)
		return PROVIDER_OVER;
	if (bytes_eq(session->refresh_token, sent)) {
		mark_over(renew);
		return PROVIDER_OVER;
	}
	if (!session_fits(session, renew->wanted->section) ||
	    session->is_over || !may_ask(renew))
		return PROVIDER_OVER;
	if (time_left(renew) > 0)
		return PROVIDER_OK;
	result = ask(renew, words);
	if (result == PROVIDER_OVER)
		mark_over(renew);
	return result;
}

/*
 * Ask the provider.  The session is written first, as it is: where that fails,
 * as on a full disk, the answer could not be kept, and the refresh token would
 * be used up for nothing.
 */
static enum provider_result
refresh(struct renew *renew, char words[PROVIDER_WORDS_SIZE])
{
	enum provider_result result;
	struct secret sent;

	if (renew->session.refresh_token.len == 0)
		return PROVIDER_OVER;
	if (msec_left(renew) < ASK_MSEC)
		return provider_refuse(PROVIDER_LATER, "another process took "
		    "too long to ask it", bytes_of(NULL, 0), words);
	if (!session_write(&renew->store, &renew->session))
		return provider_refuse(PROVIDER_LATER, "its answer could not "
		    "be kept", bytes_of(NULL, 0), words);
	if (secret_copy(renew->session.refresh_token, &sent) != JWT_OK)
		return provider_refuse(PROVIDER_LATER, "memory ran out",
		    bytes_of(NULL, 0), words);
	result = ask(renew, words);
	if (result == PROVIDER_OVER)
		result = look_again(renew, secret_bytes(&sent), words);
	secret_clear(&sent);
	return result;
}

/*
 * A person who presses ^C ends ssh and us with it.  Between the question and
 * the file that has the answer this would lose the login, so it waits.
 */
static enum provider_result
refresh_undisturbed(struct renew *renew, char words[PROVIDER_WORDS_SIZE])
{
	static const int signals[] = {
		SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE
	};
	enum provider_result result;
	sigset_t blocked, before;
	size_t i;

	sigemptyset(&blocked);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&blocked, signals[i]);
	(void)sigprocmask(SIG_BLOCK, &blocked, &before);
	result = refresh(renew, words);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return result;
}

/* ---- all of it ----------------------------------------------------------- */

/* A token that another process brought is taken however short it is. */
static enum renew_result
renew_locked(struct renew *renew, struct secret *out)
{
	char words[PROVIDER_WORDS_SIZE] = "";
	enum renew_result seen = look(renew);
	enum provider_result result;

	if (seen != RENEW_OK)
		return seen;
	if (!bytes_eq(text_of(renew), secret_bytes(&renew->seen)) &&
	    time_left(renew) > 0)
		return take(renew, out);
	result = refresh_undisturbed(renew, words);
	if (result == PROVIDER_OVER)
		return tell_over(renew);
	if (time_left(renew) > 0)
		return take(renew, out);
	if (result == PROVIDER_OK)
		(void)provider_refuse(PROVIDER_LATER, "the token that it gave "
		    "has expired already", bytes_of(NULL, 0), words);
	return tell_failure(renew, result, words);
}

static enum renew_result
wait_and_renew(struct renew *renew, struct secret *out)
{
	enum session_result locked;

	if (secret_copy(text_of(renew), &renew->seen) != JWT_OK) {
		complain("memory ran out");
		return RENEW_TROUBLE;
	}
	locked = session_lock(&renew->store, RENEW_SEC);
	if (locked == SESSION_OK)
		return renew_locked(renew, out);
	if (time_left(renew) > 0)
		return take(renew, out);
	if (locked == SESSION_NONE)
		complain("another process has been renewing your login at %s "
		    "for %d s: try again",
		    renew->wanted->section->name, RENEW_SEC);
	return RENEW_TROUBLE;
}

static enum renew_result
open_and_renew(const struct places *places, struct renew *renew,
    struct secret *out)
{
	enum session_result opened = session_open(places,
	    renew->wanted->section, false, &renew->store);
	enum renew_result seen;

	if (opened == SESSION_FAULT)
		return RENEW_TROUBLE;
	if (opened == SESSION_NONE)
		return tell_login(renew, "you are not logged in");
	seen = look(renew);
	if (seen != RENEW_OK)
		return seen;
	if (is_good(renew))
		return take(renew, out);
	return wait_and_renew(renew, out);
}

enum renew_result
renew_token(const struct places *places, const struct renew_wanted *wanted,
    struct secret *out)
{
	struct renew renew = {
		.wanted = wanted, .end_msec = clock_msec() + (int64_t)RENEW_SEC * 1000
	};
	enum renew_result result;

	*out = (struct secret){ 0 };
	result = open_and_renew(places, &renew, out);
	session_close(&renew.store);
	session_clear(&renew.session);
	secret_clear(&renew.seen);
	return result;
}
