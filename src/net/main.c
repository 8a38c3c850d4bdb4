/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-net: the only program that fetches documents over HTTPS.  pam-jwt
 * sync starts it as a user without rights, so that a fault in TLS or HTTP code
 * gives an attacker as little as possible.
 */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cli/complain.h"
#include "cli/exit.h"
#include "net/fetch.h"

static int
usage(void)
{
	fputs("usage: pam-jwt-net fetch\n"
	    "\npam-jwt sync runs it: it reads a request and writes an answer; "
	    "see pam-jwt(1).\n", stderr);
	return EXIT_TROUBLE;
}

int
main(int argc, char **argv)
{
	int code;

	if (argc != 2 || strcmp(argv[1], "fetch") != 0)
		return usage();
	if (getuid() == 0 || geteuid() == 0) {
		complain("it does not talk to the network as root");
		return EXIT_TROUBLE;
	}
	/* No other process of this user may read a client key in our memory. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || clearenv() != 0) {
		complain_errno("prctl");
		return EXIT_TROUBLE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	/* A further arena would reserve memory that counts for our limit. */
	(void)mallopt(M_ARENA_MAX, 1);
	code = fetch_run();
	/* A library's exit handler may wait for the resolver: run none. */
	_exit(code);
}
