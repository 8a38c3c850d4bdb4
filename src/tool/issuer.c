/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pam-jwt issuer: becomes pam-jwt-issuer, a program and a package of its own,
 * since no host that only verifies needs a database.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/complain.h"
#include "host/program.h"
#include "tool/tool.h"

#define ISSUER_PROGRAM "pam-jwt-issuer"

int
tool_issuer(int argc, char **argv)
{
	static char name[] = ISSUER_PROGRAM;
	char path[PROGRAM_PATH_MAX];
	char **words;
	int i;

	if (!program_find(ISSUER_PROGRAM, path)) {
		complain("there is no " ISSUER_PROGRAM ": install the package "
		    "pam-jwt-issuer");
		return EXIT_TROUBLE;
	}
	words = calloc((size_t)argc + 2, sizeof(*words));
	if (words == NULL) {
		complain("memory ran out");
		return EXIT_TROUBLE;
	}
	words[0] = name;
	for (i = 0; i < argc; i++)
		words[i + 1] = argv[i];
	(void)execv(path, words);
	complain_errno(path);
	free(words);
	return EXIT_TROUBLE;
}
