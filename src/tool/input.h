/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command reads: standard input, and files that its user names. */
#ifndef JWT_INPUT_H
#define JWT_INPUT_H

#include "core/secret.h"

#define INPUT_MAX	1048576	/* bytes: as a key file of the module */
#define INPUT_PATH_SIZE	768	/* bytes; file.h takes no longer path */

/* Read standard input whole.  False, with a message, beyond INPUT_MAX. */
bool input_read(struct secret *out);

/*
 * As input_read(), but one that is longer is cut at INPUT_MAX, which is
 * beyond what any token may have: what is wrong then is the token.
 */
bool input_read_token(struct secret *out);

/* The same from a file of any kind that the caller names. */
bool input_read_token_file(const char *path, struct secret *out);

/*
 * Read a private key file of the caller, which group and others may not
 * read.  False, with a message on stderr.
 */
bool input_read_private(const char *path, struct secret *out);

/* The path itself if it is absolute, else behind the working folder. */
bool input_absolute(const char *path, char *out, size_t size);

#endif
