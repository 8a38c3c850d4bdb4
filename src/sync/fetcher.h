/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The process that talks to the network for us: started for one document,
 * with no right of ours, and ended when it takes too long.
 *
 * Nothing that it does is trusted.  It gets one request on its standard input,
 * and what it writes to its standard output is read with a bound and as bytes
 * that an attacker has chosen: see exchange.h.
 */
#ifndef JWT_FETCHER_H
#define JWT_FETCHER_H

#include "sync/exchange.h"

#define FETCHER_PROGRAM "pam-jwt-net"
#define FETCHER_USER "_pam-jwt"
#define FETCHER_PATH_MAX 1024	/* bytes with terminator */
#define FETCHER_TIMEOUT_SEC 20	/* from its start to its last byte */

struct fetcher_options {
	const char *program;	/* absolute path, from fetcher_find() */
	const char *user;	/* to run as; NULL: as the caller, who is not root */
	unsigned timeout_sec;	/* 0: FETCHER_TIMEOUT_SEC */
};

/*
 * Where the fetcher's program is: in the folder of our own program, otherwise
 * in the folder that was compiled in.  Neither PATH nor the environment is
 * asked.  False when it is in neither.
 */
JWT_MUST_USE bool fetcher_find(char path[FETCHER_PATH_MAX]);

/* Whether there is a user of that name, and it is not root. */
JWT_MUST_USE bool fetcher_has_user(const char *name);

/*
 * Fetch one document.
 *
 * buffer  empty; gets the bytes that out has views of, and is to be cleared
 *         whatever the result
 *
 * JWT_OK: an answer was read, which may be that of a failure.  Otherwise there
 * is no answer, and out->error says in words what became of the fetcher.
 * Root's rights are never given to it: without a user, or with one that is
 * root, it is not started.
 */
JWT_MUST_USE enum jwt_reason fetcher_run(const struct fetcher_options *options,
    const struct exchange_request *request, struct secret *buffer,
    struct exchange_answer *out);

#endif
