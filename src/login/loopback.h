/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The small server on 127.0.0.1 that a browser brings the answer of the
 * provider to (RFC 8252 section 7.3).  It listens only while a login waits, and
 * answers with fixed pages: nothing of a request is ever in them.
 */
#ifndef JWT_LOOPBACK_H
#define JWT_LOOPBACK_H

#include "login/callback.h"

/* Browsers open some connections before they know what for. */
#define LOOPBACK_CONNECTIONS 8

struct loopback_connection {
	int fd;			/* -1: free */
	int64_t end_msec;	/* it is closed then */
	struct secret text;	/* of CALLBACK_MAX bytes */
	size_t len;		/* bytes that have come */
};

struct loopback {
	int fd;
	unsigned port;		/* that was really bound */
	struct loopback_connection connections[LOOPBACK_CONNECTIONS];
};

/*
 * Listen on the first of the ports that is free; without ports, on any.
 * False, with a message on standard error.  The caller must close *out,
 * whatever the result.
 */
bool loopback_open(const unsigned *ports, size_t count,
    struct loopback *out);
void loopback_close(struct loopback *loopback);

/*
 * Serve for at most wait_msec.  CALLBACK_CODE and CALLBACK_REFUSED end the
 * login; CALLBACK_MORE says that nothing has come yet that does.  The caller
 * must clear out->code, whatever the result.
 */
enum callback_kind loopback_serve(struct loopback *loopback,
    const struct callback_wanted *wanted, int wait_msec,
    struct callback *out);

#endif
