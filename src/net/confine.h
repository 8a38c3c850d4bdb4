/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes system calls away from the process that talks to the network. */
#ifndef JWT_CONFINE_H
#define JWT_CONFINE_H

#include <stdbool.h>

/*
 * From now on this process can use sockets, read files and make threads; it
 * cannot run programs, write files, or reach other processes and terminals.
 * Its sockets are those of the network and of the resolver.  Does nothing in
 * a build without libseccomp.  False, with a message, when it fails.
 */
bool confine_to_network(void);

#endif
