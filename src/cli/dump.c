/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps a token out of a core dump, which stays on the disk for weeks. */
#include <sys/prctl.h>

#include "cli/complain.h"
#include "cli/dump.h"

bool
dump_forbid(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ||
	    complain_errno("PR_SET_DUMPABLE");
}
