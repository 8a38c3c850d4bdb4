/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds a program beside our own, or in the folder that was compiled in. */
#include <stdio.h>
#include <unistd.h>

#include "host/program.h"

#ifndef LIBEXECDIR	/* the Makefile sets it */
#define LIBEXECDIR "/usr/libexec/pam-jwt"
#endif

static bool
find_in(const char *folder, int folder_len, const char *name,
    char path[PROGRAM_PATH_MAX])
{
	int len = snprintf(path, PROGRAM_PATH_MAX, "%.*s/%s", folder_len,
	    folder, name);

	return len > 0 && len < PROGRAM_PATH_MAX && access(path, X_OK) == 0;
}

bool
program_find(const char *name, char path[PROGRAM_PATH_MAX])
{
	char own[PROGRAM_PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", own, sizeof(own));

	while (len > 0 && (size_t)len < sizeof(own) && own[len - 1] != '/')
		len--;
	if (len > 1 && (size_t)len < sizeof(own) &&
	    find_in(own, (int)len - 1, name, path))
		return true;
	return find_in(LIBEXECDIR, (int)strlen(LIBEXECDIR), name, path);
}
