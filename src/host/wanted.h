/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A login's word to sync that it lacked a key: an empty file with the name of
 * the issuer.  The login waits for nothing and does nothing else; the next
 * `pam-jwt sync --due` takes the file away and asks the provider.
 */
#ifndef JWT_WANTED_H
#define JWT_WANTED_H

#include <stdbool.h>

#define WANTED_FOLDER "/run/pam_jwt/wanted"	/* tmpfiles and sync make it */

/*
 * Leave the word, if this process is root's; any error is ignored, as the
 * refusal stands and the timer asks anyway.
 *
 * name  of an issuer with keys = sync, so that it is a plain file name
 */
void wanted_leave(const char *name);

/* Whether a login left the word; false where nobody can tell. */
bool wanted_is_left(const char *name);

/* Take it away, before the provider is asked: what comes later is a new one. */
void wanted_remove(const char *name);

#endif
