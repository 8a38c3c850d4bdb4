/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes system calls and files away from the process that talks to the network.
 */
#ifndef JWT_CONFINE_H
#define JWT_CONFINE_H

#include <stdbool.h>

/*
 * From now on this process can use sockets of IPv4 and IPv6, read files and
 * make threads; it cannot run programs, write files, or reach other processes,
 * their local sockets, and terminals.  The files are those of the system.
 *
 * A build without libseccomp limits the files alone, and a kernel without
 * Landlock the system calls alone.  False, with a message, when it fails.
 */
bool confine_to_network(void);

/* The part of it that limits the files: confine_files.c. */
bool confine_files(void);

#endif
