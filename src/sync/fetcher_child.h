/* SPDX-License-Identifier: BSD-2-Clause */
/* What a child of ours gives up before it becomes the fetcher. */
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
	bool change;	/* the caller is root, and becomes that user */
};

/*
 * In the child of a program with one thread: gives up every right, and runs
 * the program with the socket as its standard input and output.
 */
_Noreturn void fetcher_child(const char *program,
    const struct fetcher_user *user, pid_t parent, int socket);

#endif
