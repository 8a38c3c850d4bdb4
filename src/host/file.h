/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the files that decide who logs in, and refuses a file that another user
 * could have changed; writes files whole.
 */
#ifndef JWT_FILE_H
#define JWT_FILE_H

#include <sys/stat.h>

#include "core/base/secret.h"

#define FILE_SIZE_MAX	1048576	/* bytes; no configuration or key set is so big */
#define FILE_PATH_MAX	768	/* bytes with terminator; three are on the stack */
#define FILE_NAME_MAX	128		/* bytes of a name for file_replace() */
#define FILE_NEW_SUFFIX ".new"		/* of what file_replace() writes */
#define FILE_LINKS_MAX	8		/* symbolic links on the way */
#define FILE_SPARE	16		/* descriptors; the dynamic linker has some, too */

enum file_result {
	FILE_OK,
	FILE_UNREADABLE,	/* it is missing, we lack the right, or an error */
	FILE_UNSAFE,		/* another user's, not a regular file, or too big */
	FILE_NO_MEMORY,
	FILE_NO_DESCRIPTOR	/* RLIMIT_NOFILE, which the user may have set */
};

struct file {
	struct secret text;	/* owned */
	bool missing;		/* there is no such file */
	bool readable;		/* the group or others may read it */
	bool by_root;		/* it belongs to root */
	char fault[256];	/* says what is wrong and how to mend it */
};

/*
 * Read a file whole.
 *
 * path  absolute
 * max   bytes; a multiple of a mebibyte
 *
 * It must be a regular file below max that belongs to root or to the
 * effective user, and that neither the group nor others may write.  The same
 * holds for each folder on the way, but a sticky folder like /tmp may be
 * writable: nobody can replace a file of ours in it.  A symbolic link is
 * followed only if nobody else may write the folder that holds it.
 *
 * Nothing that is opened blocks, no descriptor stays open, and the checks look
 * at the opened file, not at its name.  The caller must clear *out whatever the
 * result.
 */
JWT_MUST_USE enum file_result file_read_below(const char *path, size_t max,
    struct file *out);

/* The same for FILE_SIZE_MAX. */
JWT_MUST_USE enum file_result file_read(const char *path, struct file *out);

void file_clear(struct file *file);

/*
 * Open a folder in the same way.  It must belong to the effective user, and
 * nobody else may have any right to it.  The caller closes *fd.  Unless the
 * result is FILE_OK, *fd is -1 and out->fault says why.
 */
JWT_MUST_USE enum file_result file_open_folder(const char *path, int *fd,
    struct file *out);

/* The same for a folder that others may read but not write. */
JWT_MUST_USE enum file_result file_open_public(const char *path, int *fd,
    struct file *out);

/*
 * Make a folder, and its parent with the mode 0755, if they are missing.
 * Nobody else may write the folder that they are made in.  A folder that exists
 * stays as it is, so it must be checked when it is opened.
 *
 * mode  the folder gets exactly this mode, whatever the umask is
 */
JWT_MUST_USE enum file_result file_make_folder(const char *path, mode_t mode,
    struct file *out);

/*
 * Check that only root or the server's user could have made a socket.  The
 * folders on the way must be as above.  Only its owner may write the folder of
 * the socket itself; the owner may be the server's user.  FILE_OK says who
 * could have made the socket, not which process listens on it.
 */
JWT_MUST_USE enum file_result file_check_socket(const char *path,
    struct file *out);

/*
 * openat() that goes on after a signal, with O_CLOEXEC and O_NOFOLLOW.  It
 * never returns a descriptor from 0 to 2: a host program that closed these
 * would write its messages into our file.  A file that O_CREAT makes has the
 * mode 0600.
 */
int file_open_at(int folder, const char *name, int flags);

/*
 * Open a file by file_open_at(), if all folders on the way are root's, nobody
 * else may write them unless they are sticky, and neither they nor the file are
 * symbolic links.  -1: that is not so, or it cannot be opened; file_read() and
 * file_open_folder() know every other case, and say what is wrong.
 */
int file_open_usual(const char *path, int flags);

/*
 * Whether this process can open as many files as anything here has open at one
 * time.  False: its limit, or the system's, is all but reached.
 */
bool file_has_descriptors(void);

/* Move a descriptor above 2 if it is not already; -1 with errno on failure. */
int file_above_stdio(int fd);

/* Whether a file was neither replaced nor changed between two fstat(). */
bool file_is_same(const struct stat *a, const struct stat *b);

/* write() of the whole text; false with errno. */
JWT_MUST_USE bool file_write(int fd, struct bytes text);

/* fsync() that goes on after a signal; false with errno. */
bool file_sync(int fd);

/*
 * flock() for one process at a time.  flock() has no time limit, and a process
 * that was stopped may hold the lock, so this waits for wait_msec at most.
 * False with errno; ETIMEDOUT if the lock was not free in time.
 */
bool file_lock(int fd, int64_t wait_msec);

/*
 * Replace a file in one step: write NAME.new, fsync it, rename it, fsync the
 * folder.  A reader sees the old file or the new one, also after a power cut.
 * An old NAME.new that a killed process left is removed.
 *
 * folder  descriptor of a folder that nobody else may write
 * name    at most FILE_NAME_MAX bytes, without a slash
 * mode    the file gets exactly this mode, whatever the umask is
 *
 * False with errno.  The old file is unchanged then.  But if it was the fsync
 * of the folder that failed, the new file is in place, and a power cut may
 * bring the old one back.
 */
JWT_MUST_USE bool file_replace(int folder, const char *name, struct bytes text,
    mode_t mode);

/* "No such file or directory"; strerror() would ask the host's locale. */
const char *file_errno_text(int error);

#endif
