/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directory of facts as logins and revocations use it: opening it, asking
 * for facts, noting one.  state_dir_keep.c makes and tidies the directory;
 * state_link.c reads and writes single links.
 *
 * This must hold against two logins that use one token at the same moment, a
 * process that is killed half-way, a power cut, and an entry that somebody
 * damaged.  Where the answer is not certain, there is no answer, and the login
 * is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "host/clock.h"
#include "host/file.h"
#include "host/state/state_link.h"

#define TMPFS	0x01021994	/* statfs(2) */
#define RAMFS	0x858458f6
#define STATE_PATH_SIZE	68	/* of "3f/tHASH" */

enum jwt_reason
state_dir_fail(struct state_dir *dir, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(dir->fault, sizeof(dir->fault), format, args);
	va_end(args);
	return JWT_STATE_UNAVAILABLE;
}

enum jwt_reason
state_dir_fail_errno(struct state_dir *dir, const char *what)
{
	int error = errno;

	if (error == ENOMEM)
		return JWT_OUT_OF_MEMORY;
	return state_dir_fail(dir, "%s: %s", what, file_errno_text(error));
}

enum jwt_reason
state_dir_fail_lock(struct state_dir *dir)
{
	if (errno == ETIMEDOUT)
		return state_dir_fail(dir, "another process keeps it locked");
	return state_dir_fail_errno(dir, "it cannot be locked");
}

/* Read "1.MADE.KEY", the target of the link "store"; false: it is damaged. */
static bool
parse_store(const char *text, struct state_dir *dir)
{
	const char *key = strrchr(text, '.');

	return text[0] == '1' && text[1] == '.' && key > text + 1 &&
	    number_digits(bytes_of(text + 2, (size_t)(key - text) - 2),
		STATE_FOREVER, &dir->made_at) &&
	    hash_of_hex(key + 1, dir->key);
}

enum jwt_reason
state_dir_load(struct state_dir *dir)
{
	char text[STATE_LINK_SIZE];
	struct statfs fs;
	bool ok;

	if (!state_link_read(dir->fd, "store", text)) {
		dir->missing = errno == ENOENT;
		if (!dir->missing)
			return state_dir_fail_errno(dir, "store");
		return state_dir_fail(dir, "not made ready: pam-jwt state "
		    "init");
	}
	ok = parse_store(text, dir);
	explicit_bzero(text, sizeof(text));
	if (!ok)
		return state_dir_fail(dir, "store is damaged, or of another "
		    "version");
	dir->names = hash_key_new(bytes_of(dir->key, sizeof(dir->key)));
	if (dir->names == NULL)
		return JWT_OUT_OF_MEMORY;
	if (fstatfs(dir->fd, &fs) != 0)
		return state_dir_fail_errno(dir, "its file system");
	dir->is_volatile = fs.f_type == TMPFS ||
	    (unsigned long)fs.f_type == RAMFS;
	return JWT_OK;
}

enum jwt_reason
state_dir_open_folder(const char *path, struct state_dir *dir)
{
	struct file file;
	enum file_result result = file_open_folder(path, &dir->fd, &file);
	const char *remedy = file.missing ? ": pam-jwt state init" : "";

	if (result != FILE_OK)
		state_dir_fail(dir, "%s%s", file.fault, remedy);
	dir->missing = result == FILE_UNREADABLE && file.missing;
	file_clear(&file);
	if (result == FILE_NO_MEMORY)
		return JWT_OUT_OF_MEMORY;
	if (result != FILE_OK)
		return JWT_STATE_UNAVAILABLE;
	return JWT_OK;
}

enum jwt_reason
state_dir_open(const char *path, struct state_dir *out)
{
	enum jwt_reason reason;

	*out = (struct state_dir){ .fd = -1 };
	reason = state_dir_open_folder(path, out);
	if (reason != JWT_OK)
		return reason;
	return state_dir_load(out);
}

void
state_dir_close(struct state_dir *dir)
{
	if (dir->fd >= 0)
		close(dir->fd);
	explicit_bzero(dir->key, sizeof(dir->key));
	hash_key_free(dir->names);
	dir->names = NULL;
	dir->fd = -1;
}

enum jwt_reason
state_dir_name(const struct state_dir *dir, const struct state_id *id,
    char shard[3], char name[64])
{
	uint8_t hash[HASH_LEN];
	enum jwt_reason reason = hash_key_use(dir->names,
	    bytes_of(id->hash, HASH_LEN), hash);

	if (reason != JWT_OK)
		return reason;
	hash_hex(bytes_of(hash, 1), shard);
	name[0] = (char)id->kind;
	hash_hex(bytes_of(hash + 1, HASH_LEN - 1), name + 1);
	return JWT_OK;
}

