/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The database of refresh token families: issuer.db in the directory of the
 * issuer, by SQLite.  A turn has three steps, and the signing is outside of
 * every transaction:
 *
 *     family_start() or family_look()    what must be in the answer
 *     the caller decides and signs
 *     family_take()                      durable when it returns FAMILY_OK
 *     the caller answers
 *
 * A process that is killed between two steps has lost nothing: the token that
 * was shown is as good as before, or gets the same answer for the grace time.
 *
 * Each row carries an HMAC of all that it says, so that a damaged or edited row
 * is refused, and not believed.  One thing nobody can see: a whole old copy.
 * After a restored backup `pam-jwt issuer restore` must end all families.
 */
#ifndef JWT_FAMILY_DB_H
#define JWT_FAMILY_DB_H

#include <sys/types.h>

#include "host/file.h"
#include "issuerd/family.h"
#include "issuerd/issuer_conf.h"

#define FAMILY_DB_NAME	"issuer.db"	/* in conf->directory */
#define FAMILY_DB_WAIT_MSEC 5000	/* for other processes, in one call */
#define FAMILY_DB_FAULT_MAX 1152	/* a path and a sentence */

struct sqlite3;

/* One process's use of the database.  Members are family_db*.c's, but fault. */
struct family_db {
	const struct issuer_conf *conf;	/* borrowed */
	uint8_t secret[FAMILY_SECRET_LEN];
	struct sqlite3 *sqlite;
	int folder;
	int queue;		/* the lock file that writers wait at */
	dev_t dev;		/* of the database */
	ino_t ino;
	int64_t deadline;	/* of this call, by clock_msec() */
	char path[FILE_PATH_MAX + sizeof(FAMILY_DB_NAME)];
	char fault[FAMILY_DB_FAULT_MAX];	/* of the last FAMILY_TROUBLE */
};

/*
 * Make an empty database, unless there is one; false with db->fault.  For
 * `init`.
 *
 * db  need not be set; nothing stays open
 */
JWT_MUST_USE bool family_db_create(const struct issuer_conf *conf, struct family_db *db);

/*
 * Open the database.  Its folder must be the effective user's and nobody else's,
 * and so must the file.
 *
 * conf    borrowed until family_db_close()
 * secret  FAMILY_SECRET_LEN bytes; copied
 *
 * False with db->fault if the database is missing, a link, of another owner or
 * mode, damaged, read-only, or of another version.  The caller must close *db
 * whatever the result.
 */
JWT_MUST_USE bool family_db_open(const struct issuer_conf *conf,
    struct bytes secret, struct family_db *db);

void family_db_close(struct family_db *db);

/* Read everything, for `check`; false with db->fault. */
JWT_MUST_USE bool family_db_check(struct family_db *db);

/* A login sets these for its family; they are borrowed for the call. */
struct family_login {
	const char *person;
	const char *fingerprint;	/* of the proved key, "SHA256:..." */
	const char *jkt;		/* "": a token without cnf */
	struct words audience;		/* 1 to FAMILY_AUDIENCES_MAX */
	bool is_hardware;
	bool is_bearer;
	bool is_compact;
};

struct family_turn {
	struct family family;	/* as it was before the turn */
	bool is_new;		/* of a login */
	uint32_t generation;	/* of the refresh token below; for family_jti() */
	int64_t iat;		/* that access tokens must have */
	char token[FAMILY_TOKEN_LEN + 1];	/* refresh token of the answer */
	uint8_t hash[HASH_LEN];	/* of it */
	struct words displaced;	/* sids that family_take() ended for this login */
};

/*
 * Begin a family.  Nothing is written before family_take().
 *
 * now  seconds since the epoch
 *
 * FAMILY_OK or FAMILY_TROUBLE.  The caller must clear *turn whatever the result;
 * it borrows nothing.
 */
enum family_result family_start(struct family_db *db,
    const struct family_login *login, int64_t now, struct family_turn *turn);

/*
 * See what a refresh token gets.  For FAMILY_OK and FAMILY_REPEAT *turn says
 * what the answer must have, and family_take() must come before it.  For
 * FAMILY_REUSED and FAMILY_AHEAD the family has ended, durably, when this
 * returns.  turn->family is there unless it is FAMILY_UNKNOWN or
 * FAMILY_TROUBLE: it says whose token it was.
 */
enum family_result family_look(struct family_db *db, struct bytes token,
    int64_t now, struct family_turn *turn);

/*
 * Take the turn: after FAMILY_OK it is durable and may be answered.
 * FAMILY_AGAIN: another process was first, or the family has ended since;
 * family_look() says which.  A login over families_max ends those families of
 * the person that were idle for the longest time.
 */
enum family_result family_take(struct family_db *db, struct family_turn *turn);

/*
 * End the family of a refresh token.  FAMILY_OK: it lived until now; OVER: it
 * had ended; REUSED: an old token, but the family has ended now, too;
 * REUSED_AGAIN, AHEAD, UNKNOWN, TROUBLE as above.
 */
enum family_result family_logout(struct family_db *db, struct bytes token,
    int64_t now, struct family_turn *turn);

void family_turn_clear(struct family_turn *turn);

/* Called for each family; false stops the walk. */
typedef bool family_each(const struct family *family, void *context);

/* Walk over all families, ended ones too, by person and login. */
JWT_MUST_USE bool family_list(struct family_db *db, family_each *each,
    void *context);

/* Which families family_revoke() ends. */
struct family_choice {
	const char *person;	/* NULL: everybody's */
	const char *sid;	/* NULL: each */
	enum family_end end;
};

/*
 * End families, durably and in one step, and then call each for every chosen
 * one, because the hosts must learn its sid.  That is also those that had ended
 * before: the hosts may not have been reached then.
 *
 * ended  how many ended by this call
 *
 * False with db->fault also if rows are damaged: nobody knows whose these are,
 * but all others that were chosen have ended.
 */
JWT_MUST_USE bool family_revoke(struct family_db *db,
    const struct family_choice *choice, int64_t now, family_each *each,
    void *context, size_t *ended);

/*
 * End all families, and drop the rows that are damaged: after the database was
 * restored from a backup, where tokens that were used or revoked live again.
 * each is called as by family_revoke().
 *
 * dropped  how many rows were damaged
 */
JWT_MUST_USE bool family_restore(struct family_db *db, int64_t now,
    family_each *each, void *context, size_t *ended, size_t *dropped);

/*
 * Drop the families whose absolute end has passed: no token of theirs could be
 * used any more.  An ended one stays until then, so that the reuse of its
 * tokens is still seen.  A few rows at a time, so that nobody waits for long.
 */
JWT_MUST_USE bool family_purge(struct family_db *db, int64_t now,
    size_t *dropped);

#endif
