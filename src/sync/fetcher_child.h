/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a child of ours give up its rights and become the fetcher. */
#ifndef JWT_FETCHER_CHILD_H
#define JWT_FETCHER_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

/* Exit statuses of a child that did not become the fetcher. */
#define FETCHER_EXIT_RIGHTS 126
#define FETCHER_EXIT_EXEC 127

struct fetcher_user {
	uid_t uid;
	gid_t gid;
	bool change;	/* the caller is root and must become this user */
};

/*
 * Call it in the child of a program with one thread.  It gives up every right
 * and runs the program with the socket as standard input and output.
 */
_Noreturn void fetcher_child(const char *program,
    const struct fetcher_user *user, pid_t parent, int socket);

#endif