enum jwt_reason
state_dir_open_shard(struct state_dir *dir, const struct state_id *id,
    char name[64], int *fd)
{
	char shard[3];
	enum jwt_reason reason = state_dir_name(dir, id, shard, name);

	*fd = -1;
	if (reason != JWT_OK)
		return reason;
	*fd = file_open_at(dir->fd, shard, O_RDONLY | O_DIRECTORY);
	if (*fd < 0)
		return state_dir_fail_errno(dir, shard);
	return JWT_OK;
}

/*
 * Make a link that does not exist yet.  symlinkat() is atomic: of all processes
 * that come here with the same name, exactly one makes the link, and every
 * other one gets *exists.  The fsync() comes before the answer, so that a power
 * cut after it cannot take the link away.
 */
static enum jwt_reason
make_link(struct state_dir *dir, int shard, const char *name,
    const char *target, bool *exists)
{
	*exists = false;
	if (symlinkat(target, shard, name) != 0) {
		if (errno != EEXIST)
			return state_dir_fail_errno(dir, "it cannot be written");
		*exists = true;
		return JWT_OK;
	}
	if (!file_sync(shard))
		return state_dir_fail_errno(dir, "it cannot be written");
	return JWT_OK;
}

/*
 * Note the use of a one-time token; *found: another login has used it.  This
 * answers and notes in one step, against two logins at the same moment: if each
 * looked first and noted afterwards, both would be let in.
 */
static enum jwt_reason
consume(struct state_dir *dir, const struct state_id *id, int64_t until,
    bool *found)
{
	char target[STATE_LINK_SIZE], name[64];
	enum jwt_reason reason;
	int shard;

	reason = state_dir_open_shard(dir, id, name, &shard);
	if (reason != JWT_OK)
		return reason;
	snprintf(target, sizeof(target), "%lld", (long long)until);
	reason = make_link(dir, shard, name, target, found);
	close(shard);
	return reason;
}

/*
 * Whether the folder of a fact is there; false with errno.  A folder that is
 * missing must not pass for a fact that was never noted.
 */
