/* SPDX-License-Identifier: BSD-2-Clause */
/* The subcommands of a program: each has a name, a function and its help. */
#ifndef JWT_COMMAND_H
#define JWT_COMMAND_H

#include "cli/exit.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);	/* of the words after the name */
	const char *help;	/* NULL: another program, which has its own */
};

/*
 * Run a subcommand, or print its help if --help is among its words.  Returns an
 * exit status, as command_finish() does.
 */
int command_run(const struct command *command, int argc, char **argv);

/*
 * Write out what standard output still holds.  Returns the exit status, or
 * EXIT_TROUBLE with a message: otherwise a full disk would look like success.
 */
int command_finish(int status);

#endif
