/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files that decide who logs in: read only if nobody else can have changed
 * them.
 */
#ifndef JWT_FILE_H
#define JWT_FILE_H

#include <sys/stat.h>

#include "core/base/secret.h"

#define FILE_SIZE_MAX	1048576	/* bytes; no key set or map is as big */
#define FILE_PATH_MAX	768		/* bytes with terminator: three of them on the stack */
#define FILE_NAME_MAX	128		/* bytes of a name for file_replace() */
#define FILE_LINKS_MAX	8		/* symbolic links on the way */

enum file_result {
	FILE_OK,
	FILE_UNREADABLE,	/* missing, no right, an error */
	FILE_UNSAFE,		/* another's, no regular file, or too big */
	FILE_NO_MEMORY,
	FILE_NO_DESCRIPTOR	/* RLIMIT_NOFILE, which may be the user's doing */
};

struct file {
	struct secret text;	/* owned */
	bool missing;		/* there is no such file */
	bool readable;		/* others than the owner may read it */
	char fault[256];	/* what is wrong and what to do, for people */
};

/*
 * Read a file whole.
 *
 * path  absolute
 *
 * It must be a regular file, owned by root or by the effective user, which
 * group and others may not write, below FILE_SIZE_MAX.  So must each folder
 * on the way be, but a sticky one like /tmp may be writable: what is in
 * it belongs to its owner.  A symbolic link is followed only out of a folder
 * that nobody else may write.
 *
 * Opens nothing that blocks, leaves no descriptor, and looks at the opened
 * file, not at its name.  *out is to be cleared whatever the result.
 */
JWT_MUST_USE enum file_result file_read(const char *path, struct file *out);

void file_clear(struct file *file);

/*
 * Open a folder the same way.  It must be the effective user's and no one
 * else may have a right to it.  *fd is to be closed; -1 unless FILE_OK, and
 * then out->fault says why.
 */
JWT_MUST_USE enum file_result file_open_folder(const char *path, int *fd,
    struct file *out);

/* The same for a folder that others may read, but not write. */
JWT_MUST_USE enum file_result file_open_public(const char *path, int *fd,
    struct file *out);

/*
 * Make a folder, and the one above it (0755), where they are missing and
 * nobody else may write the one that they are made in.  What is there stays as
 * it is, so that a folder is looked at when it is opened.
 *
 * mode  exactly, whatever the umask
 */
JWT_MUST_USE enum file_result file_make_folder(const char *path, mode_t mode,
    struct file *out);

/*
 * Whether nobody else could have put the socket of that path there.  Folders
 * on the way as above, but the one that it is in is writable by its owner
 * alone, and that may be the server's user.  Another process may still listen
 * on it: FILE_OK says who could have made it, not who answers.
 */
JWT_MUST_USE enum file_result file_check_socket(const char *path,
    struct file *out);

/*
 * openat() that is not interrupted, with O_CLOEXEC and O_NOFOLLOW, and never
 * on the descriptors 0 to 2, which are the host's even where it closed them.
 * A file that O_CREAT makes is the owner's alone.
 */
int file_open_at(int folder, const char *name, int flags);

/* The same descriptor, or one in its place, above the host's 0 to 2; or -1. */
int file_above_stdio(int fd);

/* Whether a file was neither replaced nor changed between the two. */
bool file_is_same(const struct stat *a, const struct stat *b);

/* fsync() that is not interrupted; false with errno. */
bool file_sync(int fd);

/*
 * flock() for one at a time, which waits no longer than that: whoever holds
 * the lock may have been stopped.  False with errno, ETIMEDOUT after the wait.
 */
bool file_lock(int fd, int64_t wait_msec);

/*
 * Put a file in the place of another, whole and durably: NAME.new, fsync,
 * rename, fsync of the folder.  Readers see the one or the other, and so do
 * they after a power cut.  A NAME.new that was left behind is removed.
 *
 * folder  a descriptor, of a folder that nobody else may write
 * name    of at most FILE_NAME_MAX bytes, without a slash
 * mode    exactly, whatever the umask
 *
 * False with errno.  The old file is then there as it was; but when the fsync
 * of the folder fails, the new one is, until a power cut at the latest.
 */
JWT_MUST_USE bool file_replace(int folder, const char *name, struct bytes text,
    mode_t mode);

/* "ENOENT" and the like; strerror() would ask the host's locale. */
const char *file_errno_name(int error);

#endif
