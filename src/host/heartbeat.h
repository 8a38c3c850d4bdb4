/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sign of life of `pam-jwt sessions end --due`: each run leaves the time at
 * which it had kept the limits.  Where nothing else would end a session at its
 * limit, the module believes in that limit only while the sign is fresh.
 *
 * Each PID namespace has a sign of its own, because a run ends only what is in
 * its own one: a container that shares /run with the host must not believe that
 * the host's timer keeps its limits.
 */
#ifndef JWT_HEARTBEAT_H
#define JWT_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/reason.h"

#define HEARTBEAT_FOLDER "/run/pam_jwt"	/* tmpfiles, the module and --due make it */
#define HEARTBEAT_NAME	"heartbeat"	/* with a dot and the namespace */
#define HEARTBEAT_NAME_SIZE 32		/* bytes of all that with its terminator */
#define HEARTBEAT_MAX_SEC 180		/* three runs of the timer */

/* The name of the sign of this PID namespace; false if /proc does not say. */
JWT_MUST_USE bool heartbeat_name(char out[HEARTBEAT_NAME_SIZE]);

/*
 * Write the boot and its time, over an older sign.  False with errno.
 *
 * folder  descriptor of HEARTBEAT_FOLDER
 */
JWT_MUST_USE bool heartbeat_leave(int folder);

/*
 * Returns how many seconds ago the sign in a folder was left, or -1 if no sign
 * was left in this boot, or if somebody other than root or the caller could
 * have left it.
 *
 * folder  HEARTBEAT_FOLDER; a test has its own
 */
int64_t heartbeat_age(const char *folder);

/* Whether the sign in HEARTBEAT_FOLDER is at most HEARTBEAT_MAX_SEC old. */
bool heartbeat_is_fresh(void);

#endif
