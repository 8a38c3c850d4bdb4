/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads a file safely.  The path is walked folder by folder, each on the open
 * descriptor of the one before.  Otherwise somebody could replace a folder
 * between the check of a path and its use.  Where only root could do that,
 * file_usual.c is quicker, and is asked first.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"

/* O_NONBLOCK: if somebody put a FIFO there, open() must not wait. */
#define READ_FLAGS	(O_RDONLY | O_NONBLOCK | O_NOCTTY)

/* A walk from / to a file. */
struct walk {
	char rest[FILE_PATH_MAX];	/* of the path, relative to folder */
	int folder;		/* descriptor, O_PATH */
	bool shared;		/* others may write the folder (it is sticky) */
	bool to_socket;		/* the path is that of a socket */
	unsigned links;
	size_t max;		/* of the file, bytes */
	struct file *file;
};

__attribute__((format(printf, 3, 4))) static enum file_result
fail(struct file *file, enum file_result result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(file->fault, sizeof(file->fault), format, args);
	va_end(args);
	return result;
}

/* what: NULL where the path of the file says enough */
static enum file_result
fail_errno(struct file *file, const char *what)
{
	enum file_result result = FILE_UNREADABLE;

	file->missing = errno == ENOENT || errno == ENOTDIR;
	if (errno == ENOMEM)
		result = FILE_NO_MEMORY;
	else if (errno == EMFILE || errno == ENFILE)
		result = FILE_NO_DESCRIPTOR;
	if (what == NULL)
		return fail(file, result, "%s", file_errno_text(errno));
	return fail(file, result, "%s: %s", what, file_errno_text(errno));
}

static bool
is_trusted_owner(uid_t uid)
{
	return uid == 0 || uid == geteuid();
}

/*
 * Refuse a folder in which another user could replace the next component.  The
 * folder of a socket is stricter in one way, as nobody but its owner may write
 * it, and wider in another, as it may belong to the server's user.
 */
static enum file_result
check_folder(struct walk *walk, const struct stat *st)
{
	bool writable = (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;
	bool has_socket = walk->to_socket && strchr(walk->rest, '/') == NULL;

	if (has_socket && writable)
		return fail(walk->file, FILE_UNSAFE, "others could put a "
		    "socket of theirs into its folder");
	if (!is_trusted_owner(st->st_uid) && (!has_socket || walk->shared))
		return fail(walk->file, FILE_UNSAFE, "a folder on the way "
		    "belongs to another user (uid %u)", (unsigned)st->st_uid);
	if (writable && (st->st_mode & S_ISVTX) == 0)
		return fail(walk->file, FILE_UNSAFE, "a folder on the way is "
		    "writable by group or others: chmod go-w");
	walk->shared = writable;
	return FILE_OK;
}

/* Make fd the current folder of the walk, which owns it from then on. */
static enum file_result
enter(struct walk *walk, int fd, const struct stat *st)
{
	if (walk->folder >= 0)
		close(walk->folder);
	walk->folder = fd;
	return check_folder(walk, st);
}

static enum file_result
start_at_root(struct walk *walk)
{
	struct stat st;
	int fd = file_open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);

	if (fd < 0)
		return fail_errno(walk->file, "/");
	if (fstat(fd, &st) != 0) {
		close(fd);
		return fail_errno(walk->file, "/");
	}
	return enter(walk, fd, &st);
}

/* Take the first component of the rest; false at the end of the path. */
static bool
take_component(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(start, "/");

	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, start, len);
	name[len] = '\0';
	start += len;
	start += strspn(start, "/");
	memmove(walk->rest, start, strlen(start) + 1);
	return true;
}

/*
 * Put the target of a symbolic link in front of the rest.  A link that another
 * user could have made would lead root to a file of that user's choice.
 */
static enum file_result
follow(struct walk *walk, int fd, const struct stat *st)
{
	char target[FILE_PATH_MAX], joined[FILE_PATH_MAX];
	ssize_t len;

	if (walk->shared || !is_trusted_owner(st->st_uid))
		return fail(walk->file, FILE_UNSAFE, "a symbolic link that "
		    "somebody else could have made");
	if (++walk->links > FILE_LINKS_MAX)
		return fail(walk->file, FILE_UNSAFE, "too many symbolic "
		    "links");
	len = readlinkat(fd, "", target, sizeof(target) - 1);
	if (len < 0)
		return fail_errno(walk->file, "the link cannot be read");
	target[len] = '\0';
	if (snprintf(joined, sizeof(joined), "%s/%s", target, walk->rest) >=
	    (int)sizeof(joined))
		return fail(walk->file, FILE_UNREADABLE, "the path is too long");
	memcpy(walk->rest, joined, sizeof(joined));
	if (target[0] == '/')
		return start_at_root(walk);
	return FILE_OK;
}

