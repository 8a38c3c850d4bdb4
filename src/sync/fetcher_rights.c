/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rights of Linux that a fetcher gives up: root, capabilities, new ones by
 * a program that it runs, and a life beyond that of its parent.
 */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sync/fetcher_rights.h"

bool
fetcher_rights_close(int first)
{
	return syscall(SYS_close_range, first, ~0U, 0) == 0;
}

/* Without its bounding set no program of the child can gain a capability. */
static bool
drop_bounding(void)
{
	int capability;

	for (capability = 0; capability <= 63; capability++) {
		int has = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);

		if (has < 0 && errno == EINVAL)
			return capability > 0;
		if (has != 0 && prctl(PR_CAPBSET_DROP, capability, 0, 0,
		    0) != 0)
			return false;
	}
	return true;
}

/* The groups go before the user: without root's rights they could not. */
static bool
change_user(const struct fetcher_user *user)
{
	if (!drop_bounding())
		return false;
	if (setgroups(0, NULL) != 0)
		return false;
	if (setresgid(user->gid, user->gid, user->gid) != 0)
		return false;
	if (setresuid(user->uid, user->uid, user->uid) != 0)
		return false;
	/* If root can be taken back, something went wrong. */
	if (setresuid(0, 0, 0) == 0)
		return false;
	return setresgid(0, 0, 0) != 0;
}

/* A process that is not root may still hold some, such as ambient ones. */
static bool
drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = 0 }
	};

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return false;
	return syscall(SYS_capset, &head, none) == 0;
}

bool
fetcher_rights_give_up(const struct fetcher_user *user)
{
	if (user->change && !change_user(user))
		return false;
	if (!drop_capabilities())
		return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool
fetcher_rights_die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return false;
	return getppid() == parent;
}
