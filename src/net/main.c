/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt-net: the only program that talks HTTPS.  pam-jwt sync starts it as a
 * user without rights, so that a fault in TLS or HTTP code gives an attacker as
 * little as possible; for pam-jwt login it runs as the person.  confine.c takes
 * away what it does not need.  It also has what else would give pam-jwt a
 * library.
 */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "cli/exit.h"
#include "core/base/version.h"
#include "net/fetch.h"
#include "net/qr.h"

static void
print_usage(FILE *out)
{
	fputs("usage: pam-jwt-net fetch | qr\n"
	    "\npam-jwt runs it: fetch reads a request and writes an answer, "
	    "qr reads a text\nand writes a QR code; see pam-jwt(1).\n", out);
}

/* The one word that is neither of the two. */
static int
run_word(const char *word)
{
	if (command_is_help(word)) {
		print_usage(stdout);
		return command_finish(EXIT_YES);
	}
	if (command_is_version(word)) {
		puts("pam-jwt-net " VERSION);
		return command_finish(EXIT_YES);
	}
	print_usage(stderr);
	return EXIT_TROUBLE;
}

static int
fetch(void)
{
	if (getuid() == 0 || geteuid() == 0) {
		complain("it does not talk to the network as root");
		return EXIT_TROUBLE;
	}
	return fetch_run();
}

int
main(int argc, char **argv)
{
	bool is_qr = argc == 2 && strcmp(argv[1], "qr") == 0;
	int code;

	if (!is_qr && (argc != 2 || strcmp(argv[1], "fetch") != 0))
		return run_word(argc == 2 ? argv[1] : "");
	/* No other process of this user may read a client key in our memory. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || clearenv() != 0) {
		complain_errno("prctl");
		return EXIT_TROUBLE;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	/* A further arena would reserve memory that counts for our limit. */
	(void)mallopt(M_ARENA_MAX, 1);
	if (is_qr)
		code = qr_run();
	else
		code = fetch();
	/* A library's exit handler may wait for the resolver: run none. */
	_exit(code);
}
