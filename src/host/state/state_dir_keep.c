/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Walking, purging and copying the directory of facts.  The command
 * does all this; no login does, and the module does not link it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/policy/policy.h"
#include "host/file.h"
#include "host/state/state_link.h"

#define LEFTOVER_AGE_SEC 3600	/* no writer takes that long */

static void
describe(struct state_dir_entry *entry, const struct stat *st)
{
	char target[STATE_LINK_SIZE];

	entry->kind = (enum state_kind)entry->name[0];
	entry->changed = (int64_t)st->st_ctim.tv_sec;
	entry->leftover = strncmp(entry->name, STATE_LEFTOVER,
	    strlen(STATE_LEFTOVER)) == 0;
	entry->damaged = strlen(entry->name) != 2 * HASH_LEN - 1 ||
	    strchr(STATE_KINDS, entry->name[0]) == NULL ||
	    !state_link_read(entry->shard, entry->name, target) ||
	    !state_link_parse(target, &entry->until, &entry->cutoff);
}

/* Visit one name; false when the walk must end. */
static bool
visit_name(struct state_dir_entry *entry, const char *name,
    state_dir_visit *visit, void *ctx)
{
	struct stat st;

	if (name[0] == '.' && strncmp(name, STATE_LEFTOVER,
	    strlen(STATE_LEFTOVER)) != 0)
		return true;
	snprintf(entry->name, sizeof(entry->name), "%.63s", name);
	/* The name was removed after readdir() returned it. */
	if (fstatat(entry->shard, entry->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	describe(entry, &st);
	return visit(ctx, entry);
}

/* Open a shard for readdir().  While it is locked, nobody replaces a name. */
static DIR *
open_shard(struct state_dir *dir, bool locked, struct state_dir_entry *entry)
{
	DIR *stream = NULL;

	entry->shard = file_open_at(dir->fd, entry->shard_name,
	    O_RDONLY | O_DIRECTORY);
	if (entry->shard < 0)
		return NULL;
	if (!locked || file_lock(entry->shard, STATE_LOCK_WAIT_MSEC))
		stream = fdopendir(entry->shard);
	if (stream == NULL)
		close(entry->shard);
	return stream;
}

struct walk {
	struct state_dir *dir;
	bool locked;
	state_dir_visit *visit;
	void *ctx;
};

static enum jwt_reason
walk_shard(const struct walk *walk, unsigned number, bool *more)
{
	struct state_dir_entry entry = { .shard = -1 };
	enum jwt_reason reason = JWT_OK;
	struct dirent *found;
	DIR *stream;

	snprintf(entry.shard_name, sizeof(entry.shard_name), "%02x",
	    number % STATE_SHARDS);
	stream = open_shard(walk->dir, walk->locked, &entry);
	if (stream == NULL && errno == ETIMEDOUT)
		return state_dir_fail_lock(walk->dir);
	if (stream == NULL)
		return state_dir_fail_errno(walk->dir, entry.shard_name);
	while (*more) {
		errno = 0;
		found = readdir(stream);
		if (found == NULL)
			break;
		*more = visit_name(&entry, found->d_name, walk->visit,
		    walk->ctx);
	}
	if (*more && errno != 0)
		reason = state_dir_fail_errno(walk->dir, entry.shard_name);
	closedir(stream);
	return reason;
}

static enum jwt_reason
walk_shards(const struct walk *walk, void (*step)(unsigned shard))
{
	enum jwt_reason reason = JWT_OK;
	bool more = true;
	unsigned i;

	for (i = 0; reason == JWT_OK && more && i < STATE_SHARDS; i++) {
		reason = walk_shard(walk, i, &more);
		if (step != NULL)
			step(i);
	}
	return reason;
}

enum jwt_reason
state_dir_walk(struct state_dir *dir, state_dir_visit *visit, void *ctx)
{
	return walk_shards(&(struct walk){
		.dir = dir, .visit = visit, .ctx = ctx
	}, NULL);
}

enum jwt_reason
state_dir_sweep(struct state_dir *dir, state_dir_visit *visit, void *ctx)
{
	return walk_shards(&(struct walk){
		.dir = dir, .locked = true, .visit = visit, .ctx = ctx
	}, NULL);
}

bool
state_dir_remove(struct state_dir *dir, const struct state_dir_entry *entry)
{
	if (unlinkat(entry->shard, entry->name, 0) == 0 || errno == ENOENT)
		return true;
	state_dir_fail_errno(dir, "it cannot be written");
	return false;
}

/* ---- purging ---- */

struct purging {
	struct state_dir *dir;
	struct state_dir_purge *purge;
	int64_t clock;	/* the time that the purge believes */
	int64_t newest;	/* when the newest fact was noted */
	int64_t limit;	/* the largest until of the facts to remove */
	bool failed;
};

/*
 * Whether no login needs an entry any more.  If a clock that is ahead makes a
 * purge come too early, a token is still refused by the mark "purged".  The
 * account phase has no token to compare with the mark, so the cut-off of an
 * account stays for a year.
 */
static bool
is_over(const struct purging *purging, const struct state_dir_entry *entry)
{
	int64_t slack = STATE_PURGE_SLACK_SEC;

	if (entry->leftover)
		return entry->changed < purging->purge->now - LEFTOVER_AGE_SEC;
	if (entry->kind == STATE_ACCOUNT)
		slack = (int64_t)DURATION_MAX_SEC;
	return !entry->damaged && entry->until <= purging->clock - slack;
}

/*
 * Whether an entry tells something about the time.  An entry that was noted
 * after its own end was noted by a clock that was ahead, so it does not.
 */
static bool
is_witness(const struct state_dir_entry *entry)
{
	return !entry->leftover && !entry->damaged &&
	    entry->changed <= entry->until;
}

static bool
find_limit(void *ctx, const struct state_dir_entry *entry)
{
	struct purging *purging = ctx;

	if (is_witness(entry) && entry->changed > purging->newest)
		purging->newest = entry->changed;
	if (!entry->leftover && is_over(purging, entry) &&
	    entry->until > purging->limit)
		purging->limit = entry->until;
	return true;
}

/* Believe the clock, or the newest fact if the clock is far ahead of all. */
static enum jwt_reason
find_limits(struct purging *purging, const struct walk *walk)
{
	enum jwt_reason reason = walk_shards(walk, NULL);
	int64_t latest = purging->newest + STATE_PURGE_SLACK_SEC;

	if (reason != JWT_OK || purging->clock <= latest)
		return reason;
	if (purging->newest > 0)
		purging->purge->ahead_sec = purging->clock - purging->newest;
	purging->clock = latest;
	purging->limit = 0;
	return walk_shards(walk, NULL);
}

static bool
purge_entry(void *ctx, const struct state_dir_entry *entry)
{
	struct purging *purging = ctx;
	struct state_dir_purge *purge = purging->purge;

	if (entry->damaged && !entry->leftover)
		purge->damaged++;
	if (!is_over(purging, entry) ||
	    (!entry->leftover && entry->until > purging->limit)) {
		purge->kept++;
		return true;
	}
	if (!state_dir_remove(purging->dir, entry)) {
		purging->failed = true;
		return false;
	}
	purge->removed++;
	return true;
}

/* The mark never goes back, as the facts that it stands for do not return. */
static enum jwt_reason
mark_purge(struct state_dir *dir, int64_t limit)
{
	enum jwt_reason reason;
	int64_t before;

	reason = state_dir_get_mark(dir, STATE_PURGED, &before);
	if (reason != JWT_OK || before >= limit)
		return reason;
	return state_dir_set_mark(dir, STATE_PURGED, limit);
}

static enum jwt_reason
purge_locked(struct purging *purging)
{
	struct walk walk = {
		.dir = purging->dir, .visit = find_limit, .ctx = purging
	};
	enum jwt_reason reason = find_limits(purging, &walk);

	if (reason != JWT_OK)
		return reason;
	reason = mark_purge(purging->dir, purging->limit);
	if (reason != JWT_OK)
		return reason;
	walk.visit = purge_entry;
	walk.locked = true;
	reason = walk_shards(&walk, purging->purge->step);
	if (reason != JWT_OK)
		return reason;
	if (purging->failed)
		return JWT_STATE_UNAVAILABLE;
	return JWT_OK;
}

enum jwt_reason
state_dir_purge(struct state_dir *dir, struct state_dir_purge *purge)
{
	struct purging purging = {
		.dir = dir, .purge = purge, .clock = purge->now
	};
	enum jwt_reason reason;

	/*
	 * One purge at a time; otherwise an older mark could replace a newer.
	 */
	if (!file_lock(dir->fd, STATE_LOCK_WAIT_MSEC))
		return state_dir_fail_lock(dir);
	reason = purge_locked(&purging);
	flock(dir->fd, LOCK_UN);
	return reason;
}

enum jwt_reason
state_dir_reset(struct state_dir *dir, int64_t now, int64_t *before)
{
	enum jwt_reason reason;

	if (!file_lock(dir->fd, STATE_LOCK_WAIT_MSEC))
		return state_dir_fail_lock(dir);
	reason = state_dir_get_mark(dir, STATE_PURGED, before);
	if (reason == JWT_OK && *before > now)
		reason = state_dir_set_mark(dir, STATE_PURGED, now);
	flock(dir->fd, LOCK_UN);
	return reason;
}

/* ---- copying from a fleet's store ---- */

/* Whether the directory has a link for this fact that must stay as it is. */
static bool
stays(int shard, const char *name, const char *target, int64_t since)
{
	char noted[STATE_LINK_SIZE];
	struct stat st;

	if (fstatat(shard, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	/* Somebody wrote it on this host after the fleet's store was read. */
	if ((int64_t)st.st_ctim.tv_sec >= since)
		return true;
	return state_link_read(shard, name, noted) &&
	    strcmp(noted, target) == 0;
}

enum jwt_reason
state_dir_copy(struct state_dir *dir, const struct state_fact *fact,
    int64_t since, bool *changed)
{
	char target[STATE_LINK_SIZE], name[64];
	enum jwt_reason reason;
	int shard;

	*changed = false;
	state_link_format(fact, target);
	reason = state_dir_open_shard(dir, &fact->id, name, &shard);
	if (reason != JWT_OK)
		return reason;
	if (!file_lock(shard, STATE_LOCK_WAIT_MSEC)) {
		reason = state_dir_fail_lock(dir);
		goto out;
	}
	if (stays(shard, name, target, since))
		goto out;
	if (!state_link_replace(shard, name, target)) {
		reason = state_dir_fail_errno(dir, "it cannot be written");
		goto out;
	}
	*changed = true;
out:
	close(shard);
	return reason;
}
