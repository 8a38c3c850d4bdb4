/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command reads: standard input, and files that its user names. */
#ifndef JWT_INPUT_H
#define JWT_INPUT_H

#include <sys/stat.h>

#include "core/base/secret.h"

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

/* A file and its folder, so that what is removed is what was read. */
struct input_held {
	const char *path;	/* borrowed, as is name */
	const char *name;
	int folder;
	struct stat st;
};

/*
 * Read a private file that is the caller's own, and no symbolic link, by an
 * absolute path.  False, with a message on stderr; *held is to be let go of in
 * each case.
 */
bool input_hold(const char *path, struct input_held *held, struct secret *out);

/* Remove the file that was read; false, with a message, when it is another. */
bool input_remove(const struct input_held *held);
void input_let_go(struct input_held *held);

/* The path itself if it is absolute, else below the working folder. */
bool input_absolute(const char *path, char *out, size_t size);

#endif
