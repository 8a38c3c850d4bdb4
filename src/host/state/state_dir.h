/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State in a directory: a symbolic link for each fact.
 *
 *	DIRECTORY/store		-> 1.MADE.KEY	version, epoch, 64 hex digits
 *	DIRECTORY/purged	-> EPOCH	facts of an until up to this may be gone
 *	DIRECTORY/pulled	-> EPOCH	when facts were last pulled from a fleet's store
 *	DIRECTORY/3f/tHASH	-> UNTIL	or UNTIL.CUTOFF for c and i
 *
 * HASH is HMAC-SHA-256(KEY, state_id.hash), 62 hex digits after the two of
 * its shard; the letter is enum state_kind.  symlinkat() is exclusive and
 * atomic (POSIX): of all who note the use of a token one wins, without a lock,
 * and a link is there whole or not at all.  The shard is fsynced before the
 * answer.
 */
#ifndef JWT_STATE_DIR_H
#define JWT_STATE_DIR_H

#include "core/state.h"

#define STATE_FAULT_SIZE 192	/* bytes, on the stack of a login */

/* A directory that is open. */
struct state_dir {
	int fd;			/* -1: none */
	uint8_t key[HASH_LEN];
	int64_t made_at;	/* seconds since the epoch */
	bool is_volatile;	/* on a tmpfs: empty again after a boot */
	bool missing;		/* it was never made: no such folder, or no store */
	char fault[STATE_FAULT_SIZE];	/* what is wrong, for the log */
};

/*
 * Open a directory: absolute path, safe as file.h has it, owned by the
 * effective user, no right of others, made by state_dir_init().  Never makes
 * one.  Returns JWT_OK, JWT_STATE_UNAVAILABLE with fault, JWT_OUT_OF_MEMORY.
 * *out is to be closed whatever the result.
 */
JWT_MUST_USE enum jwt_reason state_dir_open(const char *path,
    struct state_dir *out);
void state_dir_close(struct state_dir *dir);

/* The operations of struct state_store; ctx is the struct state_dir. */
JWT_MUST_USE enum jwt_reason state_dir_ask(void *ctx,
    const struct state_question *question, struct state_answer *answer);
JWT_MUST_USE enum jwt_reason state_dir_put(void *ctx, struct state_fact *fact);

/*
 * Make a directory ready; what is there already stays.  *made says whether
 * there was something to make.  now: seconds since the epoch.
 * Returns JWT_OK, or JWT_STATE_UNAVAILABLE with out->fault.
 */
JWT_MUST_USE enum jwt_reason state_dir_init(const char *path, int64_t now,
    bool *made, struct state_dir *out);

/* Whether all its folders are there; else JWT_STATE_UNAVAILABLE with fault. */
JWT_MUST_USE enum jwt_reason state_dir_check(struct state_dir *dir);

/*
 * Note a fact just as it is in a fleet's store, whether that is more or less
 * than what is noted here; but what was written here at the time since (epoch)
 * or later stays.  *changed: it was written.
 */
JWT_MUST_USE enum jwt_reason state_dir_copy(struct state_dir *dir,
    const struct state_fact *fact, int64_t since, bool *changed);

/* The marks beside the facts; 0: never. */
JWT_MUST_USE enum jwt_reason state_dir_get_mark(struct state_dir *dir,
    const char *name, int64_t *out);
JWT_MUST_USE enum jwt_reason state_dir_set_mark(struct state_dir *dir,
    const char *name, int64_t value);

/* A fact as it is in the directory. */
struct state_dir_entry {
	enum state_kind kind;
	int shard;		/* descriptor of its folder */
	char shard_name[3];
	char name[64];		/* letter and 62 digits; or of a leftover */
	bool damaged;		/* the target is none of ours */
	bool leftover;		/* a temporary name that a killed writer left */
	int64_t until;
	int64_t cutoff;
	int64_t changed;	/* st_ctime of the link */
};

typedef bool state_dir_visit(void *ctx, const struct state_dir_entry *entry);

/*
 * Call visit for each entry, shard by shard, until it returns false.
 * Returns JWT_OK, or JWT_STATE_UNAVAILABLE with dir->fault.
 *
 * state_dir_walk() is for looking: it holds nobody up, however long visit
 * takes, and what changes meanwhile may be seen twice or not at all.
 * state_dir_sweep() is for state_dir_remove(): each shard is locked meanwhile,
 * so visit must be quick and must not call state_dir_put().
 */
JWT_MUST_USE enum jwt_reason state_dir_walk(struct state_dir *dir,
    state_dir_visit *visit, void *ctx);
JWT_MUST_USE enum jwt_reason state_dir_sweep(struct state_dir *dir,
    state_dir_visit *visit, void *ctx);

/* Remove what has been swept to.  True, or false with dir->fault. */
bool state_dir_remove(struct state_dir *dir,
    const struct state_dir_entry *entry);

/* The file name of a fact in its shard, and the shard's. */
JWT_MUST_USE enum jwt_reason state_dir_name(const struct state_dir *dir,
    const struct state_id *id, char shard[3], char name[64]);

/*
 * What is over stays for a week.  A purge believes a clock only as far as a
 * week after the newest fact: so what it removes was over when that was noted,
 * by whatever clock, and one that is ahead makes it remove less, not more.
 */
#define STATE_PURGE_SLACK_SEC	INT64_C(604800)

/*
 * Remove all facts whose time has been over for a week.  Safe beside logins:
 * the mark "purged", the largest until of what goes, is written, durably,
 * before anything does.  So a token whose fact went is refused as expired, also
 * when the clock goes back.
 */
struct state_dir_purge {
	int64_t now;
	void (*step)(unsigned shard);	/* after each of the shards; NULL: not */
	/* The answer: */
	unsigned long removed;
	unsigned long kept;
	unsigned long damaged;	/* left where they are */
	int64_t ahead_sec;	/* of now that was not believed */
};
JWT_MUST_USE enum jwt_reason state_dir_purge(struct state_dir *dir,
    struct state_dir_purge *purge);

/*
 * Take the mark "purged" back to now, where it is in the future: a clock was
 * ahead when something was noted, and then at a purge.  Until that time every
 * token would be refused as expired.  What was noted of tokens that go on after
 * now may be gone: the caller says that they have to be cut off.
 * *before: where it was, seconds since the epoch.
 */
JWT_MUST_USE enum jwt_reason state_dir_reset(struct state_dir *dir,
    int64_t now, int64_t *before);

/*
 * Say that the store was made now, where it says that it was made later: the
 * clock was ahead.  That makes it remember less than it does, never more.
 */
JWT_MUST_USE enum jwt_reason state_dir_set_made(struct state_dir *dir,
    int64_t now, bool *changed);

#endif
