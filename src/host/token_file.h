/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file in which a local user keeps a token, for sudo, su and the like.
 *
 * Never a confused deputy: in bob's su for alice the module could read
 * alice's file and let bob in as alice.  So the file counts only where the
 * real user of the process is the account that is asked for, and not root.
 */
#ifndef JWT_TOKEN_FILE_H
#define JWT_TOKEN_FILE_H

#include "core/base/secret.h"

#define TOKEN_FILE_TIMEOUT_MSEC	1000	/* of a file system that hangs */

/* What became of it; fault is NULL when text is the file's. */
struct token_file {
	struct secret text;	/* owned */
	char path[1024];	/* "" until it is known */
	const char *fault;	/* for the log; static */
};

/*
 * Read the file of user.
 *
 * path  of the configuration, with %{user} and %{uid}
 * user  the account that is asked for; its uid must be that of the process
 *
 * It is read by a child with the user's rights, and no more: regular, the
 * user's own, no symbolic link, no right of group or others, no longer than
 * a token.  A FIFO, a device or a file system that hangs costs at most
 * TOKEN_FILE_TIMEOUT_MSEC.
 *
 * Returns JWT_OK with text, or with fault; JWT_OUT_OF_MEMORY.  *out is to be
 * cleared whatever the result.
 */
JWT_MUST_USE enum jwt_reason token_file_read(const char *path,
    const char *user, struct token_file *out);

/* Wipes. */
void token_file_clear(struct token_file *file);

#endif
