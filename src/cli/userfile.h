/* SPDX-License-Identifier: BSD-2-Clause */
/* Files and pipes of the user: bounded reading, and writing. */
#ifndef JWT_USERFILE_H
#define JWT_USERFILE_H

#include "core/base/secret.h"
#include "core/jose/jws.h"

/* Bytes: the longest token, and blanks around it. */
#define USERFILE_MAX	(TOKEN_MAX + 64)

/* What a file must be, besides the user's own and regular. */
enum userfile_kind {
	USERFILE_ANY,		/* he named it: it need not even be a file */
	USERFILE_STEADY,	/* nobody else may write it */
	USERFILE_PRIVATE	/* nor read it */
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
 * Read a file whole.  Looks at the opened file, not at its name; waits for
 * a pipe only with USERFILE_ANY.  *out is to be cleared whatever the result.
 */
enum userfile_result userfile_read(const char *path, enum userfile_kind kind,
    struct userfile *out);

/* What one step of reading a descriptor came to. */
enum userfile_step {
	USERFILE_MORE,
	USERFILE_END,
	USERFILE_FAILED		/* with a message */
};

/* Makes *out ready for userfile_step(); false, with a message. */
bool userfile_start(struct secret *out);

/*
 * Add what can be read from a descriptor to what *out has, by one read();
 * name is for a message.  Nothing to be read yet is USERFILE_MORE.
 */
enum userfile_step userfile_step(int fd, const char *name,
    struct secret *out);

/* Write all of it; false with errno. */
bool userfile_write(int fd, struct bytes text);

#endif
