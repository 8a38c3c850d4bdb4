/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bounded reading of standard input and of files.  A private key that others
 * may read is refused, and a file is removed only if it is still the one that
 * was read.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/complain.h"
#include "tool/input.h"

#define INPUT_USER_SIZE 64	/* bytes of a name; a longer one is cut */

/* Read up to the end or INPUT_MAX bytes. */
static bool
read_all(int fd, const char *name, struct secret *out)
{
	size_t len = 0;
	ssize_t got;

	if (secret_alloc(INPUT_MAX, out) != JWT_OK)
		return complain("%s: memory ran out", name);
	do {
		got = read(fd, out->ptr + len, INPUT_MAX - len);
		if (got < 0 && errno != EINTR)
			return complain("%s: %s", name, strerror(errno));
		if (got > 0)
			len += (size_t)got;
	} while (got != 0 && len < INPUT_MAX);
	out->len = len;
	return true;
}

bool
input_read_file(const char *path, struct secret *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool ok;

	*out = (struct secret){ 0 };
	if (fd < 0)
		return complain_errno(path);
	ok = read_all(fd, path, out);
	close(fd);
	return ok;
}

static bool
is_small(const char *name, const struct secret *text)
{
	return text->len < INPUT_MAX || complain("%s: 1 MiB or more; no key "
	    "is as big", name);
}

/* At a terminal it would look as if nothing happened. */
static void
announce(const char *what)
{
	if (isatty(STDIN_FILENO))
		fprintf(stderr, "pam-jwt: %s is read from standard input; end "
		    "it with Enter and Ctrl-D\n", what);
}

static bool
is_stdin(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

bool
input_read(const char *path, struct secret *out)
{
	if (!is_stdin(path))
		return input_read_file(path, out) && is_small(path, out);
	announce("a key");
	return read_all(STDIN_FILENO, "standard input", out) &&
	    is_small("standard input", out);
}

bool
input_read_token(const char *path, struct secret *out)
{
	if (!is_stdin(path))
		return input_read_file(path, out);
	announce("a token");
	return read_all(STDIN_FILENO, "standard input", out);
}

static const char *
name_of(uid_t uid)
{
	const struct passwd *entry = getpwuid(uid);

	if (entry == NULL)
		return "a user without a name";
	return entry->pw_name;
}

/*
 * A key of another user could be changed by them.  For root it may be both: that
 * user's own key, or one that was copied and not given to root.
 */
static void
fail_owner(const char *path, uid_t owner)
{
	char name[INPUT_USER_SIZE];

	snprintf(name, sizeof(name), "%s", name_of(owner));
	complain("%s: belongs to %s (uid %u), who could change it: run this as "
	    "%s, or chown %s %s", path, name, (unsigned)owner, name,
	    name_of(geteuid()), path);
}

/* Reads and closes fd, which may be -1 with errno. */
static bool
read_private(int fd, const char *path, struct stat *st, struct secret *out)
{
	bool ok = false;

	*out = (struct secret){ 0 };
	if (fd < 0 && errno == ELOOP)
		return complain("%s: a symbolic link", path);
	if (fd < 0)
		return complain_errno(path);
	if (fstat(fd, st) != 0)
		complain("%s: %s", path, strerror(errno));
	else if (!S_ISREG(st->st_mode))
		complain("%s: not a regular file", path);
	else if (st->st_uid != geteuid() && st->st_uid != 0)
		fail_owner(path, st->st_uid);
	else if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		complain("%s: others may read or change it: chmod 0600", path);
	else
		ok = read_all(fd, path, out) && is_small(path, out);
	close(fd);
	return ok;
}

bool
input_read_private(const char *path, struct secret *out)
{
	struct stat st;

	return read_private(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY |
	    O_NONBLOCK), path, &st, out);
}

bool
input_hold(const char *path, struct input_held *held, struct secret *out)
{
	const char *slash = strrchr(path, '/');
	char folder[INPUT_PATH_SIZE];

	*out = (struct secret){ 0 };
	*held = (struct input_held){ .path = path, .name = slash + 1 };
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash + 1 - path), path);
	held->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (held->folder < 0)
		return complain("%s: %s", folder, strerror(errno));
	if (!read_private(openat(held->folder, held->name, O_RDONLY | O_CLOEXEC |
	    O_NOCTTY | O_NONBLOCK | O_NOFOLLOW), path, &held->st, out))
		return false;
	return held->st.st_uid == geteuid() ||
	    complain("%s: it is not your own", path);
}

bool
input_remove(const struct input_held *held)
{
	struct stat st;

	if (fstatat(held->folder, held->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return complain("%s: %s", held->path, strerror(errno));
	if (st.st_dev != held->st.st_dev || st.st_ino != held->st.st_ino)
		return complain("%s: it was replaced meanwhile, and stays",
		    held->path);
	return unlinkat(held->folder, held->name, 0) == 0 ||
	    complain("%s: %s", held->path, strerror(errno));
}

void
input_let_go(struct input_held *held)
{
	if (held->folder >= 0)
		close(held->folder);
	held->folder = -1;
}

bool
input_absolute(const char *path, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	if (path[0] != '/') {
		if (getcwd(out, size) == NULL)
			return complain("%s: %s", path, strerror(errno));
		len = strlen(out);
	}
	return snprintf(out + len, size - len, "%s%s", len == 0 ? "" : "/",
	    path) < (int)(size - len) || complain("%s: the path is too long",
	    path);
}
