/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it costs to map a module: weigh OBJECT [LIBRARY].  Prints the KiB of
 * RSS and of private memory that dlopen() adds, and its microseconds of CPU
 * time.  LIBRARY is there, and used, before: libcrypto in sshd.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "tests/bench/cpu.h"
#include "tests/bench/footprint.h"
#include "tests/bench/libcrypto_up.h"

static int64_t took_ns;

static void
load(void *path)
{
	int64_t start = cpu_ns();

	if (dlopen(path, RTLD_NOW) == NULL)
		fprintf(stderr, "weigh: %s\n", dlerror());
	took_ns = cpu_ns() - start;
}

int
main(int argc, char **argv)
{
	struct footprint print;

	if (argc < 2)
		return 2;
	if (argc > 2)
		libcrypto_up(argv[2]);
	footprint_of(load, argv[1], &print);
	printf("%ld %ld %lld\n", print.rss_kib, print.private_kib,
	    (long long)took_ns / 1000);
	return 0;
}
