/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command that prints a token. */
#ifndef JWT_COMMAND_H
#define JWT_COMMAND_H

#include "core/base/secret.h"

/* Borrowed strings. */
struct command {
	const char *name;	/* for messages: "the command" */
	const char *path;	/* of the program */
	char *const *argv;	/* ends with NULL */
	unsigned timeout_sec;
	const char *advice;	/* where it takes longer; a sentence or "" */
};

/*
 * Run it and read its standard output into *out.  Its standard input is empty,
 * and its standard error is the user's.  The command gets a session of its own;
 * its processes are ended when it takes longer than timeout_sec, when it prints
 * too much, and when a signal asks this program to end; then it may finish what
 * it does, within timeout_sec and ten seconds.  False, with a message, when it
 * did not exit by itself; otherwise *status is its exit status.
 */
bool command_run(const struct command *command, struct secret *out,
    int *status);

#endif
