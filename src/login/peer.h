/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is at the other end of a connection to a loopback address. */
#ifndef JWT_PEER_H
#define JWT_PEER_H

#include <stdbool.h>

/*
 * Whether a connection over IPv4 may be the person's own browser: the other end
 * belongs to this user, or to root, which forwards connections for people (as
 * WSL does).  True as well where the system does not tell: only Linux does.
 */
bool peer_may_be_ours(int fd);

#endif
