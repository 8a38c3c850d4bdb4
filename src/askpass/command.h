/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command of the user that prints a token. */
#ifndef JWT_COMMAND_H
#define JWT_COMMAND_H

#include "core/base/secret.h"

/*
 * Run the command by /bin/sh and read its standard output into *out.  Its
 * standard input is empty, and its standard error is the user's.  The command
 * gets a session of its own; its processes are ended when it takes longer than
 * timeout_sec, when it prints too much, and when a signal asks this program to
 * end.  False, with a message, when it fails.
 */
bool command_run(const char *command, unsigned timeout_sec,
    struct secret *out);

#endif
