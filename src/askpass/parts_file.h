/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is kept between two prompts, in $XDG_RUNTIME_DIR/pam-jwt: without the
 * variable nothing is.
 *
 * parts  a token of which parts are still to come, because a command may give
 *        another one the next time; the prompt says from which byte
 * rest   what is still to be given where no prompt says so
 */
#ifndef JWT_PARTS_FILE_H
#define JWT_PARTS_FILE_H

#include "cli/places.h"
#include "cli/userfile.h"

#define PARTS_FILE_PARTS_SEC	300	/* no login takes longer */
#define PARTS_FILE_REST_SEC	5	/* the next prompt comes soon, or never */

/*
 * path is places->parts or places->rest.  USERFILE_MISSING also when it was
 * written longer ago than max_sec.
 */
enum userfile_result parts_file_read(const char *path, int64_t max_sec,
    struct secret *out);

/* False, with a message, when it cannot be kept. */
bool parts_file_write(const struct places *places, const char *path,
    struct bytes text);

void parts_file_remove(const char *path);

#endif
