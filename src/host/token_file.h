/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the file in which a local user keeps a token, for sudo, su and the
 * like.
 *
 * The module must not be a confused deputy: when bob runs su for alice, it runs
 * as root, so it could read alice's file and let bob in as alice.  Therefore
 * the file counts only if the real user of the process is the account that is
 * asked for, and is not root.
 */
#ifndef JWT_TOKEN_FILE_H
#define JWT_TOKEN_FILE_H

#include "core/base/secret.h"

#define TOKEN_FILE_TIMEOUT_MSEC	1000	/* for a file system that hangs */

/* The text of the file, or, if fault is not NULL, why there is none. */
struct token_file {
	struct secret text;	/* owned */
	char path[1024];	/* after expansion; "" until then */
	const char *fault;	/* for the log; static */
};

/*
 * Read the file of user.
 *
 * path  from the configuration, with %{user} and %{uid}
 * user  the account that is asked for; its uid must be that of the process
 *
 * A child process reads it, with the rights of the user alone.  It must be a
 * regular file of the user and not a symbolic link, the group and others may
 * have no right to it, and it must not be longer than a token.  A FIFO, a
 * device or a file system that hangs delays the login by
 * TOKEN_FILE_TIMEOUT_MSEC at most.
 *
 * Returns JWT_OK with text or with fault, or JWT_OUT_OF_MEMORY.  The caller
 * must clear *out whatever the result.
 */
JWT_MUST_USE enum jwt_reason token_file_read(const char *path,
    const char *user, struct token_file *out);

/* Wipes. */
void token_file_clear(struct token_file *file);

#endif
