/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making the directory of facts, and setting its marks.  The command does this;
 * no login does, and the module does not link it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"
#include "host/state/state_link.h"

/* mkdir() with exactly this mode, whatever the umask is. */
static bool
make_folder(int folder, const char *name, mode_t mode)
{
	if (mkdirat(folder, name, mode) == 0)
		return fchmodat(folder, name, mode, 0) == 0;
	return errno == EEXIST;
}

/* Make the directory, and its parent, which others may enter. */
static enum jwt_reason
make_path(struct state_dir *dir, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[FILE_PATH_MAX];

	if (path[0] != '/' || strlen(path) >= sizeof(parent))
		return state_dir_fail(dir, "not an absolute path, or too long");
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	if (parent[0] != '\0' && !make_folder(AT_FDCWD, parent, 0755))
		return state_dir_fail_errno(dir, parent);
	if (!make_folder(AT_FDCWD, path, 0700))
		return state_dir_fail_errno(dir, "it cannot be made");
	return JWT_OK;
}

static bool
stop_at_fact(void *ctx, const struct state_dir_entry *entry)
{
	*(bool *)ctx |= !entry->leftover;
	return entry->leftover;
}

/*
 * Refuse to make a new store in a directory that has facts.  The new store
 * would have a new key, under which no fact would be found again: everything
 * that was revoked would be accepted.
 */
static enum jwt_reason
check_empty(struct state_dir *dir)
{
	bool has_facts = false;
	enum jwt_reason reason = state_dir_walk(dir, stop_at_fact, &has_facts);

	if (reason == JWT_OK && has_facts)
		return state_dir_fail(dir, "the link \"store\" is missing, and "
		    "with it the key to what is noted here: restore it, or "
		    "remove the whole directory and make it again");
	return reason;
}

static enum jwt_reason
make_shards(struct state_dir *dir)
{
	char name[3];
	unsigned i;

	for (i = 0; i < STATE_SHARDS; i++) {
		snprintf(name, sizeof(name), "%02x", i);
		if (!make_folder(dir->fd, name, 0700))
			return state_dir_fail_errno(dir, name);
	}
	if (!file_sync(dir->fd))
		return state_dir_fail_errno(dir, "it cannot be written");
	return check_empty(dir);
}

/*
 * A shard that is missing took its facts with it.  We do not make it again, as
 * an empty one would say that nothing in it was ever revoked.
 */
enum jwt_reason
state_dir_check(struct state_dir *dir)
{
	struct stat st;
	char name[3];
	unsigned i;

	for (i = 0; i < STATE_SHARDS; i++) {
		snprintf(name, sizeof(name), "%02x", i);
		if (fstatat(dir->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(st.st_mode))
			return state_dir_fail(dir, "the folder %s is missing, "
			    "and what was in it: restore it, or remove the "
			    "whole directory and make it again", name);
	}
	return JWT_OK;
}

/* Write "1.MADE.KEY".  The key is a secret, so the caller wipes out. */
static void
format_store(int64_t made_at, const uint8_t key[HASH_LEN],
    char out[STATE_LINK_SIZE])
{
	char hex[2 * HASH_LEN + 1];

	hash_hex(bytes_of(key, HASH_LEN), hex);
	snprintf(out, STATE_LINK_SIZE, "1.%lld.%s", (long long)made_at, hex);
	explicit_bzero(hex, sizeof(hex));
}

/*
 * Make the link "store", which turns the directory into a store.  It comes
 * last, so that a directory that is only half made is never used.
 */
static enum jwt_reason
make_store(struct state_dir *dir, int64_t now, bool *made)
{
	char text[STATE_LINK_SIZE];
	uint8_t key[HASH_LEN];

	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return state_dir_fail_errno(dir, "getrandom");
	format_store(now, key, text);
	*made = symlinkat(text, dir->fd, "store") == 0;
	explicit_bzero(text, sizeof(text));
	explicit_bzero(key, sizeof(key));
	if (!*made && errno != EEXIST)
		return state_dir_fail_errno(dir, "store");
	if (!file_sync(dir->fd))
		return state_dir_fail_errno(dir, "it cannot be written");
	return JWT_OK;
}

enum jwt_reason
state_dir_init(const char *path, int64_t now, bool *made,
    struct state_dir *out)
{
	char text[STATE_LINK_SIZE];
	enum jwt_reason reason;

	*made = false;
	*out = (struct state_dir){ .fd = -1 };
	reason = make_path(out, path);
	if (reason != JWT_OK)
		return reason;
	reason = state_dir_open_folder(path, out);
	if (reason != JWT_OK)
		return reason;
	if (state_link_read(out->fd, "store", text))
		reason = state_dir_check(out);
	else
		reason = make_shards(out);
	explicit_bzero(text, sizeof(text));
	if (reason != JWT_OK)
		return reason;
	reason = make_store(out, now, made);
	if (reason != JWT_OK)
		return reason;
	return state_dir_load(out);
}

enum jwt_reason
state_dir_set_made(struct state_dir *dir, int64_t now, bool *changed)
{
	char text[STATE_LINK_SIZE];

	*changed = dir->made_at > now + STATE_CLOCK_AHEAD_SEC;
	if (!*changed)
		return JWT_OK;
	format_store(now, dir->key, text);
	*changed = state_link_replace(dir->fd, "store", text);
	explicit_bzero(text, sizeof(text));
	if (!*changed)
		return state_dir_fail_errno(dir, "store");
	return JWT_OK;
}

enum jwt_reason
state_dir_set_mark(struct state_dir *dir, const char *name, int64_t value)
{
	char text[STATE_LINK_SIZE];

	snprintf(text, sizeof(text), "%lld", (long long)value);
	if (!state_link_replace(dir->fd, name, text))
		return state_dir_fail_errno(dir, name);
	return JWT_OK;
}
