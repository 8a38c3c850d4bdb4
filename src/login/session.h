/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login session: what one login at a provider brought.  It is a file that
 * only the user can read, one for each section of login.conf.
 *
 *	$XDG_RUNTIME_DIR/pam-jwt/session/NAME, or with store = home
 *	~/.local/state/pam-jwt/session/NAME
 *
 * A refresh token is often good for one use (RFC 9700 section 4.14.2), and
 * using it twice ends the login.  So a process that wants to use it takes the
 * lock first, reads the file again, and writes what it got before it uses it.
 * To read needs no lock: a file is replaced in one step.
 */
#ifndef JWT_SESSION_H
#define JWT_SESSION_H

#include "cli/login_conf.h"
#include "core/base/secret.h"
#include "host/file.h"
#include "host/boot.h"

#define SESSION_TOKENS_MAX LOGIN_HOSTS_MAX
/* How long a token is used that nobody gave an end: RFC 6749 section 5.1. */
#define SESSION_LIFE_UNTOLD_SEC 300

/*
 * The token for one resource.  A login writes down every resource that it asked
 * the provider for, also those that have no token yet.  No other one is ever
 * asked for in a refresh: some providers use the refresh token up before they
 * refuse such a resource, and the login would be over.
 */
struct session_token {
	const char *resource;	/* "": of a section without one */
	struct bytes token;	/* empty: none yet */
	int64_t taken;	/* just before the request; boot clock, s */
	int64_t life;	/* s from taken on; -1: nobody told */
};

/* Strings and tokens are in the arena, which is wiped; NULL: not known. */
struct session {
	struct arena arena;
	const char *issuer;	/* iss and client of the login */
	const char *client;
	const char *subject;	/* who is logged in, as the provider says */
	const char *scope;	/* as granted */
	const char *audience;	/* as the login asked for it */
	const char *token_endpoint;
	const char *revocation_endpoint;
	const char *client_auth;	/* the provider's word for how */
	const char *dpop;	/* fingerprint of the key of all tokens */
	const char *dpop_alg;	/* of the proofs by it */
	enum login_use use;
	struct bytes refresh_token;	/* empty: none */
	bool is_over;		/* the provider said so: log in again */
	int64_t session_until;	/* seconds since the epoch; -1: not told */
	int64_t ends;		/* the same by the boot clock; 0: not known */
	char boot_id[BOOT_ID_LEN + 1];	/* of the boot that taken counts in */
	struct session_token tokens[SESSION_TOKENS_MAX];
	size_t count;
};

enum session_result {
	SESSION_OK,
	SESSION_NONE,	/* no file; or a damaged one, with a message */
	SESSION_FAULT	/* with a message */
};

/* The folder of a section's session, opened; and the lock, if it is held. */
struct session_store {
	const struct login_section *section;	/* borrowed */
	char path[FILE_PATH_MAX];	/* of the file, for messages */
	int folder;
	int lock;	/* -1: not held */
};

/* ---- session.c: the file ---- */

/*
 * Open the folder of a section, of which only name and store count; the name
 * is "" to list it.  SESSION_NONE: it is not there; with `make` it is made.
 * SESSION_FAULT, with a message, if the environment names no folder, or for the
 * runtime directory one that is not there, or if somebody else could read or
 * change it.  The caller must close *out, whatever the result.
 */
enum session_result session_open(const struct places *places,
    const struct login_section *section, bool make,
    struct session_store *out);
void session_close(struct session_store *store);

/* SESSION_NONE, without a message: another one held it for wait_sec. */
enum session_result session_lock(struct session_store *store,
    unsigned wait_sec);
void session_unlock(struct session_store *store);

/* The caller must clear *out, whatever the result. */
enum session_result session_read(const struct session_store *store,
    struct session *out);

/*
 * Write the session to the disk; hold the lock.  A kill at any moment leaves
 * the old file or the new one, as does a failure: false, with a message.
 */
bool session_write(const struct session_store *store,
    const struct session *session);

/* Remove the session; true also if there was none.  Hold the lock. */
bool session_remove(const struct session_store *store);

/* ---- session_list.c ---- */

struct session_names {
	const char **names;	/* sorted; in the arena */
	size_t count;
};

/*
 * List the sessions of an open folder, whichever section it was opened for, and
 * what a killed writer left of one.  False, with a message, if that fails.
 */
bool session_list(const struct session_store *store, struct arena *arena,
    struct session_names *out);

/* ---- session_memory.c: what is in it; session_text.h has its text ---- */

void session_clear(struct session *session);

/* Whether it is of the client, at the provider, that the section has now. */
bool session_is_of(const struct session *session,
    const struct login_section *section);

/*
 * Whether iss, client, audience, use and dpop are those that the section has
 * now.
 */
bool session_fits(const struct session *session,
    const struct login_section *section);

/*
 * The token of a resource, whether it is there and good or not; NULL for a
 * resource that the login did not ask for.
 */
const struct session_token *session_find(const struct session *session,
    const char *resource);

/*
 * Copy a value of the provider into the session; *at is one of its members.
 * False, with a message, for one of more than TOKEN_MAX bytes or with a NUL,
 * and without memory; then nothing has changed.
 */
bool session_set(struct session *session, const char **at,
    struct bytes value);
bool session_set_refresh_token(struct session *session, struct bytes value);

/*
 * Keep a token in the place of that of the same resource.  Where there are
 * already SESSION_TOKENS_MAX, the one that was taken first goes.  The session
 * must be of this boot: see session_set_boot().
 */
bool session_set_token(struct session *session,
    const struct session_token *token);

/*
 * Set the boot.  The tokens of another boot are dropped, and only their
 * resources stay: nobody can tell any more how old they are.
 */
void session_set_boot(struct session *session, const char *boot_id);

/*
 * Seconds for which a token of the session is still good; 0 or less: it is
 * over.  0 if it is not there, was taken in another boot, or in the future.
 */
int64_t session_token_left(const struct session *session,
    const struct session_token *token, const struct boot *boot);

#endif
