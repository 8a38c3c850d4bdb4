/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Gives out the token of a host: the one of the session while it is good, or
 * the one that a refresh brings.
 */
#include "cli/complain.h"
#include "host/clock.h"
#include "login/renew_run.h"

/* ---- what the session has ------------------------------------------------ */

bool
renew_may_ask(const struct renew *renew)
{
	return session_find(&renew->session, renew->wanted->resource) != NULL;
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
		return renew_tell_login(renew, "you are not logged in");
	if (!session_fits(&renew->session, renew->wanted->section))
		return renew_tell_changed(renew);
	if (renew->session.is_over)
		return renew_tell_over(renew);
	if (!renew_may_ask(renew))
		return renew_tell_target(renew);
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

int64_t
renew_time_left(const struct renew *renew)
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
	int64_t left = renew_time_left(renew), life;
	int64_t margin = renew->wanted->min_validity;

	if (left <= 0)
		return false;
	/* Then nobody can give a newer one, and this one is still good. */
	if (renew->session.refresh_token.len == 0)
		return true;
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

/* ---- the wait for the lock ----------------------------------------------- */

/* When the last token came, for whatever resource. */
static int64_t
find_newest(const struct session *session)
{
	int64_t newest = -1;
	size_t i;

	for (i = 0; i < session->count; i++) {
		if (session->tokens[i].token.len > 0 &&
		    session->tokens[i].taken > newest)
			newest = session->tokens[i].taken;
	}
	return newest;
}

/* Whether a token has come since the last call; then the time counts again. */
static bool
note_progress(struct renew *renew)
{
	int64_t newest = find_newest(&renew->session);

	if (newest == renew->newest)
		return false;
	renew->newest = newest;
	renew->end_msec = clock_msec() + (int64_t)RENEW_SEC * 1000;
	return true;
}

/* SESSION_NONE: the lock is not to be had. */
static enum session_result
wait_for_lock(struct renew *renew)
{
	enum session_result locked = SESSION_NONE;
	unsigned waits;

	for (waits = 0; waits < RENEW_WAITS; waits++) {
		locked = session_lock(&renew->store, RENEW_SEC);
		if (locked != SESSION_NONE)
			return locked;
		session_clear(&renew->session);
		if (session_read(&renew->store, &renew->session) !=
		    SESSION_OK || !note_progress(renew))
			return SESSION_NONE;
	}
	return locked;
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
	(void)note_progress(renew);
	if (!bytes_eq(text_of(renew), secret_bytes(&renew->seen)) &&
	    renew_time_left(renew) > 0)
		return take(renew, out);
	result = renew_refresh(renew, words);
	if (result == PROVIDER_OVER)
		return renew_tell_over(renew);
	if (renew_time_left(renew) > 0)
		return take(renew, out);
	if (result == PROVIDER_OK)
		(void)provider_refuse(PROVIDER_LATER, "the token that it gave "
		    "has expired already", bytes_of(NULL, 0), words);
	return renew_tell_failure(renew, result, words);
}

static enum renew_result
wait_and_renew(struct renew *renew, struct secret *out)
{
	enum session_result locked;

	if (secret_copy(text_of(renew), &renew->seen) != JWT_OK) {
		complain("memory ran out");
		return RENEW_TROUBLE;
	}
	renew->newest = find_newest(&renew->session);
	locked = wait_for_lock(renew);
	if (locked == SESSION_OK)
		return renew_locked(renew, out);
	if (renew_time_left(renew) > 0)
		return take(renew, out);
	if (locked == SESSION_NONE)
		complain("other processes have been renewing your login at %s "
		    "for %d s and more: try again",
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
		return renew_tell_login(renew, "you are not logged in");
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
		.wanted = wanted,
		.end_msec = clock_msec() + (int64_t)RENEW_SEC * 1000
	};
	enum renew_result result;

	*out = (struct secret){ 0 };
	result = open_and_renew(places, &renew, out);
	session_close(&renew.store);
	session_clear(&renew.session);
	secret_clear(&renew.seen);
	return result;
}
