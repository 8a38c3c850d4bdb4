/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls that a process which talks to the network can do without. */
#ifndef JWT_CONFINE_H
#define JWT_CONFINE_H

#include <stdbool.h>

/*
 * From now on this process can use sockets, read files and make threads; it
 * cannot run programs, write files, or reach other processes.  Does nothing in
 * a build without libseccomp.  False, with a message, when it fails.
 */
bool confine_to_network(void);

#endif