static enum file_result
check_file(struct file *file, const struct stat *st, size_t max)
{
	if (!S_ISREG(st->st_mode))
		return fail(file, FILE_UNSAFE, "not a regular file");
	if (!is_trusted_owner(st->st_uid))
		return fail(file, FILE_UNSAFE, "belongs to another user (uid "
		    "%u): chown root", (unsigned)st->st_uid);
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return fail(file, FILE_UNSAFE, "writable by group or others: "
		    "chmod go-w");
	if ((uintmax_t)st->st_size >= max)
		return fail(file, FILE_UNSAFE, "%zu MiB or more", max >> 20);
	file->readable = (st->st_mode & (S_IRGRP | S_IROTH)) != 0;
	file->by_root = st->st_uid == 0;
	return FILE_OK;
}

static enum file_result
read_all(int fd, size_t size, struct file *file)
{
	size_t done = 0;
	ssize_t got;

	if (secret_alloc(size, &file->text) != JWT_OK)
		return fail(file, FILE_NO_MEMORY, "memory ran out");
	while (done < size) {
		got = read(fd, file->text.ptr + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_errno(file, "it cannot be read");
		if (got == 0)
			break;
		done += (size_t)got;
	}
	if (done != size)
		return fail(file, FILE_UNREADABLE,
		    "it shrank while it was read");
	return FILE_OK;
}

/*
 * Read an open file, and close it.  A file that changes while it is read is
 * refused, as we might read half of each version.
 */
static enum file_result
read_and_close(int fd, size_t max, struct file *file)
{
	enum file_result result;
	struct stat before, after;

	if (fstat(fd, &before) != 0) {
		result = fail_errno(file, NULL);
		goto out;
	}
	result = check_file(file, &before, max);
	if (result != FILE_OK)
		goto out;
	result = read_all(fd, (size_t)before.st_size, file);
	if (result != FILE_OK)
		goto out;
	if (fstat(fd, &after) != 0 || !file_is_same(&before, &after))
		result = fail(file, FILE_UNREADABLE, "it was changed while it "
		    "was read: replace files with rename");
out:
	close(fd);
	return result;
}

/* Read the last component, which is neither a link nor a folder. */
static enum file_result
read_last(struct walk *walk, const char *name)
{
	int fd = file_open_at(walk->folder, name, READ_FLAGS);

	if (fd < 0)
		return fail_errno(walk->file, NULL);
	return read_and_close(fd, walk->max, walk->file);
}

/* Take one step: enter a folder, follow a link, or read the file. */
static enum file_result
step(struct walk *walk, const char *name, bool *done)
{
	enum file_result result;
	struct stat st;
	int fd;

	fd = file_open_at(walk->folder, name, O_PATH);
	if (fd < 0)
		return fail_errno(walk->file, NULL);
	if (fstat(fd, &st) != 0) {
		result = fail_errno(walk->file, NULL);
		goto out;
	}
	if (S_ISDIR(st.st_mode))
		return enter(walk, fd, &st);
	if (S_ISLNK(st.st_mode)) {
		result = follow(walk, fd, &st);
		goto out;
	}
	*done = true;
	if (walk->rest[0] == '\0')
		result = read_last(walk, name);
	else
		result = fail(walk->file, FILE_UNREADABLE, "ENOTDIR");
out:
	close(fd);
	return result;
}

static enum file_result
start(struct walk *walk, const char *path)
{
	*walk->file = (struct file){ 0 };
	if (path[0] != '/' || strlen(path) >= sizeof(walk->rest))
		return fail(walk->file, FILE_UNREADABLE, "not an absolute "
		    "path, or too long");
	memcpy(walk->rest, path, strlen(path) + 1);
	return start_at_root(walk);
}

static enum file_result
read_by_walk(const char *path, size_t max, struct file *out)
{
	struct walk walk = { .folder = -1, .max = max, .file = out };
	enum file_result result = start(&walk, path);
	char name[NAME_MAX + 1];
	bool done = false;

	while (result == FILE_OK && !done) {
		if (take_component(&walk, name))
			result = step(&walk, name, &done);
		else
			result = fail(out, FILE_UNSAFE, "not a regular file");
	}
	if (walk.folder >= 0)
		close(walk.folder);
	return result;
}

enum file_result
file_read_below(const char *path, size_t max, struct file *out)
{
	int fd = file_open_usual(path, READ_FLAGS);

	if (fd < 0)
		return read_by_walk(path, max, out);
	*out = (struct file){ 0 };
	return read_and_close(fd, max, out);
}

enum file_result
file_read(const char *path, struct file *out)
{
	return file_read_below(path, FILE_SIZE_MAX, out);
}

static enum file_result
check_own_folder(struct file *file, int fd, bool is_public)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail_errno(file, NULL);
	if (st.st_uid != geteuid())
		return fail(file, FILE_UNSAFE, "belongs to another user (uid "
		    "%u)", (unsigned)st.st_uid);
	if (is_public && (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return fail(file, FILE_UNSAFE, "group or others may write it: "
		    "chmod go-w");
	if (!is_public && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return fail(file, FILE_UNSAFE, "group or others have a right "
		    "to it: chmod 700");
	return FILE_OK;
}

static enum file_result
take_folder(int fd, bool is_public, int *out, struct file *file)
{
	enum file_result result = check_own_folder(file, fd, is_public);

	if (result == FILE_OK)
		*out = fd;
	else
		close(fd);
	return result;
}

static enum file_result
open_by_walk(const char *path, bool is_public, int *fd, struct file *out)
{
	struct walk walk = { .folder = -1, .file = out };
	enum file_result result = start(&walk, path);
	char name[NAME_MAX + 1];
	bool done = false;
	int last;

	*fd = -1;
	while (result == FILE_OK && take_component(&walk, name)) {
		result = step(&walk, name, &done);
		if (done)
			result = fail(out, FILE_UNREADABLE, "not a folder");
	}
	if (result != FILE_OK)
		goto out;
	if (walk.rest[0] != '\0') {
		result = fail(out, FILE_UNREADABLE, "the path is too long");
		goto out;
	}
	last = file_open_at(walk.folder, ".", O_RDONLY | O_DIRECTORY);
	if (last < 0)
		result = fail_errno(out, NULL);
	else
		result = take_folder(last, is_public, fd, out);
out:
	if (walk.folder >= 0)
		close(walk.folder);
	return result;
}

static enum file_result
open_folder(const char *path, bool is_public, int *out, struct file *file)
{
	int fd = file_open_usual(path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return open_by_walk(path, is_public, out, file);
	*out = -1;
	*file = (struct file){ 0 };
	return take_folder(fd, is_public, out, file);
}

enum file_result
file_open_folder(const char *path, int *fd, struct file *out)
{
	return open_folder(path, false, fd, out);
}

enum file_result
file_open_public(const char *path, int *fd, struct file *out)
{
	return open_folder(path, true, fd, out);
}

/*
 * Make a folder in the current one, which nobody else may write: otherwise
 * another user could put a folder of his in its place.
 */
static enum file_result
make_one(struct walk *walk, const char *name, mode_t mode)
{
	int fd;

	if (walk->shared)
		return fail(walk->file, FILE_UNSAFE, "the folder that it would "
		    "be made in is writable by others");
	if (mkdirat(walk->folder, name, mode) != 0) {
		if (errno == EEXIST)
			return FILE_OK;
		return fail_errno(walk->file, "it cannot be made");
	}
	/* mkdirat() has applied the umask. */
	if (fchmodat(walk->folder, name, mode, 0) != 0)
		return fail_errno(walk->file, "its mode cannot be set");
	fd = file_open_at(walk->folder, ".", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fail_errno(walk->file, NULL);
	(void)file_sync(fd);
	close(fd);
	return FILE_OK;
}

/* Take one step, but make the last two folders if they are missing. */
static enum file_result
step_or_make(struct walk *walk, const char *name, mode_t mode, bool *done)
{
	const char *slash = strchr(walk->rest, '/');
	enum file_result result = step(walk, name, done);

	if (result != FILE_UNREADABLE || !walk->file->missing ||
	    (slash != NULL && slash[strspn(slash, "/")] != '\0'))
		return result;
	*walk->file = (struct file){ 0 };
	result = make_one(walk, name, walk->rest[0] == '\0' ? mode : 0755);
	if (result != FILE_OK)
		return result;
	return step(walk, name, done);
}

enum file_result
file_make_folder(const char *path, mode_t mode, struct file *out)
{
	struct walk walk = { .folder = -1, .file = out };
	enum file_result result = start(&walk, path);
	char name[NAME_MAX + 1];
	bool done = false;

	while (result == FILE_OK && take_component(&walk, name)) {
		result = step_or_make(&walk, name, mode, &done);
		if (done)
			result = fail(out, FILE_UNREADABLE, "not a folder");
	}
	if (walk.folder >= 0)
		close(walk.folder);
	return result;
}

enum file_result
file_check_socket(const char *path, struct file *out)
{
	struct walk walk = { .folder = -1, .file = out, .to_socket = true };
	enum file_result result = start(&walk, path);
	char name[NAME_MAX + 1] = "";
	bool done = false;
	struct stat st;

	while (result == FILE_OK && take_component(&walk, name) &&
	    walk.rest[0] != '\0') {
		result = step(&walk, name, &done);
		if (done)
			result = fail(out, FILE_UNREADABLE, "ENOTDIR");
	}
	if (result != FILE_OK)
		goto out;
	if (fstatat(walk.folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		result = fail_errno(out, "the socket");
	else if (!S_ISSOCK(st.st_mode))
		result = fail(out, FILE_UNREADABLE, "not a socket");
out:
	if (walk.folder >= 0)
		close(walk.folder);
	return result;
}

void
file_clear(struct file *file)
{
	secret_clear(&file->text);
}
