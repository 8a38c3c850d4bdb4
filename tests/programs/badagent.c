/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An ssh-agent that lies; tests/lib/badagent.h has the modes:
 *
 *	badagent SOCKET MODE PRIVATE.pem OTHER.pem
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "badagent.h"

static void
read_key(const char *path, struct keypair *out)
{
	static char text[16384];
	FILE *file = fopen(path, "r");
	size_t len;

	if (file == NULL)
		exit(2);
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (!keypair_read_pem(bytes_of(text, len), out))
		exit(2);
}

int
main(int argc, char **argv)
{
	struct keypair pair = { 0 }, other = { 0 };
	unsigned mode;

	if (argc != 5)
		return 2;
	read_key(argv[3], &pair);
	read_key(argv[4], &other);
	for (mode = 0; mode < BADAGENT_MODES; mode++) {
		if (strcmp(badagent_name((enum badagent_mode)mode),
		    argv[2]) == 0)
			badagent_serve(argv[1], (enum badagent_mode)mode,
			    &pair, &other);
	}
	return 2;
}
