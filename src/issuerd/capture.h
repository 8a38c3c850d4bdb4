/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs another program of the system, and takes what it prints. */
#ifndef JWT_CAPTURE_H
#define JWT_CAPTURE_H

#include "core/base/secret.h"

#define CAPTURE_MAX	262144	/* bytes; sshd -T prints about 6,000 */

enum capture_result {
	CAPTURE_OK,		/* it ended with the status 0 */
	CAPTURE_MISSING,	/* there is no such program */
	CAPTURE_FAILED		/* any other end, or it printed too much */
};

/*
 * Run a program without our environment, with an empty standard input and our
 * standard error.  It is killed when it takes too long.
 *
 * argv         ends with NULL; argv[0] is an absolute path
 * timeout_sec  from its start to its end
 * out          what it printed; the caller must clear it, whatever the result
 */
JWT_MUST_USE enum capture_result capture_run(char *const argv[],
    unsigned timeout_sec, struct secret *out);

#endif
