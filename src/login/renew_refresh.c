/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refreshes a session, while the lock is held.  What goes wrong on the way must
 * cost no login: the provider is asked only if its answer can be kept, nobody
 * ends the process while it asks, and only the provider's own word ends a
 * session.
 */
#include <signal.h>

#include "login/renew_run.h"

static void
mark_over(struct renew *renew)
{
	renew->session.is_over = true;
	(void)session_write(&renew->store, &renew->session);
}

/*
 * The provider said invalid_grant, and nothing weaker may end a session.  If
 * the session has another refresh token now, a login has brought it, and must
 * not be lost.
 */
static enum provider_result
look_again(struct renew *renew, struct bytes sent,
    char words[PROVIDER_WORDS_SIZE])
{
	struct session *session = &renew->session;
	enum provider_result result;

	session_clear(session);
	switch (session_read(&renew->store, session)) {
	case SESSION_OK:
		break;
	case SESSION_NONE:
		return PROVIDER_OVER;
	default:
		return provider_refuse(PROVIDER_LATER, "the session cannot be "
		    "read", bytes_of(NULL, 0), words);
	}
	if (bytes_eq(session->refresh_token, sent)) {
		mark_over(renew);
		return PROVIDER_OVER;
	}
	if (!session_fits(session, renew->wanted->section) ||
	    session->is_over || !renew_may_ask(renew))
		return PROVIDER_OVER;
	if (renew_time_left(renew) > 0)
		return PROVIDER_OK;
	result = renew_ask(renew, words);
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
	if (renew_msec_left(renew) < RENEW_ASK_MSEC)
		return provider_refuse(PROVIDER_LATER, "another process took "
		    "too long to ask it", bytes_of(NULL, 0), words);
	if (!session_write(&renew->store, &renew->session))
		return provider_refuse(PROVIDER_LATER, "its answer could not "
		    "be kept", bytes_of(NULL, 0), words);
	if (secret_copy(renew->session.refresh_token, &sent) != JWT_OK)
		return provider_refuse(PROVIDER_LATER, "memory ran out",
		    bytes_of(NULL, 0), words);
	result = renew_ask(renew, words);
	if (result == PROVIDER_OVER)
		result = look_again(renew, secret_bytes(&sent), words);
	secret_clear(&sent);
	return result;
}

/*
 * A person who presses ^C ends ssh and us with it.  Between the question and
 * the file that has the answer this would lose the login, so it waits.
 */
enum provider_result
renew_refresh(struct renew *renew, char words[PROVIDER_WORDS_SIZE])
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
