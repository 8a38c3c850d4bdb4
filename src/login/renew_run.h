/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files of renew share this: one call of renew_token(), and its steps.  No
 * other file includes it.
 */
#ifndef JWT_RENEW_RUN_H
#define JWT_RENEW_RUN_H

#include "login/provider.h"
#include "login/renew.h"

#define RENEW_ASK_MSEC 2000	/* with less time left, nothing is asked */

struct renew {
	const struct renew_wanted *wanted;
	struct session_store store;
	struct session session;	/* as it was read last */
	struct secret seen;	/* the token before the lock */
	int64_t newest;		/* when the last of all tokens was taken */
	int64_t end_msec;	/* on the clock of clock_msec() */
};

/* ---- renew.c: what the session has ---- */

/* Whether the resource may be asked for: see struct session_token. */
bool renew_may_ask(const struct renew *renew);

/* Seconds that the token is still good; 0 or less: it is over. */
int64_t renew_time_left(const struct renew *renew);

/* ---- renew_ask.c, renew_refresh.c: hold the lock ---- */

int64_t renew_msec_left(const struct renew *renew);

/*
 * Ask for the resource, and keep what comes: after PROVIDER_OK the session has
 * the new token, and is on the disk.  Otherwise words say why not.
 */
enum provider_result renew_ask(struct renew *renew,
    char words[PROVIDER_WORDS_SIZE]);

/*
 * The same, with all that must be so before and after.  PROVIDER_OVER: a person
 * must log in again.
 */
enum provider_result renew_refresh(struct renew *renew,
    char words[PROVIDER_WORDS_SIZE]);

/* ---- renew_tell.c: each prints a line, and returns what it means ---- */

enum renew_result renew_tell_over(const struct renew *renew);
enum renew_result renew_tell_login(const struct renew *renew,
    const char *why);
enum renew_result renew_tell_changed(const struct renew *renew);

/* The resource was not asked for at the login, or is not granted. */
enum renew_result renew_tell_target(const struct renew *renew);
enum renew_result renew_tell_failure(const struct renew *renew,
    enum provider_result result, const char *words);

#endif
