/* SPDX-License-Identifier: BSD-2-Clause */
/* libcrypto loaded and used, in programs that are not linked to it. */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/libcrypto_up.h"

void
libcrypto_up(const char *name)
{
	void *lib = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
	void *(*generate)(void *, const char *, const char *, ...) = NULL;

	if (lib != NULL)
		*(void **)&generate = dlsym(lib, "EVP_PKEY_Q_keygen");
	if (generate == NULL || generate(NULL, NULL, "EC", "P-256") == NULL) {
		fprintf(stderr, "%s: it makes no key\n", name);
		exit(1);
	}
}
