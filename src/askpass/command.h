/* SPDX-License-Identifier: BSD-2-Clause */
/* A command of the user's that prints a token. */
#ifndef JWT_COMMAND_H
#define JWT_COMMAND_H

#include "core/base/secret.h"

/*
 * Run it by /bin/sh and read what it prints.  Its standard input is empty,
 * its standard error the user's.  It is a process group and a session of its
 * own, which is ended when the command takes longer than timeout_sec, when it
 * prints too much, and when a signal asks this program to end.  False, with a
 * message, when it fails.
 */
bool command_run(const char *command, unsigned timeout_sec,
    struct secret *out);

#endif
