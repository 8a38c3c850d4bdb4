/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sign of life of `pam-jwt sessions end --due`: each run leaves the time at
 * which it ended.  Where nothing else would end a session at its limit, the
 * module believes in that limit only while the sign is fresh.
 */
#ifndef JWT_HEARTBEAT_H
#define JWT_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/reason.h"

#define HEARTBEAT_FOLDER "/run/pam_jwt"	/* tmpfiles, the module and --due make it */
#define HEARTBEAT_NAME	"heartbeat"
#define HEARTBEAT_MAX_SEC 180		/* three runs of the timer */

/*
 * Write the boot and its time, over an older sign.  False with errno.
 *
 * folder  descriptor of HEARTBEAT_FOLDER
 */
JWT_MUST_USE bool heartbeat_leave(int folder);

/*
 * Seconds since the sign in a folder was left; -1 if there is none of this
 * boot, or if somebody else than root, or than the caller, could have left it.
 *
 * folder  HEARTBEAT_FOLDER; a test has its own
 */
int64_t heartbeat_age(const char *folder);

/* Whether the sign in HEARTBEAT_FOLDER is at most HEARTBEAT_MAX_SEC old. */
bool heartbeat_is_fresh(void);

#endif
