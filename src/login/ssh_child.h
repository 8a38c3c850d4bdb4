/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a child of ours become ssh. */
#ifndef JWT_SSH_CHILD_H
#define JWT_SSH_CHILD_H

#include "login/ssh_run.h"

/*
 * Call it in the child of a program with one thread; in, out and err become
 * standard input, output and error, and lie above them.
 */
_Noreturn void ssh_child(const struct ssh_call *call, int in, int out,
    int err);

#endif
