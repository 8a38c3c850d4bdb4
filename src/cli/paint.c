/* SPDX-License-Identifier: BSD-2-Clause */
/* ANSI colours, on terminals whose users want them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/paint.h"

/*
 * Whether out is a terminal that takes colour.  NO_COLOR (no-color.org) and
 * TERM=dumb refuse it.
 */
static bool
is_on(FILE *out)
{
	const char *refusal = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (refusal != NULL && refusal[0] != '\0')
		return false;
	return isatty(fileno(out)) != 0 && terminal != NULL &&
	    strcmp(terminal, "dumb") != 0;
}

/* Reads the variables in the order of setlocale(), but sets no locale. */
bool
paint_has_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value != NULL && value[0] != '\0')
			break;
	}
	return value != NULL && (strcasestr(value, "utf-8") != NULL ||
	    strcasestr(value, "utf8") != NULL);
}

void
paint_begin(bool good, FILE *out)
{
	if (is_on(out))
		fputs(good ? "\033[32m" : "\033[1;31m", out);
}

void
paint_end(FILE *out)
{
	if (is_on(out))
		fputs("\033[0m", out);
}

void
paint_mark(bool good, FILE *out)
{
	if (!is_on(out))
		return;
	paint_begin(good, out);
	if (paint_has_utf8())
		fputs(good ? "\xe2\x9c\x94 " : "\xe2\x9c\x98 ", out);
	else
		fputs(good ? "+ " : "x ", out);
	paint_end(out);
}
