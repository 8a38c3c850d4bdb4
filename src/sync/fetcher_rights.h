/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps of a fetcher's child that each system has of its own: Linux in
 * sync/fetcher_rights.c, others in port/fetcher_rights.c.
 */
#ifndef JWT_FETCHER_RIGHTS_H
#define JWT_FETCHER_RIGHTS_H

#include "sync/fetcher_child.h"

/* Close every descriptor from the first one up; false if that fails. */
bool fetcher_rights_close(int first);

/* Become the user, and lose for good what a process may do beyond others. */
bool fetcher_rights_give_up(const struct fetcher_user *user);

/*
 * End with the parent.  False if it has ended already.  This must follow
 * fetcher_rights_give_up(), which would undo it.
 */
bool fetcher_rights_die_with(pid_t parent);

#endif
