/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The commands of a program: each has a name, a function and its help.  What is
 * said about them has one form: in the help, in the overview and in errors.
 */
#ifndef JWT_COMMAND_H
#define JWT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/exit.h"

struct command {
	const char *name;	/* NULL: summary is a heading of the overview */
	const char *summary;	/* one line that says what it does */
	int (*run)(int argc, char **argv);	/* of the words after the name */
	const char *help;	/* NULL: another program, which has its own */
	/*
	 * The commands of this command, such as "generate" of "key"; NULL: it
	 * has none.  One whose run is NULL is run by its parent, which then
	 * gets its name as the first word.
	 */
	const struct command *commands;
};

/* The last of a list of commands. */
#define COMMAND_END { NULL, NULL, NULL, NULL, NULL }

struct command_set {
	const char *program;	/* as people type it: "pam-jwt issuer" */
	const struct command *commands;
	const char *more;	/* the end of the overview: examples */
};

/*
 * Run the command that the words after argv[0] name, or print its help.  Words
 * that are none of the commands are an error.  Returns an exit status, as
 * command_finish() does.
 */
int command_main(const struct command_set *set, int argc, char **argv);

/*
 * Print an error of usage, what to do about it, and where it is explained:
 * "COMMAND: MESSAGE; COMMAND --help shows the options".  Returns false.
 */
bool command_fail(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether a word asks for help; whether it asks for the version. */
bool command_is_help(const char *word);
bool command_is_version(const char *word);

/*
 * Write out what standard output still holds.  Returns the exit status, or
 * EXIT_TROUBLE with a message: otherwise a full disk would look like success.
 */
int command_finish(int status);

#endif
