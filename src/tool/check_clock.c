/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asks the kernel whether something keeps the clock right.  A clock that runs
 * free is wrong by minutes after some months, and then good tokens are refused.
 */
#include <sys/stat.h>
#include <sys/timex.h>

#include "tool/check_clock.h"

/* The number of the first PID namespace: PROC_PID_INIT_INO of the kernel. */
#define FIRST_NAMESPACE	0xEFFFFFFCU

/*
 * In a container the clock is that of the machine around it, which is not ours
 * to keep, and some kernels answer for a clock that they only make up.
 */
static bool
is_in_container(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) != 0 ||
	    st.st_ino != FIRST_NAMESPACE;
}

enum check_clock
check_clock_ask(void)
{
	struct timex clock = { .modes = 0 };	/* changes nothing */

	if (is_in_container() || adjtimex(&clock) < 0)
		return CHECK_CLOCK_UNKNOWN;
	if (((unsigned)clock.status & STA_UNSYNC) != 0)
		return CHECK_CLOCK_FREE;
	return CHECK_CLOCK_GOOD;
}

void
check_clock_note(enum check_clock clock, const char *config,
    struct diag *diag)
{
	struct diag_place place = { .file = config };

	if (clock == CHECK_CLOCK_FREE)
		diag_add(diag, place, JWT_OK, "the clock of this host is not "
		    "synchronised, as far as the kernel knows: good tokens are "
		    "refused when it is wrong by more than the leeway; run "
		    "systemd-timesyncd or chrony (timedatectl shows it)");
}
