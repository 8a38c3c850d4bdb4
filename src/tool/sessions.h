/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The open sessions of this host, as `pam-jwt sessions` reads, shows and ends
 * them.
 */
#ifndef JWT_SESSIONS_H
#define JWT_SESSIONS_H

#include "host/boot.h"
#include "host/records.h"

/* Which sessions are meant; NULL means any. */
struct sessions_filter {
	const char *account;	/* the token's, or the one that acts: sudo */
	const char *subject;
	const char *iss;	/* an iss */
	const char *section_iss;	/* the iss of the section that iss names */
	const char *jti;
	const char *sid;
};

/* Where the processes of a record are. */
enum sessions_place {
	SESSIONS_HERE,
	SESSIONS_ELSEWHERE,	/* in another PID namespace: a container */
	SESSIONS_OVER		/* in an earlier boot */
};

struct session {
	char name[RECORDS_NAME_SIZE];	/* of the file */
	struct stat file;		/* from before it was read */
	struct record record;		/* owned */
	enum sessions_place place;
	const char *why;		/* it must end, for the log; NULL: no */
	bool was_ended;			/* sessions_end() did what it could */
};

struct sessions {
	int folder;		/* -1: there is no folder, so no session */
	struct boot boot;
	int64_t pid_namespace;
	struct session *item;	/* owned */
	size_t count;
	size_t room;
	size_t damaged;		/* records that could not be read */
	uid_t *users;		/* owned: all that logind has of them must end */
	size_t user_count;
};

#define SESSIONS_CLOSED	{ .folder = -1 }

/*
 * Read all records, those that began first in front.  One that cannot be read
 * is named on stderr and counted.  False, with a message, if the folder cannot
 * be read, or memory runs out.  The caller must clear *out whatever the result.
 */
bool sessions_read(struct sessions *out);
void sessions_clear(struct sessions *sessions);

/*
 * Whether something of the session goes on: its leader, or a process that the
 * last look found.  Of another PID namespace nobody here knows, so it does.
 */
bool sessions_lives(const struct session *session);

/*
 * Call act for each name in an open folder until it returns false.  False, with
 * a message if it was not act, if not all were seen.
 */
bool sessions_walk(int folder, const char *path,
    bool (*act)(void *ctx, const char *name), void *ctx);

/* ---- sessions_match.c: nothing there asks the host ---- */

/* Whether a record has all that the filter names. */
bool sessions_match(const struct record *record,
    const struct sessions_filter *filter);

enum sessions_place sessions_place(const struct record *record,
    const char *boot_id, int64_t pid_namespace);

/* Whether the limit of the session has passed; now is in s after the boot. */
bool sessions_over_limit(const struct record *record, int64_t now);

/*
 * Why a session must end by now, for the log; NULL if it may go on.
 *
 * now      s after the boot
 * token    the answer of the state about the token
 * account  its answer about the accounts of the session
 *
 * Only an answer that says so ends a session: a store that cannot answer, or
 * that has forgotten what it knew about an old token, does not.
 */
const char *sessions_due_why(const struct record *record, int64_t now,
    enum jwt_reason token, enum jwt_reason account);

/* ---- sessions_list.c ---- */

/*
 * Print the sessions of this boot that go on, and that the filter means.
 * False, with a message, without memory.
 */
bool sessions_print(const struct sessions *sessions,
    const struct sessions_filter *filter, bool json);

/* ---- sessions_due.c ---- */

/*
 * End the sessions that must end by now, note which processes the others have,
 * sweep what is left over, and leave the sign of life.  Returns an exit status.
 *
 * config  NULL: LOAD_CONFIG_DEFAULT
 */
int sessions_due(const char *config);

/* ---- sessions_sweep.c ---- */

/*
 * Note in each record that goes on which processes the session has now, so that
 * they are found when its leader is killed.
 */
void sessions_note_seen(struct sessions *sessions);

/* Remove records and grants that nobody needs any more. */
void sessions_sweep(const struct sessions *sessions);

#endif
