/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in $XDG_RUNTIME_DIR/pam-jwt that outlive one prompt, for each asker
 * its own.  Without the variable nothing is kept.
 *
 * parts  the whole token, while it still has parts to give: the source may give
 *        another one the next time; the prompt says from which byte
 * rest   the bytes that are left, and the prompt, for prompts that do not say
 *        which part
 * told   a mark, with no token in it: see told.h
 */
#ifndef JWT_PARTS_FILE_H
#define JWT_PARTS_FILE_H

#include "askpass/asker.h"
#include "cli/places.h"
#include "cli/userfile.h"

#define PARTS_FILE_PARTS_SEC	300	/* no login takes longer */
#define PARTS_FILE_REST_SEC	10	/* a next prompt comes at once */

/* Where they are; NULL: nothing is kept.  In the arena. */
struct parts_file {
	const char *folder, *draft;
	const char *parts, *rest, *told;
};

/*
 * Name the files of an asker: the user, the host, and the process of the ssh or
 * sudo that asks, so that two logins at the same moment do not share a token.
 * False, with a message, for want of memory.
 */
bool parts_file_find(const struct places *places, const struct asker *asker,
    struct arena *arena, struct parts_file *out);

/*
 * Read the parts or the rest.  A file that was written more than max_sec ago
 * counts as missing.  Its time is that of the boot clock.
 */
enum userfile_result parts_file_read(const struct parts_file *files,
    const char *path, int64_t max_sec, struct secret *out);

/*
 * Keep text under path, and remove what logins left that came to no end.  False,
 * with a message, when text cannot be kept.
 */
bool parts_file_write(const struct parts_file *files, const char *path,
    struct bytes text);

/* Remove the file; path may be NULL. */
void parts_file_remove(const char *path);

#endif
