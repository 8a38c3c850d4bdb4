/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token of which parts are still to come, in $XDG_RUNTIME_DIR/pam-jwt/parts:
 * a command may give another one the next time.  Without the variable
 * nothing is kept.
 */
#ifndef JWT_KEEP_H
#define JWT_KEEP_H

#include "askpass/places.h"
#include "askpass/userfile.h"

#define KEEP_MAX_SEC 300	/* no login takes longer */

/* USERFILE_MISSING also when it is older than KEEP_MAX_SEC. */
enum userfile_result keep_read(const struct places *places,
    struct secret *out);

/* False, with a message, when it cannot be kept. */
bool keep_write(const struct places *places, struct bytes token);

void keep_remove(const struct places *places);

#endif
