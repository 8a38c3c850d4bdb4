/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the process that talks to the network for us.  It is started for one
 * request, without any right of ours, and ended when it takes too long.
 *
 * Nothing that it does is trusted.  It gets one request on its standard input.
 * Its standard output is read up to a limit, as bytes that an attacker may have
 * chosen: see exchange.h.
 */
#ifndef JWT_FETCHER_H
#define JWT_FETCHER_H

#include "host/program.h"
#include "sync/exchange.h"

#define FETCHER_PROGRAM "pam-jwt-net"
#define FETCHER_USER "_pam-jwt"
#define FETCHER_PATH_MAX PROGRAM_PATH_MAX
#define FETCHER_TIMEOUT_SEC 20	/* from its start to its last byte */

struct fetcher_options {
	const char *program;	/* absolute path, from fetcher_choose() */
	const char *user;	/* NULL: as the caller, who must not be root */
	unsigned timeout_sec;	/* 0: FETCHER_TIMEOUT_SEC */
	/*
	 * When the caller needs the answer, on the clock of clock_msec(); 0:
	 * no such time.  The server gets the whole seconds until then.
	 */
	int64_t deadline_msec;
};

/* Find the fetcher's program, as program_find() does. */
JWT_MUST_USE bool fetcher_find(char path[FETCHER_PATH_MAX]);

/* Whether a user of that name exists and is not root. */
JWT_MUST_USE bool fetcher_has_user(const char *name);

/*
 * Find the program, and the user that it must run as: FETCHER_USER when root
 * calls, otherwise the caller.  out->program is a view of path.  Returns NULL,
 * or what is missing, as a message for people; *out is then unchanged.
 */
JWT_MUST_USE const char *fetcher_choose(char path[FETCHER_PATH_MAX],
    struct fetcher_options *out);

/*
 * Make one request, and take its answer.
 *
 * buffer  gets the bytes that *out has views of; the caller must clear it,
 *         whatever the result
 *
 * JWT_OK means that an answer was read, which may say that the fetch failed.
 * Otherwise there is no answer, and out->error says in words what happened to
 * the fetcher.  It never gets root's rights: if root calls without a user, or
 * the user is root, it is not started.
 */
JWT_MUST_USE enum jwt_reason fetcher_run(const struct fetcher_options *options,
    const struct exchange_request *request, struct secret *buffer,
    struct exchange_answer *out);

#endif
