/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong, for people. */
#include <stdarg.h>
#include <stdio.h>

#include "tool/complain.h"

bool
complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("pam-jwt: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return false;
}
