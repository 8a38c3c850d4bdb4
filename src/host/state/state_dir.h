/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * State in a directory: a symbolic link for each fact.
 *
 *	DIRECTORY/store		-> 1.MADE.KEY	version, epoch, 64 hex digits
 *	DIRECTORY/purged	-> EPOCH	facts with an until up to this may be gone
 *	DIRECTORY/pulled	-> EPOCH	when facts were last pulled from a fleet's store
 *	DIRECTORY/3f/tHASH	-> UNTIL	or UNTIL.CUTOFF for c and i
 *
 * HASH is HMAC-SHA-256(KEY, state_id.hash): two hex digits name the shard, the
 * other 62 the link; the letter is enum state_kind.  symlinkat() is exclusive
 * and atomic (POSIX): of all processes that note the use of one token exactly
 * one succeeds, without a lock, and nobody ever sees half a link.  The shard is
 * fsynced before the answer.
 */
#ifndef JWT_STATE_DIR_H
#define JWT_STATE_DIR_H

#include "core/state.h"

#define STATE_FAULT_SIZE 192	/* bytes, on the stack of a login */

/* A directory that is open. */
struct state_dir {
	int fd;			/* -1: not open */
	uint8_t key[HASH_LEN];
	struct hash_key *names;	/* of key; owned */
	int64_t made_at;	/* seconds since the epoch */
	bool is_volatile;	/* on a tmpfs: a boot empties it */
	bool missing;		/* there is no such folder, or no store in it */
	char fault[STATE_FAULT_SIZE];	/* what is wrong, for the log */
};

/*
 * Open a directory that state_dir_init() has made.
 *
 * path  absolute, and safe as file.h says; the directory must belong to the
 *       effective user, and nobody else may have a right to it
 *
 * Returns JWT_OK, JWT_STATE_UNAVAILABLE with fault, or JWT_OUT_OF_MEMORY.  The
 * caller must close *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason state_dir_open(const char *path,
    struct state_dir *out);
void state_dir_close(struct state_dir *dir);

/* The operations of struct state_store; ctx is the struct state_dir. */
JWT_MUST_USE enum jwt_reason state_dir_ask(void *ctx,
    const struct state_question *question, struct state_answer *answer);
JWT_MUST_USE enum jwt_reason state_dir_put(void *ctx, struct state_fact *fact);

/*
 * Make a directory ready for use.  Everything that exists in it stays.
 *
 * now   seconds since the epoch
 * made  whether there was no store before
 *
 * Returns JWT_OK, or JWT_STATE_UNAVAILABLE with out->fault.
 */
JWT_MUST_USE enum jwt_reason state_dir_init(const char *path, int64_t now,
    bool *made, struct state_dir *out);

/*
 * Check that no shard is missing; JWT_STATE_UNAVAILABLE with fault if one is.
 */
JWT_MUST_USE enum jwt_reason state_dir_check(struct state_dir *dir);

/*
 * Note a fact exactly as a fleet's store has it, even if that is weaker than
 * the fact in this directory.  A fact that was written here at the time since
 * (seconds since the epoch) or later stays.  *changed: a link was written.
 */
JWT_MUST_USE enum jwt_reason state_dir_copy(struct state_dir *dir,
    const struct state_fact *fact, int64_t since, bool *changed);

/* Read or write a mark ("purged", "pulled"); 0: never written. */
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
	bool damaged;		/* we did not write this name or target */
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
 * state_dir_walk() takes no lock: nobody waits for it, however long visit
 * takes, but an entry that changes during the walk may be seen twice or not at
 * all.  state_dir_sweep() is for visits that call state_dir_remove().  It locks
 * each shard during its visits, so visit must be quick and must not call
 * state_dir_put().
 */
JWT_MUST_USE enum jwt_reason state_dir_walk(struct state_dir *dir,
    state_dir_visit *visit, void *ctx);
JWT_MUST_USE enum jwt_reason state_dir_sweep(struct state_dir *dir,
    state_dir_visit *visit, void *ctx);

/* Remove the entry that a sweep visits; false with dir->fault. */
bool state_dir_remove(struct state_dir *dir,
    const struct state_dir_entry *entry);

/* Find the name of a fact's shard, and the name of its link in the shard. */
JWT_MUST_USE enum jwt_reason state_dir_name(const struct state_dir *dir,
    const struct state_id *id, char shard[3], char name[64]);

/*
 * A purge keeps a fact for a week after its until.  It also believes the clock
 * only up to a week after the newest fact was noted.  So a fact that it removes
 * was over when the newest one was noted, and a clock that is ahead makes it
 * remove less, not more.
 */
#define STATE_PURGE_SLACK_SEC	INT64_C(604800)

/*
 * Remove all facts whose time has been over for a week.  Logins may go on
 * meanwhile: the mark "purged", the largest until of all facts that are
 * removed, is written and fsynced before the first of them is.  So a token
 * whose fact was removed is refused as expired, even if the clock goes back.
 */
struct state_dir_purge {
	int64_t now;
	void (*step)(unsigned shard);	/* called after each shard; or NULL */
	/* The answer: */
	unsigned long removed;
	unsigned long kept;
	unsigned long damaged;	/* these stay where they are */
	int64_t ahead_sec;	/* how far now is beyond the newest fact; 0: not */
};
JWT_MUST_USE enum jwt_reason state_dir_purge(struct state_dir *dir,
    struct state_dir_purge *purge);

/*
 * Set the mark "purged" back to now if it is in the future, because the clock
 * was ahead both when a fact was noted and at a purge.  Every token would be
 * refused as expired until that time.  Facts about tokens that are still valid
 * may have been removed, so the caller must tell the administrator to cut those
 * tokens off.
 *
 * before  the mark as it was, seconds since the epoch
 */
JWT_MUST_USE enum jwt_reason state_dir_reset(struct state_dir *dir,
    int64_t now, int64_t *before);

/*
 * If the store says that it was made in the future, because the clock was
 * ahead, let it say that it was made now.  It then claims to remember less than
 * it does, never more.
 */
JWT_MUST_USE enum jwt_reason state_dir_set_made(struct state_dir *dir,
    int64_t now, bool *changed);

#endif