static bool
has_shard(const struct state_dir *dir, const char *shard)
{
	struct stat st;

	if (fstatat(dir->fd, shard, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode);
}

/* Read the link of a fact by its path, which takes no descriptor. */
static bool
read_fact(const struct state_dir *dir, const char *shard, const char *name,
    char target[STATE_LINK_SIZE])
{
	char path[STATE_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", shard, name);
	return state_link_read(dir->fd, path, target);
}

static enum jwt_reason
look_up(struct state_dir *dir, const struct state_id *id, int64_t now,
    struct state_finding *finding)
{
	char shard[3], name[64], target[STATE_LINK_SIZE];
	enum jwt_reason reason = state_dir_name(dir, id, shard, name);
	int64_t until;

	finding->found = false;
	if (reason != JWT_OK)
		return reason;
	if (!has_shard(dir, shard))
		return state_dir_fail_errno(dir, shard);
	if (!read_fact(dir, shard, name, target)) {
		if (errno != ENOENT)
			return state_dir_fail_errno(dir, "it cannot be read");
		return JWT_OK;
	}
	if (state_link_parse(target, &until, &finding->cutoff)) {
		finding->found = state_is_alive(id->kind, until, now);
		finding->until = until;
		return JWT_OK;
	}
	/*
	 * The entry is damaged.  For a cut-off we do not know which tokens it
	 * covers.  The name of any other entry says all of the fact.
	 */
	if (state_is_cutoff(id->kind))
		return state_dir_fail(dir, "the entry %.16s... is damaged",
		    name);
	finding->found = true;
	return JWT_OK;
}

/*
 * Refuse to judge one-time tokens by a store that was made in the future: every
 * one of them would seem older than the store, and so perhaps used before.  The
 * fault tells the administrator how to mend it.
 */
static enum jwt_reason
check_made(struct state_dir *dir, const struct state_question *question,
    const struct state_answer *answer)
{
	if (answer->made_at > question->now + STATE_CLOCK_AHEAD_SEC)
		return state_dir_fail(dir, "made in the future: the clock was "
		    "ahead at pam-jwt state init: run it again");
	return JWT_OK;
}

/*
 * Whether this login uses the one-time token up.
 *
 * Not if it only looks, as `pam-jwt verify` does.  And not if a boot empties
 * the store and the token's iat is still to come: the core refuses such a token
 * for now (struct state_answer, is_volatile), and a token that is refused is
 * not used up.
 */
static bool
uses_up(const struct state_dir *dir, const struct state_question *question,
    const struct state_ask *ask)
{
	if (!ask->consume)
		return false;
	if (dir->is_volatile && question->iat > question->now)
		return false;
	return true;
}

static enum jwt_reason
answer_one(struct state_dir *dir, const struct state_question *question,
    size_t i, struct state_answer *answer)
{
	const struct state_ask *ask = &question->ask[i];
	struct state_finding *finding = &answer->fact[i];
	enum jwt_reason reason = JWT_OK;

	if (ask->id.kind == STATE_USED)
		reason = check_made(dir, question, answer);
	if (reason != JWT_OK)
		return reason;
	if (uses_up(dir, question, ask))
		return consume(dir, &ask->id, question->until,
		    &finding->found);
	return look_up(dir, &ask->id, question->now, finding);
}

/*
 * Since when a store on a tmpfs remembers.  A boot empties it, so it is no
 * older than the last boot, even if it was made while the clock was behind.
 */
static int64_t
made_since_boot(const struct state_dir *dir, int64_t now)
{
	int64_t booted = now - clock_boot_sec();

	return dir->made_at > booted ? dir->made_at : booted;
}

enum jwt_reason
state_dir_ask(void *ctx, const struct state_question *question,
    struct state_answer *answer)
{
	struct state_dir *dir = ctx;
	size_t i;

	answer->made_at = 0;
	if (dir->is_volatile)
		answer->made_at = made_since_boot(dir, question->now);
	answer->is_volatile = dir->is_volatile;
	for (i = 0; i < question->count; i++) {
		enum jwt_reason reason = answer_one(dir, question, i, answer);

		if (reason != JWT_OK)
			return reason;
		/* A token that is refused anyway is not used up. */
		if (state_judge(question->ask[i].id.kind, &answer->fact[i],
		    question->iat) != JWT_OK)
			break;
	}
	/*
	 * Read the mark last: a purge writes it before it removes any fact, so
	 * if we missed a fact, we see the mark.
	 */
	return state_dir_get_mark(dir, STATE_PURGED, &answer->purged);
}

enum jwt_reason
state_dir_get_mark(struct state_dir *dir, const char *name, int64_t *out)
{
	char text[STATE_LINK_SIZE];
	int64_t none;

	*out = 0;
	if (!state_link_read(dir->fd, name, text)) {
		if (errno != ENOENT)
			return state_dir_fail_errno(dir, name);
		return JWT_OK;
	}
	if (!state_link_parse(text, out, &none))
		return state_dir_fail(dir, "%s is damaged", name);
	return JWT_OK;
}

/*
 * Write the later of the two cut-offs and of the two expiries, so that no fact
 * ever becomes weaker.  The caller holds the lock.
 */
static enum jwt_reason
merge(struct state_dir *dir, int shard, const char *name,
    struct state_fact *fact)
{
	char target[STATE_LINK_SIZE];
	int64_t until, cutoff;

	/* Ignore an entry that is not one of our links, and replace it. */
	if (!state_link_read(shard, name, target)) {
		if (errno != EINVAL)
			return state_dir_fail_errno(dir, "it cannot be read");
	} else if (state_link_parse(target, &until, &cutoff)) {
		if (until > fact->until)
			fact->until = until;
		if (cutoff > fact->cutoff)
			fact->cutoff = cutoff;
	}
	state_link_format(fact, target);
	if (!state_link_replace(shard, name, target))
		return state_dir_fail_errno(dir, "it cannot be written");
	return JWT_OK;
}

/* Remove a fact; fact->until becomes STATE_NOTHING if there was none. */
static enum jwt_reason
take_back(struct state_dir *dir, int shard, const char *name,
    struct state_fact *fact)
{
	bool there = unlinkat(shard, name, 0) == 0;

	if (!there && errno != ENOENT)
		return state_dir_fail_errno(dir, "it cannot be written");
	fact->until = there ? 0 : STATE_NOTHING;
	if (!file_sync(shard))
		return state_dir_fail_errno(dir, "it cannot be written");
	return JWT_OK;
}

/* Note a fact, or take it back if its until is 0. */
static enum jwt_reason
note(struct state_dir *dir, int shard, const char *name,
    struct state_fact *fact)
{
	char target[STATE_LINK_SIZE];
	enum jwt_reason reason = JWT_OK;
	bool exists = true;

	state_link_format(fact, target);
	if (fact->until > 0)
		reason = make_link(dir, shard, name, target, &exists);
	if (reason != JWT_OK || !exists)
		return reason;
	/* From here on we read, then write: one process at a time. */
	if (!file_lock(shard, STATE_LOCK_WAIT_MSEC))
		return state_dir_fail_lock(dir);
	if (fact->until <= 0)
		return take_back(dir, shard, name, fact);
	/*
	 * The link may have been removed before we had the lock, and another
	 * process may be making it now without the lock.  So try to make it
	 * again.  Whatever exists after that stays, as we hold the lock.
	 */
	reason = make_link(dir, shard, name, target, &exists);
	if (reason != JWT_OK || !exists)
		return reason;
	return merge(dir, shard, name, fact);
}

enum jwt_reason
state_dir_put(void *ctx, struct state_fact *fact)
{
	struct state_dir *dir = ctx;
	enum jwt_reason reason;
	char name[64];
	int shard;

	reason = state_dir_open_shard(dir, &fact->id, name, &shard);
	if (reason != JWT_OK)
		return reason;
	reason = note(dir, shard, name, fact);
	close(shard);
	return reason;
}
