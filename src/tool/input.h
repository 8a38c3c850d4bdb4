/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads standard input, and files that the user of the command names. */
#ifndef JWT_INPUT_H
#define JWT_INPUT_H

#include <sys/stat.h>

#include "core/base/secret.h"

#define INPUT_MAX	1048576	/* bytes; the module reads no longer key file */
#define INPUT_PATH_SIZE	768	/* bytes; file.h opens no longer path */

/*
 * Read all of a file that the caller names; NULL or "-" is standard input.
 * False, with a message, beyond INPUT_MAX.
 */
bool input_read(const char *path, struct secret *out);

/*
 * The same for a token, but a longer input is cut at INPUT_MAX.  No token may
 * be as long, so the caller gets a refusal of the token, not an input error.
 */
bool input_read_token(const char *path, struct secret *out);

/* Read at most INPUT_MAX bytes of a file, and never standard input. */
bool input_read_file(const char *path, struct secret *out);

/*
 * Read a private key file of the caller or of root.  False, with a message on
 * stderr, also when group or others may read or change it.
 */
bool input_read_private(const char *path, struct secret *out);

/* A file and its open folder, to remove exactly the file that was read. */
struct input_held {
	const char *path;	/* borrowed, as is name */
	const char *name;
	int folder;
	struct stat st;
};

/*
 * Read a private file by its absolute path.  It must be the caller's own, and
 * not a symbolic link.  False, with a message on stderr.  The caller must call
 * input_let_go(), whatever the result.
 */
bool input_hold(const char *path, struct input_held *held, struct secret *out);

/*
 * Remove the file; false, with a message, if it is not the one that was read.
 */
bool input_remove(const struct input_held *held);
void input_let_go(struct input_held *held);

/* Copy path; if it is relative, put the working folder in front. */
bool input_absolute(const char *path, char *out, size_t size);

#endif
