/* SPDX-License-Identifier: BSD-2-Clause */
/* The one use of prctl() in the client: no core file with a token in it. */
#ifndef JWT_PORT_PRCTL_H
#define JWT_PORT_PRCTL_H

#define PR_SET_DUMPABLE 4
#define prctl(option, value, c, d, e) port_set_dumpable(option, value)

/*
 * 0, or -1 with errno.  POSIX has no way to keep another process of the user
 * from looking into this one; Linux has.
 */
int port_set_dumpable(int option, int value);

#endif
