/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs that have started this one. */
#ifndef JWT_ASKPASS_ANCESTORS_H
#define JWT_ASKPASS_ANCESTORS_H

#include <stdbool.h>
#include <sys/types.h>

enum ancestors_kind {
	ANCESTORS_HIDDEN,	/* the system does not show all of them */
	ANCESTORS_REMOTE,	/* a client that passes on a server's prompts */
	ANCESTORS_LOCAL		/* sudo or doas, or any other program */
};

struct ancestors {
	enum ancestors_kind kind;
	/* The client asks, no sudo below it, and says "(user@host) " itself. */
	bool says_who;
	pid_t program;	/* the client, sudo or doas that runs us; 0: none */
};

/*
 * Look at the parent, its parent, and so on, up to the leader of the session:
 * what is beyond it, such as the sshd of a person who is logged in, does not
 * ask here.
 */
void ancestors_find(struct ancestors *out);

#endif
