/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error messages of the programs.  They go to standard error, because standard
 * output is for results alone, which a script may read.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/complain.h"

bool
complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return false;
}

bool
complain_errno(const char *what)
{
	return complain("%s: %s", what, strerror(errno));
}
