/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors on standard error; standard output is for the token alone. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "askpass/complain.h"

bool
complain(const char *format, ...)
{
	va_list args;

	fputs("pam-jwt-askpass: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

bool
complain_errno(const char *what)
{
	return complain("%s: %s", what, strerror(errno));
}
