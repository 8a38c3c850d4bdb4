/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tells sync that a login lacked a key: an empty file that has the name of the
 * issuer.  The login waits for nothing.  The next `pam-jwt sync --due` removes
 * the file and asks the provider.
 */
#ifndef JWT_WANTED_H
#define JWT_WANTED_H

#include <stdbool.h>

#define WANTED_FOLDER "/run/pam_jwt/wanted"	/* tmpfiles and sync make it */

/*
 * Make the file, if this process is root's.  An error is ignored: the login is
 * refused anyway, and the timer asks the provider later.
 *
 * name  of an issuer with keys = sync, so it is a plain file name
 */
void wanted_leave(const char *name);

/* Whether a login left the word; false where nobody can tell. */
bool wanted_is_left(const char *name);

/* Take it away, before the provider is asked: what comes later is a new one. */
void wanted_remove(const char *name);

#endif
