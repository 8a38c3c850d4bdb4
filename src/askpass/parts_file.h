/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files in $XDG_RUNTIME_DIR/pam-jwt that outlive one prompt.  Without the
 * variable nothing is kept.
 *
 * parts  the whole token, while it still has parts to give: the command may
 *        print another one the next time; the prompt says from which byte
 * rest   the bytes that are left, for prompts that do not say which part
 */
#ifndef JWT_PARTS_FILE_H
#define JWT_PARTS_FILE_H

#include "cli/places.h"
#include "cli/userfile.h"

#define PARTS_FILE_PARTS_SEC	300	/* no login takes longer */
#define PARTS_FILE_REST_SEC	5	/* a next prompt comes at once */

/*
 * Read places->parts or places->rest.  A file that was written more than
 * max_sec ago counts as missing.
 */
enum userfile_result parts_file_read(const char *path, int64_t max_sec,
    struct secret *out);

/* Keep text under path; false, with a message, when that fails. */
bool parts_file_write(const struct places *places, const char *path,
    struct bytes text);

/* Remove the file; path may be NULL. */
void parts_file_remove(const char *path);

#endif
