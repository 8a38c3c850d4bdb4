/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a subcommand, and looks whether its output has arrived. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"

int
command_run(const struct command *command, int argc, char **argv)
{
	int i;

	for (i = 0; command->help != NULL && i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(command->help, stdout);
			return command_finish(EXIT_YES);
		}
	}
	return command_finish(command->run(argc, argv));
}

int
command_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain_errno("standard output");
	return EXIT_TROUBLE;
}
