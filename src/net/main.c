/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-net: the program that talks to the network, so that no other has to.
 * pam-jwt sync starts it as a user without rights.
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
	    "see pam-jwt-sync(1).\n", stderr);
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
	/* A client key may come; nobody else of this user may look. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || clearenv() != 0) {
		complain_errno("prctl");
		return EXIT_TROUBLE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	/* Each further arena would reserve memory that the limits count. */
	(void)mallopt(M_ARENA_MAX, 1);
	code = fetch_run();
	/* No handler of a library: one of them may wait for the resolver. */
	_exit(code);
}
