/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rights that a fetcher gives up where nothing is known of the system but
 * POSIX.  POSIX cannot make sure that root is gone for good, so root fetches
 * nothing there.
 */
#include <sys/resource.h>
#include <unistd.h>

#include "sync/fetcher_rights.h"

bool
fetcher_rights_close(int first)
{
	struct rlimit limit;
	rlim_t fd;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return false;
	/* A descriptor may be above a limit that was lowered since. */
	if (limit.rlim_max > limit.rlim_cur && limit.rlim_max < 65536)
		limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_cur > 65536)
		limit.rlim_cur = 65536;
	for (fd = (rlim_t)first; fd < limit.rlim_cur; fd++)
		(void)close((int)fd);
	return true;
}

bool
fetcher_rights_give_up(const struct fetcher_user *user)
{
	return !user->change && getuid() != 0 && geteuid() != 0;
}

/* The fetcher ends by its own limit of time at the latest. */
bool
fetcher_rights_die_with(pid_t parent)
{
	return getppid() == parent;
}
