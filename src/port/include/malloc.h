/* SPDX-License-Identifier: BSD-2-Clause */
/* mallopt() is for glibc's arenas; another malloc() has none to set. */
#ifndef JWT_PORT_MALLOC_H
#define JWT_PORT_MALLOC_H

#include <stdlib.h>

#define M_ARENA_MAX 0
#define mallopt(option, value) ((void)(option), (void)(value), 1)

#endif
