/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reading, and writing, of the files and pipes of the user. */
#ifndef JWT_USERFILE_H
#define JWT_USERFILE_H

#include "core/base/secret.h"
#include "core/jose/jws.h"

/* Bytes: the longest token, and spaces or newlines around it. */
#define USERFILE_MAX	(TOKEN_MAX + 64)

/*
 * Which files are accepted; all but USERFILE_ANY must be regular, and the
 * user's, except with USERFILE_TRUSTED.
 */
enum userfile_kind {
	USERFILE_ANY,		/* any file or pipe: the user named it */
	USERFILE_TRUSTED,	/* root's or the user's; nobody else may write it */
	USERFILE_STEADY,	/* nobody else may write it */
	USERFILE_PRIVATE	/* nobody else may write or read it */
};

enum userfile_result {
	USERFILE_OK,
	USERFILE_MISSING,	/* without a message */
	USERFILE_FAULT		/* with one */
};

struct userfile {
	struct secret text;	/* owned */
	int64_t written_sec;	/* since the epoch */
};

/*
 * Read a whole file.  The checks look at the opened file, not at its name, so
 * nobody can exchange it in between.  Waits for a pipe only with USERFILE_ANY.
 * The caller must clear out->text, whatever the result.
 */
enum userfile_result userfile_read(const char *path, enum userfile_kind kind,
    struct userfile *out);

/* The result of one step of reading a descriptor. */
enum userfile_step {
	USERFILE_MORE,
	USERFILE_END,
	USERFILE_FAILED		/* with a message */
};

/*
 * Whether a folder is the user's own, and nobody else may write it.  A link
 * counts for none: in a shared folder somebody else may have made it, and lead
 * it elsewhere after we have looked.  False, with a message, otherwise.
 */
bool userfile_is_own_folder(const char *path);

/* Prepare *out for userfile_step(); false, with a message, without memory. */
bool userfile_start(struct secret *out);

/*
 * Append to *out by one read() of a descriptor; messages use name.  Returns
 * USERFILE_MORE also when there is nothing to read yet.
 */
enum userfile_step userfile_step(int fd, const char *name,
    struct secret *out);

/* Write all of text; false, with errno, when that fails. */
bool userfile_write(int fd, struct bytes text);

#endif
