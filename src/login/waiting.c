/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes over its own line with a carriage return: every terminal has one. */
#include <stdio.h>
#include <unistd.h>

#include "host/clock.h"
#include "login/waiting.h"

void
waiting_start(struct waiting *waiting, int64_t seconds, bool quiet)
{
	*waiting = (struct waiting){
		.end = clock_boot_sec() + seconds,
		.quiet = quiet
	};
}

int64_t
waiting_left(const struct waiting *waiting)
{
	int64_t left = waiting->end - clock_boot_sec();

	return left > 0 ? left : 0;
}

void
waiting_end(struct waiting *waiting)
{
	if (waiting->shown > 0)
		fprintf(stderr, "\r%*s\r", waiting->shown, "");
	waiting->shown = 0;
}

void
waiting_show(struct waiting *waiting, const char *text)
{
	bool is_terminal = isatty(STDERR_FILENO) == 1;
	int64_t left = waiting_left(waiting);

	if (waiting->quiet || (waiting->has_told && !is_terminal))
		return;
	waiting_end(waiting);
	waiting->has_told = true;
	waiting->shown = fprintf(stderr, "%s (%jdm%02jds left) ", text,
	    (intmax_t)(left / 60), (intmax_t)(left % 60));
	if (!is_terminal) {
		fputs("\n", stderr);
		waiting->shown = 0;
	}
	fflush(stderr);
}
