/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In front of libc: a name service that ignores case, as that of a directory
 * may.  It finds ALICE, and says that the name is alice.
 *
 *	cc -shared -fPIC -D_GNU_SOURCE -o names_lower.so tests/programs/names_lower.c
 *	LD_PRELOAD=./names_lower.so pam-jwt state show --account ALICE
 */
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <stddef.h>

typedef int (*look_up)(const char *, struct passwd *, char *, size_t,
    struct passwd **);

int
getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
    struct passwd **found)
{
	look_up real = (look_up)dlsym(RTLD_NEXT, "getpwnam_r");
	char lower[64];
	size_t i;

	*found = NULL;
	for (i = 0; name[i] != '\0' && i < sizeof(lower) - 1; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	lower[i] = '\0';
	if (real == NULL)
		return EIO;
	return real(lower, entry, buffer, size, found);
}
