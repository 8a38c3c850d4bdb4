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
 */
int file_open_at(int folder, const char *name, int flags);

/* The same descriptor, or one in its place, above the host's 0 to 2; or -1. */
int file_above_stdio(int fd);

/* Whether a file was neither replaced nor changed between the two. */
bool file_is_same(const struct stat *a, const struct stat *b);

/* "ENOENT" and the like; strerror() would ask the host's locale. */
const char *file_errno_name(int error);

#endif
