/* SPDX-License-Identifier: BSD-2-Clause */
/* getrandom() by /dev/urandom. */
#ifndef JWT_PORT_RANDOM_H
#define JWT_PORT_RANDOM_H

#include <sys/types.h>

#define getrandom port_getrandom

/* len bytes, or -1 with errno; flags must be 0. */
ssize_t port_getrandom(void *out, size_t len, unsigned flags);

#endif
