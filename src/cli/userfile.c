/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads and writes files of the user.  A file that others may change could hold
 * their token or their command, so it is refused with a message.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/userfile.h"

bool
userfile_start(struct secret *out)
{
	/* One byte more than allowed shows that the file is too long. */
	if (secret_alloc(USERFILE_MAX + 1, out) != JWT_OK)
		return complain("memory ran out");
	out->len = 0;
	return true;
}

enum userfile_step
userfile_step(int fd, const char *name, struct secret *out)
{
	ssize_t got = read(fd, out->ptr + out->len,
	    USERFILE_MAX + 1 - out->len);

	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return USERFILE_MORE;
	if (got < 0) {
		complain_errno(name);
		return USERFILE_FAILED;
	}
	out->len += (size_t)got;
	if (out->len > USERFILE_MAX) {
		complain("%s: more than %d bytes", name, USERFILE_MAX);
		return USERFILE_FAILED;
	}
	if (got == 0)
		return USERFILE_END;
	return USERFILE_MORE;
}

static bool
read_all(int fd, const char *name, struct secret *out)
{
	enum userfile_step step;

	if (!userfile_start(out))
		return false;
	do {
		step = userfile_step(fd, name, out);
	} while (step == USERFILE_MORE);
	return step == USERFILE_END;
}

static bool
is_steady(const struct stat *st, const char *path)
{
	return (st->st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    complain("%s: others may change it: chmod go-w", path);
}

static bool
is_allowed(const struct stat *st, const char *path, enum userfile_kind kind)
{
	if (kind == USERFILE_ANY)
		return true;
	if (!S_ISREG(st->st_mode))
		return complain("%s: not a regular file", path);
	if (kind == USERFILE_TRUSTED && st->st_uid == 0)
		return is_steady(st, path);
	if (st->st_uid != geteuid())
		return complain("%s: it is not your own", path);
	if (kind == USERFILE_PRIVATE &&
	    (st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return complain("%s: others may read or change it: chmod 600",
		    path);
	return is_steady(st, path);
}

/*
 * O_NONBLOCK keeps open() from waiting for the writer of a pipe that somebody
 * put in the place of the file.
 */
enum userfile_result
userfile_read(const char *path, enum userfile_kind kind, struct userfile *out)
{
	int wait = kind == USERFILE_ANY ? 0 : O_NONBLOCK;
	struct stat st;
	bool ok = false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | wait);

	*out = (struct userfile){ 0 };
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return USERFILE_MISSING;
	if (fd < 0 || fstat(fd, &st) != 0) {
		complain_errno(path);
	} else {
		out->written_sec = st.st_mtime;
		ok = is_allowed(&st, path, kind) &&
		    read_all(fd, path, &out->text);
	}
	if (fd >= 0)
		close(fd);
	if (!ok)
		return USERFILE_FAULT;
	return USERFILE_OK;
}

bool
userfile_is_own_folder(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return complain_errno(path);
	if (!S_ISDIR(st.st_mode))
		return complain("%s: not a folder, or a symbolic link", path);
	if (st.st_uid != geteuid())
		return complain("%s: it is not your own", path);
	return (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
	    complain("%s: others may change it: chmod 700", path);
}

bool
userfile_write(int fd, struct bytes text)
{
	while (text.len > 0) {
		ssize_t put = write(fd, text.ptr, text.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text.ptr += put;
		text.len -= (size_t)put;
	}
	return true;
}
